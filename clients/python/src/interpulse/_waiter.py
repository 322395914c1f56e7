"""Learns of the ends of many jobs with a few held requests, and without asking again and again."""

from __future__ import annotations

import asyncio
from typing import Awaitable, Callable, Iterable, List, Sequence, Set

from ._errors import ConnectionFailed, Forbidden, HubError, Unauthenticated, Unavailable
from ._models import Job
from ._retry import endless_pauses

#: The hub's own limit of one question.
JOBS_PER_WAIT = 1_000
#: Less than the hub's 30 s, which proxies also hold a request.
_HOLD_SECONDS = 25.0
#: More questions than this are not held at a time; then they take turns.
_HELD_QUESTIONS = 64
_TURN_SECONDS = 1.0
#: Ends of large batches come in bursts: who asks a little later hears of many at once.
_GATHER_SECONDS_PER_JOB = 0.000_2
_LONGEST_GATHER_SECONDS = 0.25
#: A hub that fails so often in a row on the same question will not answer it.
_BROKEN_ANSWERS = 10

Ask = Callable[[Sequence[str], float], Awaitable[List[Job]]]


class EndWaiter:
    """Watches jobs from within one event loop; every call must come from it.

    Jobs are asked for in batches. A new job is asked for at once with a request of its own; batches
    that are not larger than what comes new are joined with it, so that N jobs submitted one by one
    are held by at most log2(N) requests, and no job is sent more than log2(N) times for it.
    """

    def __init__(
        self,
        ask: Ask,
        on_end: Callable[[Job], None],
        on_fault: Callable[[str, Exception], None],
    ) -> None:
        self._ask = ask
        self._on_end = on_end
        self._on_fault = on_fault
        self._batches: Set[_Batch] = set()
        self._turns = asyncio.Semaphore(_HELD_QUESTIONS)

    def watch(self, job_ids: Iterable[str]) -> None:
        """Hears of the ends of these jobs, now or later."""
        ids = list(job_ids)
        for start in range(0, len(ids), JOBS_PER_WAIT):
            self._begin(set(ids[start : start + JOBS_PER_WAIT]))

    async def close(self) -> None:
        """Watches nothing any more."""
        tasks = [batch.task for batch in self._batches]
        self._batches.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, ids: Set[str]) -> None:
        small = sorted(self._batches, key=lambda batch: len(batch.ids))
        for batch in small:
            if len(batch.ids) > len(ids) or len(batch.ids) + len(ids) > JOBS_PER_WAIT:
                break
            # What it may just be hearing of, the joined batch hears again.
            batch.task.cancel()
            self._batches.discard(batch)
            ids |= batch.ids
        self._start(ids)

    def _start(self, ids: Set[str]) -> None:
        batch = _Batch(ids)
        self._batches.add(batch)
        batch.task = asyncio.ensure_future(self._run(batch))

    async def _run(self, batch: _Batch) -> None:
        pauses = endless_pauses()
        broken = 0
        while batch.ids:
            try:
                ended = await self._ask_in_turn(batch)
            except (ConnectionFailed, Unavailable) as error:
                # The hub is away: jobs go on without it, and it will be back.
                broken = broken + 1 if getattr(error, "status", 0) == 500 else 0
                if broken > _BROKEN_ANSWERS:
                    self._fail(batch, error)
                    break
                await asyncio.sleep(next(pauses))
                continue
            except HubError as error:
                self._split(batch, error)
                break
            except Exception as error:  # noqa: BLE001 a handle must never wait for nothing
                self._fail(batch, error)
                break
            pauses, broken = endless_pauses(), 0
            for job in ended:
                batch.ids.discard(job.id)
                self._on_end(job)
            if ended and batch.ids:
                gather = len(batch.ids) * _GATHER_SECONDS_PER_JOB
                await asyncio.sleep(min(gather, _LONGEST_GATHER_SECONDS))
        self._batches.discard(batch)

    async def _ask_in_turn(self, batch: _Batch) -> List[Job]:
        hold = _HOLD_SECONDS if len(self._batches) <= _HELD_QUESTIONS else _TURN_SECONDS
        async with self._turns:
            return await self._ask(sorted(batch.ids), hold)

    def _split(self, batch: _Batch, error: HubError) -> None:
        """One job that may not be seen any more must not take others with it."""
        if len(batch.ids) == 1 or isinstance(error, (Unauthenticated, Forbidden)):
            self._fail(batch, error)
            return
        ids = sorted(batch.ids)
        self._start(set(ids[: len(ids) // 2]))
        self._start(set(ids[len(ids) // 2 :]))

    def _fail(self, batch: _Batch, error: Exception) -> None:
        for job_id in batch.ids:
            self._on_fault(job_id, error)


class _Batch:
    """Jobs that one held request asks for."""

    task: asyncio.Future[None]

    def __init__(self, ids: Set[str]) -> None:
        self.ids = ids
