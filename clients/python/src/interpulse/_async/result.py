"""What a completed job left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from .._models import Job, JobOutput
from .._output import LocalPath, Output
from .queries import AsyncQueries


class AsyncOutputFile(Output):
    """A file that a job left behind; small ones (up to 16 MiB) can be read through the hub."""

    def __init__(self, output: JobOutput, job_id: str, client: AsyncQueries) -> None:
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
    """What a completed job left behind."""

    def __init__(self, job: Job, client: AsyncQueries) -> None:
        self.job = job
        self.files: List[AsyncOutputFile] = [
            AsyncOutputFile(each, job.id, client) for each in job.outputs
        ]
        """All output files; a pattern may have found several of one name."""
        self.outputs: Mapping[str, AsyncOutputFile] = _first_of_each(self.files)
        """The first file of each output, by name."""
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


def _first_of_each(files: List[AsyncOutputFile]) -> Dict[str, AsyncOutputFile]:
    first: Dict[str, AsyncOutputFile] = {}
    for file in files:
        first.setdefault(file.name, file)
    return first
