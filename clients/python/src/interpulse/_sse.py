"""Reads server-sent events, line by line."""

from __future__ import annotations

import json
from typing import List, Optional

from ._models import Event


class EventReader:
    """Takes lines of a stream and gives the events in it; knows where to go on after a cut."""

    def __init__(self, after: Optional[str] = None) -> None:
        self.cursor = after
        self._kind = ""
        self._data: List[str] = []
        self._id: Optional[str] = None

    def cut(self) -> None:
        """Forgets the half of an event that a cut left."""
        self._kind, self._data, self._id = "", [], None

    def take(self, line: str) -> Optional[Event]:
        """The event that this line ends; pings and comments give none."""
        if line == "":
            return self._end()
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "":
            # The hub says where the stream begins, so that a cut before the first event loses none.
            if value.startswith("from ") and self.cursor is None:
                self.cursor = value[len("from ") :]
        elif name == "data":
            self._data.append(value)
        elif name == "event":
            self._kind = value
        elif name == "id":
            self._id = value
        return None

    def _end(self) -> Optional[Event]:
        kind, data, cursor = self._kind, self._data, self._id
        self.cut()
        if cursor is not None:
            self.cursor = cursor
        if kind not in ("", "message") or not data:
            return None
        return Event.from_json(json.loads("\n".join(data)))
