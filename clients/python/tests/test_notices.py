"""Where one hears of flow runs, against a real hub that sends to nobody."""

from __future__ import annotations

from typing import Tuple

import pytest

from interpulse import AsyncInterpulse, Conflict, Interpulse, InvalidRequest


def test_what_one_hears_of_is_kept(hub: Interpulse) -> None:
    changed = hub.set_notices(on=["failed", "late"])
    assert list(changed.on) == ["failed", "late"]
    assert list(hub.notices().on) == ["failed", "late"]
    assert list(hub.set_notices(to=[]).to) == []


def test_places_to_which_the_hub_sends_nothing_are_refused(hub: Interpulse) -> None:
    with pytest.raises(InvalidRequest, match="sends no mail"):
        hub.set_notices(to=["mail:ada@example.org"])
    with pytest.raises(Conflict):
        hub.test_notices()


@pytest.mark.anyio
async def test_from_asyncio(hub_address: Tuple[str, str]) -> None:
    async with AsyncInterpulse(*hub_address) as hub:
        assert list((await hub.set_notices(on=["waiting"])).on) == ["waiting"]
        assert list((await hub.notices()).on) == ["waiting"]
        with pytest.raises(Conflict):
            await hub.test_notices()
