"""Every request about flows, flow runs and bulk starts."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from ._bodies import as_body, once
from ._call import Call
from ._models import Dataset
from ._requests import as_query, id_of, job_filter

_SLACK_SECONDS = 15.0
#: For how long one request for an end is held.
WAIT_SECONDS = 25.0

Datasets = Union[Mapping[str, Any], Sequence[Union[str, Dataset]]]
"""Datasets by their ids; or a search for them: ``q``, ``kind``, ``instrument``, ``project``, and
``newest`` for so many of those that it finds."""

_STEPS_PER_PAGE = 500


def save_flow(name: str, definition: Mapping[str, Any], fields: Mapping[str, Any]) -> Call:
    """Adds a flow or a version of it."""
    body = {**as_body(fields), "definition": definition}
    return Call("PUT", f"/flows/{name}", json=body)


def start_flow_run(flow: str, input: Mapping[str, Any], options: Mapping[str, Any]) -> Call:
    """Starts a flow; the key makes a repeat after a cut harmless."""
    body = {**as_body(options), "flow": flow, "input": input}
    return once("/flow-runs", body)


def rerun_flow_run(flow_run_id: str, from_: str, options: Mapping[str, Any]) -> Call:
    """Does a flow run again; the key makes a repeat after a cut harmless."""
    return once(f"/flow-runs/{flow_run_id}/rerun", {**as_body(options), "from": from_})


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


def change_flow_run_fields(flow_run_id: str, fields: Mapping[str, Any]) -> Call:
    """Changes its label, tags, people or deadline; what is given replaces what there was."""
    body = as_body(fields)
    if "deadline" in fields and fields["deadline"] is None:
        body["deadlineAt"] = None
    return Call("PATCH", f"/flow-runs/{flow_run_id}", json=body, repeatable=True)


def count_flow_runs(conditions: Mapping[str, Any]) -> Call:
    """How many flow runs there are, by status."""
    return Call("GET", "/flow-runs/counts", as_query(job_filter(conditions)))


def cancel_flow_runs(ids: Optional[Sequence[Any]], conditions: Mapping[str, Any]) -> Call:
    """Cancels flow runs; to cancel twice is once."""
    selection = _selection("cancel_flow_runs", ids, conditions)
    return Call("POST", "/flow-runs/cancel", json=selection, repeatable=True)


def rerun_flow_runs(
    ids: Optional[Sequence[Any]], conditions: Mapping[str, Any], options: Mapping[str, Any]
) -> Call:
    """Does many flow runs again."""
    selection = _selection("rerun_flow_runs", ids, conditions)
    return once("/flow-runs/rerun", {**as_body(options), **selection})


def start_flow_runs(
    flow: str,
    inputs: Optional[Sequence[Mapping[str, Any]]],
    datasets: Optional[Datasets],
    options: Mapping[str, Any],
) -> Call:
    """Starts a flow over many inputs, or over datasets that are there."""
    if (inputs is None) == (datasets is None):
        raise TypeError("say over what the flow is started: inputs, or datasets")
    body: Dict[str, Any] = {**as_body(options), "flow": flow}
    if inputs is not None:
        body["inputs"] = list(inputs)
    elif isinstance(datasets, Mapping):
        body["datasets"] = {"filter": dict(datasets)}
    elif datasets is not None:
        body["datasets"] = {"ids": [id_of(each) for each in datasets]}
    return once("/flow-runs/bulk", body)


def get_flow_batch(batch_id: str) -> Call:
    """A bulk start with its failures by reason."""
    return Call("GET", f"/flow-batches/{batch_id}")


def wait_for_flow_batch(batch_id: str, ended: Optional[int], wait_seconds: float) -> Call:
    """Holds until all have ended, or more than so many."""
    body: Dict[str, Any] = {"waitSeconds": wait_seconds}
    if ended is not None:
        body["endedMoreThan"] = ended
    path = f"/flow-batches/{batch_id}/wait"
    timeout = wait_seconds + _SLACK_SECONDS
    return Call("POST", path, json=body, repeatable=True, timeout_seconds=timeout)


def cancel_flow_batch(batch_id: str) -> Call:
    """Starts no more of it, and cancels what is under way; twice is once."""
    return Call("POST", f"/flow-batches/{batch_id}/cancel", repeatable=True)


def _selection(
    verb: str, ids: Optional[Sequence[Any]], conditions: Mapping[str, Any]
) -> Dict[str, Any]:
    if (ids is not None) == bool(conditions):
        raise TypeError(f"{verb}: give flow runs, or conditions")
    if ids is not None:
        return {"flowRunIds": [id_of(each) for each in ids]}
    return {"filter": job_filter(conditions)}
