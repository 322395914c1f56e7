"""Flows, flow runs and bulk starts: what one may ask of a hub."""

from __future__ import annotations

from typing import Any, AsyncIterator, Dict, Mapping, Optional, Sequence, Union

from .. import _flow_requests as requests
from .._bodies import as_body
from .._call import Call
from .._flow_models import (
    Flow,
    FlowBatch,
    FlowBatchPlan,
    FlowCheck,
    FlowRun,
    FlowVersion,
    SavedFlow,
)
from .._flow_requests import Datasets
from .._requests import job_filter
from .flow_batches import AsyncFlowBatchHandle
from .flow_runs import AsyncFlowRunHandle
from .trigger_queries import AsyncTriggerQueries

FlowRuns = Sequence[Union[str, FlowRun, AsyncFlowRunHandle]]


class AsyncFlowQueries(AsyncTriggerQueries):
    """The part of :class:`AsyncInterpulse` that is about flows."""

    def flows(
        self,
        *,
        search: Optional[str] = None,
        project: Optional[str] = None,
        archived: Optional[bool] = None,
        limit: Optional[int] = None,
    ) -> AsyncIterator[Flow]:
        """Flows, by name."""
        conditions = {"q": search, "project": project, "archived": archived}
        return (Flow.from_json(item) async for item in self._list("/flows", conditions, limit))

    async def flow(self, name: str, version: Optional[int] = None) -> Flow:
        """One flow in its newest version, or another one."""
        params = {} if version is None else {"version": version}
        return Flow.from_json(await self._transport.ask(Call("GET", f"/flows/{name}", params)))

    async def check_flow(
        self, definition: Mapping[str, Any], input_schema: Optional[Mapping[str, Any]] = None
    ) -> FlowCheck:
        """What is wrong with a definition, and what is worth a look; nothing is saved."""
        body = {"definition": definition, "inputSchema": input_schema or {}}
        call = Call("POST", "/flows/check", json=body, repeatable=True)
        return FlowCheck.from_json(await self._transport.ask(call))

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

    async def change_flow(self, name: str, **fields: Any) -> Flow:
        """Shares a flow, sets its accounts, puts it away or brings it back; no new version.

        :param fields: ``starters``, ``viewers``, ``administrators``, ``run_managers``,
            ``run_monitors`` (names, ``project:NAME``, ``everyone``), ``service_account``,
            ``roles``, ``notify``, ``archived``. What is given replaces what there was.
        """
        call = Call("PATCH", f"/flows/{name}", json=as_body(fields), repeatable=True)
        return Flow.from_json(await self._transport.ask(call))

    def flow_versions(self, name: str) -> AsyncIterator[FlowVersion]:
        """The versions of a flow, newest first."""
        found = self._list(f"/flows/{name}/versions", {}, None)
        return (FlowVersion.from_json(item) async for item in found)

    async def restore_flow(self, name: str, version: int) -> SavedFlow:
        """Saves an old version of a flow as its newest."""
        call = Call("POST", f"/flows/{name}/restore", json={"version": version})
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

    async def count_flow_runs(self, **conditions: Any) -> Dict[str, int]:
        """How many flow runs the conditions (of :meth:`flow_runs`) find, by status."""
        answer = await self._transport.ask(requests.count_flow_runs(conditions))
        counts: Dict[str, int] = answer["byStatus"]
        return counts

    async def cancel_flow_runs(
        self, flow_runs: Optional[FlowRuns] = None, **conditions: Any
    ) -> int:
        """Cancels these flow runs, or all open ones that the conditions (of :meth:`flow_runs`)
        find; how many those were."""
        call = requests.cancel_flow_runs(flow_runs, conditions)
        return int((await self._transport.ask(call))["count"])

    async def rerun_flow_runs(
        self,
        flow_runs: Optional[FlowRuns] = None,
        *,
        from_: str = "failed",
        version: str = "same",
        new_label: str = "",
        new_tags: Optional[Mapping[str, str]] = None,
        urgency: str = "backfill",
        **conditions: Any,
    ) -> Optional[AsyncFlowBatchHandle]:
        """Does many flow runs again as a bulk start: these, or all that the conditions find.

        :param from_: ``failed``, ``start``, or the name of a state.
        :param version: of the flow, ``same`` or ``newest``.
        :returns: ``None`` when there was nothing to do again.
        """
        again = {"from": from_, "version": version, "urgency": urgency}
        options = {**again, "label": new_label, "tags": dict(new_tags or {})}
        call = requests.rerun_flow_runs(flow_runs, conditions, options)
        return self._batch_of(await self._transport.ask(call))

    async def start_flow_batch(
        self,
        flow: str,
        inputs: Optional[Sequence[Mapping[str, Any]]] = None,
        *,
        datasets: Optional[Datasets] = None,
        mapping: Optional[Mapping[str, Any]] = None,
        **options: Any,
    ) -> Optional[AsyncFlowBatchHandle]:
        """Starts a flow over many inputs, or over datasets that are there: at most 10,000.

        :param datasets: those with these ids; or those that a search finds:
            ``{"q": "gold 2026", "kind": "raw", "newest": 20}``.
        :param mapping: how the input is made of each dataset (``$.dataset``, ``$.file``), or of
            each of the inputs, as in a state: ``{"file.$": "$.file"}``.
        :param options: ``label``, ``tags``, ``urgency`` (``backfill`` when nothing is said),
            ``deadline``, ``project``.
        :returns: ``None`` when no dataset was found.
        :raises InvalidRequest: with the fault of every input; none is started then.
        """
        options = {**options, "mapping": mapping}
        call = requests.start_flow_runs(flow, inputs, datasets, options)
        return self._batch_of(await self._transport.ask(call))

    async def plan_flow_batch(
        self,
        flow: str,
        inputs: Optional[Sequence[Mapping[str, Any]]] = None,
        *,
        datasets: Optional[Datasets] = None,
        mapping: Optional[Mapping[str, Any]] = None,
        **options: Any,
    ) -> FlowBatchPlan:
        """What :meth:`start_flow_batch` would start with these arguments; nothing is started."""
        options = {**options, "mapping": mapping, "dry_run": True}
        call = requests.start_flow_runs(flow, inputs, datasets, options)
        return FlowBatchPlan.from_json(await self._transport.ask(call))

    def flow_batches(
        self, *, flow: Optional[str] = None, limit: Optional[int] = 50
    ) -> AsyncIterator[FlowBatch]:
        """Bulk starts, newest first."""
        found = self._list("/flow-batches", {"flow": flow}, limit)
        return (FlowBatch.from_json(item) async for item in found)

    def flow_batch(self, batch_id: str) -> AsyncFlowBatchHandle:
        """A handle of a bulk start that was made elsewhere or earlier."""
        return AsyncFlowBatchHandle(self, batch_id)

    def _batch_of(self, answer: Mapping[str, Any]) -> Optional[AsyncFlowBatchHandle]:
        batch = answer["batch"]
        return None if batch is None else AsyncFlowBatchHandle(self, batch["id"])
