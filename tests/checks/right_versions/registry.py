"""The list of right versions, and how one enters it."""

from collections.abc import Callable
from typing import Any

ALGORITHMS: dict[str, list[Callable[..., Any]]] = {}
"""For each component, functions (or classes) of its signature that compute it in another way."""


def right(*components: str) -> Callable[[Any], Any]:
    """Enter what is decorated as a right version of each of these components."""

    def enter(version: Any) -> Any:
        for component in components:
            ALGORITHMS.setdefault(component, []).append(version)
        return version

    return enter


def enter(component: str, name: str, version: Any) -> None:
    """Enter a version that was made by a function, under a name of its own."""
    version.__name__ = name
    ALGORITHMS.setdefault(component, []).append(version)
