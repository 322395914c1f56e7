"""Waits for flow runs go on while the hub is away."""

from __future__ import annotations

import asyncio
import concurrent.futures
from typing import Any, Callable, Dict, Iterator, List, Union

import httpx
import pytest

from interpulse import AsyncInterpulse, Interpulse

RUN = {
    "id": "flowrun_1",
    "flowName": "adder",
    "label": "",
    "status": "SUCCEEDED",
    "startedAt": "2026-11-22T10:00:00.000Z",
    "endedAt": "2026-11-22T10:00:02.000Z",
}
BATCH: Dict[str, Any] = {
    "id": "flowbatch_1",
    "createdAt": "2026-11-22T10:00:00.000Z",
    "total": 2,
    "waiting": 0,
    "faulty": 0,
    "byStatus": {"SUCCEEDED": 1, "ACTIVE": 1},
}
Step = Union[int, Exception, Dict[str, Any]]


def hub_that(steps: List[Step]) -> Callable[[httpx.Request], httpx.Response]:
    """A hub that does one thing after another, and the last one again and again."""
    left: Iterator[Step] = iter(steps[:-1])

    def answer(request: httpx.Request) -> httpx.Response:
        step = next(left, steps[-1])
        if isinstance(step, Exception):
            raise step
        return httpx.Response(step) if isinstance(step, int) else httpx.Response(200, json=step)

    return answer


def client_of(steps: List[Step]) -> Interpulse:
    transport = httpx.MockTransport(hub_that(steps))
    return Interpulse("http://hub.test", "token", patience_seconds=0, transport=transport)


def test_a_flow_run_is_waited_for_while_the_hub_is_away() -> None:
    away: List[Step] = [httpx.ConnectError("gone"), 503, {"ended": []}, {"ended": [RUN]}]
    with client_of(away) as hub:
        assert hub.flow_run("flowrun_1").wait(60).status == "SUCCEEDED"


def test_a_wait_ends_in_time_also_while_the_hub_is_away() -> None:
    with client_of([{"ended": []}]) as hub:
        with pytest.raises(concurrent.futures.TimeoutError, match="after 0.1 s"):
            hub.flow_run("flowrun_1").wait(0.1)


def test_progress_of_a_bulk_start_is_told_once_for_each_change() -> None:
    over = {**BATCH, "byStatus": {"SUCCEEDED": 2}}
    report = {"batch": over, "progress": {"failures": [], "doneAgain": []}, "faults": []}
    steps: List[Step] = [BATCH, httpx.ReadError("cut"), BATCH, over, report]
    seen: List[int] = []
    with client_of(steps) as hub:
        handle = hub.flow_batch("flowbatch_1")
        assert handle.wait(60, on_progress=lambda batch: seen.append(batch.ended)).succeeded
    assert seen == [1, 2]


def test_the_form_for_asyncio_waits_too() -> None:
    async def wait() -> str:
        transport = httpx.MockTransport(hub_that([503, {"ended": [RUN]}]))
        async with AsyncInterpulse(
            "http://hub.test", "token", patience_seconds=0, transport=transport
        ) as hub:
            return (await hub.flow_run("flowrun_1").wait(60)).status

    assert asyncio.run(wait()) == "SUCCEEDED"
