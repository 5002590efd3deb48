"""When each submission was handed in: a CSV file, as a course's web site exports it.

The dates of files are no evidence: copying, unpacking and version control change them.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from autograder.errors import UsageError

_COLUMNS = ("id", "time")
_SHAPE = "write one line for each submission, as in student-01,2026-12-01T23:59:00+03:30"


def read_times(path: Path) -> dict[str, datetime]:
    """Submission id -> the time that the CSV file `path` gives for it, with its offset.

    Two columns, the id (or the file's name) and an ISO 8601 time; or any columns under a first
    line that names `id` and `time`. Raises `UsageError`, one line: what is wrong, where, the mend.
    """
    times: dict[str, datetime] = {}
    columns = (0, 1)
    for number, cells in _rows(path):
        where = f"{path}, line {number}"
        names = [cell.strip().casefold() for cell in cells]
        if not times and all(column in names for column in _COLUMNS):
            columns = (names.index(_COLUMNS[0]), names.index(_COLUMNS[1]))
            continue
        if len(cells) <= max(columns):
            raise UsageError(f"{where}: an id and a time are missing a comma or a part; {_SHAPE}")
        identifier, time = (cells[column].strip() for column in columns)
        identifier = unicodedata.normalize("NFC", identifier)
        if identifier in times:
            raise UsageError(f"{where}: {identifier!r} has a time already; keep one of its lines")
        times[identifier] = _time(time, where)
    return times


def times_of(
    ids: Mapping[Path, str], given: Mapping[str, datetime], path: Path
) -> dict[str, datetime]:
    """The time of each submission that `given` (from the file `path`) names, by its id.

    `given` may name the id or the file. Raises `UsageError` where it names none of them.
    """
    found: dict[str, datetime] = {}
    for file, identifier in ids.items():
        for name in (identifier, unicodedata.normalize("NFC", file.name)):
            if name in given:
                found[identifier] = given[name]
                break
    if ids and not found:
        example = next(iter(ids.values()))
        raise UsageError(
            f"{path}: none of its ids is a submission's; the ids are file names without their "
            f"ending, such as {example}"
        )
    return found


def without_time(ids: Sequence[str], times: Mapping[str, datetime]) -> str | None:
    """One sentence on the submissions that have no time, or None."""
    missing = [identifier for identifier in ids if identifier not in times]
    if not missing:
        return None
    named = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
    return f"{len(missing)} of {len(ids)} submissions have no time and count as in time: {named}"


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            return [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: not UTF-8 (byte {error.start}); save the file as UTF-8"
        ) from None
    except csv.Error as error:
        raise UsageError(f"{path}: not a CSV file ({error}); {_SHAPE}") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); {_SHAPE}") from None


def _time(written: str, where: str) -> datetime:
    try:
        time = datetime.fromisoformat(written)
    except ValueError:
        raise UsageError(
            f"{where}: {written!r} is no ISO 8601 time; write it as in 2026-12-01T23:59:00+03:30"
        ) from None
    if time.tzinfo is None:
        raise UsageError(f"{where}: {written!r} has no offset; add one, as in +03:30")
    return time
