"""Flow runs against a real hub."""

from __future__ import annotations

import pytest

from interpulse import FlowRunFailed, Interpulse, InvalidRequest, NotFound

DEFINITION = {
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


@pytest.fixture(scope="module")
def adder(hub: Interpulse) -> str:
    """A flow that adds two numbers."""
    schema = {"type": "object", "required": ["a"]}
    saved = hub.save_flow("py-adder", DEFINITION, input_schema=schema)
    assert hub.save_flow("py-adder", DEFINITION, input_schema=schema).version == saved.version
    return "py-adder"


def test_a_flow_gives_its_result(hub: Interpulse, adder: str) -> None:
    handle = hub.start_flow(adder, {"a": 1, "b": 2}, label="from Python")
    assert handle.result(timeout=30)["result"] == {"sum": 3}
    assert handle.flow_run.label == "from Python"
    assert [step["stateName"] for step in handle.steps] == ["Add"]
    assert handle.cancel() is False
    assert handle.id in [each.id for each in hub.flow_runs(flow=adder)]


def test_a_failed_flow_run_says_why_and_is_done_again(hub: Interpulse, adder: str) -> None:
    handle = hub.start_flow(adder, {"a": 1})
    with pytest.raises(FlowRunFailed, match="there is no b"):
        handle.result(timeout=30)
    again = handle.rerun(document={"b": 41})
    assert again.result(timeout=30)["result"] == {"sum": 42}
    assert again.flow_run.rerun_of == handle.id


def test_an_input_that_does_not_fit_starts_nothing(hub: Interpulse, adder: str) -> None:
    with pytest.raises(InvalidRequest, match="required"):
        hub.start_flow(adder, {})


def test_triggers_and_questions_are_listed(hub: Interpulse, adder: str) -> None:
    source = {"kind": "webhook"}
    body = {"source": source, "flowName": adder, "input": {"a.$": "$.body.a", "b": 1}}
    hub.request("PUT", "/triggers/py-sync", json=body)
    assert not hub.pause_trigger("py-sync", "no beam").enabled
    assert hub.resume_trigger("py-sync").enabled
    fired = hub.fire_trigger("py-sync", {"body": {"a": 1}})
    assert fired is not None and fired.result(timeout=30)["result"] == {"sum": 2}
    last = hub.last_event("py-sync")
    assert (last.origin, last.at, last.event["kind"]) == ("example", None, "webhook")
    assert "py-sync" in [trigger.name for trigger in hub.triggers()]
    assert list(hub.web_inputs("all", flow=adder)) == []
    with pytest.raises(NotFound):
        hub.answer_web_input("webinput_01m8007vwc15jxf9efmygajm0y", "go")


def test_the_run_table_of_an_instrument(hub: Interpulse) -> None:
    assert hub.tell_run_event("camera", "start", 72, {"energy": 8.0}) is True
    hub.tell_run_event("camera", "set", 72, {"energy": 8.5}, id="second")
    assert hub.tell_run_event("camera", "end", 72) is True
    hub.report_results("camera", 72, {"rate": 2.5})
    run = hub.run("camera", 72)
    assert run.parameters == {"energy": 8.5} and run.result("rate") == 2.5
    assert run.ended_at is not None
    assert 72 in [each.number for each in hub.runs("camera", limit=50)]


def test_a_definition_with_faults_is_not_saved(hub: Interpulse) -> None:
    with pytest.raises(InvalidRequest, match="there is no state Nowhere") as caught:
        hub.save_flow("py-wrong", {"StartAt": "Nowhere", "States": DEFINITION["States"]})
    assert caught.value.faults


def test_saving_tells_what_is_worth_a_look(hub: Interpulse) -> None:
    work = {"Type": "Action", "ActionUrl": "interpulse:compute", "WaitTime": 60, "End": True}
    states = {"Work": {**work, "Parameters": {"app": "py-comes-later"}}}
    saved = hub.save_flow("py-early", {"StartAt": "Work", "States": states})
    assert saved.version >= 1
    assert [(each.path, each.type) for each in saved.warnings] == [
        ("definition.States.Work.Parameters.app", "unknown_name")
    ]
