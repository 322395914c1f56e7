"""What a completed job left behind."""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Union

from ._errors import InterpulseError
from ._models import Job, JobOutput

if TYPE_CHECKING:
    from ._async_client import AsyncInterpulse
    from ._client import Interpulse

LocalPath = Union[str, "os.PathLike[str]"]


class _File:
    """A file that a job left behind, and where it lies."""

    def __init__(self, output: JobOutput, job_id: str) -> None:
        self.output = output
        self.name = output.name
        self.location = output.location
        self.size_bytes = output.size_bytes
        self.sha256 = output.sha256
        self.path: Optional[Path] = None
        """Where it lies on this machine, once it is downloaded."""
        self._job_id = job_id

    @property
    def file_name(self) -> str:
        """The last name of its location."""
        return posixpath.basename(self.location.rstrip("/"))

    def __repr__(self) -> str:
        return f"<{self.name} {self.location} {self.size_bytes} bytes>"

    def _checked(self, content: bytes) -> bytes:
        if self.sha256 is None or hashlib.sha256(content).hexdigest() == self.sha256:
            return content
        raise InterpulseError(f"{self.location} is not what its job left: its SHA-256 differs")

    def _written(self, content: bytes, path: Optional[LocalPath]) -> Path:
        place = Path(self.file_name if path is None else path)
        if place.is_dir():
            place = place / self.file_name
        place.parent.mkdir(parents=True, exist_ok=True)
        # Others may look into the folder: a file appears there when it is whole.
        part = place.with_name(f".{place.name}.{os.getpid()}.part")
        part.write_bytes(content)
        os.replace(part, place)
        self.path = place
        return place


class OutputFile(_File):
    """A file that a job left behind; small ones (up to 16 MiB) can be read through the hub."""

    def __init__(self, output: JobOutput, job_id: str, client: Interpulse) -> None:
        super().__init__(output, job_id)
        self._client = client

    def read_bytes(self) -> bytes:
        """Its bytes, checked against its SHA-256."""
        return self._checked(self._client.read_job_file(self._job_id, self.location))

    def read_text(self, encoding: str = "utf-8") -> str:
        """Its text."""
        return self.read_bytes().decode(encoding)

    def json(self) -> Any:
        """Its content, read as JSON."""
        return json.loads(self.read_bytes())

    def download(self, path: Optional[LocalPath] = None) -> Path:
        """Writes it to a path or into a folder; appears there only when it is whole."""
        return self._written(self.read_bytes(), path)


class Result:
    """What a completed job left behind."""

    def __init__(self, job: Job, client: Interpulse) -> None:
        self.job = job
        self.files: List[OutputFile] = [OutputFile(each, job.id, client) for each in job.outputs]
        """All output files; a pattern may have found several of one name."""
        self.outputs: Mapping[str, OutputFile] = _first_of_each(self.files)
        """The first file of each output, by name."""
        self._client = client

    def __repr__(self) -> str:
        return f"<Result of {self.job.id}: {', '.join(self.outputs) or 'no files'}>"

    def stdout(self) -> str:
        """The tail of what it printed."""
        return self._client.job_log(self.job.id)

    def stderr(self) -> str:
        """The tail of what it said on stderr."""
        return self._client.job_log(self.job.id, "stderr")

    def download(self, folder: LocalPath = ".") -> Dict[str, Path]:
        """Brings all output files into a folder; the first path of each output by name."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        paths: Dict[str, Path] = {}
        for file in self.files:
            paths.setdefault(file.name, file.download(folder))
        return paths


class AsyncOutputFile(_File):
    """As :class:`OutputFile`, for asyncio."""

    def __init__(self, output: JobOutput, job_id: str, client: AsyncInterpulse) -> None:
        super().__init__(output, job_id)
        self._client = client

    async def read_bytes(self) -> bytes:
        """Its bytes, checked against its SHA-256."""
        return self._checked(await self._client.read_job_file(self._job_id, self.location))

    async def read_text(self, encoding: str = "utf-8") -> str:
        """Its text."""
        return (await self.read_bytes()).decode(encoding)

    async def json(self) -> Any:
        """Its content, read as JSON."""
        return json.loads(await self.read_bytes())

    async def download(self, path: Optional[LocalPath] = None) -> Path:
        """Writes it to a path or into a folder; appears there only when it is whole."""
        return self._written(await self.read_bytes(), path)


class AsyncResult:
    """As :class:`Result`, for asyncio."""

    def __init__(self, job: Job, client: AsyncInterpulse) -> None:
        self.job = job
        self.files: List[AsyncOutputFile] = [
            AsyncOutputFile(each, job.id, client) for each in job.outputs
        ]
        self.outputs: Mapping[str, AsyncOutputFile] = _first_of_each(self.files)
        self._client = client

    def __repr__(self) -> str:
        return f"<AsyncResult of {self.job.id}: {', '.join(self.outputs) or 'no files'}>"

    async def stdout(self) -> str:
        """The tail of what it printed."""
        return await self._client.job_log(self.job.id)

    async def stderr(self) -> str:
        """The tail of what it said on stderr."""
        return await self._client.job_log(self.job.id, "stderr")

    async def download(self, folder: LocalPath = ".") -> Dict[str, Path]:
        """Brings all output files into a folder; the first path of each output by name."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        paths: Dict[str, Path] = {}
        for file in self.files:
            paths.setdefault(file.name, await file.download(folder))
        return paths


def _first_of_each(files: List[Any]) -> Dict[str, Any]:
    first: Dict[str, Any] = {}
    for file in files:
        first.setdefault(file.name, file)
    return first
