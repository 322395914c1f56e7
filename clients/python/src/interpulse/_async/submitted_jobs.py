"""Many jobs that were submitted as one request: what is known of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List, Sequence, Union, overload

from .._async_job_handle import AsyncJobHandle
from .._models import EnsembleReport, FailureGroup
from .._operations import sum_counts

if TYPE_CHECKING:
    from .queries import AsyncQueries


class AsyncSubmittedJobs(Sequence[AsyncJobHandle]):
    """Handles in the order of their inputs, and what the hub says of the whole."""

    def __init__(
        self, client: AsyncQueries, ensemble_ids: List[str], handles: List[AsyncJobHandle]
    ) -> None:
        self.ids = ensemble_ids
        self._client = client
        self._handles = handles

    @property
    def id(self) -> str:
        """The id of the ensemble, the first where there are several."""
        return self.ids[0]

    @property
    def handles(self) -> List[AsyncJobHandle]:
        """The jobs in the order of their inputs."""
        return list(self._handles)

    def __len__(self) -> int:
        return len(self._handles)

    @overload
    def __getitem__(self, index: int) -> AsyncJobHandle: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[AsyncJobHandle]: ...

    def __getitem__(
        self, index: Union[int, slice]
    ) -> Union[AsyncJobHandle, Sequence[AsyncJobHandle]]:
        return self._handles[index]

    def __repr__(self) -> str:
        ended = sum(handle.done() for handle in self._handles)
        return f"<{type(self).__name__} {', '.join(self.ids)}: {ended} of {len(self)} ended>"

    async def reports(self) -> List[EnsembleReport]:
        """What the hub knows of it: counts, durations, failures by reason, sites."""
        return [await self._client.ensemble_report(ensemble_id) for ensemble_id in self.ids]

    async def counts(self) -> Dict[str, int]:
        """How many jobs are in which state now."""
        return sum_counts([report.ensemble for report in await self.reports()])

    async def failures(self) -> List[FailureGroup]:
        """Failures by reason, with an example of each."""
        return [failure for report in await self.reports() for failure in report.failures]

    async def cancel(self) -> int:
        """Cancels every open job of it; how many those were."""
        return sum([await self._client.cancel_ensemble(each) for each in self.ids])
