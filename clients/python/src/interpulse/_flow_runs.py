"""Flow runs: the requests for them, what comes back, and one that one holds in the hand."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional

import httpx

from ._errors import InterpulseError
from ._records import INSTANT, Record, camel_case
from ._transport import Call

if TYPE_CHECKING:
    from ._queries import Queries

_WAIT_SECONDS = 25.0
_SLACK_SECONDS = 15.0


@dataclass(frozen=True)
class FlowRun(Record):
    """One execution of a flow."""

    id: str
    flow_name: str
    flow_version: int
    label: str
    project: str
    owner: str
    status: str
    reason: Optional[str]
    state_name: Optional[str]
    urgency: str
    tags: Mapping[str, str]
    deadline_at: Optional[datetime] = field(metadata=INSTANT)
    rerun_of: Optional[str]
    batch_id: Optional[str]
    result_dataset_id: Optional[str]
    started_at: datetime = field(metadata=INSTANT)
    ended_at: Optional[datetime] = field(metadata=INSTANT)

    @property
    def has_ended(self) -> bool:
        """Whether it succeeded, failed or was canceled."""
        return self.ended_at is not None


class FlowRunFailed(InterpulseError):
    """A flow run failed or was canceled; carries why."""

    def __init__(self, flow_run: FlowRun) -> None:
        self.flow_run = flow_run
        self.reason = flow_run.reason
        name = flow_run.label or flow_run.flow_name
        why = flow_run.reason or "no reason given"
        super().__init__(f"{name} {flow_run.id} {flow_run.status}: {why}")


class FlowRunHandle:
    """A flow run that was started: ``handle.result()``."""

    def __init__(self, client: Queries, flow_run_id: str) -> None:
        self.id = flow_run_id
        self._client = client

    def __repr__(self) -> str:
        return f"<FlowRunHandle {self.id}>"

    def wait(self, timeout: Optional[float] = None) -> FlowRun:
        """Waits for the end, however it is.

        :raises TimeoutError: after ``timeout`` seconds; the flow run goes on.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            left = _WAIT_SECONDS if until is None else max(0.0, until - time.monotonic())
            answer = self._send(wait_for_flow_runs([self.id], min(left, _WAIT_SECONDS)))
            for item in answer.json()["ended"]:
                return FlowRun.from_json(item)
            if until is not None and time.monotonic() >= until:
                raise TimeoutError(f"flow run {self.id} has not ended after {timeout} s")

    def result(self, timeout: Optional[float] = None) -> Dict[str, Any]:
        """Waits for the end and gives the state document as the run left it.

        :raises FlowRunFailed: with the reason, also when it was canceled.
        :raises TimeoutError: after ``timeout`` seconds; the flow run goes on.
        """
        flow_run = self.wait(timeout)
        if flow_run.status != "SUCCEEDED":
            raise FlowRunFailed(flow_run)
        return self.output()

    def output(self) -> Dict[str, Any]:
        """Its state document now; private values are hidden."""
        call = Call("GET", f"/flow-runs/{self.id}/output")
        output: Dict[str, Any] = self._send(call).json()["output"]
        return output

    @property
    def flow_run(self) -> FlowRun:
        """The flow run as it is now."""
        data = self._send(Call("GET", f"/flow-runs/{self.id}")).json()
        return FlowRun.from_json(data["flowRun"])

    @property
    def steps(self) -> List[Mapping[str, Any]]:
        """Its steps so far, as the hub tells them."""
        steps: List[Mapping[str, Any]] = self._send(
            Call("GET", f"/flow-runs/{self.id}")
        ).json()["steps"]
        return steps

    def cancel(self) -> bool:
        """Cancels it and what it started. False when it had ended otherwise."""
        call = Call("POST", f"/flow-runs/{self.id}/cancel", repeatable=True)
        return FlowRun.from_json(self._send(call).json()).status == "ENDED"

    def resume(self) -> FlowRun:
        """Goes on when it waits for a person."""
        call = Call("POST", f"/flow-runs/{self.id}/resume")
        return FlowRun.from_json(self._send(call).json())

    def rerun(self, from_: str = "failed", **options: Any) -> FlowRunHandle:
        """Does it again, from the state that failed where nothing else is said.

        :param from_: ``failed``, ``start``, or the name of a state.
        :param options: ``version`` (``same`` or ``newest``), ``input``, ``merge_input``,
            ``document``, ``label``, ``tags``, ``urgency``.
        """
        body = {camel_case(name): value for name, value in options.items()}
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        path = f"/flow-runs/{self.id}/rerun"
        answer = self._send(Call("POST", path, json={**body, "from": from_}, headers=headers))
        return FlowRunHandle(self._client, answer.json()["id"])

    def _send(self, call: Call) -> httpx.Response:
        return self._client._transport.send(call)


def start_flow_run(flow: str, input: Mapping[str, Any], options: Mapping[str, Any]) -> Call:
    """Starts a flow; the key makes a repeat after a cut harmless."""
    body = {camel_case(name): value for name, value in options.items() if value is not None}
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    return Call("POST", "/flow-runs", json={**body, "flow": flow, "input": input}, headers=headers)


def wait_for_flow_runs(flow_run_ids: List[str], wait_seconds: float) -> Call:
    """Holds until one of them has ended."""
    body = {"flowRunIds": flow_run_ids, "waitSeconds": wait_seconds}
    timeout = wait_seconds + _SLACK_SECONDS
    return Call("POST", "/flow-runs/wait", json=body, repeatable=True, timeout_seconds=timeout)
