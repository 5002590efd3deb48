"""What each isolation level leaves open, in words: reports, `result.json` and `doctor` say it."""

from __future__ import annotations

from autograder.records import Isolation
from autograder.texts import Text, text


def not_protected(level: Isolation) -> tuple[Text, ...]:
    """Sentences on what `level` does not protect; none for `full`."""
    if level is Isolation.REDUCED:
        return _shared_machine()
    if level is Isolation.CONTAINER:
        return (
            text(
                "The code could see the names, sizes and dates of the container's files, and that "
                "its other processes exist; it could not read them."
            ),
            text(
                "The container runtime, its image and its settings are trusted: `autograder` "
                "cannot check them."
            ),
        )
    return _no_wall() if level is Isolation.NONE else ()


def _shared_machine() -> tuple[Text, ...]:
    return (
        text(
            "The code could see that files and processes of this machine exist, with their names, "
            "sizes and dates; it could not read them."
        ),
        text(
            "Its files lay in this machine's folder for temporary files: each is limited in size, "
            "all together are not, so it could fill that disk."
        ),
        text(
            "It ran in the same namespaces as everything else here: a fault of the kernel, or of "
            "this list of system calls, would have had the whole account before it."
        ),
    )


def _no_wall() -> tuple[Text, ...]:
    return (
        text(
            "The code could read whatever the grading account can: hidden checks, expected "
            "answers, other submissions, the gradebook, environment variables."
        ),
        text(
            "It could change or delete all of that, other students' results included, so this "
            "result is only as trustworthy as the code."
        ),
        text("It could use the network, start other programs and leave them running."),
        text(
            "Only its time and, on Linux, its memory were limited: it could fill the disk and use "
            "every processor."
        ),
    )
