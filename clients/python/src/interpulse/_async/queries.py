"""What one may ask of a hub, and have it do, without waiting for jobs."""

from __future__ import annotations

import asyncio
from typing import Any, AsyncIterator, Dict, List, Mapping, Optional, Sequence

import httpx

from .. import _operations as ops
from .._call import Call, failure_of
from .._errors import NotFound
from .._models import (
    App,
    Dataset,
    Ensemble,
    EnsembleReport,
    Event,
    Explanation,
    Job,
    JobAttempt,
    Site,
)
from .._requests import job_filter
from .._retry import endless_pauses
from .._sse import EventReader
from .flow_queries import AsyncFlowQueries

_LOG_WAIT_SECONDS = 15


class AsyncQueries(AsyncFlowQueries):
    """The questions of :class:`AsyncInterpulse`."""

    async def get_job(self, job_id: str) -> Job:
        """A job as it is now."""
        return ops.read_job(await self._transport.send(ops.get_job(job_id)))[0]

    async def get_attempts(self, job_id: str) -> List[JobAttempt]:
        """The attempts at a job, oldest first."""
        return ops.read_job(await self._transport.send(ops.get_job(job_id)))[1]

    async def explain(self, job_id: str) -> Explanation:
        """Why a job waits, runs where it runs, or failed."""
        return ops.read_explanation(await self._transport.send(ops.explain_job(job_id)))

    async def job_log(self, job_id: str, stream: str = "stdout") -> str:
        """The tail of a job's ``stdout`` or ``stderr``."""
        return ops.read_log(await self._transport.send(ops.get_log(job_id, stream))).text

    async def follow_log(self, job_id: str, stream: str = "stdout") -> AsyncIterator[str]:
        """A job's output as it is written, until its end; a later attempt begins anew."""
        after, attempt, pauses = 0, None, endless_pauses()
        while True:
            call = ops.get_log(
                job_id, stream, attempt=attempt, after=after, wait_seconds=_LOG_WAIT_SECONDS
            )
            try:
                piece = ops.read_log(await self._transport.send(call))
            except NotFound:
                # It has not begun. The hub answers at once, so who asks must pause.
                if (await self.get_job(job_id)).has_ended:
                    return
                await asyncio.sleep(next(pauses))
                continue
            # Before the first attempt there is none to ask for.
            attempt, after = piece.attempt or None, piece.next
            if piece.text:
                yield piece.text
            if piece.ended and not piece.text:
                job = await self.get_job(job_id)
                if job.has_ended and job.attempt <= piece.attempt:
                    return
                if job.attempt > piece.attempt:
                    attempt, after = job.attempt, 0
                else:
                    await asyncio.sleep(next(pauses))

    async def read_job_file(self, job_id: str, location: str) -> bytes:
        """The bytes of a small file that a job left behind."""
        return (await self._transport.send(ops.get_job_file(job_id, location))).content

    async def cancel_job(self, job_id: str) -> Job:
        """Cancels a job; a running one gets TERM, then KILL."""
        return Job.from_json(await self._transport.ask(ops.change_job(job_id, "cancel")))

    async def cancel_jobs(self, job_ids: Optional[Sequence[str]] = None, **conditions: Any) -> int:
        """Cancels these jobs, or all open ones that the conditions (of :meth:`jobs`) find."""
        call = ops.select_jobs("cancel", job_ids, conditions)
        return int((await self._transport.ask(call))["canceled"])

    async def retry_jobs(self, job_ids: Optional[Sequence[str]] = None, **conditions: Any) -> int:
        """Runs failed and canceled jobs again: these, or all that the conditions find."""
        call = ops.select_jobs("retry", job_ids, conditions)
        return int((await self._transport.ask(call))["retried"])

    def jobs(self, *, limit: Optional[int] = None, **conditions: Any) -> AsyncIterator[Job]:
        """Jobs, newest first.

        Conditions: ``state`` (one, several, or ``"open"``), ``site``, ``app``, ``project``,
        ``ensemble``, ``flow_run``, ``pilot``, ``created_by``, ``parent``, ``urgency``, ``mine``,
        ``label``, ``tags``, ``reason``, ``reason_is``, ``created_after``, ``created_before``.
        """
        found = self._list("/jobs", job_filter(conditions), limit)
        return (Job.from_json(item) async for item in found)

    async def count_jobs(self, **conditions: Any) -> Dict[str, int]:
        """How many jobs the conditions (of :meth:`jobs`) find, by state."""
        answer = await self._transport.ask(ops.count_jobs(conditions))
        counts: Dict[str, int] = answer["counts"]
        return counts

    def ensembles(
        self, *, limit: Optional[int] = None, **conditions: Any
    ) -> AsyncIterator[Ensemble]:
        """Ensembles, newest first: ``project``, ``mine``, ``open``, ``label``."""
        found = self._list("/ensembles", conditions, limit)
        return (Ensemble.from_json(item) async for item in found)

    async def ensemble_report(self, ensemble_id: str) -> EnsembleReport:
        """An ensemble's counts, durations, failures by reason, sites."""
        return ops.read_ensemble(await self._transport.send(ops.get_ensemble(ensemble_id)))

    async def cancel_ensemble(self, ensemble_id: str) -> int:
        """Cancels every open job of an ensemble; how many those were."""
        answer = await self._transport.ask(ops.cancel_ensemble(ensemble_id))
        return int(answer["canceled"])

    async def sites(self) -> List[Site]:
        """Sites, their state, pools and load."""
        return [Site.from_json(item) async for item in self._list("/sites", {}, None)]

    async def apps(self) -> List[App]:
        """Apps that sites can run."""
        return [App.from_json(item) async for item in self._list("/apps", {}, None)]

    def datasets(
        self, q: Optional[str] = None, *, limit: Optional[int] = None, **conditions: Any
    ) -> AsyncIterator[Dataset]:
        """Datasets, newest first, that words and conditions find: ``kind``, ``instrument``,
        ``project``, ``flow_run``."""
        found = self._list("/datasets", {"q": q, **conditions}, limit)
        return (Dataset.from_json(item) async for item in found)

    async def events(
        self, *, after: Optional[str] = None, subject_type: Optional[str] = None
    ) -> AsyncIterator[Event]:
        """Everything that happens from now on, or after a cursor; goes on after a cut and ends
        when it is closed.

        :raises HubError: when the hub refuses; :class:`ConnectionFailed` when it cannot be reached
            to begin with.
        """
        reader = EventReader(after)
        # The first connection says whether there is such a hub; later ones are patient.
        await self._transport.send(Call("GET", "/me"))
        pauses = endless_pauses()
        while True:
            try:
                call = ops.stream_events(reader.cursor, subject_type)
                async with self._transport.http.stream(**call.arguments()) as response:
                    if not response.is_success:
                        await response.aread()
                        if response.status_code < 500:
                            raise failure_of(response)
                    else:
                        async for line in response.aiter_lines():
                            event = reader.take(line)
                            if event is not None:
                                pauses = endless_pauses()
                                yield event
            except httpx.TransportError:
                pass
            reader.cut()
            await asyncio.sleep(next(pauses))

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Optional[Mapping[str, Any]] = None,
        json: Any = None,
    ) -> Any:
        """Any other question of the API: a path after ``/api/v1``, the JSON of the answer."""
        answer = await self._transport.send(Call(method, path, params=params or {}, json=json))
        return answer.json() if answer.content else None
