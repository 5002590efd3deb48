"""t-SNE of codes, laid out as a grid of images (tutorial part 3; van der Maaten and Hinton, 2008).

Codes are what a layer gives for each image: the 4096 numbers before AlexNet's last layer, with the
ReLU. t-SNE puts images whose codes are near each other near each other in the plane. It is for
looking only: it finds no clusters, and distances between far groups mean nothing.
"""

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import (
    FloatArray,
    IntArray,
    as_float_matrix,
    check_count,
    check_positive,
)


def tsne(codes: ArrayLike, *, rng: np.random.Generator, perplexity: float = 30.0) -> FloatArray:
    """Return a place (N, 2) in the plane for each code (N, D), by scikit-learn's t-SNE.

    `perplexity` is about the number of neighbours that each point cares for; it must be below N.
    Starts from the two principal components.

    Raises ValueError: a perplexity out of range, NaN or infinity.
    """
    # Imported here because scikit-learn takes a second, and nothing else of this package needs it.
    from sklearn.manifold import TSNE

    rows = as_float_matrix(codes, "codes")
    if not check_positive(perplexity, "perplexity") < len(rows):
        raise ValueError(
            f"perplexity must be below the number of codes, {len(rows)}, got {perplexity}: "
            "5 to 50 is usual, lower it or pass more codes"
        )
    seed = int(rng.integers(2**31))
    model = TSNE(n_components=2, perplexity=perplexity, init="pca", random_state=seed)
    places: FloatArray = np.asarray(model.fit_transform(rows), dtype=np.float64)
    return places


def grid_layout(
    places: ArrayLike, *, rows: int | None = None, columns: int | None = None
) -> IntArray:
    """Return a cell (row, column) of its own for each place (N, 2) of the plane, shape (N, 2).

    Of all ways to give every point a cell, this one has the smallest sum of squared distances
    between points (stretched to the grid) and their cells: the linear assignment problem. x runs
    right along the columns and y up, so the highest points stand in row 0. Without `rows` and
    `columns` the grid is the smallest square that holds all. Takes O(N^3): fine up to 2,000 points.

    Raises ValueError: places that are not (N, 2), a grid with fewer cells than points.
    """
    from scipy.optimize import linear_sum_assignment

    points = as_float_matrix(places, "places", columns=2)
    across, down = _grid_size(len(points), rows, columns)
    low, high = points.min(axis=0), points.max(axis=0)
    spread = np.where(high > low, high - low, 1)
    stretched = (points - low) / spread * [across - 1, down - 1]
    row, column = np.divmod(np.arange(across * down), across)
    centres = np.stack([column, down - 1 - row], axis=1)
    costs = np.square(stretched[:, None, :] - centres[None, :, :]).sum(axis=2)
    chosen = linear_sum_assignment(costs)[1]
    return np.stack([row[chosen], column[chosen]], axis=1)


def _grid_size(points: int, rows: int | None, columns: int | None) -> tuple[int, int]:
    side = int(np.ceil(np.sqrt(points)))
    across = check_count(columns, "columns") if columns is not None else None
    down = check_count(rows, "rows") if rows is not None else None
    if across is None:
        across = side if down is None else -(-points // down)
    if down is None:
        down = -(-points // across)
    if across * down < points:
        raise ValueError(
            f"the grid must have a cell for each of {points} points, got {down} x {across}: "
            "add rows or columns"
        )
    return across, down
