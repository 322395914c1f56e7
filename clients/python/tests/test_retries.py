"""What happens when the line is cut, and what is never tried again."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Union

import httpx
import pytest

import interpulse._retry as retry
from interpulse import (
    AsyncInterpulse,
    Conflict,
    ConnectionFailed,
    Exhausted,
    Forbidden,
    HubError,
    Interpulse,
    InvalidRequest,
    NotFound,
    Unauthenticated,
    Unavailable,
)

JOB_ID = "job_00000000000000000000000001"
Step = Union[httpx.Response, Exception, Callable[[httpx.Request], httpx.Response]]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of a thousandth."""
    monkeypatch.setattr(retry, "_FIRST_PAUSE_SECONDS", 0.0001)


class Script:
    """A hub that answers by a script, and keeps what it was asked."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: List[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, httpx.Response) else step(request)

    def client(self, patience_seconds: float = 5.0) -> Interpulse:
        """A client of it whose jobs never end."""

        async def hold(request: httpx.Request) -> httpx.Response:
            return httpx.Response(401)

        return Interpulse(
            "http://hub.example",
            "ip_x",
            patience_seconds=patience_seconds,
            transport=httpx.MockTransport(self),
            waiter_transport=httpx.MockTransport(hold),
        )


def submitted() -> httpx.Response:
    return httpx.Response(201, json={"jobIds": [JOB_ID], "ensembleId": None})


def problem(status: int, kind: str, **more: Any) -> httpx.Response:
    document: Dict[str, Any] = {"type": f"/problems/{kind}", "status": status, "detail": "no"}
    return httpx.Response(status, json={**document, **more})


def test_a_submission_cut_off_is_sent_again_with_its_key() -> None:
    script = Script(
        httpx.ReadError("cut"), httpx.RemoteProtocolError("cut"), httpx.Response(502), submitted()
    )
    with script.client() as hub:
        assert hub.submit("work", q=1).id == JOB_ID
    keys = {request.headers["idempotency-key"] for request in script.requests}
    assert len(script.requests) == 4 and len(keys) == 1
    bodies = [json.loads(request.content) for request in script.requests]
    assert bodies == [{"jobs": [{"app": "work", "parameters": {"q": 1}}]}] * 4


def test_each_submission_has_a_key_of_its_own() -> None:
    script = Script(submitted(), submitted())
    with script.client() as hub:
        hub.submit("work")
        hub.submit("work")
    keys = {request.headers["idempotency-key"] for request in script.requests}
    assert len(keys) == 2


def test_what_must_not_happen_twice_is_not_repeated() -> None:
    script = Script(httpx.ReadError("cut"))
    with script.client() as hub, pytest.raises(ConnectionFailed, match="/jobs/retry"):
        hub.retry_jobs(label="x")
    script = Script(httpx.Response(503))
    with script.client() as hub, pytest.raises(Unavailable):
        hub.request("POST", "/transfers", json={})
    never_sent = Script(httpx.ConnectError("refused"), httpx.Response(200, json={"retried": 2}))
    with never_sent.client() as hub:
        assert hub.retry_jobs(label="x") == 2


def test_retries_are_bounded() -> None:
    script = Script(*[httpx.ConnectError("refused") for _ in range(500)])
    with script.client(patience_seconds=0.05) as hub, pytest.raises(ConnectionFailed) as caught:
        hub.sites()
    assert 2 <= len(script.requests) < 500
    assert isinstance(caught.value.__cause__, httpx.ConnectError)
    with Script(httpx.ConnectError("refused")).client(patience_seconds=0) as hub:
        with pytest.raises(ConnectionFailed):
            hub.sites()


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (422, "invalid", InvalidRequest),
        (401, "unauthenticated", Unauthenticated),
        (403, "forbidden", Forbidden),
        (404, "notFound", NotFound),
        (409, "conflict", Conflict),
        (429, "exhausted", Exhausted),
        (500, "internal", Unavailable),
        (401, "", Unauthenticated),
        (413, "", Exhausted),
        (418, "", InvalidRequest),
    ],
)
def test_refusals_are_typed_and_final(status: int, kind: str, expected: type) -> None:
    script = Script(problem(status, kind))
    with script.client() as hub, pytest.raises(HubError) as caught:
        hub.submit("work")
    assert type(caught.value) is expected and caught.value.status == status
    assert len(script.requests) == 1


def test_faults_are_told_by_path() -> None:
    errors = [
        {"loc": ["jobs", 0, "parameters", "q"], "msg": "must be a number", "type": "type"},
        {"loc": ["jobs", 0, "inputs"], "msg": "no", "type": "missing"},
    ]
    script = Script(problem(422, "invalid", errors=errors))
    with script.client() as hub, pytest.raises(InvalidRequest) as caught:
        hub.submit("work", q="x")
    assert caught.value.faults_by_path == {
        "jobs.0.parameters.q": "must be a number",
        "jobs.0.inputs": "no",
    }
    assert "jobs.0.parameters.q: must be a number" in str(caught.value)


def test_an_answer_of_something_else_is_an_error_too() -> None:
    for body in (b"<html>", b"[]", b"null", b""):
        script = Script(httpx.Response(404, content=body))
        with script.client() as hub, pytest.raises(NotFound, match="404"):
            hub.get_job(JOB_ID)


def test_lists_are_read_page_by_page_and_no_further_than_asked() -> None:
    def site(name: str) -> Dict[str, Any]:
        return {"name": name}

    pages = [
        httpx.Response(200, json={"items": [site("a"), site("b")], "next": "b"}),
        httpx.Response(200, json={"items": [site("c")], "next": None}),
    ]
    script = Script(*pages)
    with script.client() as hub:
        assert [each.name for each in hub.sites()] == ["a", "b", "c"]
    assert [request.url.params.get("cursor") for request in script.requests] == [None, "b"]
    events = [{"id": f"job_{place}"} for place in range(3)]
    script = Script(httpx.Response(200, json={"items": events, "next": "x"}))
    with script.client() as hub:
        assert len(list(hub.jobs(limit=2, state="open", mine=True))) == 2
    assert dict(script.requests[0].url.params) == {"state": "open", "mine": "true", "limit": "2"}


@pytest.mark.anyio
async def test_asyncio_repeats_and_refuses_alike() -> None:
    script = Script(httpx.ReadError("cut"), httpx.Response(503), problem(422, "invalid"))
    transport = httpx.MockTransport(script)
    async with AsyncInterpulse("http://hub.example", "ip_x", transport=transport) as hub:
        with pytest.raises(InvalidRequest):
            await hub.submit("work")
    keys = {request.headers["idempotency-key"] for request in script.requests}
    assert len(script.requests) == 3 and len(keys) == 1
