"""How the ends of many jobs are heard of."""

from __future__ import annotations

import asyncio
import math
from typing import Any, Dict, List, Sequence, Tuple

import pytest

import interpulse._retry as retry
from interpulse import ConnectionFailed, Job, NotFound, Unauthenticated
from interpulse._sse import EventReader
from interpulse._waiter import EndWaiter

pytestmark = pytest.mark.anyio


class Hub:
    """Holds questions as the hub does; jobs end when the test says so."""

    def __init__(self) -> None:
        self.ended: Dict[str, Job] = {}
        self.refuses: Dict[str, Exception] = {}
        self.questions: List[int] = []
        self.held = 0
        self.most_held = 0
        self.changed = asyncio.Condition()

    async def ask(self, job_ids: Sequence[str], wait_seconds: float) -> List[Job]:
        self.questions.append(len(job_ids))
        for job_id in job_ids:
            if job_id in self.refuses:
                raise self.refuses[job_id]
        self.held += 1
        self.most_held = max(self.most_held, self.held)
        try:
            async with self.changed:
                await self.changed.wait_for(lambda: any(each in self.ended for each in job_ids))
            return [self.ended[each] for each in job_ids if each in self.ended]
        finally:
            self.held -= 1

    async def end(self, *job_ids: str) -> None:
        async with self.changed:
            for job_id in job_ids:
                self.ended[job_id] = Job.from_json({"id": job_id, "state": "completed"})
            self.changed.notify_all()


def names(count: int) -> List[str]:
    return [f"job_{place:05d}" for place in range(count)]


async def until(condition: Any) -> None:
    async def ask() -> None:
        while not condition():
            await asyncio.sleep(0.001)

    await asyncio.wait_for(ask(), 10)


def waiter_of(hub: Hub) -> Tuple[EndWaiter, List[str], Dict[str, Exception]]:
    ends: List[str] = []
    faults: Dict[str, Exception] = {}
    waiter = EndWaiter(hub.ask, lambda job: ends.append(job.id), faults.__setitem__)
    return waiter, ends, faults


async def test_jobs_submitted_one_by_one_are_held_by_few_questions() -> None:
    hub = Hub()
    waiter, ends, _ = waiter_of(hub)
    for job_id in names(500):
        waiter.watch([job_id])
        await asyncio.sleep(0)
    await until(lambda: hub.held > 0)
    assert hub.most_held <= math.log2(500) + 1
    assert sum(hub.questions) <= 500 * (math.log2(500) + 1)
    await hub.end(*names(500))
    await until(lambda: len(ends) == 500)
    assert sorted(ends) == names(500)
    await waiter.close()


async def test_a_new_job_is_heard_of_while_others_are_waited_for() -> None:
    hub = Hub()
    waiter, ends, _ = waiter_of(hub)
    waiter.watch(names(1000))
    await until(lambda: hub.held == 1)
    waiter.watch(["job_new"])
    await until(lambda: hub.held == 2)
    await hub.end("job_new")
    await until(lambda: ends == ["job_new"])
    await hub.end("job_00500")
    await until(lambda: ends == ["job_new", "job_00500"])
    await waiter.close()
    assert hub.held == 0


async def test_many_jobs_are_asked_for_in_batches_that_the_hub_takes() -> None:
    hub = Hub()
    waiter, ends, _ = waiter_of(hub)
    waiter.watch(names(2500))
    await until(lambda: hub.held == 3)
    assert sorted(hub.questions) == [500, 1000, 1000]
    await hub.end(*names(2500))
    await until(lambda: len(ends) == 2500)


async def test_a_hub_that_is_away_costs_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_FIRST_PAUSE_SECONDS", 0.001)
    hub = Hub()
    hub.refuses["job_a"] = ConnectionFailed("away")
    waiter, ends, faults = waiter_of(hub)
    waiter.watch(["job_a"])
    await until(lambda: len(hub.questions) > 3)
    hub.refuses.clear()
    await hub.end("job_a")
    await until(lambda: ends == ["job_a"])
    assert faults == {}


async def test_a_job_that_may_not_be_seen_takes_no_other_with_it() -> None:
    hub = Hub()
    hub.refuses["job_00037"] = NotFound("gone", status=404)
    waiter, ends, faults = waiter_of(hub)
    waiter.watch(names(100))
    await until(lambda: list(faults) == ["job_00037"])
    await hub.end(*names(100))
    await until(lambda: len(ends) == 99)


async def test_a_token_that_ends_ends_all_waiting() -> None:
    hub = Hub()
    hub.refuses["job_00001"] = Unauthenticated("too old", status=401)
    waiter, _, faults = waiter_of(hub)
    waiter.watch(names(3))
    await until(lambda: len(faults) == 3)


async def test_events_are_read_over_cuts() -> None:
    def text(cursor: int) -> str:
        return f'id: {cursor}\ndata: {{"cursor":"{cursor}","kind":"job.completed"}}\n'

    reader = EventReader()
    stream = f"retry: 1000\n: from 40\n\n{text(41)}\nevent: ping\ndata: {{}}\n\n{text(42)}"
    lines = stream.rstrip("\n").split("\n")
    found = [event for event in map(reader.take, lines) if event is not None]
    assert [event.cursor for event in found] == ["41"]
    assert reader.cursor == "41", "the second event was cut off before its end"
    reader.cut()
    assert [reader.take(line) for line in ("data: {}", "", ": comment", "")][1] is not None
    assert EventReader("7").cursor == "7"
    fresh = EventReader()
    fresh.take(": from 40")
    assert fresh.cursor == "40"
