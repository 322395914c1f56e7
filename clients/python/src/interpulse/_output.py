"""A file that a job left behind, apart from how it is read."""

from __future__ import annotations

import hashlib
import os
import posixpath
from pathlib import Path
from typing import Optional, Union

from ._errors import InterpulseError
from ._models import JobOutput

LocalPath = Union[str, "os.PathLike[str]"]


class Output:
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
