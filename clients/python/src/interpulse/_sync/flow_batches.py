# Written by tools/generate.ts from _async/flow_batches.py: change that.
"""A bulk start that one holds in the hand."""

from __future__ import annotations

import concurrent.futures
import time
from typing import TYPE_CHECKING, Any, Iterator, Callable, List, Optional

from .. import _flow_requests as requests
from .._call import Call
from .._flow_models import FlowBatch, FlowBatchReport, FlowFailureGroup, FlowRun
from .held_calls import ask_held

if TYPE_CHECKING:
    from .flow_queries import FlowQueries


class FlowBatchHandle:
    """Many flow runs that were started by one request; :meth:`wait` waits for their end."""

    def __init__(self, client: FlowQueries, batch_id: str) -> None:
        self.id = batch_id
        self._client = client

    def __repr__(self) -> str:
        return f"<FlowBatchHandle {self.id}>"

    def wait(
        self,
        timeout: Optional[float] = None,
        on_progress: Optional[Callable[[FlowBatch], None]] = None,
    ) -> FlowBatchReport:
        """Waits until all have ended, however they did, and tells how they went.

        :param on_progress: called whenever more of them have ended: ``batch.ended`` of
            ``batch.total``.
        :raises concurrent.futures.TimeoutError: after ``timeout`` seconds; the flow runs go on.
        """
        until = None if timeout is None else time.monotonic() + timeout
        ended = None if on_progress is None else -1
        while True:
            known = ended if ended is None else max(0, ended)

            def call_of(seconds: float, known: Optional[int] = known) -> Call:
                return requests.wait_for_flow_batch(self.id, known, seconds)

            answer = ask_held(self._client._transport, call_of, until)
            batch = FlowBatch.from_json(answer)
            if on_progress is not None and batch.ended != ended:
                ended = batch.ended
                on_progress(batch)
            if batch.has_ended:
                return self.report()
            if until is not None and time.monotonic() >= until:
                late = f"{batch.open} of {batch.total} flow runs have not ended after {timeout} s"
                raise concurrent.futures.TimeoutError(late)

    def report(self) -> FlowBatchReport:
        """How it stands: counts, expected end, durations, failures by reason."""
        return FlowBatchReport.from_json(self._ask(requests.get_flow_batch(self.id)))

    @property
    def batch(self) -> FlowBatch:
        """The bulk start as it is now, with its counts."""
        return self.report().batch

    def failures(self) -> List[FlowFailureGroup]:
        """What failed, by reason, the most frequent first."""
        return self.report().failures

    def flow_runs(
        self, *, limit: Optional[int] = None, **conditions: Any
    ) -> Iterator[FlowRun]:
        """Its flow runs, newest first; conditions as those of the client, such as ``status``."""
        return self._client.flow_runs(limit=limit, batch=self.id, **conditions)

    def cancel(self) -> FlowBatch:
        """Starts no more of it, and cancels those under way."""
        return FlowBatch.from_json(self._ask(requests.cancel_flow_batch(self.id)))

    def rerun(self, **options: Any) -> Optional[FlowBatchHandle]:
        """Does those again that failed or were canceled, as another bulk start.

        :param options: ``from_`` (``failed``, ``start``, or the name of a state), ``version``
            (``same`` or ``newest``), ``new_label``, ``new_tags``, ``urgency``.
        :returns: ``None`` when there are none.
        """
        failed = ["FAILED", "ENDED"]
        return self._client.rerun_flow_runs(batch=self.id, status=failed, **options)

    def _ask(self, call: Call) -> Any:
        return self._client._transport.ask(call)
