"""Many jobs that were submitted as one request, for asyncio."""

from __future__ import annotations

import asyncio
from typing import AsyncIterator, List

from ._async.result import AsyncResult
from ._async.submitted_jobs import AsyncSubmittedJobs
from ._async_job_handle import AsyncJobHandle


class AsyncEnsembleHandle(AsyncSubmittedJobs):
    """The handles of :meth:`AsyncInterpulse.map` in the order of its inputs, and the whole."""

    async def results(self) -> List[AsyncResult]:
        """All results in the order of the inputs; raises at the first that failed."""
        return [await handle.result() for handle in self._handles]

    async def as_completed(self) -> AsyncIterator[AsyncJobHandle]:
        """The handles as their jobs end, completed or not."""
        ended: asyncio.Queue[AsyncJobHandle] = asyncio.Queue()
        by_future = {handle._ended: handle for handle in self._handles}
        for future in by_future:
            future.add_done_callback(lambda done: ended.put_nowait(by_future[done]))
        for _ in self._handles:
            yield await ended.get()
