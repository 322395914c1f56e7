"""Every request of both clients, made and read in one place."""

from __future__ import annotations

import uuid
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import httpx

from ._models import Ensemble, EnsembleReport, Explanation, Job, JobAttempt
from ._records import camel_case
from ._requests import as_query, job_filter
from ._call import Call

#: Held requests are answered this long after the hub should have, at the latest.
_SLACK_SECONDS = 15.0
_PAGE_ROWS = 500


class LogPiece(NamedTuple):
    """Some of a log, and where to go on."""

    text: str
    next: int
    attempt: int
    ended: bool


class Submitted(NamedTuple):
    """What the hub made of a submission."""

    job_ids: List[str]
    ensemble_id: Optional[str]


def submit_jobs(
    jobs: Sequence[Mapping[str, Any]],
    common: Optional[Mapping[str, Any]] = None,
    ensemble: Optional[Mapping[str, Any]] = None,
) -> Call:
    """Submits jobs, all or none; the key makes a repeat after a cut harmless."""
    body: Dict[str, Any] = {"jobs": list(jobs)}
    if common:
        body["common"] = common
    if ensemble is not None:
        body["ensemble"] = ensemble
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    return Call("POST", "/jobs", json=body, headers=headers, timeout_seconds=120)


def read_submitted(response: httpx.Response) -> Submitted:
    """The ids of what was submitted, in its order."""
    data = response.json()
    return Submitted(data["jobIds"], data.get("ensembleId"))


def wait_for_jobs(job_ids: Sequence[str], wait_seconds: float) -> Call:
    """Asks for the ends of jobs; the answer is held until there is one."""
    body = {"jobIds": list(job_ids), "waitSeconds": wait_seconds}
    timeout = wait_seconds + _SLACK_SECONDS
    return Call("POST", "/jobs/wait", json=body, repeatable=True, timeout_seconds=timeout)


def read_ended(response: httpx.Response) -> List[Job]:
    """The jobs that have ended."""
    return [Job.from_json(item) for item in response.json()["ended"]]


def get_job(job_id: str) -> Call:
    """One job with its attempts."""
    return Call("GET", f"/jobs/{job_id}")


def read_job(response: httpx.Response) -> Tuple[Job, List[JobAttempt]]:
    """A job with its attempts."""
    data = response.json()
    return Job.from_json(data["job"]), [JobAttempt.from_json(each) for each in data["attempts"]]


def stderr_tail_of(attempts: Sequence[JobAttempt]) -> Optional[str]:
    """The end of stderr of the last attempt that left one."""
    return next((each.stderr_tail for each in reversed(attempts) if each.stderr_tail), None)


def explain_job(job_id: str) -> Call:
    """Why the job is where it is."""
    return Call("GET", f"/jobs/{job_id}/explain")


def read_explanation(response: httpx.Response) -> Explanation:
    """Why a job is where it is."""
    return Explanation.from_json(response.json())


def change_job(job_id: str, verb: str) -> Call:
    """Cancels a job or runs it again; twice is once."""
    return Call("POST", f"/jobs/{job_id}/{verb}", repeatable=verb == "cancel")


def get_log(
    job_id: str,
    stream: str,
    *,
    attempt: Optional[int] = None,
    after: Optional[int] = None,
    wait_seconds: float = 0,
) -> Call:
    """The tail of a log; or from a byte on, held until there is something new."""
    params: Dict[str, Any] = {"stream": stream}
    if attempt is not None:
        params["attempt"] = attempt
    if after is not None:
        params.update(after=after, wait=wait_seconds)
    timeout = wait_seconds + _SLACK_SECONDS + 20
    return Call("GET", f"/jobs/{job_id}/log", params=params, timeout_seconds=timeout)


def read_log(response: httpx.Response) -> LogPiece:
    """A piece of a log."""
    data = response.json()
    return LogPiece(data["text"], data["next"], data["attempt"], data["ended"])


def get_job_file(job_id: str, location: str) -> Call:
    """The bytes of a file that a job left behind."""
    return Call("GET", f"/jobs/{job_id}/file", params={"file": location}, timeout_seconds=120)


def put_file(location: str, content: bytes) -> Call:
    """Writes a small file into a collection."""
    return Call("PUT", "/file", {"location": location}, content=content, timeout_seconds=120)


def select_jobs(verb: str, job_ids: Optional[Sequence[str]], conditions: Mapping[str, Any]) -> Call:
    """Cancels or retries jobs: these, or all that the conditions find."""
    if job_ids is not None and conditions:
        raise TypeError(f"{verb}_jobs: give ids or conditions, not both")
    selection: Dict[str, Any] = {"filter": job_filter(conditions)}
    if job_ids is not None:
        selection = {"jobIds": list(job_ids)}
    return Call("POST", f"/jobs/{verb}", json=selection, repeatable=verb == "cancel")


def count_jobs(conditions: Mapping[str, Any]) -> Call:
    """How many jobs there are, by state."""
    return Call("GET", "/jobs/counts", as_query(job_filter(conditions)))


def get_ensemble(ensemble_id: str) -> Call:
    """An ensemble with its counts and failures."""
    return Call("GET", f"/ensembles/{ensemble_id}")


def read_ensemble(response: httpx.Response) -> EnsembleReport:
    """An ensemble with its counts and failures."""
    return EnsembleReport.from_json(response.json())


def cancel_ensemble(ensemble_id: str) -> Call:
    """Cancels what is open of an ensemble."""
    return Call("POST", f"/ensembles/{ensemble_id}/cancel", repeatable=True)


def get_ensemble_grid(ensemble_id: str) -> Call:
    """Ids and states of the jobs of an ensemble, in order."""
    return Call("GET", f"/ensembles/{ensemble_id}/grid")


class Listing:
    """Reads a list page by page."""

    def __init__(
        self, path: str, conditions: Mapping[str, Any], limit: Optional[int] = None
    ) -> None:
        self._path = path
        self._params = as_query(
            {camel_case(name): value for name, value in conditions.items() if value is not None}
        )
        self._left = limit
        self._next: Optional[str] = None
        self.ended = limit == 0

    def call(self) -> Call:
        """The request for the next page."""
        rows = _PAGE_ROWS if self._left is None else min(self._left, _PAGE_ROWS)
        cursor = {} if self._next is None else {"cursor": self._next}
        return Call("GET", self._path, {**self._params, **cursor, "limit": rows})

    def read(self, response: httpx.Response) -> List[Mapping[str, Any]]:
        """The rows of a page."""
        data = response.json()
        items: List[Mapping[str, Any]] = data["items"]
        if self._left is not None:
            items = items[: self._left]
            self._left -= len(items)
        self._next = data["next"]
        self.ended = self._next is None or self._left == 0
        return items


def stream_events(after: Optional[str], subject_type: Optional[str]) -> Call:
    """Everything that happens, from a cursor on."""
    params = {} if subject_type is None else {"subjectType": subject_type}
    headers = {"accept": "text/event-stream"}
    if after is not None:
        headers["last-event-id"] = after
    # The hub pings every 15 s; who hears nothing for longer has lost it.
    return Call("GET", "/events/stream", params, headers=headers, timeout_seconds=45)


def sum_counts(ensembles: Sequence[Ensemble]) -> Dict[str, int]:
    """Jobs by state, of several ensembles together."""
    counts: Dict[str, int] = {}
    for ensemble in ensembles:
        for state, count in ensemble.counts.items():
            counts[state] = counts.get(state, 0) + count
    return counts
