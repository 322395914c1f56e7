"""Every request about triggers, questions, notices and runs of instruments."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Sequence, Union

from ._bodies import as_body, once
from ._call import Call
from ._requests import Deadline, instant_of

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
    return once(f"/web-inputs/{web_input_id}/respond", body)


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
    body.update(as_body(options))
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


def close_web_input(web_input_id: str, reason: str) -> Call:
    """Closes a question unanswered."""
    return Call("POST", f"/web-inputs/{web_input_id}/close", json={"reason": reason})


def save_trigger(name: str, flow: str, fields: Mapping[str, Any]) -> Call:
    """Adds or changes a trigger."""
    body = {**as_body(fields), "flowName": flow}
    # Of a trigger the deadline is a rule, and no instant.
    if "deadline" in fields:
        body.pop("deadlineAt", None)
        body["deadline"] = fields["deadline"]
    return Call("PUT", f"/triggers/{name}", json=body)


def dry_run_trigger(
    trigger: Union[str, Mapping[str, Any]], from_: Deadline, to: Deadline
) -> Call:
    """What a trigger would have done; nothing is started."""
    which = {"name": trigger} if isinstance(trigger, str) else {"trigger": dict(trigger)}
    body: Dict[str, Any] = {**which, "from": instant_of(from_), "to": instant_of(to)}
    return Call("POST", "/triggers/dry-run", json=body, repeatable=True)


def rotate_secret(name: str, grace_seconds: int) -> Call:
    """Gives a webhook a new secret."""
    return Call("POST", f"/triggers/{name}/rotate-secret", json={"graceSeconds": grace_seconds})
