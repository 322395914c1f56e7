"""The client that waits."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Mapping, Optional, Sequence, Type, Union

import httpx

from ._background import BackgroundWaiter
from ._call import client_options
from ._connection import find_connection
from ._files import CollectionRoots, Uploads
from ._retry import RetryPolicy
from ._sync.submissions import Submissions
from ._sync.transport import Transport


class Interpulse(Submissions):
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
        transport: Optional[httpx.BaseTransport] = None,
        waiter_transport: Optional[httpx.AsyncBaseTransport] = None,
    ) -> None:
        connection = find_connection(url, token)
        self.url = connection.url
        http = httpx.Client(**client_options(connection), transport=transport)
        sender = Transport(http, RetryPolicy(patience_seconds))
        super().__init__(sender, Uploads(uploads), CollectionRoots(collections))
        self._waiter = BackgroundWaiter(connection, self._settle, self._break, waiter_transport)

    def __enter__(self) -> Interpulse:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends connections and the waiting; jobs go on."""
        self._waiter.close()
        self._transport.http.close()

    def _watch_ends(self, job_ids: Sequence[str]) -> None:
        self._waiter.watch(job_ids)
