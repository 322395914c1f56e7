"""The client for asyncio."""

from __future__ import annotations

import os
from types import TracebackType
from typing import List, Mapping, Optional, Sequence, Type, Union

import httpx

from . import _operations as ops
from ._async.submissions import AsyncSubmissions
from ._async.transport import AsyncTransport
from ._call import client_options
from ._connection import find_connection
from ._files import CollectionRoots, Uploads
from ._models import Job
from ._retry import RetryPolicy
from ._waiter import EndWaiter


class AsyncInterpulse(AsyncSubmissions):
    """A hub, and who asks. Without arguments: the hub that the command line knows, or, within a
    job that may use the hub, the hub that runs it.

    :param url: address of the hub.
    :param token: who asks.
    :param uploads: a folder (``collection:/path``) for local files that are sent along; without
        it the work space of the site that is wished for, else of the first that is up.
    :param collections: where collections lie on this machine, by name: local files below them are
        used where they are, however large (also ``INTERPULSE_COLLECTIONS=name=/root:...``).
    :param patience_seconds: for how long a request is tried again when the hub cannot be reached.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        token: Optional[str] = None,
        *,
        uploads: Optional[str] = None,
        collections: Optional[Mapping[str, Union[str, "os.PathLike[str]"]]] = None,
        patience_seconds: float = 30.0,
        transport: Optional[httpx.AsyncBaseTransport] = None,
    ) -> None:
        connection = find_connection(url, token)
        self.url = connection.url
        http = httpx.AsyncClient(**client_options(connection), transport=transport)
        sender = AsyncTransport(http, RetryPolicy(patience_seconds))
        super().__init__(sender, Uploads(uploads), CollectionRoots(collections))
        # One attempt: the waiter has pauses of its own, and never gives up.
        self._ends = AsyncTransport(http, RetryPolicy(patience_seconds=0))
        self._waiter: Optional[EndWaiter] = None

    async def __aenter__(self) -> AsyncInterpulse:
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends connections and the waiting; jobs go on."""
        if self._waiter is not None:
            await self._waiter.close()
        await self._transport.http.aclose()

    def _watch_ends(self, job_ids: Sequence[str]) -> None:
        if self._waiter is None:
            self._waiter = EndWaiter(self._ask_ended, self._settle, self._break)
        self._waiter.watch(job_ids)

    async def _ask_ended(self, job_ids: Sequence[str], wait_seconds: float) -> List[Job]:
        return ops.read_ended(await self._ends.send(ops.wait_for_jobs(job_ids, wait_seconds)))
