"""The same hub, from asyncio."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import AsyncIterator, Tuple

import pytest

from interpulse import AsyncInterpulse, InvalidRequest, JobCanceled, JobFailed, Location

pytestmark = pytest.mark.anyio
SECONDS = 60


@pytest.fixture
async def hub(hub_address: Tuple[str, str]) -> AsyncIterator[AsyncInterpulse]:
    """A client in the loop of the test."""
    async with AsyncInterpulse(*hub_address) as client:
        yield client


async def test_await_gives_the_result(hub: AsyncInterpulse, tmp_path: Path) -> None:
    handle = await hub.submit("square", n=9)
    result = await handle
    assert await result.outputs["square"].json() == 81
    assert await result.stdout() == "square of 9\n"
    assert await handle.state() == "completed" and handle.done()
    paths = await result.download(tmp_path)
    assert paths["square"].read_text() == "81\n"
    again = await hub.submit("square", n=8, returns=tmp_path / "eight")
    assert (await again).outputs["square"].path == tmp_path / "eight" / "square.json"


async def test_local_files_travel_along(hub: AsyncInterpulse, tmp_path: Path) -> None:
    local = tmp_path / "local.txt"
    local.write_text("local\n")
    handle = await hub.submit("join", first=local, second=Location("data:/hello.txt"))
    assert await (await handle).outputs["joined"].read_text() == "local\nhello\n"


async def test_many_at_a_time(hub: AsyncInterpulse) -> None:
    ensemble = await hub.map("square", range(50), over="n")
    results = await asyncio.gather(*ensemble)
    assert [await result.outputs["square"].json() for result in results[:5]] == [0, 1, 4, 9, 16]
    assert await ensemble.counts() == {"completed": 50}
    again = await hub.ensemble(ensemble.id)
    assert len([handle.id async for handle in again.as_completed()]) == 50
    assert len(await again.results()) == 50


async def test_failures_and_faults(hub: AsyncInterpulse) -> None:
    handle = await hub.submit("fail")
    with pytest.raises(JobFailed, match="on fire"):
        await handle
    assert isinstance(await handle.exception(), JobFailed)
    with pytest.raises(InvalidRequest):
        await hub.submit("square", n="x")


async def test_a_timeout_ends_the_waiting_only(hub: AsyncInterpulse, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    gate.touch()
    handle = await hub.submit("pause", gate=str(gate))
    with pytest.raises(asyncio.TimeoutError):
        await handle.result(timeout=0.01)
    pieces = [piece async for piece in _first(handle.follow_log())]
    assert pieces == ["begun\n"] and not handle.done()
    assert await handle.cancel()
    with pytest.raises(JobCanceled):
        await handle
    gate.unlink()


async def _first(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    async for piece in pieces:
        yield piece
        return


async def test_lists_and_events(hub: AsyncInterpulse) -> None:
    assert {site.name for site in await hub.sites()} == {"alpha", "beta"}
    handle = await hub.submit("square", n=1)
    await handle
    assert handle.id in [job.id async for job in hub.jobs(app="square", limit=20)]
    about = {"subjectType": "job", "subjectId": handle.id}
    history = (await hub.request("GET", "/events", params=about))["items"]
    kinds = [event["kind"] for event in history]
    heard = []
    async for event in hub.events(after=history[0]["cursor"], subject_type="job"):
        if event.subject_id == handle.id:
            heard.append(event.kind)
        if len(heard) == len(kinds) - 1:
            break
    assert heard == kinds[1:] and heard[-1] == "job.completed"
