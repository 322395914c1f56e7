"""Bulk starts, flows and triggers against a real hub."""

from __future__ import annotations

import concurrent.futures
from typing import List

import pytest

from interpulse import FlowBatch, Interpulse, NotFound

DEFINITION = {
    "StartAt": "Which",
    "States": {
        "Which": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.bad", "IsPresent": True, "Next": "Bad"},
                {"Variable": "$.slow", "IsPresent": True, "Next": "Slow"},
            ],
            "Default": "Good",
        },
        "Bad": {"Type": "Fail", "Error": "Broken", "CausePath": "$.bad"},
        "Slow": {"Type": "Wait", "Seconds": 3600, "Next": "Good"},
        "Good": {"Type": "Pass", "End": True},
    },
}


@pytest.fixture(scope="module")
def mixed(hub: Interpulse) -> str:
    """A flow that fails where `bad` is given, waits where `slow` is, and else ends."""
    hub.save_flow("py-mixed", DEFINITION, title="Mixed")
    return "py-mixed"


def test_a_bulk_start_is_waited_for_and_tells_its_failures(hub: Interpulse, mixed: str) -> None:
    inputs = [{"bad": "disk 7"}, {"bad": "disk 12"}, {"bad": "no beam"}, {}, {}]
    plan = hub.plan_flow_batch(mixed, inputs)
    assert (plan.count, plan.first_input) == (5, {"bad": "disk 7"})
    batch = hub.start_flow_batch(mixed, inputs, label="five", tags={"why": "test"})
    assert batch is not None
    seen: List[FlowBatch] = []
    report = batch.wait(60, on_progress=seen.append)
    assert (report.batch.by_status, report.succeeded) == ({"FAILED": 3, "SUCCEEDED": 2}, False)
    assert [(each.reason, each.count) for each in report.failures][1:] == [("Broken: no beam", 1)]
    assert report.failures[0].count == 2 and len(report.failures[0].examples) == 2
    counts = [each.ended for each in seen]
    assert counts == sorted(set(counts)) and counts[-1] == 5
    assert report.progress.run_seconds is not None
    failed = list(batch.flow_runs(status="FAILED"))
    assert len(failed) == 3 and {each.tags["why"] for each in failed} == {"test"}
    assert hub.count_flow_runs(batch=batch.id) == {"FAILED": 3, "SUCCEEDED": 2}
    assert batch.id in [each.id for each in hub.flow_batches(flow=mixed)]


def test_what_failed_of_a_bulk_start_is_done_again(hub: Interpulse, mixed: str) -> None:
    batch = hub.start_flow_batch(mixed, [{"bad": "no beam"}, {}])
    assert batch is not None
    batch.wait(60)
    again = batch.rerun(new_label="again")
    assert again is not None
    assert again.wait(60).batch.total == 1
    assert again.batch.label == "again"
    assert [each["id"] for each in batch.report().progress.done_again] == [again.id]
    good = hub.start_flow_batch(mixed, [{}])
    assert good is not None and good.wait(60).succeeded
    assert good.rerun() is None


def test_a_bulk_start_is_canceled(hub: Interpulse, mixed: str) -> None:
    batch = hub.start_flow_batch(mixed, [{"slow": True}, {"slow": True}])
    assert batch is not None
    with pytest.raises(concurrent.futures.TimeoutError, match="2 of 2 flow runs"):
        batch.wait(0.2)
    batch.cancel()
    report = hub.flow_batch(batch.id).wait(60)
    assert report.batch.canceled_at is not None and report.batch.has_ended
    assert report.batch.by_status.get("SUCCEEDED", 0) == 0


def test_bulk_starts_over_datasets(hub: Interpulse, mixed: str) -> None:
    files = [{"location": "data:/plate.txt"}]
    body = {"title": "for bulk starts", "files": files, "kind": "raw"}
    dataset = hub.request("POST", "/datasets", json=body)
    mapping = {"file.$": "$.file"}
    plan = hub.plan_flow_batch(mixed, datasets=[dataset["id"]], mapping=mapping)
    assert plan.first_input == {"file": "data:/plate.txt"}
    found = {"q": '"for bulk starts"', "kind": "raw"}
    assert hub.plan_flow_batch(mixed, datasets=found, mapping=mapping).count >= 1
    assert hub.start_flow_batch(mixed, datasets={"q": "there is no such thing"}) is None
    with pytest.raises(TypeError, match="inputs, or datasets"):
        hub.start_flow_batch(mixed)
    with pytest.raises(NotFound):
        hub.flow_batch("flowbatch_01m8007vwc15jxf9efmygajm0y").report()


def test_many_flow_runs_are_canceled_at_once(hub: Interpulse, mixed: str) -> None:
    runs = [hub.start_flow(mixed, {"slow": True}, tags={"why": "cancel"}) for _ in range(2)]
    assert hub.cancel_flow_runs(runs[:1]) == 1
    assert hub.cancel_flow_runs(flow=mixed, tags={"why": "cancel"}, status="ACTIVE") == 1
    assert [run.wait(30).status for run in runs] == ["ENDED", "ENDED"]
    with pytest.raises(TypeError, match="give flow runs, or conditions"):
        hub.cancel_flow_runs()


def test_flows_are_read_checked_and_changed(hub: Interpulse, mixed: str) -> None:
    first = hub.flow(mixed)
    hub.save_flow(mixed, DEFINITION, title="Mixed again")
    assert [each.title for each in hub.flow_versions(mixed)][:2] == ["Mixed again", "Mixed"]
    assert hub.flow(mixed, version=first.version).title == "Mixed"
    assert hub.restore_flow(mixed, first.version).version > first.version
    assert mixed in [each.name for each in hub.flows(search="mixed")]
    assert hub.check_flow(DEFINITION).faults == []
    wrong = hub.check_flow({"StartAt": "Nowhere", "States": DEFINITION["States"]})
    assert wrong.faults[0].path == "definition.StartAt"
    assert hub.change_flow(mixed, starters=["everyone"]).raw["starters"] == ["everyone"]
    hub.save_flow("py-archived", DEFINITION)
    assert hub.change_flow("py-archived", archived=True).archived_at is not None
    assert "py-archived" not in [each.name for each in hub.flows()]
    assert "py-archived" in [each.name for each in hub.flows(archived=True)]


def test_a_flow_run_is_changed_and_its_log_read(hub: Interpulse, mixed: str) -> None:
    run = hub.start_flow(mixed, {"slow": True})
    changed = run.change(label="better", tags={"sample": "tin"}, deadline=600)
    assert (changed.label, changed.tags) == ("better", {"sample": "tin"})
    assert changed.deadline_at is not None
    assert run.change(deadline=None).deadline_at is None
    codes = [entry.code for entry in run.log()]
    assert codes[0] == "FlowStarted"
    assert [entry.code for entry in run.log(newest_first=True, limit=1)] == codes[-1:]
    assert run.step(1)["stateName"] == "Which"
    run.cancel()


def test_a_trigger_is_saved_tried_and_deleted(hub: Interpulse, mixed: str) -> None:
    saved = hub.save_trigger(
        "py-hook", mixed, {"kind": "webhook"}, deadline=30, input={"bad.$": "$.body.why"}
    )
    assert saved.secret and saved.secret not in repr(saved)
    assert hub.trigger("py-hook").flow_name == mixed
    hub.fire_trigger("py-hook", {"body": {"why": "no beam"}})
    assert [each.outcome for each in hub.firings("py-hook", outcome="fired")] == ["fired"]
    assert hub.dry_run_trigger("py-hook", -3600).looked == 0
    unsaved = {"source": {"kind": "webhook"}, "flowName": mixed}
    assert hub.dry_run_trigger(unsaved).would_fire == 0
    rotated = hub.rotate_secret("py-hook", 60)
    assert rotated.secret != saved.secret and rotated.old_secret_until is not None
    hub.delete_trigger("py-hook")
    with pytest.raises(NotFound):
        hub.trigger("py-hook")
    with pytest.raises(NotFound, match="no flow"):
        hub.save_trigger("py-hook", "py-nowhere", {"kind": "webhook"})


def test_a_question_is_read_and_closed(hub: Interpulse) -> None:
    options = [{"Value": "go", "Label": "Go on"}]
    ask = {
        "Type": "CreateWebInput",
        "Parameters": {"InputType": "Selection", "Options": options},
        "ResultPath": "$.ask",
        "Next": "Wait",
    }
    wait = {
        "Type": "AwaitWebInput",
        "Parameters": {"web_input_id.$": "$.ask.web_input_id"},
        "End": True,
    }
    hub.save_flow("py-asks", {"StartAt": "Ask", "States": {"Ask": ask, "Wait": wait}})
    run = hub.start_flow("py-asks")
    while not list(hub.web_inputs(flow_run=run.id)):
        assert not run.flow_run.has_ended
    (asked,) = hub.web_inputs(flow_run=run.id)
    assert hub.web_input(asked.id).status == "open"
    assert hub.close_web_input(asked, "nobody is here").status == "closed"
    assert run.wait(30).status == "FAILED"


def test_shots_and_their_timing(hub: Interpulse) -> None:
    hub.tell_run_event("camera", "shot", 90)
    assert "camera" in [each.name for each in hub.instruments()]
    assert 90 in [each.number for each in hub.shots("camera")]
    timing = hub.timing("camera", shots=10)
    assert sum(timing.counts.values()) == len(timing.shots) > 0
