"""Flow runs, questions, triggers, runs of instruments: the records, and every request for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from ._errors import Fault, InterpulseError, faults_of
from ._records import INSTANT, Record, camel_case
from ._requests import instant_of
from ._call import Call

_SLACK_SECONDS = 15.0
#: For how long one request for an end is held.
WAIT_SECONDS = 25.0

RUN_EVENTS = {
    "start": "runStarted",
    "end": "runEnded",
    "set": "parametersSet",
    "shot": "shotTaken",
    "due": "nextShotDue",
}
"""Short words for what may happen to a run, and the hub's own."""

Results = Union[Mapping[str, Any], Sequence[Mapping[str, Any]]]
"""Values by their keys; or mappings with ``key``, ``value`` and maybe ``unit`` and ``error``."""


@dataclass(frozen=True)
class SavedFlow(Record):
    """A flow as it was saved."""

    name: str
    version: int
    warnings: Sequence[Fault] = field(metadata={"decode": faults_of})
    """What is worth a look; the flow may be started all the same."""


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


@dataclass(frozen=True)
class Notices(Record):
    """Where one hears of flow runs of one's own, and of which."""

    to: Sequence[str]
    """Places: ``mail:ADDRESS``, ``chat:ROOM``, ``webhook:URL``."""
    on: Sequence[str]
    """``failed``, ``canceled``, ``succeeded``, ``late``, ``waiting``, ``paused``."""
    standings: Sequence[Mapping[str, Any]]
    """Of each place: ``lastSentAt``, ``lastError``, ``waiting``, ``dueAt``."""


@dataclass(frozen=True)
class WebInput(Record):
    """A question that a flow run asks people."""

    id: str
    status: str
    """``open``, ``answered``, ``expired`` or ``closed``."""
    flow_run_id: str
    flow_name: str
    label: str
    state_name: str
    project: str
    question: Mapping[str, Any]
    may_answer: bool
    awaited: bool
    created_at: datetime = field(metadata=INSTANT)
    expires_at: datetime = field(metadata=INSTANT)
    ended_at: Optional[datetime] = field(metadata=INSTANT)
    ended_by: Optional[str]
    response: Any
    comment: str


@dataclass(frozen=True)
class Trigger(Record):
    """What starts a flow by itself."""

    id: str
    name: str
    source: Mapping[str, Any]
    flow_name: str
    enabled: bool
    pause: Optional[Mapping[str, Any]]
    project: str
    run_as: str
    counts: Optional[Mapping[str, int]]
    """What became of the events of the last 24 hours."""
    next_due_at: Optional[datetime] = field(metadata=INSTANT)


@dataclass(frozen=True)
class LastEvent(Record):
    """What a trigger listens to, as it last came."""

    origin: str
    """``seen``; or ``example`` when there was none yet: it is made up."""
    at: Optional[datetime] = field(metadata=INSTANT)
    summary: Optional[str]
    note: Optional[str]
    """What of it is not as it was."""
    event: Mapping[str, Any]
    """Its document: what expressions of triggers read, and what ``fire_trigger`` takes."""


@dataclass(frozen=True)
class InstrumentRun(Record):
    """A run or shot of an instrument: a row of its run table."""

    number: int
    parameters: Mapping[str, Any]
    results: List[Mapping[str, Any]]
    taken_at: datetime = field(metadata=INSTANT)
    ended_at: Optional[datetime] = field(metadata=INSTANT)

    def result(self, key: str) -> Any:
        """The value that was reported under a key.

        :raises KeyError: when nothing was.
        """
        for each in self.results:
            if each["key"] == key:
                return each["value"]
        raise KeyError(key)


_STEPS_PER_PAGE = 500


def save_flow(name: str, definition: Mapping[str, Any], fields: Mapping[str, Any]) -> Call:
    """Adds a flow or a version of it."""
    body = {**_flow_options(fields), "definition": definition}
    return Call("PUT", f"/flows/{name}", json=body)


def start_flow_run(flow: str, input: Mapping[str, Any], options: Mapping[str, Any]) -> Call:
    """Starts a flow; the key makes a repeat after a cut harmless."""
    body = {**_flow_options(options), "flow": flow, "input": input}
    return _once("/flow-runs", body)


def rerun_flow_run(flow_run_id: str, from_: str, options: Mapping[str, Any]) -> Call:
    """Does a flow run again; the key makes a repeat after a cut harmless."""
    return _once(f"/flow-runs/{flow_run_id}/rerun", {**_flow_options(options), "from": from_})


def wait_for_flow_runs(flow_run_ids: List[str], wait_seconds: float) -> Call:
    """Holds until one of them has ended."""
    body = {"flowRunIds": flow_run_ids, "waitSeconds": wait_seconds}
    timeout = wait_seconds + _SLACK_SECONDS
    return Call("POST", "/flow-runs/wait", json=body, repeatable=True, timeout_seconds=timeout)


def get_flow_run(flow_run_id: str) -> Call:
    """A flow run with its steps."""
    return Call("GET", f"/flow-runs/{flow_run_id}")


def list_steps(flow_run_id: str, cursor: Optional[str]) -> Call:
    """Steps of a flow run, those behind the cursor."""
    params = {"limit": _STEPS_PER_PAGE, **({} if cursor is None else {"cursor": cursor})}
    return Call("GET", f"/flow-runs/{flow_run_id}/steps", params=params)


def get_output(flow_run_id: str) -> Call:
    """Its state document."""
    return Call("GET", f"/flow-runs/{flow_run_id}/output")


def change_flow_run(flow_run_id: str, verb: str) -> Call:
    """Cancels or resumes it; to cancel twice is once."""
    return Call("POST", f"/flow-runs/{flow_run_id}/{verb}", repeatable=verb == "cancel")


def own_notices() -> Call:
    """Where the caller hears of flow runs."""
    return Call("GET", "/me/notices")


def change_notices(to: Optional[Sequence[str]], on: Optional[Sequence[str]]) -> Call:
    """Sets where the caller hears of flow runs; ``None`` leaves it as it is."""
    wanted = {"to": to, "on": on}
    body = {name: list(value) for name, value in wanted.items() if value is not None}
    return Call("PATCH", "/me/notices", json=body, repeatable=True)


def test_notices() -> Call:
    """Sends a test to every place of the caller."""
    return Call("POST", "/me/notices/test")


def answer_web_input(web_input_id: str, response: Any, comment: str) -> Call:
    """Answers a question."""
    body = {"response": response, "comment": comment}
    return _once(f"/web-inputs/{web_input_id}/respond", body)


def last_event(trigger: str) -> Call:
    """The last event that a trigger listens to."""
    return Call("POST", "/triggers/last-event", json={"name": trigger}, repeatable=True)


def change_trigger(name: str, verb: str, body: Optional[Mapping[str, Any]] = None) -> Call:
    """Pauses, resumes or fires a trigger."""
    return Call("POST", f"/triggers/{name}/{verb}", json=body, repeatable=verb != "fire")


def tell_run_event(
    instrument: str, kind: str, run: int, parameters: Optional[Mapping[str, Any]],
    options: Mapping[str, Any],
) -> Call:  # fmt: skip
    """Tells what happened to a run; the same word again changes nothing."""
    body: Dict[str, Any] = {
        "kind": RUN_EVENTS.get(kind, kind),
        "run": run,
        "parameters": dict(parameters or {}),
    }
    body.update(_flow_options(options))
    # Without an instant the hub takes its own, and a second telling would be another one.
    body.setdefault("at", instant_of(0))
    path = f"/instruments/{instrument}/events"
    return Call("POST", path, json=body, repeatable=True)


def report_results(instrument: str, run: int, results: Results) -> Call:
    """Adds results to a run by their keys; twice is once."""
    if isinstance(results, Mapping):
        body = [{"key": key, "value": value} for key, value in results.items()]
    else:
        body = [dict(each) for each in results]
    path = f"/instruments/{instrument}/runs/{run}/results"
    return Call("POST", path, json=body, repeatable=True)


def _once(path: str, body: Mapping[str, Any]) -> Call:
    return Call("POST", path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex})


def _flow_options(options: Mapping[str, Any]) -> Dict[str, Any]:
    body: Dict[str, Any] = {}
    for name, value in options.items():
        if name == "deadline":
            name = "deadline_at"
        if value is None:
            continue
        is_instant = name in ("at", "deadline_at", "next_shot_at")
        if is_instant or isinstance(value, (datetime, timedelta)):
            value = instant_of(value)
        body[camel_case(name)] = value
    return body
