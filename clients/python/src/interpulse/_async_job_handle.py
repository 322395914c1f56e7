"""A job one can await, and what one may ask and do meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, AsyncIterator, Generator, List, Optional

from ._async.result import AsyncResult
from ._errors import JobFailed
from ._job_handle import failure_of_job
from ._models import Explanation, Job, JobAttempt
from ._operations import stderr_tail_of

if TYPE_CHECKING:
    from ._async.submissions import AsyncSubmissions


class AsyncJobHandle:
    """A submitted job; ``await`` gives its result, as do ``asyncio.gather`` and the like."""

    def __init__(
        self, client: AsyncSubmissions, job_id: str, results_folder: Optional[str] = None
    ) -> None:
        self.id = job_id
        self._client = client
        self._results_folder = results_folder
        self._ended: asyncio.Future[Job] = asyncio.get_running_loop().create_future()
        # Who never asks for a result does not want to be told that nobody did.
        self._ended.add_done_callback(lambda future: future.cancelled() or future.exception())

    def __await__(self) -> Generator[None, None, AsyncResult]:
        return self.result().__await__()

    def __repr__(self) -> str:
        return f"<AsyncJobHandle {self.id} {'ended' if self.done() else 'open'}>"

    def done(self) -> bool:
        """Whether the job has ended."""
        return self._ended.done()

    async def result(self, timeout: Optional[float] = None) -> AsyncResult:
        """Waits for the end and gives what the job left behind.

        :raises JobFailed: with the reason, the exit code and the end of stderr.
        :raises JobCanceled: when it was canceled.
        :raises asyncio.TimeoutError: after ``timeout`` seconds; the job goes on.
        """
        # Who gives up waiting does not take the end away from others who wait.
        job = await asyncio.wait_for(asyncio.shield(self._ended), timeout)
        if job.state == "completed":
            result = AsyncResult(job, self._client)
            if self._results_folder is not None:
                await result.download(self._results_folder)
            return result
        failure = failure_of_job(job)
        if job.state == "failed":
            failure.stderr_tail = stderr_tail_of(await self.attempts())
        raise failure

    async def exception(self) -> Optional[JobFailed]:
        """Waits for the end; why the job failed, ``None`` when it completed."""
        try:
            await self.result()
        except JobFailed as failure:
            return failure
        return None

    async def cancel(self) -> bool:
        """Cancels the job; a running one gets TERM, then KILL. False when it had ended before."""
        if self.done():
            return False
        job = await self._client.cancel_job(self.id)
        if job.has_ended:
            self._client._settle(job)
        return job.state == "canceled"

    async def job(self) -> Job:
        """The job as it is now; asks the hub until it has ended."""
        return self._ended.result() if self.done() else await self._client.get_job(self.id)

    async def state(self) -> str:
        """Its state now; asks the hub until it has ended."""
        return (await self.job()).state

    async def attempts(self) -> List[JobAttempt]:
        """Every attempt: who ran it where, and how it ended."""
        return await self._client.get_attempts(self.id)

    async def explain(self) -> Explanation:
        """Why it waits, runs where it runs, or failed, and what would help."""
        return await self._client.explain(self.id)

    async def log(self, stream: str = "stdout") -> str:
        """The tail of ``stdout`` or ``stderr``."""
        return await self._client.job_log(self.id, stream)

    def follow_log(self, stream: str = "stdout") -> AsyncIterator[str]:
        """Pieces of ``stdout`` or ``stderr`` as they are written, until the end."""
        return self._client.follow_log(self.id, stream)

    def _settle(self, job: Job) -> None:
        if not self._ended.done():
            self._ended.set_result(job)

    def _break(self, error: Exception) -> None:
        if not self._ended.done():
            self._ended.set_exception(error)
