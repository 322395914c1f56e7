# Written by tools/generate.ts from _async/trigger_queries.py: change that.
"""What starts flows by itself, what they ask people, and who hears of them."""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Optional, Sequence, Union

from .. import _trigger_requests as requests
from .._call import Call
from .._requests import Deadline, id_of
from .._trigger_models import (
    DryRun,
    Firing,
    LastEvent,
    Notices,
    RotatedSecret,
    SavedTrigger,
    Trigger,
    WebInput,
)
from .flow_runs import FlowRunHandle
from .instrument_queries import InstrumentQueries


class TriggerQueries(InstrumentQueries):
    """The part of :class:`Interpulse` that is about triggers, questions and notices."""

    def save_trigger(
        self, name: str, flow: str, source: Mapping[str, Any], **fields: Any
    ) -> SavedTrigger:
        """Adds or changes a trigger.

        :param flow: what it starts.
        :param source: what it listens to, such as ``{"kind": "file", "instrument": "camera"}``.
        :param fields: ``input`` (its mapping), ``when``, ``dedup_key``, ``rate_limit``,
            ``deadline`` (``nextShot``, ``none``, seconds), ``urgency``, ``label``, ``tags``,
            ``run_as``, ``project``, ``notify``, ``enabled``.
        :returns: with the ``secret`` of a new webhook, which is told this once.
        :raises InvalidRequest: with every fault.
        """
        call = requests.save_trigger(name, flow, {**fields, "source": dict(source)})
        return SavedTrigger.from_json(self._transport.ask(call))

    def trigger(self, name: str) -> Trigger:
        """One trigger, with what it did in the last 24 hours."""
        return Trigger.from_json(self._transport.ask(Call("GET", f"/triggers/{name}")))

    def delete_trigger(self, name: str) -> None:
        """Deletes a trigger with what it remembers of events."""
        self._transport.send(Call("DELETE", f"/triggers/{name}"))

    def firings(
        self, trigger: str, *, outcome: Optional[str] = None, limit: Optional[int] = 50
    ) -> Iterator[Firing]:
        """Events at a trigger and what became of them, newest first."""
        found = self._list(f"/triggers/{trigger}/firings", {"outcome": outcome}, limit)
        return (Firing.from_json(item) for item in found)

    def dry_run_trigger(
        self,
        trigger: Union[str, Mapping[str, Any]],
        from_: Deadline = -86_400,
        to: Deadline = 0,
    ) -> DryRun:
        """What a trigger would have done in a time of the past; nothing is started.

        :param trigger: the name of one; or one that is not saved, as the API takes it.
        :param from_: an instant; a number is seconds from now: ``-3600``.
        """
        call = requests.dry_run_trigger(trigger, from_, to)
        return DryRun.from_json(self._transport.ask(call))

    def rotate_secret(self, trigger: str, grace_seconds: int = 0) -> RotatedSecret:
        """Gives a webhook a new secret; the one before is good for so long still."""
        call = requests.rotate_secret(trigger, grace_seconds)
        return RotatedSecret.from_json(self._transport.ask(call))

    def triggers(self) -> List[Trigger]:
        """What starts flows by itself, by name, with what it did in the last 24 hours."""
        return [Trigger.from_json(item) for item in self._list("/triggers", {}, None)]

    def pause_trigger(self, name: str, reason: str) -> Trigger:
        """Pauses a trigger: its events are noted and start nothing."""
        call = requests.change_trigger(name, "pause", {"reason": reason})
        return Trigger.from_json(self._transport.ask(call))

    def resume_trigger(self, name: str) -> Trigger:
        """Lets a paused trigger go on; what happened meanwhile starts nothing."""
        call = requests.change_trigger(name, "resume")
        return Trigger.from_json(self._transport.ask(call))

    def last_event(self, trigger: str) -> LastEvent:
        """The last event that a trigger listens to, or an example when there was none."""
        return LastEvent.from_json(self._transport.ask(requests.last_event(trigger)))

    def fire_trigger(
        self, name: str, event: Optional[Mapping[str, Any]] = None
    ) -> Optional[FlowRunHandle]:
        """Fires a trigger by hand, also while it is paused.

        :param event: what its expressions read; ``last_event(name).event`` does it again.
        :returns: the flow run that it started, or ``None`` when it started none.
        """
        call = requests.change_trigger(name, "fire", {"event": dict(event or {})})
        flow_run_id = self._transport.ask(call)["flowRunId"]
        return None if flow_run_id is None else FlowRunHandle(self, flow_run_id)

    def web_inputs(
        self, filter: str = "mine", *, limit: Optional[int] = None, **conditions: Any
    ) -> Iterator[WebInput]:
        """Questions of flow runs to people, newest first.

        :param filter: ``mine`` (open ones that you may answer), ``open``, ``ended``, ``all``.
        :param conditions: ``flow_run``, ``flow``, ``project``.
        """
        found = self._list("/web-inputs", {"filter": filter, **conditions}, limit)
        return (WebInput.from_json(item) for item in found)

    def answer_web_input(
        self, web_input: Union[str, WebInput], response: Any, *, comment: str = ""
    ) -> WebInput:
        """Answers a question; the flow run goes on.

        :param response: the value of an option, those of the chosen rows, or the form's object.
        :raises InvalidRequest: when it does not fit the question.
        :raises Conflict: when it was answered, or its time is over.
        """
        call = requests.answer_web_input(id_of(web_input), response, comment)
        return WebInput.from_json(self._transport.ask(call))

    def web_input(self, web_input_id: str) -> WebInput:
        """One question."""
        call = Call("GET", f"/web-inputs/{web_input_id}")
        return WebInput.from_json(self._transport.ask(call))

    def close_web_input(self, web_input: Union[str, WebInput], reason: str = "") -> WebInput:
        """Closes a question unanswered; for its flow run it has expired."""
        call = requests.close_web_input(id_of(web_input), reason)
        return WebInput.from_json(self._transport.ask(call))

    def notices(self) -> Notices:
        """Where you hear of flow runs of your own, or that you manage, and of which."""
        return Notices.from_json(self._transport.ask(requests.own_notices()))

    def set_notices(
        self, to: Optional[Sequence[str]] = None, on: Optional[Sequence[str]] = None
    ) -> Notices:
        """Sets where you hear of flow runs, and of which.

        :param to: ``mail:ADDRESS``, ``chat:ROOM``, ``webhook:URL``; none left: nowhere.
        :param on: ``failed``, ``canceled``, ``succeeded``, ``late``, ``waiting``, ``paused``.
        :raises InvalidRequest: when this hub cannot send there.
        """
        call = requests.change_notices(to, on)
        return Notices.from_json(self._transport.ask(call))

    def test_notices(self) -> Notices:
        """Sends a test to every place of yours; ``notices().standings`` tells what became of it."""
        return Notices.from_json(self._transport.ask(requests.test_notices()))
