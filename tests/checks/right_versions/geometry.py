"""Where windows fit; whole numbers, so six ways each."""

import math
from itertools import accumulate

import numpy as np
import torch

from right_versions.registry import enter

# --- output sizes -------------------------------------------------------------------------------


def by_range(room, stride):
    return len(range(0, room + 1, stride))


def by_division(room, stride):
    return room // stride + 1


def by_steps(room, stride):
    places, at = 0, 0
    while at <= room:
        places, at = places + 1, at + stride
    return places


def by_ceiling(room, stride):
    return math.ceil((room + 1) / stride)


def by_array(room, stride):
    return np.arange(room + 1)[::stride].size


def by_mask(room, stride):
    return sum(at % stride == 0 for at in range(room + 1))


def fitting(count):
    """All the rules of rounding on top of a way to count whole steps."""

    def version(size, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
        room = size + 2 * padding - (dilation * (kernel - 1) + 1)
        if room < 0 or (rounding == "exact" and room % stride):
            raise ValueError("the window does not fit")
        places = count(room, stride)
        # one more where the last window starts inside the image or its padding on the left
        more = rounding == "ceil" and room % stride and places * stride < size + padding
        return places + bool(more)

    return version


for count in (by_range, by_division, by_steps, by_ceiling, by_array, by_mask):
    enter("output_size", f"output_size_{count.__name__}", fitting(count))

# --- same padding -------------------------------------------------------------------------------


def same(name, padding_of):
    def version(kernel, *, dilation=1):
        extent = dilation * (kernel - 1) + 1
        if extent % 2 == 0:
            raise ValueError("the padding would be half a pixel")
        return padding_of(kernel, dilation, extent)

    enter("same_padding", f"same_{name}", version)


same("half", lambda kernel, dilation, extent: extent // 2)
same("product", lambda kernel, dilation, extent: dilation * (kernel - 1) // 2)
same("middle", lambda kernel, dilation, extent: len(range(extent)[: extent // 2]))
same(
    "tried",
    lambda kernel, dilation, extent: next(
        p for p in range(extent) if 100 + 2 * p - extent + 1 == 100
    ),
)
same("shift", lambda kernel, dilation, extent: (extent - 1) >> 1)
same(
    "torch",
    lambda kernel, dilation, extent: (
        torch.nn.Conv1d(1, 1, kernel, dilation=dilation, padding="same")
        ._reversed_padding_repeated_twice[0]
    ),
)  # fmt: skip

# --- receptive fields ---------------------------------------------------------------------------


def interval_of(layers, unit):
    """The first and the last pixel that a unit sees: from its layer down to the image."""
    first = last = unit
    for layer in reversed(layers):
        first = first * layer.stride - layer.padding
        last = last * layer.stride - layer.padding + layer.dilation * (layer.kernel - 1)
    return first, last


def fields_from_above(layers):
    fields = []
    for depth in range(1, len(layers) + 1):
        first, last = interval_of(layers[:depth], 0)
        fields.append((last - first + 1, interval_of(layers[:depth], 1)[0] - first, first))
    return fields


def fields_recursive(layers):
    if not layers:
        return []
    before = fields_recursive(layers[:-1])
    size, jump, start = before[-1] if before else (1, 1, 0)
    layer = layers[-1]
    wider = layer.dilation * (layer.kernel - 1) * jump
    return [*before, (size + wider, jump * layer.stride, start - layer.padding * jump)]


def fields_of_sums(layers):
    jumps = np.cumprod([1, *(layer.stride for layer in layers)])
    reach = [layer.dilation * (layer.kernel - 1) for layer in layers]
    sizes = 1 + np.cumsum(reach * jumps[:-1])
    starts = -np.cumsum([layer.padding for layer in layers] * jumps[:-1])
    return list(zip(sizes.tolist(), jumps[1:].tolist(), starts.tolist(), strict=True))


def fields_of_pixels(layers):
    """The set of pixels that units 0 and 1 see."""
    fields = []
    for depth in range(1, len(layers) + 1):
        seen = [{0}, {1}]
        for layer in reversed(layers[:depth]):
            seen = [
                {
                    unit * layer.stride - layer.padding + i * layer.dilation
                    for unit in units
                    for i in range(layer.kernel)
                }
                for units in seen
            ]
        first, last = min(seen[0]), max(seen[0])
        fields.append((last - first + 1, min(seen[1]) - first, first))
    return fields


def fields_accumulated(layers):
    def onward(field, layer):
        size, jump, start = field
        extent = layer.dilation * (layer.kernel - 1) + 1
        return size + jump * extent - jump, jump * layer.stride, start - jump * layer.padding

    return list(accumulate(layers, onward, initial=(1, 1, 0)))[1:]


def fields_of_gradients(layers):
    """Which pixels of a line have a gradient in a unit of the middle, and in the next one."""
    fields = []
    for depth in range(1, len(layers) + 1):
        x = torch.zeros(1, 1, 600, requires_grad=True)
        out = x
        for layer in layers[:depth]:
            weight = torch.ones(1, 1, layer.kernel)
            out = torch.nn.functional.conv1d(
                out, weight, stride=layer.stride, padding=layer.padding, dilation=layer.dilation
            )
        unit = out.shape[2] // 2
        ends = []
        for place in (unit, unit + 1):
            (slope,) = torch.autograd.grad(out[0, 0, place], x, retain_graph=True)
            pixels = torch.nonzero(slope[0, 0]).ravel().tolist()
            ends.append((pixels[0], pixels[-1]))
        jump = ends[1][0] - ends[0][0]
        fields.append((ends[0][1] - ends[0][0] + 1, jump, ends[0][0] - unit * jump))
    return fields


for fields in (
    fields_from_above,
    fields_recursive,
    fields_of_sums,
    fields_of_pixels,
    fields_accumulated,
    fields_of_gradients,
):
    enter("receptive_fields", fields.__name__, fields)
