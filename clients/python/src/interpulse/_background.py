"""The one thread in which a blocking client hears of the ends of its jobs."""

from __future__ import annotations

import asyncio
import threading
from typing import Callable, List, Optional, Sequence

import httpx

from ._async.transport import AsyncTransport
from ._call import client_options
from ._connection import Connection
from ._models import Job
from ._operations import read_ended, wait_for_jobs
from ._retry import RetryPolicy
from ._waiter import EndWaiter

_CLOSE_SECONDS = 5.0


class BackgroundWaiter:
    """Watches jobs of all handles of a client; its thread starts with the first of them."""

    def __init__(
        self,
        connection: Connection,
        on_end: Callable[[Job], None],
        on_fault: Callable[[str, Exception], None],
        transport: Optional[httpx.AsyncBaseTransport] = None,
    ) -> None:
        self._connection = connection
        self._on_end = on_end
        self._on_fault = on_fault
        self._http_transport = transport
        self._lock = threading.Lock()
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._stop: Optional[asyncio.Event] = None
        self._waiter: Optional[EndWaiter] = None
        self._thread: Optional[threading.Thread] = None

    def watch(self, job_ids: Sequence[str]) -> None:
        """Hears of the ends of these jobs; from any thread."""
        with self._lock:
            if self._thread is None:
                self._start()
        loop, waiter = self._loop, self._waiter
        if loop is not None and waiter is not None:
            loop.call_soon_threadsafe(waiter.watch, list(job_ids))

    def close(self) -> None:
        """Ends the thread; handles that wait hear nothing any more."""
        loop, stop, thread = self._loop, self._stop, self._thread
        if loop is None or stop is None or thread is None or not thread.is_alive():
            return
        loop.call_soon_threadsafe(stop.set)
        if thread is not threading.current_thread():
            thread.join(_CLOSE_SECONDS)

    def _start(self) -> None:
        started = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run(started)), name="interpulse-waiter", daemon=True
        )
        self._thread.start()
        started.wait()

    async def _run(self, started: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        options = client_options(self._connection)
        async with httpx.AsyncClient(**options, transport=self._http_transport) as http:
            # One attempt: the waiter has pauses of its own, and never gives up.
            transport = AsyncTransport(http, RetryPolicy(patience_seconds=0))

            async def ask(job_ids: Sequence[str], wait_seconds: float) -> List[Job]:
                return read_ended(await transport.send(wait_for_jobs(job_ids, wait_seconds)))

            self._waiter = EndWaiter(ask, self._on_end, self._on_fault)
            started.set()
            await self._stop.wait()
            await self._waiter.close()
