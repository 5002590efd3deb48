"""Right versions of every component of the course, each written differently from `reference`.

`ALGORITHMS` has, for each component, versions that compute it in another way: loops, other
products, other formulas, transforms, another library, automatic derivatives. `ways` adds to them
what an algorithm may be computed in (float32) or on (another order in memory), and `forms` the
forms that an answer may come in.
"""

from importlib import import_module

from right_versions.registry import ALGORITHMS

FAMILIES = (
    "losses linear penalties activations activations_backward gates graphs affine convolution "
    "convolution_backward convolution_kin transposed_backward pooling pooling_backward regions "
    "fractional geometry "
    "normalization normalization_backward dropout optimizers newton schedules accounting "
    "evaluation init preprocessing data neighbors voting gradients training training_loops"
).split()

for family in FAMILIES:
    import_module(f"right_versions.{family}")

__all__ = ["ALGORITHMS", "FAMILIES"]
