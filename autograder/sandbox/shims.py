"""What the manifest lets older code find in the subject: `[imports] shims = ["python2", ...]`.

==========  ====================================================================================
python2     files of Python 2 (`python2`); `xrange`, `past.builtins`, `future`, `six`, `cPickle`;
            imports from the own folder
numpy       names that numpy dropped (`np.float`), `np.reshape(newshape=)`, lists of indices
            (`indexing`)
scipy       `scipy.stats.mode(x)[0][0]`, as before scipy 1.11
plotting    matplotlib and its like do nothing
cython      the package's `fast_layers` and `im2col_cython` where they are not there
starter     the package's `layer_utils` and `im2col` where they are not there
unused      modules that editors import by mistake, and large frameworks, fail when they are used
==========  ====================================================================================
"""

from __future__ import annotations

import builtins
import functools
import importlib.machinery
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.sandbox.starter import layer_utils

_PLOTTING = ("matplotlib", "pylab", "mpl_toolkits", "seaborn", "plotly")
_UNUSED = ("turtle", "tkinter", "Tkinter", "IPython", "torch", "torchvision", "tensorflow", "keras",
           "cv2", "pyximport", "h5py", "imageio", "cPickle")  # fmt: skip
_PYTHON_2 = ("past", "future", "six")


def install(allowed: Sequence[str], package: str) -> None:
    """Make the allowed stand-ins available to everything in this process."""
    if "python2" in allowed:
        for name, value in _old_builtins().items():
            setattr(builtins, name, value)
    if "numpy" in allowed:
        _patch_numpy()
    sys.meta_path.insert(0, StandIns(allowed, package))


class StandIns:
    """A meta path finder of modules that stand in for others."""

    def __init__(self, allowed: Sequence[str], package: str) -> None:
        self.allowed = allowed
        self.package = package

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec for what has a stand-in."""
        if self.maker(fullname) is None:
            return None
        return importlib.machinery.ModuleSpec(
            fullname,
            self,  # type: ignore[arg-type]
            is_package=True,
        )

    def maker(self, fullname: str) -> Callable[[str], types.ModuleType] | None:
        """What makes the stand-in of a module; None where it has none."""
        top = fullname.partition(".")[0]
        if "plotting" in self.allowed and top in _PLOTTING:
            return _PlottingModule
        if "unused" in self.allowed and top in _UNUSED:
            return _UnusedModule
        if "python2" in self.allowed and top in _PYTHON_2:
            return _python_2_module
        if "cython" in self.allowed:
            name = fullname.removeprefix(f"{self.package}.")
            if name in ("im2col_cython", "fast_layers"):
                return functools.partial(_fast_module, package=self.package)
        if "starter" in self.allowed and fullname == f"{self.package}.layer_utils":
            return functools.partial(layer_utils, package=self.package)
        if "starter" in self.allowed and fullname in ("im2col", f"{self.package}.im2col"):
            return _im2col_module
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """The stand-in."""
        maker = self.maker(spec.name)
        return types.ModuleType(spec.name) if maker is None else maker(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """It is made already."""


class _Nothing:
    """Whatever is done with it does nothing."""

    def __call__(self, *arguments: object, **keywords: object) -> _Nothing:
        return self

    def __getattr__(self, name: str) -> _Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> _Nothing:
        return self

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def __iter__(self) -> Any:  # fig, axes = plt.subplots()
        return iter((self, self))


class _PlottingModule(types.ModuleType):
    def __getattr__(self, name: str) -> _Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


class _Unused:
    """Fails where it is called."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *arguments: object, **keywords: object) -> object:
        raise ImportError(f"`{self.name}` is not here while the code is graded; do without it")


class _UnusedModule(types.ModuleType):
    def __getattr__(self, name: str) -> _Unused:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Unused(f"{self.__name__}.{name}")


def _old_builtins() -> dict[str, Any]:
    return {
        "xrange": range,
        "unicode": str,
        "long": int,
        "basestring": str,
        "reduce": functools.reduce,
    }


def _python_2_module(name: str) -> types.ModuleType:
    module = types.ModuleType(name)
    contents: dict[str, Any] = {**vars(builtins), **_old_builtins()}
    contents |= {
        "old_div": lambda a, b: a // b if isinstance(a, int) and isinstance(b, int) else a / b,
        "iteritems": lambda table: iter(table.items()),
        "iterkeys": lambda table: iter(table.keys()),
        "itervalues": lambda table: iter(table.values()),
        "cPickle": _UnusedModule("cPickle"),
        "install_aliases": lambda: None,
        "PY2": False,
        "PY3": True,
    }
    for each, value in contents.items():
        if not each.startswith("_"):
            setattr(module, each, value)
    return module


def _patch_numpy() -> None:
    old = {
        "float": float, "int": int, "object": object, "str": str, "complex": complex, "long": int,
        "unicode": str, "float_": np.float64, "complex_": np.complex128, "product": np.prod,
        "cumproduct": np.cumprod, "alltrue": np.all, "sometrue": np.any, "Inf": np.inf,
        "infty": np.inf, "NaN": np.nan, "in1d": np.isin, "row_stack": np.vstack,
        "trapz": np.trapezoid, "asscalar": lambda a: a.item(),
        "msort": lambda a: np.sort(a, axis=0),
        "asfarray": lambda a, dtype=np.float64: np.asarray(a, dtype=dtype),
    }  # fmt: skip
    for name, value in old.items():
        if name not in np.__dict__:
            setattr(np, name, value)
    if not hasattr(np.lib, "pad"):
        np.lib.pad = np.pad  # type: ignore[attr-defined]
    today = np.reshape

    @functools.wraps(today)
    def reshape(a: Any, *arguments: Any, newshape: Any = None, **keywords: Any) -> Any:
        if newshape is not None:
            arguments = (newshape, *arguments)
        return today(a, *arguments, **keywords)

    np.reshape = reshape


class _Indexable(np.ndarray[Any, Any]):
    """A scalar that `[0]` leaves as it is: `mode(x)[0][0]`."""

    def __getitem__(self, key: Any) -> Any:
        return self.item() if self.ndim == 0 and key == 0 else super().__getitem__(key)


def patch_scipy(module: types.ModuleType) -> None:
    """Let `scipy.stats.mode` answer as it did before scipy 1.11 too, for `module` as well."""
    stats = sys.modules.get("scipy.stats")
    original = getattr(stats, "mode", None)
    if original is None:
        return
    today = getattr(original, "_of_today", original)
    if today is original:

        @functools.wraps(today)
        def mode(*arguments: Any, **keywords: Any) -> Any:
            found = today(*arguments, **keywords)
            if "keepdims" in keywords or np.ndim(found.mode):
                return found
            return type(found)(*(np.asarray(value).view(_Indexable) for value in found))

        mode._of_today = today  # type: ignore[attr-defined]
        stats.mode = original = mode  # type: ignore[union-attr]
    for name, value in list(module.__dict__.items()):
        if value is today:
            module.__dict__[name] = original


# --- what Cython compiles in the course's starter code ------------------------------------------


def _fast_module(name: str, *, package: str) -> types.ModuleType:
    module = types.ModuleType(name)
    if name.endswith("im2col_cython"):
        contents: tuple[Callable[..., Any], ...] = (
            im2col_cython,
            col2im_cython,
            col2im_6d_cython,
        )
        module.__dict__.update({function.__name__: function for function in contents})
        return module
    for fast, own in (
        ("conv_forward_fast", "conv_forward_naive"),
        ("conv_backward_fast", "conv_backward_naive"),
        ("max_pool_forward_fast", "max_pool_forward_naive"),
        ("max_pool_backward_fast", "max_pool_backward_naive"),
    ):
        module.__dict__[fast] = functools.partial(_call_own, f"{package}.layers", own)
    return module


def _im2col_module(name: str) -> types.ModuleType:
    """`im2col` of the course's starter code: the same layouts in numpy."""
    module = types.ModuleType(name)
    for function in (get_im2col_indices, im2col_indices, col2im_indices):
        module.__dict__[function.__name__] = function
    return module


def get_im2col_indices(
    x_shape: tuple[int, ...],
    field_height: int,
    field_width: int,
    padding: int = 1,
    stride: int = 1,
) -> tuple[np.ndarray[Any, Any], ...]:
    """Channels (C height width, 1), rows and columns (C height width, windows) of all windows."""
    _, C, H, W = x_shape
    rows = (H + 2 * padding - field_height) // stride + 1
    columns = (W + 2 * padding - field_width) // stride + 1
    channel, i, j = np.indices((C, field_height, field_width)).reshape(3, -1, 1)
    down, right = stride * np.indices((rows, columns)).reshape(2, 1, -1)
    return channel, i + down, j + right


def im2col_indices(
    x: np.ndarray[Any, Any],
    field_height: int,
    field_width: int,
    padding: int = 1,
    stride: int = 1,
) -> np.ndarray[Any, Any]:
    """Windows of x (N, C, H, W) as columns, (C height width, rows columns N)."""
    return im2col_cython(x, field_height, field_width, padding, stride)


def col2im_indices(
    cols: np.ndarray[Any, Any],
    x_shape: tuple[int, ...],
    field_height: int = 3,
    field_width: int = 3,
    padding: int = 1,
    stride: int = 1,
) -> np.ndarray[Any, Any]:
    """The adjoint of `im2col_indices`, (N, C, H, W)."""
    N, C, H, W = x_shape
    return col2im_cython(cols, N, C, H, W, field_height, field_width, padding, stride)


def _call_own(module: str, name: str, *arguments: Any) -> Any:
    return getattr(importlib.import_module(module), name)(*arguments)


def im2col_cython(
    x: np.ndarray[Any, Any], height: int, width: int, padding: int, stride: int
) -> np.ndarray[Any, Any]:
    """Windows of x (N, C, H, W) as columns, (C height width, rows columns N)."""
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, rows, columns, height, width)
    return windows.transpose(1, 4, 5, 2, 3, 0).reshape(x.shape[1] * height * width, -1)


def col2im_cython(
    cols: np.ndarray[Any, Any],
    N: int,
    C: int,
    H: int,
    W: int,
    height: int,
    width: int,
    padding: int,
    stride: int,
) -> np.ndarray[Any, Any]:
    """The adjoint of `im2col_cython`: overlapping windows are added, (N, C, H, W)."""
    rows = (H + 2 * padding - height) // stride + 1
    columns = (W + 2 * padding - width) // stride + 1
    six = cols.reshape(C, height, width, rows, columns, N).transpose(0, 1, 2, 5, 3, 4)
    return col2im_6d_cython(six, N, C, H, W, height, width, padding, stride)


def col2im_6d_cython(
    cols: np.ndarray[Any, Any],
    N: int,
    C: int,
    H: int,
    W: int,
    height: int,
    width: int,
    padding: int,
    stride: int,
) -> np.ndarray[Any, Any]:
    """The same for columns of shape (C, height, width, N, rows, columns)."""
    rows, columns = cols.shape[4:]
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=cols.dtype)
    for i in range(height):
        for j in range(width):
            view = padded[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            view += cols[:, i, j].transpose(1, 0, 2, 3)
    return padded[:, :, padding : padding + H, padding : padding + W]
