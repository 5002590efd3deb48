"""`--device` and `--jobs-per-device`: which GPUs the trainings of a command may use.

They take the place of the environment variables, which the worker processes inherit.
"""

from __future__ import annotations

import os

from autograder.errors import UsageError


def use_devices(names: list[str], jobs: int | None, isolation: str) -> None:
    """Train on these GPUs, at most `jobs` trainings on each at a time. Before any worker starts.

    Raises `UsageError` for a GPU that is not there, or that a wall would hide.
    """
    if not names and jobs is None:
        return
    from autograder.checks import devices

    if names:
        os.environ[devices.DEVICES] = ",".join(names)
    if jobs is not None:
        os.environ[devices.JOBS] = str(jobs)
    try:
        wanted = devices.configured()
    except ValueError as error:
        raise UsageError(f"--device: {error}") from None
    if not names:
        return
    for name in wanted.names:
        if why := devices.absence(name):
            raise UsageError(f"--device {why}; leave it out to train on the CPU")
    if wanted.names and isolation != "none":
        raise UsageError(
            f"--device {wanted.names[0]}: behind the wall there are no devices; use a container or "
            "a machine of its own, and add --isolation none"
        )


def require_data(name: str) -> None:
    """Raises `UsageError` where the data set of the assignment's training checks is not here."""
    if name == "digits":
        return
    from autograder.checks.datasets import absence

    if why := absence(name):
        raise UsageError(f'training.data = "{name}": {why}')
