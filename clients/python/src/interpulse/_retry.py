"""What is tried again, how often, and after which pauses."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Iterator, Optional

import httpx

#: Answers of proxies and hubs that say "not now".
_TRY_AGAIN_STATUSES = frozenset({502, 503, 504})
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0


@dataclass(frozen=True)
class RetryPolicy:
    """Repeats only what is harmless to repeat, until it has taken ``patience_seconds``."""

    patience_seconds: float = 30.0

    def pauses(self) -> Iterator[float]:
        """Pauses between attempts; ends when the patience does."""
        end = time.monotonic() + self.patience_seconds
        for pause in endless_pauses():
            if time.monotonic() + pause > end:
                return
            yield pause


def endless_pauses() -> Iterator[float]:
    """Pauses that double up to a limit, each drawn from 50 to 100 % so that clients spread out."""
    longest = _FIRST_PAUSE_SECONDS
    while True:
        yield longest * random.uniform(0.5, 1.0)
        longest = min(longest * 2, _LONGEST_PAUSE_SECONDS)


def may_follow_cut(error: httpx.TransportError, repeatable: bool) -> bool:
    """Whether to try again after a cut: what was never sent always, else what is repeatable."""
    never_sent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    hopeless = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)
    return not isinstance(error, hopeless) and (repeatable or isinstance(error, never_sent))


def may_follow_answer(response: httpx.Response, repeatable: bool) -> bool:
    """Whether to try again after this answer."""
    if response.status_code == 429:
        # The hub says 429 of limits that stay; only who names a time means "later".
        return repeatable and "retry-after" in response.headers
    return repeatable and response.status_code in _TRY_AGAIN_STATUSES


def asked_pause(response: Optional[httpx.Response], pause: float) -> float:
    """The pause, or the longer one that the answer asks for, within reason."""
    text = "" if response is None else response.headers.get("retry-after", "")
    return max(pause, min(float(text), 60.0)) if text.isdigit() else pause
