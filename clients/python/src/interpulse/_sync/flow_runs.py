# Written by tools/generate.ts from _async/flow_runs.py: change that.
"""A flow run that one holds in the hand."""

from __future__ import annotations

import concurrent.futures
import time
from typing import Any, Iterator, Dict, Generator, List, Mapping, Optional

from .. import _flow_requests as requests
from .._call import Call
from .._flow_models import FlowLogEntry, FlowRun, FlowRunFailed
from .held_calls import ask_held
from .listings import Listings


class FlowRunHandle:
    """A flow run that was started; :meth:`result` waits for its end."""

    def __init__(self, client: Listings, flow_run_id: str) -> None:
        self.id = flow_run_id
        self._client = client

    def __repr__(self) -> str:
        return f"<FlowRunHandle {self.id}>"

    def wait(self, timeout: Optional[float] = None) -> FlowRun:
        """Waits for the end, however it is.

        :raises concurrent.futures.TimeoutError: after ``timeout`` seconds; the flow run goes on.
        """
        until = None if timeout is None else time.monotonic() + timeout

        def call_of(seconds: float) -> Call:
            return requests.wait_for_flow_runs([self.id], seconds)

        while True:
            answer = ask_held(self._client._transport, call_of, until)
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

    def step(self, sequence: int) -> Mapping[str, Any]:
        """One step with all that it was given and gave."""
        call = Call("GET", f"/flow-runs/{self.id}/steps/{sequence}")
        step: Mapping[str, Any] = self._ask(call)
        return step

    def log(
        self, *, newest_first: bool = False, limit: Optional[int] = None
    ) -> Iterator[FlowLogEntry]:
        """Its log, with Globus' codes."""
        conditions = {"newest_first": newest_first or None}
        found = self._client._list(f"/flow-runs/{self.id}/log", conditions, limit)
        return (FlowLogEntry.from_json(item) for item in found)

    def change(self, **fields: Any) -> FlowRun:
        """Changes its label, tags, people or deadline; what is given replaces what there was.

        :param fields: ``label``, ``tags``, ``managers``, ``monitors``, ``deadline`` (an instant,
            seconds from now, ``None`` for never).
        """
        call = requests.change_flow_run_fields(self.id, fields)
        return FlowRun.from_json(self._ask(call))

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
