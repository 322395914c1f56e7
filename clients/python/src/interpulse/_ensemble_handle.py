"""Many jobs that were submitted as one request."""

from __future__ import annotations

import concurrent.futures
import time
from typing import TYPE_CHECKING, Dict, Iterator, List, Optional, Sequence, Union, overload

from ._job_handle import JobHandle
from ._models import EnsembleReport, FailureGroup
from ._operations import sum_counts
from ._result import Result

if TYPE_CHECKING:
    from ._client import Interpulse


class EnsembleHandle(Sequence[JobHandle]):
    """The handles of :meth:`Interpulse.map` in the order of its inputs, and the whole of them.

    More than 10,000 inputs are several ensembles of the hub under one label.
    """

    def __init__(
        self, client: Interpulse, ensemble_ids: List[str], handles: List[JobHandle]
    ) -> None:
        self.ids = ensemble_ids
        self._client = client
        self._handles = handles

    @property
    def id(self) -> str:
        """The id of the ensemble, the first where there are several."""
        return self.ids[0]

    @property
    def handles(self) -> List[JobHandle]:
        """The jobs in the order of their inputs."""
        return list(self._handles)

    def __len__(self) -> int:
        return len(self._handles)

    @overload
    def __getitem__(self, index: int) -> JobHandle: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[JobHandle]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[JobHandle, Sequence[JobHandle]]:
        return self._handles[index]

    def __repr__(self) -> str:
        ended = sum(handle.done() for handle in self._handles)
        return f"<EnsembleHandle {', '.join(self.ids)}: {ended} of {len(self)} ended>"

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

    def reports(self) -> List[EnsembleReport]:
        """What the hub knows of it: counts, durations, failures by reason, sites."""
        return [self._client.ensemble_report(ensemble_id) for ensemble_id in self.ids]

    def counts(self) -> Dict[str, int]:
        """How many jobs are in which state now."""
        return sum_counts([report.ensemble for report in self.reports()])

    def failures(self) -> List[FailureGroup]:
        """Failures by reason, with an example of each."""
        return [failure for report in self.reports() for failure in report.failures]

    def failed(self) -> List[JobHandle]:
        """The handles of those that have failed so far, or were canceled."""
        return [handle for handle in self._handles if handle.has_failed]

    def cancel(self) -> int:
        """Cancels every open job of it; how many those were."""
        return sum(self._client.cancel_ensemble(ensemble_id) for ensemble_id in self.ids)
