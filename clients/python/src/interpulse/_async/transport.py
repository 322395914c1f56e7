"""Requests to the hub, with their retries."""

from __future__ import annotations

import asyncio
from typing import Any, Union

import httpx

from .._call import Call, pause_before_retry, raise_failure
from .._retry import RetryPolicy


class AsyncTransport:
    """Sends calls and waits for their answers."""

    def __init__(self, http: httpx.AsyncClient, policy: RetryPolicy) -> None:
        self.http = http
        self._policy = policy

    async def send(self, call: Call) -> httpx.Response:
        """The answer to a call, tried again where that is harmless and may help."""
        pauses = self._policy.pauses()
        while True:
            outcome = await self._try(call)
            if isinstance(outcome, httpx.Response) and outcome.is_success:
                return outcome
            pause = pause_before_retry(call, outcome, next(pauses, None))
            if pause is None:
                raise_failure(call, outcome)
            await asyncio.sleep(pause)

    async def ask(self, call: Call) -> Any:
        """The JSON of the answer to a call."""
        return (await self.send(call)).json()

    async def _try(self, call: Call) -> Union[httpx.Response, httpx.TransportError]:
        try:
            return await self.http.request(**call.arguments())
        except httpx.TransportError as error:
            return error
