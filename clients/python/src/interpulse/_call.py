"""What is asked of the hub in one request, and what becomes of its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, NoReturn, Optional, Union

import httpx

from ._connection import Connection
from ._errors import ConnectionFailed, HubError, error_of_problem
from ._retry import asked_pause, may_follow_answer, may_follow_cut

_USER_AGENT = "interpulse-python"
_CONNECT_SECONDS = 10.0


@dataclass(frozen=True)
class Call:
    """What is asked of the hub."""

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    content: Optional[bytes] = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Doing it twice is the same as doing it once.
    repeatable: Optional[bool] = None
    timeout_seconds: float = 60.0

    @property
    def may_repeat(self) -> bool:
        """By default what HTTP calls idempotent, and what carries a key."""
        if self.repeatable is not None:
            return self.repeatable
        return self.method in ("GET", "PUT", "DELETE") or "Idempotency-Key" in self.headers

    def arguments(self) -> Dict[str, Any]:
        """What httpx wants to know."""
        arguments: Dict[str, Any] = {
            "method": self.method,
            "url": f"/api/v1{self.path}",
            "params": self.params,
            "headers": dict(self.headers),
            "timeout": httpx.Timeout(self.timeout_seconds, connect=_CONNECT_SECONDS),
        }
        if self.json is not None:
            arguments["json"] = self.json
        if self.content is not None:
            arguments["content"] = self.content
            arguments["headers"]["content-type"] = "application/octet-stream"
        return arguments


def client_options(connection: Connection) -> Dict[str, Any]:
    """How both kinds of httpx clients are made."""
    headers = {"user-agent": _USER_AGENT}
    if connection.token:
        headers["authorization"] = f"Bearer {connection.token}"
    # Held requests are many at a time, and none of them is in the way of another.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=32)
    return {"base_url": connection.url, "headers": headers, "limits": limits}


def pause_before_retry(
    call: Call,
    outcome: Union[httpx.Response, httpx.TransportError],
    pause: Optional[float],
) -> Optional[float]:
    """The pause before another attempt; ``None`` when there shall be none."""
    if pause is None:
        return None
    if isinstance(outcome, httpx.Response):
        again = may_follow_answer(outcome, call.may_repeat)
        return asked_pause(outcome, pause) if again else None
    return pause if may_follow_cut(outcome, call.may_repeat) else None


def raise_failure(
    call: Call, outcome: Union[httpx.Response, httpx.TransportError]
) -> NoReturn:
    """Raises what became of a call that is not tried again."""
    if isinstance(outcome, httpx.Response):
        raise failure_of(outcome)
    what = f"{call.method} {call.path}"
    raise ConnectionFailed(f"{what}: the hub did not answer: {outcome!r}") from outcome


def failure_of(response: httpx.Response) -> HubError:
    """The error that an answer tells of."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    return error_of_problem(response.status_code, problem)
