"""A whole class: worker processes, one transaction a submission, resumable at any moment.

The program itself runs no check and no submission. It hands paths to its workers, stores what
they answer, and starts a worker anew when one dies; the submission that it was grading is tried
once more, and then left for a human.
"""

from __future__ import annotations

import selectors
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.errors import AssignmentError, AutograderError, IsolationError, SandboxError
from autograder.gradebook import open_gradebook
from autograder.gradebook.store import Gradebook
from autograder.outputs import REPORT, outputs_exist, write_outputs
from autograder.records import AssignmentInfo, CheckSpec, Grade, Isolation, Status
from autograder.report.document import grade_from_json, grade_to_json
from autograder.report.summary import SummaryRow, summary_row
from autograder.scoring import with_lateness
from autograder.submission import submission_ids
from autograder.texts import text
from autograder.workers import BatchOptions, Crew, Job, Message, Worker, stop_workers

_TRIES = 2
_STILLBORN = 3
_LAST_SECONDS = 1.0
"""For a process that has closed its channel to be seen to end, with its own status."""


@dataclass
class BatchResult:
    """How a batch ended."""

    rows: list[SummaryRow] = field(default_factory=list)
    skipped: set[str] = field(default_factory=set)
    """Ids of the submissions that were graded before, and are unchanged."""
    assignment: AssignmentInfo | None = None
    checks: tuple[CheckSpec, ...] = ()
    seconds: float = 0.0
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds of all submissions together, by where they went."""

    def count(self, status: Status) -> int:
        """Submissions graded in this run that ended in `status`."""
        return sum(
            row.status is status and row.submission_id not in self.skipped for row in self.rows
        )


class Batch:
    """Grades every submission of a folder."""

    def __init__(
        self,
        options: BatchOptions,
        crew: Crew,
        *,
        on_ready: Callable[[Isolation], None],
        on_row: Callable[[SummaryRow], None],
    ) -> None:
        self.options = options
        self.crew = crew
        """Where a worker comes from that takes a dead one's place."""
        self.on_ready = on_ready
        """Called when a worker is ready, with the isolation level that it reached."""
        self.on_row = on_row
        self.result = BatchResult()
        self._rows: dict[str, SummaryRow | None] = {}
        self._undecided: Grade | None = None
        """What is stored of a submission that no worker survives, but for its id."""
        limits = options.assignment.limits
        self._stillborn = 0
        """Workers in a row that ended before they were ready."""
        self._patience = 2 * (3 * limits.submission_seconds + limits.load_seconds) + 120
        """No submission takes so long: a worker that does hangs in a check, by our fault."""

    def run(self, paths: Sequence[Path], workers: list[Worker]) -> BatchResult:
        """Grade `paths` with `workers`; what is done is stored even if this is interrupted."""
        started = time.monotonic()
        options = self.options
        options.output.mkdir(parents=True, exist_ok=True)
        try:
            with open_gradebook(options.gradebook) as gradebook:
                self._run(paths, workers, gradebook)
        finally:
            stop_workers(workers)
            self.result.rows = [row for row in self._rows.values() if row is not None]
            self.result.seconds = time.monotonic() - started
        return self.result

    def _run(self, paths: Sequence[Path], workers: list[Worker], gradebook: Gradebook) -> None:
        known = {}
        options = self.options
        assignment = options.assignment
        if not options.regrade:
            known = gradebook.graded(assignment.id, assignment.version)
        jobs: deque[Job] = deque()
        for path, name in submission_ids(paths).items():
            content = known.get(name)
            self._rows[name] = None  # keeps the order of the folder
            submitted = None if options.times is None else options.times.get(name)
            jobs.append(Job(path, name, None if content is None else content.sha256, submitted))
        with selectors.DefaultSelector() as selector:
            for worker in workers:
                selector.register(worker.channel, selectors.EVENT_READ, worker)
            while jobs or any(worker.job for worker in workers):
                gone = []
                for key, _ in selector.select(timeout=1.0):
                    messages = key.data.read()
                    if messages is None:
                        gone.append(key.data)
                    for message in messages or ():
                        self._hear(key.data, message, jobs, gradebook)
                for worker in gone:
                    selector.unregister(worker.channel)
                    workers.remove(worker)
                    self._bury(worker, jobs, gradebook)
                    if jobs:
                        successor = self.crew.worker()
                        workers.append(successor)
                        selector.register(successor.channel, selectors.EVENT_READ, successor)
                self._end_hanging(workers)

    def _hear(
        self, worker: Worker, message: Message, jobs: deque[Job], gradebook: Gradebook
    ) -> None:
        if "problem" in message:
            raise _error(message)
        if "pid" in message:
            worker.pid = message["pid"]
            self.crew.alone = message["alone"]
            return
        if "died" in message:
            return  # its channel ends next
        if "isolation" in message:
            worker.ready = True
            self._stillborn = 0
            self._undecided = grade_from_json(message["document"])
            self.on_ready(Isolation(message["isolation"]))
        job, worker.job = worker.job, None
        if message.get("tired"):  # it ends by itself, and a fresh worker tries once more
            if job is not None and job.tries < _TRIES:
                jobs.appendleft(job)
                job = None
        elif jobs:  # first the next job, then the bookkeeping: the worker need not wait
            worker.give(jobs.popleft())
        if job is not None:
            self._keep(job, message, gradebook)

    def _bury(self, worker: Worker, jobs: deque[Job], gradebook: Gradebook) -> None:
        """A worker died: try its job once more, or leave it for a human."""
        worker.stop(seconds=_LAST_SECONDS)
        job = worker.job
        if job is None:
            self._find_why(worker)
            return
        if job.tries < _TRIES:
            jobs.appendleft(job)
            return
        self._give_up(job, worker, gradebook)

    def _give_up(self, job: Job, worker: Worker, gradebook: Gradebook) -> None:
        """Store that this submission ended two workers: an internal error, for a human."""
        if self._undecided is None:
            raise SandboxError("a worker process ended before it was ready")
        grade = replace(
            self._undecided,
            submission_id=job.id,
            message=text(
                "The grader's own process ended twice while it graded this submission "
                "(status {code}). Nothing was decided; grade it by hand.",
                code=worker.status,
            ),
        )
        write_outputs(grade, self.options.output / job.id, self.options.language)
        gradebook.store(grade, grade_to_json(grade).encode())
        self._add_grade(grade)

    def _find_why(self, worker: Worker) -> None:
        """Raise why a worker ended without a job, unless another can take its place."""
        if worker.ready:
            return
        if problem := worker.problem():
            raise _error({"kind": "SandboxError", "problem": "the checks' process died", **problem})
        self._stillborn += not (self.crew.alone and worker.pid is None)
        if self._stillborn > _STILLBORN:
            raise SandboxError(
                f"{self._stillborn} worker processes in a row ended before they were ready"
            )

    def _keep(self, job: Job, message: Message, gradebook: Gradebook) -> None:
        """Store one answer and make its row."""
        started = time.perf_counter()
        assignment = self.options.assignment
        if "skipped" in message:
            stored = gradebook.find(assignment.id, assignment.version, job.id, job.known or "")
            if stored is None:
                raise AutograderError(
                    f"{self.options.gradebook}: the result of {job.id} disappeared during the run"
                )
            grade = grade_from_json(stored.document)
            folder = self.options.output / job.id
            timed = grade
            if self.options.times is not None:
                timed = with_lateness(grade, assignment.late, assignment.due, job.submitted)
            if timed != grade:
                gradebook.store(timed, grade_to_json(timed).encode())
            if timed != grade or not outputs_exist(folder, self.options.language):
                write_outputs(timed, folder, self.options.language)
            grade = timed
            self.result.skipped.add(job.id)
            self._add_grade(grade)
            return
        grade = grade_from_json(message["document"])
        gradebook.store(grade, message["document"])
        message["timings"]["database"] = time.perf_counter() - started
        for name, seconds in message["timings"].items():
            self.result.timings[name] = self.result.timings.get(name, 0.0) + seconds
        self._add_grade(grade)

    def _add_grade(self, grade: Grade) -> None:
        self.result.assignment = grade.assignment
        if not self.result.checks:
            self.result.checks = tuple(check.spec for check in grade.checks)
        row = summary_row(grade, report=f"{grade.submission_id}/{REPORT}")
        self._rows[row.submission_id] = row
        self.on_row(row)

    def _end_hanging(self, workers: list[Worker]) -> None:
        for worker in workers:
            if worker.job is not None and time.monotonic() - worker.since > self._patience:
                worker.kill()


def _error(message: Message) -> Exception:
    kinds = {
        "AssignmentError": AssignmentError,
        "IsolationError": IsolationError,
        "SandboxError": SandboxError,
    }
    return kinds.get(message["kind"], AutograderError)(message["problem"])
