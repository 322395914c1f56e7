"""Many jobs that were submitted as one request."""

from __future__ import annotations

import concurrent.futures
import time
from typing import Iterator, List, Optional

from ._job_handle import JobHandle
from ._sync.result import Result
from ._sync.submitted_jobs import SubmittedJobs


class EnsembleHandle(SubmittedJobs):
    """The handles of :meth:`Interpulse.map` in the order of its inputs, and the whole of them.

    More than 10,000 inputs are several ensembles of the hub under one label.
    """

    def results(self, timeout: Optional[float] = None) -> Iterator[Result]:
        """Results in the order of the inputs; raises at the first that failed."""
        end = None if timeout is None else time.monotonic() + timeout
        for handle in self._handles:
            left = None if end is None else max(0.0, end - time.monotonic())
            yield handle.result(left)

    def as_completed(self, timeout: Optional[float] = None) -> Iterator[JobHandle]:
        """The handles as their jobs end, completed or not."""
        for future in concurrent.futures.as_completed(self._handles, timeout):
            assert isinstance(future, JobHandle)
            yield future

    def wait(self, timeout: Optional[float] = None) -> bool:
        """Waits until all have ended; False when that took too long."""
        return not concurrent.futures.wait(self._handles, timeout).not_done

    def failed(self) -> List[JobHandle]:
        """The handles of those that have failed so far, or were canceled."""
        return [handle for handle in self._handles if handle.has_failed]
