"""Questions whose numbers differ from student to student.

`checks/variants.py` defines a function for each `variant` of `questions.toml`::

    def conv(rng):                       # a numpy Generator seeded from the student's id
        kernel, filters = int(rng.choice([3, 5])), int(rng.integers(4, 20))
        answer = (kernel * kernel * 3 + 1) * filters
        without_biases = kernel * kernel * 3 * filters
        return Variant({"kernel": kernel, "filters": filters}, answer, [without_biases])

The values stand in the prompt as `{kernel}`; the third part gives the answers of the item's
`mistakes`, in their order.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from autograder.errors import AssignmentError
from autograder.questions.items import Item, Items, Mistake
from autograder.questions.numbers import within

VARIANTS = "variants.py"


@dataclass(frozen=True)
class Variant:
    """One student's numbers."""

    values: Mapping[str, int | float | str]
    answer: float
    mistakes: Sequence[float] = field(default_factory=tuple)


Draw = Callable[[np.random.Generator], Variant]


def load_variants(checks: Path, items: Items) -> dict[str, Draw]:
    """The functions that the items name, from `checks/variants.py`. Raises `AssignmentError`."""
    names = {item.variant for item in items.items if item.variant is not None}
    if not names:
        return {}
    path = checks / VARIANTS
    if not path.is_file():
        raise AssignmentError(f"{path}: no such file, and {sorted(names)[0]!r} should be in it")
    spec = importlib.util.spec_from_file_location(f"autograder_variants_{id(items)}", path)
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    try:
        spec.loader.exec_module(module)  # type: ignore[union-attr]
    except Exception as error:
        raise AssignmentError(f"{path}: {type(error).__name__}: {error}") from error
    draws: dict[str, Draw] = {}
    for name in sorted(names):
        draw = getattr(module, name, None)
        if not callable(draw):
            raise AssignmentError(f"{path}: no function {name!r}; questions.toml names it")
        draws[name] = draw
    return draws


def for_student(item: Item, draws: Mapping[str, Draw], student: str, seed: int) -> Item:
    """The item as `student` has it: numbers filled in, with its own answer.

    The same student, item and seed give the same numbers. Raises `AssignmentError` where the
    variant does not fit its item.
    """
    if item.variant is None or item.variant not in draws:
        return item
    joined = "\0".join([str(seed), item.id, student.casefold()]).encode()
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(joined).digest()[:8], "big"))
    variant = draws[item.variant](rng)
    if not isinstance(variant, Variant) or len(variant.mistakes) > len(item.mistakes):
        raise AssignmentError(
            f"{VARIANTS}: {item.variant} must return a Variant with at most "
            f"{len(item.mistakes)} mistakes, as many as {item.id!r} has"
        )
    values = dict(variant.values)
    try:
        prompt = {language: words.format(**values) for language, words in item.prompt.items()}
    except (KeyError, IndexError, ValueError) as error:
        raise AssignmentError(
            f"{VARIANTS}: {item.variant} gives {sorted(values)}, and the prompt of {item.id!r} "
            f"asks for {error}"
        ) from None
    mistakes = tuple(
        Mistake(answer, known.name, known.hint)
        for answer, known in zip(variant.mistakes, item.mistakes, strict=False)
        if not within(answer, variant.answer, item.absolute, max(item.relative, 1e-9))
    )
    changed = {"prompt": prompt, "answer": variant.answer, "mistakes": mistakes}
    return msgspec.structs.replace(item, **changed)
