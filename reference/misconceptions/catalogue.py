"""What a misconception is, and the component that it belongs to.

A component is one function or class of `reference`. Its misconceptions are wrong versions of it:
callables with its own signature, each with one mistake in it. Its probe draws calls on which the
mistakes show, and its `observe` makes a call and picks out what is compared.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import numpy as np

Text: TypeAlias = dict[str, str]
"""One sentence in every language, `{"en": "…", "fa": "…"}`; code stands between backticks."""

Array: TypeAlias = Any
"""An array in a wrong version, where shape and dtype may be the very mistake."""

Version = TypeVar("Version", bound=Callable[..., Any])


@dataclass(frozen=True)
class Call:
    """The arguments of one call."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


def call(*args: Any, **kwargs: Any) -> Call:
    """Return these arguments as a `Call`."""
    return Call(args, kwargs)


Probe: TypeAlias = Callable[[np.random.Generator], Sequence[Call]]
Observe: TypeAlias = Callable[[Callable[..., Any], Call], Any]


def result(function: Callable[..., Any], made: Call) -> Any:
    """Make the call and return all that comes back."""
    return function(*made.args, **made.kwargs)


def output(function: Callable[..., Any], made: Call) -> Any:
    """Make the call of a forward pass and return its output without the cache."""
    return function(*made.args, **made.kwargs)[0]


@dataclass(frozen=True, eq=False)
class Misconception:
    """A known wrong version of a component.

    `id` is `component.mistake`. `name` says what is wrong, `hint` what would be right. `function`
    has the component's signature; for a class it is a class. `source` says where the mistake is
    seen: D1 to D85 are the items of the course's list of misconceptions, B1 to B60 those of its
    list of errors and traps, s.1 to s.315 its slides; "teaching" is common knowledge.
    """

    id: str
    component: str
    name: Text
    hint: Text
    function: Callable[..., Any]
    source: str


@dataclass(frozen=True, eq=False)
class Component:
    """A right version, the calls that tell wrong ones from it, and the wrong ones known."""

    id: str
    right: Callable[..., Any]
    probe: Probe
    observe: Observe = result
    known: list[Misconception] = field(default_factory=list)

    def wrong(
        self, mistake: str, source: str, name: str, hint: str, name_fa: str, hint_fa: str
    ) -> Callable[[Version], Version]:
        """Enter what is decorated as a wrong version, and leave it as it is."""

        def enter(version: Version) -> Version:
            self.known.append(
                Misconception(
                    id=f"{self.id}.{mistake}",
                    component=self.id,
                    name={"en": name, "fa": name_fa},
                    hint={"en": hint, "fa": hint_fa},
                    function=version,
                    source=source,
                )
            )
            return version

        return enter
