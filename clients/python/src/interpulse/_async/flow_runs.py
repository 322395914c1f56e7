"""A flow run that one holds in the hand."""

from __future__ import annotations

import asyncio
import time
from typing import Any, AsyncIterator, Dict, Generator, List, Mapping, Optional

from .. import _flow_requests as requests
from .._call import Call
from .._flow_models import FlowLogEntry, FlowRun, FlowRunFailed
from .held_calls import ask_held
from .listings import AsyncListings


class AsyncFlowRunHandle:
    """A flow run that was started; :meth:`result` waits for its end."""

    def __init__(self, client: AsyncListings, flow_run_id: str) -> None:
        self.id = flow_run_id
        self._client = client

    # sync: nothing
    def __await__(self) -> Generator[Any, None, Dict[str, Any]]:
        return self.result().__await__()

    def __repr__(self) -> str:
        return f"<AsyncFlowRunHandle {self.id}>"

    async def wait(self, timeout: Optional[float] = None) -> FlowRun:
        """Waits for the end, however it is.

        :raises asyncio.TimeoutError: after ``timeout`` seconds; the flow run goes on.
        """
        until = None if timeout is None else time.monotonic() + timeout

        def call_of(seconds: float) -> Call:
            return requests.wait_for_flow_runs([self.id], seconds)

        while True:
            answer = await ask_held(self._client._transport, call_of, until)
            for item in answer["ended"]:
                return FlowRun.from_json(item)
            if until is not None and time.monotonic() >= until:
                late = f"flow run {self.id} has not ended after {timeout} s"
                raise asyncio.TimeoutError(late)

    async def result(self, timeout: Optional[float] = None) -> Dict[str, Any]:
        """Waits for the end and gives the state document as the run left it.

        :raises FlowRunFailed: with the reason, also when it was canceled.
        :raises asyncio.TimeoutError: after ``timeout`` seconds; the flow run goes on.
        """
        flow_run = await self.wait(timeout)
        if flow_run.status != "SUCCEEDED":
            raise FlowRunFailed(flow_run)
        return await self.output()

    async def output(self) -> Dict[str, Any]:
        """Its state document now; private values are hidden."""
        output: Dict[str, Any] = (await self._ask(requests.get_output(self.id)))["output"]
        return output

    # sync: @property
    async def flow_run(self) -> FlowRun:
        """The flow run as it is now."""
        data = await self._ask(requests.get_flow_run(self.id))
        return FlowRun.from_json(data["flowRun"])

    # sync: @property
    async def steps(self) -> List[Mapping[str, Any]]:
        """Its steps so far; large inputs and results are left out, which ``omitted`` says."""
        steps: List[Mapping[str, Any]] = []
        cursor: Optional[str] = None
        while True:
            page = await self._ask(requests.list_steps(self.id, cursor))
            steps += page["items"]
            cursor = page["next"]
            if cursor is None:
                return steps

    async def step(self, sequence: int) -> Mapping[str, Any]:
        """One step with all that it was given and gave."""
        call = Call("GET", f"/flow-runs/{self.id}/steps/{sequence}")
        step: Mapping[str, Any] = await self._ask(call)
        return step

    def log(
        self, *, newest_first: bool = False, limit: Optional[int] = None
    ) -> AsyncIterator[FlowLogEntry]:
        """Its log, with Globus' codes."""
        conditions = {"newest_first": newest_first or None}
        found = self._client._list(f"/flow-runs/{self.id}/log", conditions, limit)
        return (FlowLogEntry.from_json(item) async for item in found)

    async def change(self, **fields: Any) -> FlowRun:
        """Changes its label, tags, people or deadline; what is given replaces what there was.

        :param fields: ``label``, ``tags``, ``managers``, ``monitors``, ``deadline`` (an instant,
            seconds from now, ``None`` for never).
        """
        call = requests.change_flow_run_fields(self.id, fields)
        return FlowRun.from_json(await self._ask(call))

    async def cancel(self) -> bool:
        """Cancels it and what it started. False when it had ended otherwise."""
        call = requests.change_flow_run(self.id, "cancel")
        return FlowRun.from_json(await self._ask(call)).status == "ENDED"

    async def resume(self) -> FlowRun:
        """Goes on when it waits for a person."""
        call = requests.change_flow_run(self.id, "resume")
        return FlowRun.from_json(await self._ask(call))

    async def rerun(self, from_: str = "failed", **options: Any) -> AsyncFlowRunHandle:
        """Does it again, from the state that failed where nothing else is said.

        :param from_: ``failed``, ``start``, or the name of a state.
        :param options: ``version`` (``same`` or ``newest``), ``input``, ``merge_input``,
            ``document``, ``label``, ``tags``, ``urgency``, ``deadline``.
        """
        answer = await self._ask(requests.rerun_flow_run(self.id, from_, options))
        return AsyncFlowRunHandle(self._client, answer["id"])

    async def _ask(self, call: Call) -> Any:
        return await self._client._transport.ask(call)
