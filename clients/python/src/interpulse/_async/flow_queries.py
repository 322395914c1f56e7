"""Flows, questions to people, triggers and runs of instruments: what one may ask of a hub."""

from __future__ import annotations

from typing import Any, AsyncIterator, List, Mapping, Optional, Sequence, Union

from .. import _flow_requests as requests
from .. import _operations as ops
from .._call import Call
from .._flow_requests import (
    FlowRun,
    InstrumentRun,
    LastEvent,
    Notices,
    Results,
    SavedFlow,
    Trigger,
    WebInput,
)
from .._requests import Deadline, id_of, job_filter
from .flow_runs import AsyncFlowRunHandle
from .transport import AsyncTransport


class AsyncFlowQueries:
    """The part of :class:`AsyncInterpulse` that is about flows."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def save_flow(
        self, name: str, definition: Mapping[str, Any], **fields: Any
    ) -> SavedFlow:
        """Adds a flow, or a new version of it when something has changed.

        :param definition: in the Globus Flows language.
        :param fields: ``title``, ``description``, ``input_schema``, ``project``,
            ``service_account``, ``notify`` (rules of whom to tell of its flow runs).
        :returns: its newest version, and ``warnings``: what is worth a look, such as apps that
            the hub does not have yet.
        :raises InvalidRequest: with every fault of the definition.
        """
        call = requests.save_flow(name, definition, fields)
        return SavedFlow.from_json(await self._transport.ask(call))

    async def start_flow(
        self, flow: str, input: Optional[Mapping[str, Any]] = None, **options: Any
    ) -> AsyncFlowRunHandle:
        """Starts a flow.

        :param input: of the flow, as its input schema says.
        :param options: ``label``, ``urgency``, ``deadline`` (an instant, or seconds from now),
            ``tags``, ``project``, ``managers``, ``monitors``.
        :raises InvalidRequest: with every fault of the input.
        """
        call = requests.start_flow_run(flow, input or {}, options)
        return AsyncFlowRunHandle(self, (await self._transport.ask(call))["id"])

    def flow_run(self, flow_run_id: str) -> AsyncFlowRunHandle:
        """A handle of a flow run that was started elsewhere or earlier."""
        return AsyncFlowRunHandle(self, flow_run_id)

    def flow_runs(self, *, limit: Optional[int] = 50, **conditions: Any) -> AsyncIterator[FlowRun]:
        """Flow runs, newest first.

        Conditions: ``flow``, ``status`` (one or several), ``filter``, ``label``, ``tags``,
        ``trigger``, ``instrument``, ``shot``, ``batch``, ``rerun_of``, ``started_from`` and others.
        """
        found = self._list("/flow-runs", job_filter(conditions), limit)
        return (FlowRun.from_json(item) async for item in found)

    def web_inputs(
        self, filter: str = "mine", *, limit: Optional[int] = None, **conditions: Any
    ) -> AsyncIterator[WebInput]:
        """Questions of flow runs to people, newest first.

        :param filter: ``mine`` (open ones that you may answer), ``open``, ``ended``, ``all``.
        :param conditions: ``flow_run``, ``flow``, ``project``.
        """
        found = self._list("/web-inputs", {"filter": filter, **conditions}, limit)
        return (WebInput.from_json(item) async for item in found)

    async def answer_web_input(
        self, web_input: Union[str, WebInput], response: Any, *, comment: str = ""
    ) -> WebInput:
        """Answers a question; the flow run goes on.

        :param response: the value of an option, those of the chosen rows, or the form's object.
        :raises InvalidRequest: when it does not fit the question.
        :raises Conflict: when it was answered, or its time is over.
        """
        call = requests.answer_web_input(id_of(web_input), response, comment)
        return WebInput.from_json(await self._transport.ask(call))

    async def notices(self) -> Notices:
        """Where you hear of flow runs of your own, or that you manage, and of which."""
        return Notices.from_json(await self._transport.ask(requests.own_notices()))

    async def set_notices(
        self, to: Optional[Sequence[str]] = None, on: Optional[Sequence[str]] = None
    ) -> Notices:
        """Sets where you hear of flow runs, and of which.

        :param to: ``mail:ADDRESS``, ``chat:ROOM``, ``webhook:URL``; none left: nowhere.
        :param on: ``failed``, ``canceled``, ``succeeded``, ``late``, ``waiting``, ``paused``.
        :raises InvalidRequest: when this hub cannot send there.
        """
        call = requests.change_notices(to, on)
        return Notices.from_json(await self._transport.ask(call))

    async def test_notices(self) -> Notices:
        """Sends a test to every place of yours; ``notices().standings`` tells what became of it."""
        return Notices.from_json(await self._transport.ask(requests.test_notices()))

    async def triggers(self) -> List[Trigger]:
        """What starts flows by itself, by name, with what it did in the last 24 hours."""
        return [Trigger.from_json(item) async for item in self._list("/triggers", {}, None)]

    async def pause_trigger(self, name: str, reason: str) -> Trigger:
        """Pauses a trigger: its events are noted and start nothing."""
        call = requests.change_trigger(name, "pause", {"reason": reason})
        return Trigger.from_json(await self._transport.ask(call))

    async def resume_trigger(self, name: str) -> Trigger:
        """Lets a paused trigger go on; what happened meanwhile starts nothing."""
        call = requests.change_trigger(name, "resume")
        return Trigger.from_json(await self._transport.ask(call))

    async def last_event(self, trigger: str) -> LastEvent:
        """The last event that a trigger listens to, or an example when there was none."""
        return LastEvent.from_json(await self._transport.ask(requests.last_event(trigger)))

    async def fire_trigger(
        self, name: str, event: Optional[Mapping[str, Any]] = None
    ) -> Optional[AsyncFlowRunHandle]:
        """Fires a trigger by hand, also while it is paused.

        :param event: what its expressions read; ``last_event(name).event`` does it again.
        :returns: the flow run that it started, or ``None`` when it started none.
        """
        call = requests.change_trigger(name, "fire", {"event": dict(event or {})})
        flow_run_id = (await self._transport.ask(call))["flowRunId"]
        return None if flow_run_id is None else AsyncFlowRunHandle(self, flow_run_id)

    async def tell_run_event(
        self,
        instrument: str,
        kind: str,
        run: int,
        parameters: Optional[Mapping[str, Any]] = None,
        *,
        at: Optional[Deadline] = None,
        id: Optional[str] = None,
        next_shot_at: Optional[Deadline] = None,
    ) -> bool:
        """Tells what happened to a run of an instrument; the same again changes nothing.

        :param kind: ``start``, ``end``, ``set``, ``shot`` or ``due``.
        :param parameters: that were set, by name.
        :param at: when; now, when it is left out.
        :param next_shot_at: when the next shot is due; a number is seconds from now.
        :returns: whether it was news.
        """
        options = {"at": at, "id": id, "next_shot_at": next_shot_at}
        call = requests.tell_run_event(instrument, kind, run, parameters, options)
        return bool((await self._transport.ask(call))["isNew"])

    async def report_results(self, instrument: str, run: int, results: Results) -> None:
        """Adds results to a run, or changes them by their keys.

        :param results: values by key; or mappings with ``key``, ``value``, ``unit``, ``error``.
        """
        await self._transport.send(requests.report_results(instrument, run, results))

    def runs(self, instrument: str, *, limit: Optional[int] = None) -> AsyncIterator[InstrumentRun]:
        """The run table of an instrument, newest first: parameters and results."""
        found = self._list(f"/instruments/{instrument}/runs", {}, limit)
        return (InstrumentRun.from_json(item) async for item in found)

    async def run(self, instrument: str, run: int) -> InstrumentRun:
        """One run of an instrument."""
        call = Call("GET", f"/instruments/{instrument}/runs/{run}")
        return InstrumentRun.from_json(await self._transport.ask(call))

    async def _list(
        self, path: str, conditions: Mapping[str, Any], limit: Optional[int]
    ) -> AsyncIterator[Mapping[str, Any]]:
        listing = ops.Listing(path, conditions, limit)
        while not listing.ended:
            for item in listing.read(await self._transport.send(listing.call())):
                yield item
