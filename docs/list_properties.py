"""Write docs/properties.md from the registry: `python docs/list_properties.py`."""

from __future__ import annotations

from pathlib import Path

from autograder.checks.properties import PROPERTIES, properties_of

PAGE = Path(__file__).with_name("properties.md")

INTRODUCTION = """# Ready properties

{count} sentences about the course's functions that hold for every input, each true of a right
version and broken by at least one wrong one. A check draws a property's inputs, edge cases
included, and hands it the student's functions:

```python
import pytest
from hypothesis import given

from autograder.checks.properties import softmax_ignores_a_shift_of_a_row as law


@pytest.mark.points(1, question="softmax")
@given(case=law.cases())
def test_softmax_ignores_a_shift(student, case):
    \"\"\"Adding a number to all scores of a row leaves the probabilities as they are.\"\"\"
    law(student.softmax, *case)
```

A function of another signature is given in a `lambda`: where `forward` returns a cache as well,
`lambda x, w, b: student.forward(x, w, b)[0]`. One's own inputs do as well as drawn ones. Where a
property does not hold, the student reads its sentence, in English or Persian, what was expected
and what came, and the smallest example that Hypothesis found.

Properties marked ↔ hold a student's answers against each other: a function that always returns 0
may satisfy them, so let them stand beside a check of values (`requires`). The others hold them
against a value that is known.

`autograder.checks.properties.PROPERTIES` is this list in Python: `name`, `family`, `needs`,
`title`, `cases()`. This page is made from it by `docs/list_properties.py`.
"""


def page() -> str:
    """The page's text."""
    families = dict.fromkeys(law.family for law in PROPERTIES.values())
    parts = [INTRODUCTION.format(count=len(PROPERTIES)), _contents(list(families))]
    return "\n".join([*parts, *map(_section, families)])


def _words(family: str) -> str:
    return family.replace("_", " ").capitalize()


def _contents(families: list[str]) -> str:
    rows = [
        f"| [{_words(f)}](#{f.replace('_', '-')}) | {len(properties_of(f))} |" for f in families
    ]
    return "\n".join(["| family | properties |", "| --- | --- |", *rows, ""])


def _section(family: str) -> str:
    lines = [f"## {_words(family)}"]
    needs = None
    for law in sorted(properties_of(family), key=lambda law: (law.needs, law.name)):
        if law.needs != needs:
            lines += ["", f"Of `{law.needs}`:", ""]
            needs = law.needs
        mark = " ↔" if law.relates else ""
        lines += [f"- `{law.name}`{mark}: {law.title['en']}", f"  <br>{law.title['fa']}"]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
