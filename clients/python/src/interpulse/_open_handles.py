"""The handles of a client whose jobs have not ended, as far as it knows."""

from __future__ import annotations

import threading
from typing import Dict, Generic, Iterable, List, TypeVar

from ._async_job_handle import AsyncJobHandle
from ._job_handle import JobHandle

AnyHandle = TypeVar("AnyHandle", JobHandle, AsyncJobHandle)


class OpenHandles(Generic[AnyHandle]):
    """Handles by the ids of their jobs; there may be several of one. From any thread."""

    def __init__(self) -> None:
        self._by_job: Dict[str, List[AnyHandle]] = {}
        self._lock = threading.Lock()

    def add(self, handles: Iterable[AnyHandle]) -> None:
        """Keeps handles until their jobs have ended."""
        with self._lock:
            for handle in handles:
                self._by_job.setdefault(handle.id, []).append(handle)

    def take(self, job_id: str) -> List[AnyHandle]:
        """The handles of a job, which are kept no longer."""
        with self._lock:
            return self._by_job.pop(job_id, [])
