"""How a log is followed from before the job begins, over its attempts."""

from __future__ import annotations

from typing import Any, Dict, List

import httpx

from interpulse import Interpulse

JOB_ID = "job_00000000000000000000000001"


def piece(text: str, next: int, attempt: int, ended: bool) -> Dict[str, Any]:
    return {"text": text, "next": next, "attempt": attempt, "ended": ended, "sizeBytes": next}


def job(state: str, attempt: int) -> Dict[str, Any]:
    return {"job": {"id": JOB_ID, "state": state, "attempt": attempt}, "attempts": []}


def follow(*answers: Dict[str, Any]) -> "tuple[List[str], List[Dict[str, str]]]":
    """The pieces, and what was asked for them."""
    left = list(answers)
    asked: List[Dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/log"):
            asked.append(dict(request.url.params))
        return httpx.Response(200, json=left.pop(0))

    with Interpulse("http://hub.example", transport=httpx.MockTransport(answer)) as hub:
        return list(hub.follow_log(JOB_ID)), asked


def test_a_job_that_has_not_begun_is_waited_for() -> None:
    pieces, asked = follow(
        piece("", 0, 0, False),
        piece("begun\n", 6, 1, False),
        piece("", 6, 1, True),
        job("completed", 1),
    )
    assert pieces == ["begun\n"]
    assert [each.get("attempt") for each in asked] == [None, None, "1"]
    assert [each["after"] for each in asked] == ["0", "0", "6"]


def test_a_job_that_ends_before_it_begins_has_no_log() -> None:
    pieces, _ = follow(piece("", 0, 0, True), job("canceled", 0))
    assert pieces == []


def test_the_next_attempt_is_read_from_its_beginning() -> None:
    pieces, asked = follow(
        piece("one", 3, 1, True),
        piece("", 3, 1, True),
        job("ready", 2),
        piece("two", 3, 2, True),
        piece("", 3, 2, True),
        job("completed", 2),
    )
    assert pieces == ["one", "two"]
    assert [(each.get("attempt"), each["after"]) for each in asked] == [
        (None, "0"),
        ("1", "3"),
        ("2", "0"),
        ("2", "3"),
    ]
