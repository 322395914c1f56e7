"""Lists of a hub, page by page."""

from __future__ import annotations

from typing import Any, AsyncIterator, Mapping, Optional

from .. import _operations as ops
from .transport import AsyncTransport


class AsyncListings:
    """What all questions of :class:`AsyncInterpulse` have in common."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def _list(
        self, path: str, conditions: Mapping[str, Any], limit: Optional[int]
    ) -> AsyncIterator[Mapping[str, Any]]:
        listing = ops.Listing(path, conditions, limit)
        while not listing.ended:
            for item in listing.read(await self._transport.send(listing.call())):
                yield item
