"""`layer_utils` of the course's starter code, for submissions that hold the changed files alone.

Layers are looked up in the submission's own `layers` when they are called.
"""

from __future__ import annotations

import importlib
import types
from collections.abc import Callable, Mapping
from typing import Any

_CONVOLUTION = ("conv_forward_fast", "conv_backward_fast")
_POOLING = ("max_pool_forward_fast", "max_pool_backward_fast")

_LAYERS: Mapping[str, tuple[str, str]] = {
    "affine": ("affine_forward", "affine_backward"),
    "relu": ("relu_forward", "relu_backward"),
    "bn": ("spatial_batchnorm_forward", "spatial_batchnorm_backward"),
    "conv": _CONVOLUTION,
    "pool": _POOLING,
}
_CHAINS: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
    "affine_relu": (("affine", (0, 1)), ("relu", ())),
    "conv_relu": (("conv", (0, 1, 2)), ("relu", ())),
    "conv_bn_relu": (("conv", (0, 1, 4)), ("bn", (2, 3, 5)), ("relu", ())),
    "conv_relu_pool": (("conv", (0, 1, 2)), ("relu", ()), ("pool", (3,))),
}
"""Layers in their order, each with the places of what it takes besides its input."""


def layer_utils(name: str, *, package: str) -> types.ModuleType:
    """The module: `affine_relu_forward(x, w, b)` and its like, each with its backward pass."""
    module = types.ModuleType(name)
    for chain in _CHAINS:
        forward, backward = _pair(chain, package)
        setattr(module, f"{chain}_forward", forward)
        setattr(module, f"{chain}_backward", backward)
    return module


def _pair(chain: str, package: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    steps = _CHAINS[chain]

    def forward(x: Any, *given: Any) -> tuple[Any, Any]:
        caches = []
        for layer, places in steps:
            x, cache = _function(package, layer, 0)(x, *(given[place] for place in places))
            caches.append(cache)
        return x, tuple(caches)

    def backward(dout: Any, caches: Any) -> Any:
        gradients: list[Any] = []
        for (layer, _), cache in zip(reversed(steps), reversed(caches), strict=True):
            answer = _function(package, layer, 1)(dout, cache)
            dout, *others = answer if isinstance(answer, tuple) else (answer,)
            # conv_bn_relu gives dx, dw, db, dgamma, dbeta: those of the first layer come first
            gradients = [*others, *gradients]
        return (dout, *gradients)

    return forward, backward


def _function(package: str, layer: str, which: int) -> Callable[..., Any]:
    name = _LAYERS[layer][which]
    home = "fast_layers" if name.endswith("_fast") else "layers"
    return getattr(importlib.import_module(f"{package}.{home}"), name)  # type: ignore[no-any-return]
