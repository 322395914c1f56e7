"""Bodies of requests, from arguments of functions."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Dict, Mapping

from ._call import Call
from ._records import camel_case
from ._requests import instant_of


def once(path: str, body: Mapping[str, Any]) -> Call:
    """A request that happens once: the key makes a repeat after a cut harmless."""
    return Call("POST", path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex})


def as_body(options: Mapping[str, Any]) -> Dict[str, Any]:
    """Options as the hub writes them; what is ``None`` is left out."""
    body: Dict[str, Any] = {}
    for name, value in options.items():
        if name == "deadline":
            name = "deadline_at"
        if value is None:
            continue
        is_instant = name in ("at", "deadline_at", "next_shot_at")
        if is_instant or isinstance(value, (datetime, timedelta)):
            value = instant_of(value)
        body[camel_case(name)] = value
    return body
