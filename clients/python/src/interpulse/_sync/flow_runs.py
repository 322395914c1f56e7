# Written by tools/generate.ts from _async/flow_runs.py: change that.
"""A flow run that one holds in the hand."""

from __future__ import annotations

import concurrent.futures
import time
from typing import TYPE_CHECKING, Any, Dict, Generator, List, Mapping, Optional

from .. import _flow_requests as requests
from .._call import Call
from .._flow_requests import FlowRun, FlowRunFailed

if TYPE_CHECKING:
    from .flow_queries import FlowQueries


class FlowRunHandle:
    """A flow run that was started; :meth:`result` waits for its end."""

    def __init__(self, client: FlowQueries, flow_run_id: str) -> None:
        self.id = flow_run_id
        self._client = client

    def __repr__(self) -> str:
        return f"<FlowRunHandle {self.id}>"

    def wait(self, timeout: Optional[float] = None) -> FlowRun:
        """Waits for the end, however it is.

        :raises concurrent.futures.TimeoutError: after ``timeout`` seconds; the flow run goes on.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            left = requests.WAIT_SECONDS if until is None else max(0.0, until - time.monotonic())
            call = requests.wait_for_flow_runs([self.id], min(left, requests.WAIT_SECONDS))
            answer = self._ask(call)
            for item in answer["ended"]:
                return FlowRun.from_json(item)
            if until is not None and time.monotonic() >= until:
                late = f"flow run {self.id} has not ended after {timeout} s"
                raise concurrent.futures.TimeoutError(late)

    def result(self, timeout: Optional[float] = None) -> Dict[str, Any]:
        """Waits for the end and gives the state document as the run left it.

        :raises FlowRunFailed: with the reason, also when it was canceled.
        :raises concurrent.futures.TimeoutError: after ``timeout`` seconds; the flow run goes on.
        """
        flow_run = self.wait(timeout)
        if flow_run.status != "SUCCEEDED":
            raise FlowRunFailed(flow_run)
        return self.output()

    def output(self) -> Dict[str, Any]:
        """Its state document now; private values are hidden."""
        output: Dict[str, Any] = self._ask(requests.get_output(self.id))["output"]
        return output

    @property
    def flow_run(self) -> FlowRun:
        """The flow run as it is now."""
        data = self._ask(requests.get_flow_run(self.id))
        return FlowRun.from_json(data["flowRun"])

    @property
    def steps(self) -> List[Mapping[str, Any]]:
        """Its steps so far; large inputs and results are left out, which ``omitted`` says."""
        steps: List[Mapping[str, Any]] = []
        cursor: Optional[str] = None
        while True:
            page = self._ask(requests.list_steps(self.id, cursor))
            steps += page["items"]
            cursor = page["next"]
            if cursor is None:
                return steps

    def cancel(self) -> bool:
        """Cancels it and what it started. False when it had ended otherwise."""
        call = requests.change_flow_run(self.id, "cancel")
        return FlowRun.from_json(self._ask(call)).status == "ENDED"

    def resume(self) -> FlowRun:
        """Goes on when it waits for a person."""
        call = requests.change_flow_run(self.id, "resume")
        return FlowRun.from_json(self._ask(call))

    def rerun(self, from_: str = "failed", **options: Any) -> FlowRunHandle:
        """Does it again, from the state that failed where nothing else is said.

        :param from_: ``failed``, ``start``, or the name of a state.
        :param options: ``version`` (``same`` or ``newest``), ``input``, ``merge_input``,
            ``document``, ``label``, ``tags``, ``urgency``, ``deadline``.
        """
        answer = self._ask(requests.rerun_flow_run(self.id, from_, options))
        return FlowRunHandle(self._client, answer["id"])

    def _ask(self, call: Call) -> Any:
        return self._client._transport.ask(call)
