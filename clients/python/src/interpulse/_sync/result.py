# Written by tools/generate.ts from _async/result.py: change that.
"""What a completed job left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from .._models import Job, JobOutput
from .._output import LocalPath, Output
from .queries import Queries


class OutputFile(Output):
    """A file that a job left behind; small ones (up to 16 MiB) can be read through the hub."""

    def __init__(self, output: JobOutput, job_id: str, client: Queries) -> None:
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

    def __init__(self, job: Job, client: Queries) -> None:
        self.job = job
        self.files: List[OutputFile] = [
            OutputFile(each, job.id, client) for each in job.outputs
        ]
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


def _first_of_each(files: List[OutputFile]) -> Dict[str, OutputFile]:
    first: Dict[str, OutputFile] = {}
    for file in files:
        first.setdefault(file.name, file)
    return first
