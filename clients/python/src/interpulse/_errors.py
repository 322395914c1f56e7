"""What can go wrong, as types one can catch."""

from __future__ import annotations

from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple, Type, Union

from ._models import Job


class InterpulseError(Exception):
    """Everything that this client raises."""


class ConnectionFailed(InterpulseError):
    """The hub did not answer, after the retries that were in order."""


@dataclass(frozen=True)
class Fault:
    """One fault in what was asked, with the path to it."""

    loc: Tuple[Union[str, int], ...]
    msg: str
    type: str

    @property
    def path(self) -> str:
        """The path as text: ``jobs.0.parameters.rank``."""
        return ".".join(str(part) for part in self.loc)


def faults_of(told: Iterable[Mapping[str, Any]]) -> List[Fault]:
    """Faults, or warnings, as the hub writes them."""
    return [Fault(tuple(each["loc"]), each["msg"], each["type"]) for each in told]


class HubError(InterpulseError):
    """The hub refused; the message says what, and what to do next."""

    def __init__(
        self,
        detail: str,
        *,
        status: int,
        faults: Optional[List[Fault]] = None,
        problem: Optional[Mapping[str, Any]] = None,
    ) -> None:
        faults = faults or []
        more = [f"  {fault.path}: {fault.msg}" for fault in faults if fault.msg not in detail]
        super().__init__("\n".join([detail, *more]))
        self.detail = detail
        self.status = status
        self.faults = faults
        self.problem: Mapping[str, Any] = problem or {}

    @property
    def faults_by_path(self) -> Dict[str, str]:
        """What is wrong by where: ``{"jobs.0.parameters.rank": "must be a number"}``."""
        return {fault.path: fault.msg for fault in self.faults}


class InvalidRequest(HubError):
    """Something in the request is not valid: see ``faults``."""


class Unauthenticated(HubError):
    """There is no token, or it is unknown, revoked or too old."""


class Forbidden(HubError):
    """It may be seen, but not this be done with it."""


class NotFound(HubError):
    """There is no such thing, or it may not be seen."""


class Conflict(HubError):
    """It conflicts with what is there."""


class Exhausted(HubError):
    """A limit is reached."""


class Unavailable(HubError):
    """Something that is needed does not answer now."""


_by_kind: Dict[str, Type[HubError]] = {
    "invalid": InvalidRequest,
    "unauthenticated": Unauthenticated,
    "forbidden": Forbidden,
    "notFound": NotFound,
    "conflict": Conflict,
    "exhausted": Exhausted,
    "unavailable": Unavailable,
}

_by_status: Dict[int, Type[HubError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: Exhausted,
    429: Exhausted,
}


def error_of_problem(status: int, problem: Any) -> HubError:
    """The error of a problem document (RFC 9457), or of an answer that is none."""
    document: Mapping[str, Any] = problem if isinstance(problem, dict) else {}
    named = _by_kind.get(str(document.get("type", "")).rpartition("/")[2])
    by_status = _by_status.get(status, Unavailable if status >= 500 else InvalidRequest)
    faults = faults_of(document.get("errors", []))
    detail = document.get("detail") or f"the hub answered {status} without saying why"
    return (named or by_status)(detail, status=status, faults=faults, problem=document)


class JobFailed(InterpulseError):
    """A job failed; carries why, and the end of its stderr."""

    def __init__(self, job: Job, stderr_tail: Optional[str] = None) -> None:
        super().__init__(job, stderr_tail)
        self.job = job
        self.reason = job.reason
        self.exit_code = job.exit_code
        self.stderr_tail = stderr_tail

    def __str__(self) -> str:
        name = self.job.label or self.job.app or "job"
        code = "" if self.exit_code is None else f" (exit code {self.exit_code})"
        text = f"{name} {self.job.id} {self.job.state}{code}: {self.reason or 'no reason given'}"
        tail = (self.stderr_tail or "").rstrip()
        return f"{text}\n{tail}" if tail else text


class JobCanceled(JobFailed, CancelledError):
    """A job was canceled, by its owner or somebody else."""
