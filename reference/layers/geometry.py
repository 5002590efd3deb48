"""Where a sliding window fits: output sizes, receptive fields and numbers of parameters."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reference.arrays import check_choice, check_count

Rounding: TypeAlias = Literal["exact", "floor", "ceil"]
ConvRounding: TypeAlias = Literal["exact", "floor"]

ROUNDINGS = ("exact", "floor", "ceil")


@dataclass(frozen=True)
class Window:
    """A window sliding along one axis: of a convolution or of a pooling.

    `kernel` is F, `stride` is S, `padding` is P on *each* side (not the sum of both sides),
    `dilation` is the distance between neighbouring elements of the kernel (1: none left out).

    Raises ValueError: kernel, stride or dilation under 1, padding under 0, not integers.
    """

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        check_count(self.kernel, "kernel")
        check_count(self.stride, "stride")
        check_count(self.padding, "padding", minimum=0)
        check_count(self.dilation, "dilation")

    @property
    def extent(self) -> int:
        """How many pixels the window covers, gaps included: dilation * (kernel - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    def output_size(self, size: int, *, rounding: Rounding = "exact") -> int:
        """Return how many places of an axis of `size` pixels the window visits.

        (W - F + 2P) / S + 1 with W = `size` and F = `extent` (slides s.290-298).

        A fraction means that the window never reaches the last pixels. `rounding` says what
        happens then: "exact" refuses it, "floor" leaves the last pixels out, "ceil" lets the
        last window hang over the end, provided that it starts on the image or on the padding
        before it (the rule of Caffe and torch).

        Raises ValueError: a fraction under "exact"; a window that is wider than the padded axis.
        """
        check_count(size, "size")
        check_choice(rounding, "rounding", ROUNDINGS)
        room = size - self.extent + 2 * self.padding
        if room < 0:
            raise ValueError(
                f"the window must fit into the padded input: it covers {self.extent} pixels of "
                f"{size} + 2*{self.padding}: use a smaller kernel or dilation, or more padding"
            )
        steps, left_over = divmod(room, self.stride)
        if left_over and rounding == "exact":
            raise ValueError(self._fraction_message(size, room, left_over))
        if left_over and rounding == "ceil" and (steps + 1) * self.stride < size + self.padding:
            steps += 1
        return steps + 1

    def transposed_output_size(self, size: int, *, output_padding: int = 0) -> int:
        """Return the size of the axis on which this window visits `size` places.

        (W - 1) S + D(F - 1) + 1 - 2P + A. Where S > 1, S sizes lead a convolution (rounded
        down) to the same W; A = `output_padding` in [0, S) picks one of them.

        Raises ValueError: A outside [0, S); nothing left of the axis after cropping P.
        """
        check_count(size, "size")
        check_count(output_padding, "output_padding", minimum=0)
        if output_padding >= self.stride:
            raise ValueError(
                f"output_padding must be under the stride {self.stride}, got {output_padding}: "
                "it only picks one of the sizes that the stride makes ambiguous"
            )
        result = (size - 1) * self.stride + self.extent - 2 * self.padding + output_padding
        if result < 1:
            raise ValueError(
                f"the output must keep at least one pixel, got size {result}: "
                f"lower the padding {self.padding}"
            )
        return result

    def overhang(self, size: int, places: int) -> int:
        """Return how far the last of `places` windows reaches beyond the padded axis."""
        reach = (places - 1) * self.stride + self.extent
        return max(0, reach - (size + 2 * self.padding))

    def _fraction_message(self, size: int, room: int, left_over: int) -> str:
        return (
            f"the window must fit a whole number of times, got ({size} - {self.extent} + "
            f"2*{self.padding}) / {self.stride} + 1 = {room / self.stride + 1:.2f}: change stride "
            f"or padding, or say rounding='floor' to leave the last {left_over} pixels out"
        )


def output_size(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    rounding: Rounding = "exact",
) -> int:
    """Return the output size of a convolution or pooling along one axis.

    (W - F + 2P) / S + 1; with dilation D, F becomes D(F - 1) + 1 (slides s.290-298).

    Raises ValueError: see `Window.output_size`.

    >>> output_size(7, 3), output_size(7, 3, stride=2), output_size(7, 3, padding=1)
    (5, 3, 7)
    """
    return Window(kernel, stride, padding, dilation).output_size(size, rounding=rounding)


def transposed_output_size(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    output_padding: int = 0,
) -> int:
    """Return the output size of a transposed convolution along one axis.

    (W - 1) S + D(F - 1) + 1 - 2P + A; see `Window.transposed_output_size`.

    >>> transposed_output_size(7, 4, stride=2, padding=1)
    14
    """
    window = Window(kernel, stride, padding, dilation)
    return window.transposed_output_size(size, output_padding=output_padding)


def same_padding(kernel: int, *, dilation: int = 1) -> int:
    """Return the padding on each side that keeps the size at stride 1: (F - 1) / 2 (slides s.298).

    3 needs 1, 5 needs 2, 7 needs 3. The total of both sides is F - 1.

    Raises ValueError: F is even, for then the two sides would need different padding.

    >>> [same_padding(kernel) for kernel in (3, 5, 7)]
    [1, 2, 3]
    """
    extent = Window(kernel, dilation=dilation).extent
    if extent % 2 == 0:
        raise ValueError(
            f"padding (F - 1) / 2 must be whole, got an even window of {extent}: use an odd "
            "kernel, or pad the image with one more pixel on one side beforehand"
        )
    return (extent - 1) // 2


@dataclass(frozen=True)
class ReceptiveField:
    """The part of the input that one unit sees, along one axis.

    `size` pixels; neighbouring units see fields `jump` pixels apart; the field of unit 0 starts
    at pixel `start`, which is negative where padding is seen.
    """

    size: int
    jump: int
    start: int


def receptive_fields(layers: Iterable[Window]) -> list[ReceptiveField]:
    """Return the receptive field after each of a stack of layers (slides s.305-307).

    size += (extent - 1) * jump, start -= padding * jump, then jump *= stride;
    from size 1, jump 1, start 0. Two stacked 3x3 layers see 5x5, three see 7x7.

    >>> [field.size for field in receptive_fields([Window(3), Window(3), Window(3)])]
    [3, 5, 7]
    """
    fields = []
    size, jump, start = 1, 1, 0
    for layer in layers:
        size += (layer.extent - 1) * jump
        start -= layer.padding * jump
        jump *= layer.stride
        fields.append(ReceptiveField(size, jump, start))
    return fields


def affine_parameter_count(inputs: int, outputs: int, *, bias: bool = True) -> int:
    """Return the number of parameters of an affine layer: D M weights and M biases."""
    check_count(inputs, "inputs")
    check_count(outputs, "outputs")
    return (inputs + bias) * outputs


def convolution_parameter_count(
    channels: int,
    filters: int,
    kernel: int | tuple[int, int],
    *,
    groups: int = 1,
    bias: bool = True,
) -> int:
    """Return the number of parameters of a convolution: K filters of F F C/G weights and a bias.

    Ten 5x5 filters on 3 channels have (5*5*3 + 1) * 10 parameters (slides s.302).

    Raises ValueError: channels or filters that cannot be divided into `groups`.

    >>> convolution_parameter_count(3, 10, 5)
    760
    """
    rows, columns = as_pair(kernel, "kernel")
    check_groups(channels, filters, groups)
    return (rows * columns * (channels // groups) + bias) * filters


def check_groups(channels: int, filters: int, groups: int) -> None:
    """Refuse groups that do not divide both the channels and the filters."""
    check_count(groups, "groups")
    for name, count in (("channels", channels), ("filters", filters)):
        check_count(count, name)
        if count % groups:
            raise ValueError(
                f"groups must divide the {name}, got {count} {name} in {groups} groups: "
                "choose a common divisor of channels and filters"
            )


def check_conv_rounding(rounding: ConvRounding) -> None:
    """Refuse a convolution whose last window would hang over the end; only poolings may."""
    check_choice(rounding, "rounding of a convolution", ("exact", "floor"))


def as_pair(value: int | tuple[int, int], name: str, *, minimum: int = 1) -> tuple[int, int]:
    """Return (rows, columns) from one integer for both or from a pair.

    Raises ValueError: neither an integer nor a pair of integers, or one under `minimum`.
    """
    pair = value if isinstance(value, tuple | list) else (value, value)
    if len(pair) != 2:
        raise ValueError(
            f"{name} must be an integer or a pair (rows, columns), got {value!r}: pass two"
        )
    rows, columns = (check_count(size, name, minimum=minimum) for size in pair)
    return rows, columns
