"""What people write, and what the hub is sent."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from interpulse import Job, JobOutput, Location, Resources, RetryRule
from interpulse._requests import (
    arguments_of_item,
    instant_of,
    job_filter,
    plan_job,
    settings_of,
    submissions,
)

OUTPUT = JobOutput.from_json(
    {"name": "curves", "location": "scratch:/jobs/1/curves.json", "sizeBytes": 3, "sha256": None}
)


def test_arguments_are_parameters_inputs_or_words_of_the_hub() -> None:
    plan = plan_job(
        "xpcs",
        {
            "threshold": 3,
            "series": Location("raw:/shot_7.h5"),
            "before": OUTPUT,
            "inputs": {"mask": "raw:/mask.h5", "map": Path("map.h5")},
            "files": {"notes": b"text"},
            "resources": Resources(cores=4, gpus=0.5),
            "on_error": RetryRule(retries=2, resources=Resources(memory_bytes=10)),
            "parameters": {"label": "of the app"},
            "label": "shot 7",
            "site": ("alpha", "beta"),
            "urgency": None,
            "parents": "job_1",
            "returns": "raw:/answers/",
            "tags": {"shot": 7},
        },
    )
    assert plan.body == {
        "app": "xpcs",
        "inputs": {
            "mask": "raw:/mask.h5",
            "series": "raw:/shot_7.h5",
            "before": "scratch:/jobs/1/curves.json",
        },
        "parameters": {"label": "of the app", "threshold": 3},
        "returnTo": "raw:/answers/",
        "resources": {"cores": 4, "gpus": 0.5},
        "onError": {
            "retries": 2,
            "delaySeconds": 0,
            "backoffRate": 2,
            "resources": {"memoryBytes": 10},
        },
        "label": "shot 7",
        "site": ["alpha", "beta"],
        "parents": ["job_1"],
        "tags": {"shot": "7"},
    }
    assert plan.local_files == {"notes": b"text", "map": "map.h5"}
    assert plan.results_folder is None


def test_a_plain_command_names_its_outputs(tmp_path: Path) -> None:
    arguments = {"outputs": {"sorted": "*.txt"}, "returns": tmp_path}
    plan = plan_job(["sort", ["-k", "{key}"]], arguments)
    assert plan.body == {
        "command": ["sort", ["-k", "{key}"]],
        "outputs": [{"name": "sorted", "path": "*.txt"}],
    }
    assert plan.results_folder == str(tmp_path)


def test_settings_take_both_cases_of_names() -> None:
    both = {"walltime_seconds": 60, "ranksPerNode": 2}
    assert settings_of(both) == {"walltimeSeconds": 60, "ranksPerNode": 2}
    assert settings_of(Resources(walltime_seconds=60)) == {"walltimeSeconds": 60}


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 5, 1, 12, 0, tzinfo=timezone.utc),
        datetime(2026, 5, 1, 14, 0, tzinfo=timezone(timedelta(hours=2))),
        "2026-05-01T12:00:00.000Z",
    ],
)
def test_instants_are_told_in_utc(value: Any) -> None:
    assert instant_of(value) == "2026-05-01T12:00:00.000Z"


def test_a_number_is_seconds_from_now() -> None:
    now = datetime.now(timezone.utc)
    for value in (60, 60.0, timedelta(minutes=1)):
        told = datetime.fromisoformat(instant_of(value).replace("Z", "+00:00"))
        assert timedelta(seconds=59) < told - now < timedelta(seconds=70)


def test_items_of_a_map() -> None:
    assert arguments_of_item({"q": 1}, None) == {"q": 1}
    assert arguments_of_item({"q": 1}, "settings") == {"settings": {"q": 1}}
    assert arguments_of_item(3, "q") == {"q": 3}
    with pytest.raises(TypeError, match="over="):
        arguments_of_item(3, None)


def test_many_jobs_go_in_pieces_that_the_hub_takes() -> None:
    small = [{"app": "x", "parameters": {"q": place}} for place in range(25_000)]
    pieces = list(submissions(small))
    assert [len(piece) for piece in pieces] == [10_000, 10_000, 5_000]
    assert [job for piece in pieces for job in piece] == small
    large = [{"app": "x", "parameters": {"text": "t" * 1_000_000}} for _ in range(30)]
    assert [len(piece) for piece in submissions(large)] == [12, 12, 6]
    assert list(submissions([])) == []


def test_conditions_become_those_of_the_hub() -> None:
    conditions = {
        "state": ["failed", "canceled"],
        "flow_run": "flowrun_1",
        "tags": {"shot": 7, "kind": "test"},
        "created_after": datetime(2026, 5, 1, tzinfo=timezone.utc),
        "ensemble": None,
        "mine": True,
    }
    assert job_filter(conditions) == {
        "state": "failed,canceled",
        "flowRun": "flowrun_1",
        "tags": "shot:7,kind:test",
        "createdAfter": "2026-05-01T00:00:00.000Z",
        "mine": True,
    }


def test_answers_become_records_whatever_is_new_or_missing_in_them() -> None:
    job = Job.from_json(
        {
            "id": "job_1",
            "state": "failed",
            "createdAt": "2026-05-01T12:00:00.5Z",
            "outputs": [OUTPUT.raw],
            "usage": {"wallSeconds": 1.5, "cpuSeconds": None, "peakMemoryBytes": 7},
            "somethingNew": 1,
        }
    )
    assert job.has_ended and job.outputs == [OUTPUT] and job.exit_code is None
    assert job.usage is not None and job.usage.peak_memory_bytes == 7
    assert job.created_at == datetime(2026, 5, 1, 12, 0, 0, 500_000, tzinfo=timezone.utc)
    assert job.raw["somethingNew"] == 1
