# Written by tools/generate.ts from _async/listings.py: change that.
"""Lists of a hub, page by page."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional

from .. import _operations as ops
from .transport import Transport


class Listings:
    """What all questions of :class:`Interpulse` have in common."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _list(
        self, path: str, conditions: Mapping[str, Any], limit: Optional[int]
    ) -> Iterator[Mapping[str, Any]]:
        listing = ops.Listing(path, conditions, limit)
        while not listing.ended:
            for item in listing.read(self._transport.send(listing.call())):
                yield item
