"""A job one holds in the hand: a future, and what one may ask and do meanwhile."""

from __future__ import annotations

import os
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from typing import TYPE_CHECKING, Iterator, List, Literal, Mapping, Optional, Union, overload

from ._errors import JobCanceled, JobFailed
from ._models import ENDED_STATES, Explanation, Job, JobAttempt
from ._operations import stderr_tail_of
from ._sync.result import OutputFile, Result

if TYPE_CHECKING:
    from ._sync.submissions import Submissions

if TYPE_CHECKING:
    ResultFuture = Future[Result]
else:
    ResultFuture = Future


class JobHandle(ResultFuture):
    """A submitted job; a real :class:`concurrent.futures.Future` of its :class:`Result`.

    ``concurrent.futures.wait`` and ``as_completed`` take it. Callbacks run in the client's own
    thread: they must be short, and must not wait for other jobs.
    """

    def __init__(
        self, client: Submissions, job_id: str, results_folder: Optional[str] = None
    ) -> None:
        super().__init__()
        self.id = job_id
        self._client = client
        self._results_folder = results_folder
        self._job: Optional[Job] = None

    def __repr__(self) -> str:
        return f"<JobHandle {self.id} {'open' if self._job is None else self._job.state}>"

    def result(self, timeout: Optional[float] = None) -> Result:
        """Waits for the end and gives what the job left behind.

        :raises JobFailed: with the reason, the exit code and the end of stderr.
        :raises JobCanceled: when it was canceled.
        :raises concurrent.futures.TimeoutError: after ``timeout`` seconds; the job goes on.
        """
        try:
            result = super().result(timeout)
        except JobFailed as failure:
            self._complete(failure)
            raise
        if self._results_folder is not None and all(each.path is None for each in result.files):
            result.download(self._results_folder)
        return result

    def exception(self, timeout: Optional[float] = None) -> Optional[BaseException]:
        """Waits for the end; why the job failed, ``None`` when it completed."""
        failure = super().exception(timeout)
        if isinstance(failure, JobFailed):
            self._complete(failure)
        return failure

    def cancel(self) -> bool:
        """Cancels the job; a running one gets TERM, then KILL. False when it had ended before."""
        if self.done():
            return False
        job = self._client.cancel_job(self.id)
        if job.has_ended:
            self._client._settle(job)
        return job.state == "canceled"

    def cancelled(self) -> bool:
        """Whether the job was canceled, here or elsewhere."""
        return self._job is not None and self._job.state == "canceled"

    @property
    def has_failed(self) -> bool:
        """Whether it has ended otherwise than completed, as far as is known here."""
        return self._job is not None and self._job.state != "completed"

    def running(self) -> bool:
        """Whether it runs now; asks the hub."""
        return self.state == "active"

    @property
    def state(self) -> str:
        """Its state now; asks the hub until it has ended."""
        return self.job.state

    @property
    def job(self) -> Job:
        """The job as it is now; asks the hub until it has ended."""
        return self._job or self._client.get_job(self.id)

    @property
    def attempts(self) -> List[JobAttempt]:
        """Every attempt: who ran it where, and how it ended."""
        return self._client.get_attempts(self.id)

    @property
    def outputs(self) -> Mapping[str, OutputFile]:
        """What it left behind, by the names of the app's outputs; waits for the end."""
        return self.result().outputs

    def explain(self) -> Explanation:
        """Why it waits, runs where it runs, or failed, and what would help."""
        return self._client.explain(self.id)

    @overload
    def log(self, stream: str = ..., *, follow: Literal[False] = ...) -> str: ...

    @overload
    def log(self, stream: str = ..., *, follow: Literal[True]) -> Iterator[str]: ...

    def log(
        self, stream: str = "stdout", *, follow: bool = False
    ) -> Union[str, Iterator[str]]:
        """The tail of ``stdout`` or ``stderr``; with ``follow`` pieces as they are written."""
        if follow:
            return self._client.follow_log(self.id, stream)
        return self._client.job_log(self.id, stream)

    def download(self, folder: Union[str, "os.PathLike[str]"] = ".") -> Mapping[str, Path]:
        """Waits for the end and brings all output files into a folder."""
        return self.result().download(folder)

    def _settle(self, job: Job) -> None:
        self._job = job
        try:
            if job.state == "completed":
                self.set_result(Result(job, self._client))
            else:
                self.set_exception(failure_of_job(job))
        except InvalidStateError:
            # Its own cancel and the waiter may both tell of the end.
            return

    def _break(self, error: Exception) -> None:
        try:
            self.set_exception(error)
        except InvalidStateError:
            return

    def _complete(self, failure: JobFailed) -> None:
        # Asked for when somebody looks, not for each of 10,000 failures.
        if failure.stderr_tail is None and failure.job.state == "failed":
            failure.stderr_tail = stderr_tail_of(self.attempts) or ""


def failure_of_job(job: Job) -> JobFailed:
    """The failure of a job that ended otherwise than completed."""
    assert job.state in ENDED_STATES, job.state
    return JobCanceled(job) if job.state == "canceled" else JobFailed(job)
