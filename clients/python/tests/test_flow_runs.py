"""Flow runs against a real hub."""

from __future__ import annotations

import httpx
import pytest

from interpulse import FlowRunFailed, Interpulse, InvalidRequest

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
def adder(hub_address: "tuple[str, str]") -> str:
    """A flow that adds two numbers."""
    url, token = hub_address
    schema = {"type": "object", "required": ["a"]}
    body = {"definition": DEFINITION, "inputSchema": schema}
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx.put(f"{url}/api/v1/flows/py-adder", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
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
