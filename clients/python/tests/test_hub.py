"""Against a real hub with two sites: submit, wait, look, cancel."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest

from interpulse import (
    EnsembleHandle,
    HubError,
    Interpulse,
    InvalidRequest,
    JobCanceled,
    JobFailed,
    JobHandle,
    Location,
    NotFound,
    Resources,
    Result,
    RetryRule,
    Unauthenticated,
)

SECONDS = 60


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Path]:
    """While this file is there, jobs of the app ``pause`` go on."""
    path = tmp_path / "gate"
    path.touch()
    yield path
    path.unlink(missing_ok=True)


def until(what: str, ask: Callable[[], Any]) -> Any:
    """Waits for a condition that nothing announces."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"waited {SECONDS} s for {what}")


def test_submit_and_result(hub: Interpulse) -> None:
    handle = hub.submit("square", n=12, label="twelve", tags={"kind": "test"})
    result = handle.result(timeout=SECONDS)
    assert result.outputs["square"].json() == 144
    assert result.stdout() == "square of 12\n"
    job = handle.job
    assert (job.state, job.label, job.parameters) == ("completed", "twelve", {"n": 12})
    assert handle.state == "completed" and handle.done() and not handle.cancelled()
    [attempt] = handle.attempts
    assert attempt.outcome == "completed" and attempt.site_name == job.site_name
    assert job.usage is not None and job.usage.wall_seconds >= 0
    assert str(handle.explain()).startswith("Completed at")


def test_a_plain_command_with_bytes_of_this_machine(hub: Interpulse, tmp_path: Path) -> None:
    local = tmp_path / "words.txt"
    local.write_text("pear\napple\n")
    handle = hub.submit(
        ["sh", "-c", 'sort "$1" "$2" > sorted.txt', "x", "{words}", "{more}"],
        inputs={"words": local},
        files={"more": b"fig\n"},
        outputs={"sorted": "sorted.txt"},
        resources=Resources(cores=1, walltime_seconds=60),
        site="beta",
    )
    result = handle.result(SECONDS)
    assert result.outputs["sorted"].read_text() == "apple\nfig\npear\n"
    assert result.job.site_name == "beta"


def test_inputs_are_locations_paths_or_outputs_of_other_jobs(
    hub: Interpulse, tmp_path: Path
) -> None:
    first = hub.submit("square", n=3).result(SECONDS)
    joined = hub.submit("join", first=Location("data:/hello.txt"), second=first.outputs["square"])
    assert joined.result(SECONDS).outputs["joined"].read_bytes() == b"hello\n9\n"
    place = hub.submit(
        "join",
        inputs={"first": "data:/hello.txt", "second": "data:/hello.txt"},
        returns=tmp_path / "answers",
    )
    place.result(SECONDS)
    assert (tmp_path / "answers" / "joined.txt").read_text() == "hello\nhello\n"


def test_a_file_below_a_known_collection_stays_where_it_is(hub_address: Any) -> None:
    root = Path(os.environ["INTERPULSE_TEST_DATA"])
    (root / "here.txt").write_text("here\n")
    with Interpulse(*hub_address, collections={"data": root}) as client:
        handle = client.submit("join", first=root / "here.txt", second=root / "hello.txt")
        job = handle.result(SECONDS).job
    assert job.inputs == {"first": "data:/here.txt", "second": "data:/hello.txt"}


def test_outputs_return_to_a_collection(hub: Interpulse) -> None:
    root = Path(os.environ["INTERPULSE_TEST_DATA"])
    result = hub.submit("square", n=5, returns="data:/answers/", site="beta").result(SECONDS)
    assert (root / "answers" / "square.json").read_text() == "25\n"
    assert result.outputs["square"].json() == 25


def test_a_pattern_finds_several_files(hub: Interpulse, tmp_path: Path) -> None:
    result = hub.submit("split").result(SECONDS)
    assert [file.read_text() for file in result.files] == ["1\n", "2\n", "3\n"]
    assert result.download(tmp_path) == {"parts": tmp_path / "part-1.txt"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "part-1.txt",
        "part-2.txt",
        "part-3.txt",
    ]


def test_a_failed_job_says_why(hub: Interpulse) -> None:
    handle = hub.submit("fail", on_error=RetryRule(retries=1, delay_seconds=0))
    with pytest.raises(JobFailed) as caught:
        handle.result(SECONDS)
    failure = caught.value
    assert failure.exit_code == 3 and failure.job.id == handle.id
    assert failure.stderr_tail is not None and "on fire" in failure.stderr_tail
    assert "on fire" in str(failure) and "exit code 3" in str(failure)
    assert handle.exception() is failure and handle.has_failed
    assert len(handle.attempts) == 2


def test_faults_have_paths_and_nothing_is_submitted(hub: Interpulse) -> None:
    before = sum(hub.count_jobs(app="square").values())
    with pytest.raises(InvalidRequest) as caught:
        hub.map("square", [{"n": 1}, {"n": "two"}])
    assert list(caught.value.faults_by_path) == ["jobs.1.parameters.n"]
    with pytest.raises(InvalidRequest) as missing:
        hub.submit("join", first=Location("data:/hello.txt"))
    assert "jobs.0.inputs.second" in missing.value.faults_by_path
    assert sum(hub.count_jobs(app="square").values()) == before


def test_a_running_job_is_followed_and_canceled(hub: Interpulse, gate: Path) -> None:
    handle = hub.submit("pause", gate=str(gate))
    pieces: List[str] = []
    follower = threading.Thread(target=lambda: pieces.extend(handle.log(follow=True)))
    follower.start()
    until("the first line", lambda: pieces)
    until("the word of its start", handle.running)
    assert handle.state == "active"
    with pytest.raises(concurrent.futures.TimeoutError):
        handle.result(timeout=0.01)
    assert handle.cancel()
    with pytest.raises(JobCanceled):
        handle.result(SECONDS)
    assert handle.cancelled() and not handle.cancel()
    follower.join(SECONDS)
    assert not follower.is_alive() and "".join(pieces).startswith("begun\n")


def test_a_log_is_followed_to_its_end(hub: Interpulse, gate: Path) -> None:
    handle = hub.submit("pause", gate=str(gate))
    pieces = handle.log(follow=True)
    assert next(pieces) == "begun\n"
    gate.unlink()
    assert "".join(pieces) == "done\n"
    assert handle.result(SECONDS).stdout() == "begun\ndone\n"
    assert handle.log("stderr") == ""


def test_handles_are_real_futures(hub: Interpulse, gate: Path) -> None:
    slow = hub.submit("pause", gate=str(gate))
    fast = [hub.submit("square", n=n) for n in range(3)]
    called = threading.Event()
    fast[0].add_done_callback(lambda future: called.set())
    done, open_ones = concurrent.futures.wait(
        [slow, *fast], SECONDS, return_when=concurrent.futures.FIRST_COMPLETED
    )
    assert done and slow in open_ones
    ended = [next(concurrent.futures.as_completed(fast, SECONDS)) for _ in range(1)]
    assert all(isinstance(future, JobHandle) for future in ended)
    assert called.wait(SECONDS)

    async def awaited() -> Result:
        return await asyncio.wrap_future(fast[1])

    assert asyncio.run(awaited()).outputs["square"].json() == 1
    gate.unlink()
    slow.result(SECONDS)


def test_a_deadline_a_parent_and_a_retry(hub: Interpulse, gate: Path) -> None:
    parent = hub.submit("pause", gate=str(gate))
    child = hub.submit("square", n=2, parents=[parent], deadline=600, priority=5)
    assert child.state == "waiting"
    assert parent.id in child.job.parents and child.job.deadline_at is not None
    gate.unlink()
    assert child.result(SECONDS).outputs["square"].json() == 4
    failed = hub.submit("fail")
    assert isinstance(failed.exception(SECONDS), JobFailed)
    again = hub.retry_job(failed.id)
    assert isinstance(again.exception(SECONDS), JobFailed)
    assert len(again.attempts) == 2


def test_map_is_one_ensemble(hub: Interpulse) -> None:
    ensemble = hub.map("square", range(200), over="n", label="squares", tags={"kind": "map"})
    values = [result.outputs["square"].json() for result in ensemble.results(SECONDS)]
    assert values == [n * n for n in range(200)]
    assert ensemble.counts() == {"completed": 200} and ensemble.failures() == []
    [report] = ensemble.reports()
    assert (report.ensemble.label, report.ensemble.total) == ("squares", 200)
    assert report.ensemble.ended_at is not None and report.run_seconds is not None
    assert ensemble.id in [each.id for each in hub.ensembles(label="squares")]
    assert hub.count_jobs(ensemble=ensemble.id) == {"completed": 200}
    same = hub.ensemble(ensemble.id)
    assert [handle.id for handle in same] == [handle.id for handle in ensemble]
    assert same.wait(SECONDS)


def test_failures_of_an_ensemble_are_grouped(hub: Interpulse) -> None:
    ensemble = hub.map(
        ["sh", "-c", 'exit "$1"', "x", "{code}"], [{"code": code} for code in (0, 4, 4, 0)]
    )
    ended = list(ensemble.as_completed(SECONDS))
    assert sorted(handle.id for handle in ended) == sorted(handle.id for handle in ensemble)
    assert [handle.id for handle in ensemble.failed()] == [ensemble[1].id, ensemble[2].id]
    [group] = ensemble.failures()
    assert (group.exit_code, group.count) == (4, 2)
    with pytest.raises(JobFailed):
        list(ensemble.results(SECONDS))


def test_an_ensemble_is_canceled_as_one(hub: Interpulse, gate: Path) -> None:
    ensemble: EnsembleHandle = hub.map("pause", [{"gate": str(gate)}] * 20)
    assert ensemble.cancel() == 20
    assert ensemble.wait(SECONDS)
    assert all(handle.cancelled() for handle in ensemble)
    assert ensemble.counts() == {"canceled": 20}


def test_more_than_one_request_takes_are_several_ensembles(hub: Interpulse) -> None:
    ensemble = hub.map(["true"], [{}] * 10_001, site="nowhere", label="many")
    assert len(ensemble) == 10_001 and len(ensemble.ids) == 2
    assert ensemble.counts() == {"queued": 10_001}
    assert ensemble.cancel() == 10_001
    assert ensemble.wait(SECONDS) and all(handle.cancelled() for handle in ensemble)


def test_jobs_are_found_canceled_and_retried_by_what_they_are(
    hub: Interpulse, gate: Path
) -> None:
    handles = hub.map("pause", [{"gate": str(gate), "label": f"find-me-{n}"} for n in range(3)])
    found = list(hub.jobs(label="find-me", state="open", mine=True))
    assert {job.id for job in found} == {handle.id for handle in handles}
    assert len(list(hub.jobs(label="find-me", limit=2))) == 2
    assert hub.cancel_jobs(label="find-me") == 3
    handles.wait(SECONDS)
    gate.unlink()
    assert hub.retry_jobs([handle.id for handle in handles]) == 3
    assert hub.job(handles[0].id).result(SECONDS).stdout() == "begun\ndone\n"
    with pytest.raises(TypeError):
        hub.cancel_jobs(["job_1"], label="x")
    with pytest.raises(InvalidRequest):
        hub.cancel_jobs()


def test_events_go_on_after_a_cursor(hub: Interpulse) -> None:
    heard: List[str] = []
    wanted: List[str] = []
    cursors: List[str] = []
    listening = threading.Event()

    def listen() -> None:
        for event in hub.events(subject_type="job"):
            listening.set()
            if wanted and event.subject_id == wanted[0]:
                heard.append(event.kind)
                cursors.append(event.cursor)
                if event.kind == "job.completed":
                    return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    # Events begin when the stream does, which only an event tells.
    until("the stream", lambda: hub.submit("square", n=0).result(SECONDS) and listening.is_set())
    handle = hub.submit("square", n=1)
    wanted.append(handle.id)
    handle.result(SECONDS)
    listener.join(SECONDS)
    assert heard and heard[-1] == "job.completed"
    again = []
    for event in hub.events(after=cursors[0], subject_type="job"):
        if event.subject_id == handle.id:
            again.append(event.kind)
        if event.kind == "job.completed" and event.subject_id == handle.id:
            break
    assert again == heard[1:]


def test_questions(hub: Interpulse, hub_address: Any) -> None:
    assert {site.name for site in hub.sites()} == {"alpha", "beta"}
    assert all(site.allows_commands and site.status == "up" for site in hub.sites())
    assert {"square", "join"} <= {app.name for app in hub.apps()}
    assert list(hub.datasets("no such words")) == []
    assert hub.request("GET", "/me")["admin"] is True
    with pytest.raises(NotFound):
        hub.job("job_00000000000000000000000000").result(SECONDS)
    with Interpulse(hub_address[0], "ip_wrong") as stranger, pytest.raises(Unauthenticated):
        stranger.sites()


def test_small_files_only_and_nothing_is_overwritten(hub: Interpulse, tmp_path: Path) -> None:
    with pytest.raises(HubError):
        hub._transport.send(_put("data:/hello.txt", b"other"))
    assert (Path(os.environ["INTERPULSE_TEST_DATA"]) / "hello.txt").read_text() == "hello\n"
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    with pytest.raises(Exception, match="too many to send"):
        hub.submit("join", first=large, second=large)
    almost = os.urandom(3 * 1024 * 1024 + 17)
    twice = hub.submit("join", files={"first": almost, "second": almost}).result(SECONDS)
    assert twice.outputs["joined"].read_bytes() == almost * 2


def _put(location: str, content: bytes) -> Any:
    from interpulse._operations import put_file

    return put_file(location, content)


CHILDREN = """
import sys
from interpulse import Interpulse
with Interpulse() as hub:
    squares = hub.map("square", [2, 3, 4], over="n")
    total = sum(result.outputs["square"].json() for result in squares.results(60))
    hub.submit("pause", gate="/").cancel()
open("total.txt", "w").write(str(total))
"""


def test_a_job_submits_jobs_with_its_own_token(hub: Interpulse) -> None:
    import sys

    handle = hub.submit(
        [sys.executable, "-c", CHILDREN],
        outputs={"total": "total.txt"},
        may_use_hub=True,
    )
    assert handle.result(SECONDS).outputs["total"].read_text() == "29"
    children = [job for job in hub.jobs(limit=20) if job.created_by_job_id == handle.id]
    assert sorted(job.state for job in children) == ["canceled", *["completed"] * 3]
