"""The cost table of a torch network, from one pass of shapes alone (no numbers are computed).

The network is traced with `torch.fx` and run on the `meta` device, so ResNet-1001 or VGG-19
take a moment and no memory.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Argument, Target

from reference.accounting import Account, LayerRow, Storage
from reference.architectures.learned_groups import LearnedGroupConvolution
from reference.architectures.residual_orders import ZeroPadShortcut
from reference.arrays import check_count
from reference.layers.geometry import ReceptiveField, Window

LEAVES = (LearnedGroupConvolution, ZeroPadShortcut)
# Run on shapes alone, batch normalization would take longer than all the rest.
SHAPE_KEEPING = (
    nn.BatchNorm2d,
    nn.ChannelShuffle,
    nn.Dropout,
    nn.Identity,
    nn.LocalResponseNorm,
    nn.ReLU,
    nn.Sigmoid,
)
PIXEL = ReceptiveField(size=1, jump=1, start=0)


def account(network: nn.Module, input_shape: tuple[int, ...], *, training: bool = False) -> Account:
    """Return the cost table of `network` for one input of shape (C, H, W).

    With `training` the forward pass of training is followed (GoogLeNet then has its auxiliary
    heads). `network` stays as it is. Raises `ValueError` when the input does not fit.
    """
    for size in input_shape:
        check_count(size, "input_shape")
    shapes_only = on_meta(network).train(training)
    graph = _Tracer().trace(shapes_only)
    accountant = _Accountant(fx.GraphModule(shapes_only, graph))
    try:
        accountant.run(torch.empty(1, *input_shape, device="meta"))
    except RuntimeError as error:
        raise ValueError(f"input_shape must fit the network, got {input_shape}: {error}") from error
    return Account(tuple(input_shape), tuple(accountant.rows))


def on_meta(network: nn.Module) -> nn.Module:
    """Copy a network with its tensors' shapes, as float32, but without their numbers."""
    memo: dict[int, Any] = {}
    for parameter in network.parameters():
        memo[id(parameter)] = nn.Parameter(_shape_of(parameter))
    for buffer in network.buffers():
        memo[id(buffer)] = _shape_of(buffer)
    return copy.deepcopy(network, memo)


def _shape_of(tensor: Tensor) -> Tensor:
    dtype = torch.float32 if tensor.is_floating_point() else tensor.dtype
    return torch.empty_like(tensor, device="meta", dtype=dtype)


class _Tracer(fx.Tracer):
    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return isinstance(m, LEAVES) or super().is_leaf_module(m, module_qualified_name)


class _Accountant(fx.Interpreter):
    """Runs the graph node by node and writes a row for each layer, addition and concatenation."""

    def __init__(self, module: fx.GraphModule) -> None:
        super().__init__(module)
        self.rows: list[LayerRow] = []
        self.fields: dict[fx.Node, ReceptiveField] = {}
        self.counted: set[int] = set()
        self.field = PIXEL

    def run_node(self, n: fx.Node) -> Any:
        self.node = n
        self.field = _widest([self.fields[each] for each in n.all_input_nodes])
        result = super().run_node(n)
        self.fields[n] = self.field
        return result

    def call_module(
        self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]
    ) -> Any:
        module = self.fetch_attr(str(target))
        x = args[0]
        keeps = isinstance(module, SHAPE_KEEPING)
        out = x if keeps else super().call_module(target, args, kwargs)
        if isinstance(out, Tensor) and isinstance(x, Tensor) and isinstance(module, nn.Module):
            self.field = _field_behind(module, x, self.field)
            self._add(str(target), type(module).__name__, out, module)
        return out

    def call_function(
        self, target: Target, args: tuple[Argument, ...], kwargs: dict[str, Any]
    ) -> Any:
        out = super().call_function(target, args, kwargs)
        kind = getattr(target, "__name__", str(target))
        if isinstance(out, Tensor) and kind in ("add", "cat"):
            self._add(self._inside(kind), kind, out, None)
        return out

    def _inside(self, kind: str) -> str:
        """Name a function's row by the module whose forward calls it."""
        stack = self.node.meta.get("nn_module_stack", {})
        owner = list(stack.values())[-1][0] if stack else ""
        return f"{owner}.{kind}" if owner else kind

    def _add(self, name: str, kind: str, out: Tensor, module: nn.Module | None) -> None:
        weights, biases = (0, 0) if module is None else self._parameters(module)
        products = 0 if module is None else _products(module, out)
        self.rows.append(
            LayerRow(
                name=name,
                kind=kind,
                output_shape=tuple(out.shape[1:]),
                weights=weights,
                biases=biases,
                multiply_adds=products,
                receptive_field=self.field.size,
                storage="own" if module is None else _storage(module),
            )
        )

    def _parameters(self, module: nn.Module) -> tuple[int, int]:
        """Count a module's weights and biases, at its first use only."""
        counts = {"weight": 0, "bias": 0}
        for name, parameter in module.named_parameters():
            if id(parameter) not in self.counted:
                self.counted.add(id(parameter))
                counts["bias" if name.endswith("bias") else "weight"] += parameter.numel()
        return counts["weight"], counts["bias"]


def _products(module: nn.Module, out: Tensor) -> int:
    if isinstance(module, nn.Conv2d | LearnedGroupConvolution):
        # Each weight is used once at each place; groups are in the weight's shape already.
        return module.weight.numel() * out.shape[2] * out.shape[3]
    return module.weight.numel() if isinstance(module, nn.Linear) else 0


def _storage(module: nn.Module) -> Storage:
    if isinstance(module, nn.Flatten | nn.Identity | nn.Dropout):
        return "view"
    return "in_place" if isinstance(module, nn.ReLU | nn.Sigmoid) else "own"


def _widest(fields: list[ReceptiveField]) -> ReceptiveField:
    """Join branches: a sum or concatenation sees what the widest of them sees."""
    if not fields:
        return PIXEL
    return ReceptiveField(
        size=max(field.size for field in fields),
        jump=max(field.jump for field in fields),
        start=min(field.start for field in fields),
    )


def _field_behind(module: nn.Module, x: Tensor, field: ReceptiveField) -> ReceptiveField:
    if isinstance(module, nn.Flatten | nn.AdaptiveAvgPool2d) and x.ndim == 4:
        # One unit of what follows sees every place.
        return _through(Window(kernel=x.shape[2]), field)
    if isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        dilation = _side(getattr(module, "dilation", 1))
        sides = (module.kernel_size, module.stride, module.padding)
        kernel, stride, padding = (_side(side) for side in sides)
        return _through(Window(kernel, stride, padding, dilation), field)
    if isinstance(module, ZeroPadShortcut):
        return _through(Window(kernel=1, stride=module.stride), field)
    return field


def _through(window: Window, field: ReceptiveField) -> ReceptiveField:
    return ReceptiveField(
        size=field.size + (window.extent - 1) * field.jump,
        jump=field.jump * window.stride,
        start=field.start - window.padding * field.jump,
    )


def _side(value: Any) -> int:
    """Return the one side of a square window. Raises `ValueError` for one that is not square."""
    sides = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(set(sides)) != 1 or not isinstance(sides[0], int):
        raise ValueError(f"windows must be square for one receptive field, got {value}")
    return sides[0]
