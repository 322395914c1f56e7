# Written by tools/generate.ts from _async/held_calls.py: change that.
"""Waits for what the hub tells, also while the hub is away."""

from __future__ import annotations

import time
from typing import Any, Callable, Optional

from .._call import Call
from .._errors import ConnectionFailed, Unavailable
from .._flow_requests import WAIT_SECONDS
from .._retry import endless_pauses
from .transport import Transport


def ask_held(
    transport: Transport, call_of: Callable[[float], Call], until: Optional[float]
) -> Any:
    """The answer to a call that the hub holds, for so many seconds at most; asked again while the
    hub is away, until an instant of ``time.monotonic``."""
    pauses = endless_pauses()
    while True:
        left = WAIT_SECONDS if until is None else max(0.0, until - time.monotonic())
        try:
            return transport.ask(call_of(min(left, WAIT_SECONDS)))
        except (ConnectionFailed, Unavailable):
            if until is not None and time.monotonic() >= until:
                raise
        time.sleep(next(pauses))
