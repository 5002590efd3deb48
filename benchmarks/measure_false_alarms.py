"""Whether right code fails: several differently written right versions of every component.

    PYTHONPATH=. python benchmarks/measure_false_alarms.py [--seeds 50] [--write]

The versions of `tests/checks/right_versions` go through the checks that mutants go through (values
against the reference, no change of the arguments, the gradient check): each as it is, computed in
float32 on numbers up to 100, and on arrays in another order in memory. Then their answers come in
other forms (one of seven for each version and seed, and the reference's own in all seven).

A component's versions are counted by what is computed differently: the algorithms, and float32 and
the order in memory where they change at least one bit of an answer. Forms differ in the container
alone and stand in a column of their own. Exits with 1 where any version fails, or a component has
fewer than six. `--write` puts the table into `docs/false-alarms.md`. Takes 15 minutes of CPU time.
"""

from __future__ import annotations

# isort: off
from measuring import MEGABYTE  # noqa: F401 (one thread, before numpy)
# isort: on

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "checks"))

from right_versions import ALGORITHMS  # noqa: E402
from right_versions.judged import (  # noqa: E402
    SEEDS,
    alarms_of_algorithm,
    alarms_of_forms,
    is_another_computation,
)
from right_versions.ways import FORMS, WAYS  # noqa: E402

from reference.misconceptions import COMPONENTS  # noqa: E402

LEAST = 6
PAGE = ROOT / "docs" / "false-alarms.md"
BEGIN, END = "<!-- begin: measured -->", "<!-- end: measured -->"


@dataclass(frozen=True)
class Row:
    """The right versions of one component."""

    component: str
    algorithms: int
    in_float32: bool
    in_another_order: bool
    alarms: list[str]

    @property
    def computations(self) -> int:
        """How many different computations there are."""
        return self.algorithms + self.in_float32 + self.in_another_order

    def cells(self) -> str:
        """The row of the table."""
        extra = ["+1" if each else "" for each in (self.in_float32, self.in_another_order)]
        counts = (self.algorithms, *extra, self.computations, len(FORMS), len(self.alarms))
        return f"| `{self.component}` | " + " | ".join(map(str, counts)) + " |"


def measured(component: str, seeds: int) -> Row:
    """All versions of a component in all ways, and in forms that take turns."""
    versions, alarms = ALGORITHMS[component], []
    for number, version in enumerate(versions):
        alarms += alarms_of_algorithm(component, version, range(seeds))
        for seed in range(seeds):
            form = list(FORMS)[(number + seed) % len(FORMS)]
            alarms += alarms_of_forms(component, version, [seed], [form])
    alarms += alarms_of_forms(component, COMPONENTS[component].right, range(seeds))
    changed = [is_another_computation(component, versions, way) for way in list(WAYS)[1:]]
    return Row(component, len(versions), *changed, alarms)


def table(rows: list[Row], seeds: int) -> str:
    """The summary and the table of all components."""
    algorithms = sum(row.algorithms for row in rows)
    lines = [
        f"{len(rows)} components, {algorithms} algorithms, "
        f"{sum(row.computations for row in rows)} computations, {len(FORMS)} forms of the answer, "
        f"{seeds} seeds: {sum(len(row.alarms) for row in rows)} false alarms. "
        f"The fewest computations of a component: {min(row.computations for row in rows)}.",
        "",
        "| component | algorithms | float32 inside | order in memory | computations | forms "
        "| false alarms |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(row.cells() for row in rows),
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    parser.add_argument("--components", nargs="*", default=list(COMPONENTS), metavar="NAME")
    options = parser.parse_args()
    started, rows = time.process_time(), []
    for component in options.components:
        rows.append(measured(component, options.seeds))
        for alarm in rows[-1].alarms:
            print(f"FALSE ALARM {alarm}")
        print(rows[-1].cells(), flush=True)
    print(table(rows, options.seeds).partition("\n")[0])
    print(f"CPU time: {time.process_time() - started:.0f} s")
    if options.write:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        after = rest.partition(END)[2]
        page = f"{before}{BEGIN}\n{table(rows, options.seeds)}\n{END}{after}"
        PAGE.write_text(page)
    few = [row.component for row in rows if row.computations < LEAST]
    print(f"fewer than {LEAST} computations: {', '.join(few) or 'none'}")
    return 1 if few or any(row.alarms for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
