"""`assignment.toml` -> `Assignment`.

::

    id = "linear_classifiers"            # a-z, 0-9, _ : names results and the gradebook's rows
    version = "1"
    title.en = "Linear classifiers"
    title.fa = "دسته‌بندهای خطی"
    seed = 2026                          # all randomness of the checks comes from it
    due = 2026-12-01T23:59:00+03:30      # optional; `after_due_date` checks show from then on
    import_paths = ["../.."]             # added to the checks' sys.path (where `reference` lies)

    [submission]
    files = ["linear_classifiers.py", "linear_classifiers.ipynb"]   # names looked for first
    names = ["svm_loss_naive", "LinearClassifier"]                  # what a student defines
    package = "cs231n"                   # instead of files: a package tree, its names dotted
    max_bytes = 20_000_000                                          # unpacked
    max_files = 200

    [limits]
    call_seconds = 5.0                   # one call into the student's code
    load_seconds = 20.0                  # running the file's top level
    check_seconds = 30.0                 # all calls of one check
    submission_seconds = 300.0           # all checks of one submission
    memory_mb = 1024                     # on top of what the imported libraries take
    disk_mb = 64
    output_kb = 64                       # printed text that is kept; the rest is dropped

    [imports]
    preload = ["numpy"]                  # imported once, before any submission
    allowed = ["numpy"]                  # optional: rules of what may be imported and used,
    forbidden = ["torch"]                # with [[rules]]: see `autograder.rules`
    shims = ["python2", "numpy"]         # optional, with `package`: see `autograder.sandbox.shims`

    [[editions]]                         # optional, with `package`: see `autograder.editions`

    [late]                               # optional, needs `due`; times come from `grade --times`
    per_day = 0.1                        # the part of the points lost for each day begun
    grace_minutes = 15                   # so much later still counts as in time
    max_days = 5                         # what is later still earns nothing

    [training]                           # optional; what `autograder calibrate` runs
    weakest = "solution/weakest.py"      # the weakest solution that should pass
    data = "digits"                      # or mnist, cifar10: what the fixture training_data gives

    [[questions]]
    id = "svm"
    title.en = "SVM loss"
    title.fa = "زیان SVM"

A file `secret` beside the manifest, one line of at least 32 characters, makes what training checks
draw unforeseeable also where all checks are published, and what hidden checks draw even for who
knows their names and the seed. It is never released.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from autograder.editions import Edition, chosen_edition
from autograder.errors import AssignmentError
from autograder.records import Question
from autograder.rules import Policy, Rule, policy_problem
from autograder.sandbox.old_names import SHIMS
from autograder.texts import LANGUAGES, Text

MANIFEST = "assignment.toml"
SECRET = "secret"  # noqa: S105 - the name of a file
_SECRET_LENGTH = 32

_ID = re.compile(r"[a-z][a-z0-9_]*")
_IGNORED = {"__pycache__", ".pytest_cache", ".hypothesis", ".ipynb_checkpoints", ".DS_Store"}

Seconds = Annotated[float, msgspec.Meta(gt=0)]
Count = Annotated[int, msgspec.Meta(gt=0)]


class SubmissionSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a submission should look like."""

    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    package: str | None = None
    """The package that a submission is; `names` are `package.module.name` then."""
    shims: tuple[str, ...] = ()
    """From `[imports]`: what older code is to find."""
    max_bytes: Count = 20_000_000
    max_files: Count = 200
    answers: bool = False
    """Whether there are questions that are not code; `checks/questions.toml` says so by itself."""

    @property
    def needs_code(self) -> bool:
        """Whether a submission without code can be graded."""
        return bool(self.names) or not self.answers


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one submission may use."""

    call_seconds: Seconds = 5.0
    load_seconds: Seconds = 20.0
    check_seconds: Seconds = 30.0
    submission_seconds: Seconds = 300.0
    memory_mb: Count = 1024
    disk_mb: Count = 64
    output_kb: Count = 64


class Imports(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the subject's process imports before it meets a submission, and what it may import."""

    preload: tuple[str, ...] = ("numpy",)
    allowed: tuple[str, ...] | None = None
    forbidden: tuple[str, ...] = ()
    shims: tuple[str, ...] = ()


class LatePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What handing in after the due date costs."""

    per_day: Annotated[float, msgspec.Meta(ge=0, le=1)]
    """The part of the earned points that is lost for each day begun."""
    grace_minutes: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    max_days: Count | None = None
    """Later than so many days earns nothing."""


class TrainingSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What training checks train on, and what their thresholds are calibrated with."""

    weakest: str | None = None
    data: Literal["digits", "mnist", "cifar10"] = "digits"


class _QuestionTable(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: Text


class _Manifest(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: Text
    questions: list[_QuestionTable]
    version: str = "1"
    seed: int = 0
    due: datetime | None = None
    import_paths: list[str] = []
    submission: SubmissionSpec = SubmissionSpec()
    limits: Limits = Limits()
    imports: Imports = Imports()
    rules: tuple[Rule, ...] = ()
    late: LatePolicy | None = None
    training: TrainingSpec = TrainingSpec()
    editions: tuple[Edition, ...] = ()
    edition: str | None = None


@dataclass(frozen=True)
class Assignment:
    """An assignment as its folder describes it."""

    root: Path
    id: str
    version: str
    """The manifest's version, a digest of all that decides a grade, the edition where there is
    one: `1+3f9a0c2e71b4.2015`."""
    title: Text
    seed: int
    due: datetime | None
    questions: tuple[Question, ...]
    submission: SubmissionSpec
    limits: Limits
    imports: Imports
    import_paths: tuple[Path, ...]
    secret: str = field(repr=False)
    """What the draws of training checks come from; nobody but the grader knows it."""
    own_secret: bool
    """Whether there is a file `secret`: then hidden checks draw from it too."""
    policy: Policy = field(default_factory=Policy)
    late: LatePolicy | None = None
    weakest: Path | None = None
    """The weakest solution that should pass, where the manifest names one."""
    data: str = "digits"
    """The data set that the fixture `training_data` gives."""
    editions: tuple[Edition, ...] = ()
    edition: Edition | None = None
    """By which it is graded: the one that was asked for, else the manifest's."""

    @property
    def checks(self) -> Path:
        """The folder of pytest checks."""
        return self.root / "checks"


def load_assignment(folder: Path, edition: str | None = None) -> Assignment:
    """Read and validate `folder/assignment.toml`; grade by `edition` instead of its own.

    Raises `AssignmentError`: what is wrong, where, and the mend, in one line.
    """
    root = folder.resolve()
    path = root / MANIFEST
    manifest = _convert(_read(path, folder), path)
    _validate(manifest, path)
    checks = root / "checks"
    answers = (checks / "questions.toml").is_file()
    if not answers and not any(checks.glob("**/test_*.py")):
        raise AssignmentError(f"{checks}: no test_*.py in it; an assignment's checks live there")
    secret = _secret(root)
    digest = _digest(root)
    chosen = _edition(manifest, edition, path)
    return Assignment(
        root=root,
        id=manifest.id,
        version=f"{manifest.version}+{digest[:12]}" + (f".{chosen.id}" if chosen else ""),
        title=manifest.title,
        seed=manifest.seed,
        due=manifest.due,
        questions=tuple(Question(table.id, table.title) for table in manifest.questions),
        submission=msgspec.structs.replace(
            manifest.submission, answers=answers, shims=manifest.imports.shims
        ),
        limits=manifest.limits,
        imports=manifest.imports,
        import_paths=tuple((root / entry).resolve() for entry in manifest.import_paths),
        policy=_policy(manifest),
        late=manifest.late,
        secret=secret or hashlib.sha256(f"secret\0{digest}".encode()).hexdigest(),
        own_secret=secret is not None,
        weakest=_weakest(manifest, root),
        data=manifest.training.data,
        editions=manifest.editions,
        edition=chosen,
    )


def _read(path: Path, folder: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        mend = f"name a folder that holds {MANIFEST}"
        if not folder.exists():
            raise AssignmentError(f"{folder}: no such folder; {mend}") from None
        raise AssignmentError(
            f"{folder}: not an assignment, it has no {MANIFEST}; {mend}"
        ) from None
    except NotADirectoryError:
        raise AssignmentError(f"{folder}: a file; name the assignment's folder") from None
    except UnicodeDecodeError as error:
        raise AssignmentError(
            f"{path}: not UTF-8 (byte {error.start}); save the file as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise AssignmentError(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise AssignmentError(f"{path}: cannot be read: {error.strerror}") from None


def _convert(table: dict[str, object], path: Path) -> _Manifest:
    try:
        return msgspec.convert(table, _Manifest)
    except msgspec.ValidationError as error:
        raise AssignmentError(f"{path}: {error}") from None


def _validate(manifest: _Manifest, path: Path) -> None:
    if not _ID.fullmatch(manifest.id):
        raise AssignmentError(
            f"{path}: id = {manifest.id!r}; an id is a-z, 0-9 and _, starting with a letter"
        )
    if manifest.due is not None and manifest.due.tzinfo is None:
        raise AssignmentError(f"{path}: due = {manifest.due} has no offset; add one, as in +03:30")
    if manifest.late is not None and manifest.due is None:
        raise AssignmentError(f"{path}: [late] without a due date; add due = … above the tables")
    _validate_title(manifest.title, "title", path)
    if not manifest.questions:
        raise AssignmentError(f"{path}: no [[questions]]; every check belongs to one")
    _validate_package(manifest, path)
    seen: set[str] = set()
    for table in manifest.questions:
        if table.id in seen:
            raise AssignmentError(f"{path}: two questions have the id {table.id!r}; rename one")
        seen.add(table.id)
        _validate_title(table.title, f"questions.{table.id}.title", path)
    if problem := policy_problem(_policy(manifest), manifest.imports.preload, sorted(seen)):
        raise AssignmentError(f"{path}: {problem}")


def _policy(manifest: _Manifest) -> Policy:
    return Policy(manifest.rules, manifest.imports.allowed, manifest.imports.forbidden)


def _validate_package(manifest: _Manifest, path: Path) -> None:
    package, shims = manifest.submission.package, manifest.imports.shims
    if unknown := [name for name in shims if name not in SHIMS]:
        raise AssignmentError(
            f"{path}: imports.shims: {unknown[0]!r} is none of {', '.join(SHIMS)}"
        )
    if package is None:
        if shims:
            raise AssignmentError(f"{path}: imports.shims needs submission.package; take it out")
        return
    if not package.isidentifier():
        raise AssignmentError(f"{path}: submission.package = {package!r}; give the folder's name")
    names = manifest.submission.names
    if not names or any(len(n.split(".")) < 3 or n.split(".")[0] != package for n in names):
        raise AssignmentError(
            f"{path}: submission.names: with a package they are {package}.module.name"
        )


def _edition(manifest: _Manifest, wanted: str | None, path: Path) -> Edition | None:
    try:
        chosen = chosen_edition(manifest.editions, manifest.edition, wanted)
    except ValueError as error:
        raise AssignmentError(f"{path}: {error}") from None
    if chosen is not None and manifest.submission.package is None:
        raise AssignmentError(f"{path}: [[editions]] need submission.package; take them out")
    for edition in manifest.editions:
        _validate_title(edition.title, f"editions.{edition.id}.title", path)
    return chosen


def _validate_title(title: Text, where: str, path: Path) -> None:
    if unknown := sorted(set(title) - set(LANGUAGES)):
        raise AssignmentError(f"{path}: {where}.{unknown[0]}: the languages are en and fa")
    for language in LANGUAGES:
        if not title.get(language, "").strip():
            raise AssignmentError(f"{path}: {where}.{language} is missing; add the text")


def _weakest(manifest: _Manifest, root: Path) -> Path | None:
    if manifest.training.weakest is None:
        return None
    path = root / manifest.training.weakest
    if not path.is_file():
        raise AssignmentError(f"{root / MANIFEST}: training.weakest: {path} is no file; mend it")
    return path


def _secret(root: Path) -> str | None:
    """The content of the file `secret`; None where there is none."""
    path = root / SECRET
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path}: cannot be read ({error}); write one line") from None
    if len(secret) < _SECRET_LENGTH:
        raise AssignmentError(
            f"{path}: {len(secret)} characters; a secret has at least {_SECRET_LENGTH}, as "
            "`python -c 'import secrets; print(secrets.token_hex())'` prints them"
        )
    return secret


def _digest(root: Path) -> str:
    """A digest of the manifest, the secret and everything in `checks/`, by path and content."""
    digest = hashlib.sha256()
    for path in [root / MANIFEST, root / SECRET, *sorted((root / "checks").rglob("*"))]:
        if path.is_file() and not _IGNORED.intersection(path.parts) and path.suffix != ".pyc":
            content = path.read_bytes()
            name = path.relative_to(root).as_posix()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()
