"""Flows, questions, triggers and runs of instruments from asyncio, against a real hub."""

from __future__ import annotations

import asyncio
from typing import Any, AsyncIterator, Dict, Tuple

import pytest

from interpulse import AsyncInterpulse, Conflict, FlowRunFailed, InvalidRequest, NotFound

pytestmark = pytest.mark.anyio

ADDER = {
    "StartAt": "Add",
    "States": {
        "Add": {
            "Type": "ExpressionEval",
            "Parameters": {"sum.=": "a + b"},
            "ResultPath": "$.result",
            "End": True,
        }
    },
}

ASKER = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "CreateWebInput",
            "Parameters": {
                "InputType": "Selection",
                "Context": {"PresentationStyle": "Text", "Title": "Go on?"},
                "Options": [{"Value": "go", "Label": "Go on"}, {"Value": "stop", "Label": "Stop"}],
            },
            "ResultPath": "$.ask",
            "Next": "Answer",
        },
        "Answer": {
            "Type": "AwaitWebInput",
            "Parameters": {"web_input_id.$": "$.ask.web_input_id"},
            "ResultPath": "$.answer",
            "End": True,
        },
    },
}


@pytest.fixture
async def hub(hub_address: Tuple[str, str]) -> AsyncIterator[AsyncInterpulse]:
    """A client in the loop of the test, of a hub with a few flows."""
    async with AsyncInterpulse(*hub_address) as client:
        await client.save_flow("py-async-adder", ADDER, title="Adds")
        await client.save_flow("py-async-asker", ASKER)
        yield client


async def test_await_gives_the_output(hub: AsyncInterpulse) -> None:
    handle = await hub.start_flow("py-async-adder", {"a": 1, "b": 2}, label="async", deadline=60)
    assert (await handle)["result"] == {"sum": 3}
    flow_run = await handle.flow_run()
    assert flow_run.label == "async" and flow_run.deadline_at is not None
    assert [step["stateName"] for step in await handle.steps()] == ["Add"]
    assert await handle.cancel() is False
    found = [each.id async for each in hub.flow_runs(flow="py-async-adder")]
    assert handle.id in found


async def test_a_failed_flow_run_is_done_again(hub: AsyncInterpulse) -> None:
    handle = await hub.start_flow("py-async-adder", {"a": 1})
    with pytest.raises(FlowRunFailed, match="there is no b"):
        await handle
    again = await handle.rerun(document={"b": 41}, deadline=60)
    assert (await again.result(timeout=30))["result"] == {"sum": 42}
    assert (await again.flow_run()).rerun_of == handle.id


async def test_a_question_is_answered(hub: AsyncInterpulse) -> None:
    handle = await hub.start_flow("py-async-asker")
    with pytest.raises(asyncio.TimeoutError):
        await handle.result(timeout=0.01)
    mine = [each async for each in hub.web_inputs(flow_run=handle.id)]
    while not mine:
        mine = [each async for each in hub.web_inputs(flow_run=handle.id)]
    assert mine[0].question["title"] == "Go on?" and mine[0].may_answer
    with pytest.raises(InvalidRequest):
        await hub.answer_web_input(mine[0], "perhaps")
    answered = await hub.answer_web_input(mine[0], "go", comment="looks good")
    assert answered.status == "answered" and answered.response == "go"
    assert (await handle)["answer"]["response"] == "go"
    with pytest.raises(Conflict):
        await hub.answer_web_input(mine[0].id, "stop")


async def test_a_trigger_is_paused_resumed_and_fired(hub: AsyncInterpulse) -> None:
    body: Dict[str, Any] = {
        "source": {"kind": "webhook"},
        "flowName": "py-async-adder",
        "input": {"a.$": "$.body.a", "b": 40},
    }
    await hub.request("PUT", "/triggers/py-async", json=body)
    paused = await hub.pause_trigger("py-async", "detector is being changed")
    assert not paused.enabled and paused.pause is not None
    assert (await hub.resume_trigger("py-async")).enabled
    fired = await hub.fire_trigger("py-async", {"body": {"a": 2}})
    assert fired is not None and (await fired)["result"] == {"sum": 42}
    [report] = [each for each in await hub.triggers() if each.name == "py-async"]
    assert report.flow_name == "py-async-adder" and report.counts is not None


async def test_the_run_table_of_an_instrument(hub: AsyncInterpulse) -> None:
    told: Dict[str, Any] = {"parameters": {"energy": 7.1}, "at": "2026-11-20T08:00:00.000Z"}
    assert await hub.tell_run_event("camera", "start", 71, **told) is True
    assert await hub.tell_run_event("camera", "start", 71, **told) is False
    await hub.report_results("camera", 71, {"rate": 2.5})
    await hub.report_results("camera", 71, [{"key": "width", "value": 3, "unit": "px"}])
    run = await hub.run("camera", 71)
    assert run.parameters == {"energy": 7.1} and run.result("rate") == 2.5
    assert run.results[1]["unit"] == "px"
    with pytest.raises(KeyError):
        run.result("nothing")
    assert 71 in [each.number async for each in hub.runs("camera", limit=50)]
    with pytest.raises(NotFound):
        await hub.tell_run_event("no-such-instrument", "start", 1)
