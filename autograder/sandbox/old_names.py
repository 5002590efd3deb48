"""What older code is written for, by name; the stand-ins are in `shims`."""

from __future__ import annotations

SHIMS = ("python2", "numpy", "scipy", "plotting", "cython", "starter", "unused")

OLD_NUMPY = {
    "float": "float", "int": "int", "str": "str",
    "complex": "complex", "unicode": "str", "float_": "np.float64",
    "complex_": "np.complex128", "product": "np.prod", "cumproduct": "np.cumprod",
    "alltrue": "np.all", "sometrue": "np.any", "Inf": "np.inf", "infty": "np.inf",
    "NaN": "np.nan", "in1d": "np.isin", "row_stack": "np.vstack", "trapz": "np.trapezoid",
    "asscalar": "a.item()", "msort": "np.sort(axis=0)", "asfarray": "np.asarray(dtype=float)",
}  # fmt: skip
"""Names that numpy dropped, or that mean another thing now -> what stands for them."""
