"""Augmentation and splits: the same draws, used in other ways."""

from itertools import pairwise

import numpy as np
import torch
from scipy import ndimage

from reference.data.splits import Fold, Split
from right_versions.registry import right


@right("mirror")
def mirror_loops(images, rng, *, probability=0.5):
    out = images.copy()
    for image, draw in zip(out, rng.random(len(images)), strict=True):
        if draw < probability:
            image[:] = image[:, :, ::-1].copy()
    return out


@right("mirror")
def mirror_mask(images, rng, *, probability=0.5):
    out, chosen = images.copy(), rng.random(len(images)) < probability
    out[chosen] = np.flip(images[chosen], axis=3)
    return out


@right("mirror")
def mirror_matrix(images, rng, *, probability=0.5):
    chosen = (rng.random((len(images), 1, 1, 1)) < probability).astype(float)
    turn = np.eye(images.shape[3])[::-1]
    return chosen * (images @ turn) + (1 - chosen) * images


@right("mirror")
def mirror_indices(images, rng, *, probability=0.5):
    columns = np.arange(images.shape[3])
    wanted = [columns[::-1] if rng.random() < probability else columns for _ in images]
    return np.take_along_axis(images, np.array(wanted)[:, None, None, :], axis=3)


@right("mirror")
def mirror_torch(images, rng, *, probability=0.5):
    chosen = torch.tensor(rng.random(len(images)) < probability)[:, None, None, None]
    batch = torch.tensor(images)
    return torch.where(chosen, batch.flip(-1), batch).numpy()


@right("shift_by")
def shift_loops(images, offsets, *, fill=0.0):
    out = np.full(images.shape, fill)
    for n, c, i, j in np.ndindex(*images.shape):
        row, column = i - offsets[n][0], j - offsets[n][1]
        if 0 <= row < images.shape[2] and 0 <= column < images.shape[3]:
            out[n, c, i, j] = images[n, c, row, column]
    return out


@right("shift_by")
def shift_padded(images, offsets, *, fill=0.0):
    """Cut out of an image with a margin."""
    high, wide = images.shape[2:]
    margin = int(np.abs(offsets).max()) if np.size(offsets) else 0
    sides = [(0, 0), (0, 0), (margin, margin), (margin, margin)]
    padded = np.pad(images, sides, constant_values=fill)
    return np.stack(
        [
            each[:, margin - down : margin - down + high, margin - right_ : margin - right_ + wide]
            for each, (down, right_) in zip(padded, offsets, strict=True)
        ]
    )


@right("shift_by")
def shift_rolled(images, offsets, *, fill=0.0):
    out = []
    for image, (down, across) in zip(images, offsets, strict=True):
        moved = np.roll(image, (down, across), axis=(1, 2))
        rows, columns = np.indices(image.shape[1:])
        outside = (rows - down != (rows - down) % image.shape[1]) | (
            columns - across != (columns - across) % image.shape[2]
        )
        out.append(np.where(outside, fill, moved))
    return np.array(out)


@right("shift_by")
def shift_matrices(images, offsets, *, fill=0.0):
    """Matrices with ones beside the diagonal."""
    (_, _, high, wide), out = images.shape, []
    for image, (down, across) in zip(images, offsets, strict=True):
        rows, columns = np.eye(high, k=-down), np.eye(wide, k=across)
        covered = np.outer(rows.sum(1), columns.sum(0))
        out.append(rows @ image @ columns + fill * (1 - covered))
    return np.stack(out)


@right("shift_by")
def shift_indices(images, offsets, *, fill=0.0):
    (n, _, high, wide), moves = images.shape, np.asarray(offsets)
    rows = np.arange(high) - moves[:, :1]
    columns = np.arange(wide) - moves[:, 1:]
    inside = ((rows >= 0) & (rows < high))[:, :, None] & ((columns >= 0) & (columns < wide))[
        :, None
    ]
    picked = images[
        np.arange(n)[:, None, None], :, rows.clip(0, high - 1)[:, :, None],
        columns.clip(0, wide - 1)[:, None],
    ]  # fmt: skip
    return np.where(inside[:, None], np.moveaxis(picked, -1, 1), fill)


def order_of(examples, rng):
    return np.arange(examples) if rng is None else rng.permutation(examples)


def sizes_of(examples, folds):
    """The first folds have one more where it does not divide."""
    return [examples // folds + (fold < examples % folds) for fold in range(folds)]


@right("k_fold")
def folds_by_cuts(examples, folds, *, rng=None):
    order, cuts = order_of(examples, rng), np.cumsum([0, *sizes_of(examples, folds)])
    return [Fold(np.concatenate([order[:a], order[b:]]), order[a:b]) for a, b in pairwise(cuts)]


@right("k_fold")
def folds_by_masks(examples, folds, *, rng=None):
    order = order_of(examples, rng)
    fold = np.repeat(np.arange(folds), sizes_of(examples, folds))
    return [Fold(order[fold != i], order[fold == i]) for i in range(folds)]


@right("k_fold")
def folds_by_deletion(examples, folds, *, rng=None):
    places = np.array_split(np.arange(examples), folds)
    order = order_of(examples, rng)
    return [Fold(np.delete(order, part), order.take(part)) for part in places]


@right("k_fold")
def folds_by_loops(examples, folds, *, rng=None):
    order, found, start = order_of(examples, rng).tolist(), [], 0
    for size in sizes_of(examples, folds):
        held = order[start : start + size]
        found.append(([i for i in order if i not in held], held))
        start += size
    return [Fold(np.array(train), np.array(held)) for train, held in found]


@right("k_fold")
def folds_by_sets(examples, folds, *, rng=None):
    """The training part in ascending order: its order means nothing."""
    parts = np.array_split(order_of(examples, rng), folds)
    return [Fold(np.setdiff1d(np.arange(examples), part), part) for part in parts]


@right("k_fold")
def folds_by_rotation(examples, folds, *, rng=None):
    """The held-out part is brought to the end, so what follows it comes first."""
    order, found = order_of(examples, rng), []
    for size in sizes_of(examples, folds):
        found.append(Fold(order[size:], order[:size]))
        order = np.roll(order, -size)
    return found


def counts_of(examples, validation, test):
    return round(examples * test), round(examples * validation)


@right("train_validation_test")
def split_by_numpy(examples, *, validation=0.2, test=0.2, rng):
    held, checked = counts_of(examples, validation, test)
    last, middle, first = np.split(rng.permutation(examples), [held, held + checked])
    return Split(first, middle, last)


@right("train_validation_test")
def split_shuffled_in_place(examples, *, validation=0.2, test=0.2, rng):
    order, (held, checked) = np.arange(examples), counts_of(examples, validation, test)
    rng.shuffle(order)
    return Split(order[held + checked :], order[held:][:checked], order[:held])


@right("train_validation_test")
def split_by_lists(examples, *, validation=0.2, test=0.2, rng):
    left = list(rng.permutation(examples))
    held, checked = counts_of(examples, validation, test)
    tested = [left.pop(0) for _ in range(held)]
    validated = [left.pop(0) for _ in range(checked)]
    return Split(np.array(left), np.array(validated), np.array(tested))


@right("train_validation_test")
def split_by_masks(examples, *, validation=0.2, test=0.2, rng):
    order, place = rng.permutation(examples), np.arange(examples)
    held, checked = counts_of(examples, validation, test)
    middle = (place >= held) & (place < held + checked)
    return Split(order[place >= held + checked], order[middle], order[place < held])


@right("train_validation_test")
def split_sorted(examples, *, validation=0.2, test=0.2, rng):
    """Each part in ascending order: its order means nothing."""
    held, checked = counts_of(examples, validation, test)
    order = rng.permutation(examples)
    parts = order[held + checked :], order[held : held + checked], order[:held]
    return Split(*(np.sort(part) for part in parts))


@right("train_validation_test")
def split_by_repetition(examples, *, validation=0.2, test=0.2, rng):
    held, checked = counts_of(examples, validation, test)
    names = np.repeat([2, 1, 0], [held, checked, examples - held - checked])
    order = rng.permutation(examples)
    return Split(*(order[names == name] for name in (0, 1, 2)))


@right("mirror")
def mirror_two_groups(images, rng, *, probability=0.5):
    """Those mirrored and those not, brought back to their order."""
    chosen = rng.random(len(images)) < probability
    groups = np.concatenate([images[chosen][..., ::-1], images[~chosen]])
    return groups[np.argsort(np.r_[np.flatnonzero(chosen), np.flatnonzero(~chosen)])]


@right("shift_by")
def shift_scipy(images, offsets, *, fill=0.0):
    moved = [
        ndimage.shift(image, (0, *offset), order=0, mode="constant", cval=fill)
        for image, offset in zip(images, offsets, strict=True)
    ]
    return np.array(moved)
