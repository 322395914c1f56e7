"""Local files on their way to a job: a known collection has them already, or they are sent."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple, Union

from ._errors import InterpulseError
from ._models import Site
from ._requests import SiteWish

#: The hub's limit of a file that travels through it.
UPLOAD_BYTES = 16 * 1024 * 1024
_UPLOADS_FOLDER = "uploads"


class CollectionRoots:
    """Where collections lie on this machine: files below them need not travel."""

    def __init__(
        self,
        collections: Optional[Mapping[str, Union[str, "os.PathLike[str]"]]] = None,
        environment: Optional[Mapping[str, str]] = None,
    ) -> None:
        text = (os.environ if environment is None else environment).get("INTERPULSE_COLLECTIONS")
        pairs = [each.partition("=") for each in (text or "").split(os.pathsep) if "=" in each]
        known = {name: root for name, _, root in pairs}
        known.update({name: os.fspath(root) for name, root in (collections or {}).items()})
        self._roots = {name: Path(root).resolve() for name, root in known.items()}

    def location_of(self, path: Path) -> Optional[str]:
        """The location of a path below one of them; ``None`` elsewhere."""
        real = path.resolve()
        for name, root in self._roots.items():
            if root in real.parents:
                return f"{name}:/{real.relative_to(root).as_posix()}"
        return None


class Uploads:
    """Remembers what was sent, so that one file for a thousand jobs is sent once."""

    def __init__(self, folder: Optional[str]) -> None:
        self._folder = folder
        self._sent: Dict[Tuple[str, str], str] = {}

    @property
    def needs_sites(self) -> bool:
        """Whether a folder has still to be chosen."""
        return self._folder is None

    def folder_for(self, wish: Optional[SiteWish], sites: Sequence[Site]) -> str:
        """The folder that was named, or one in the work space of the site that is wished for."""
        if self._folder is not None:
            return self._folder.rstrip("/")
        able = [site for site in sites if site.scratch_collection and site.status == "up"]
        wished = [site for site in able if site.name in _names(wish)]
        if not able:
            raise InterpulseError(
                "no site is up that could take local files; name a folder of a collection: "
                "Interpulse(uploads='collection:/folder')"
            )
        site = (wished or able)[0]
        return f"{site.scratch_collection}:/{_UPLOADS_FOLDER}"

    def sent(self, digest: str, folder: str) -> Optional[str]:
        """Where this content was sent to before."""
        return self._sent.get((digest, folder))

    def place(self, digest: str, folder: str, name: str) -> str:
        """Where it goes: by its content, so that the same file twice is the same file."""
        return f"{folder}/{digest[:32]}/{name}"

    def remember(self, digest: str, folder: str, location: str) -> None:
        """Notes what was sent."""
        self._sent[(digest, folder)] = location


def _names(wish: Optional[SiteWish]) -> List[str]:
    if wish is None or isinstance(wish, Mapping):
        return []
    return [wish] if isinstance(wish, str) else list(wish)


def read_upload(name: str, file: Union[str, bytes]) -> Tuple[str, bytes]:
    """The name and the bytes of a local file; refuses what is too large to send."""
    if isinstance(file, bytes):
        content, file_name = file, name
    else:
        path = Path(file)
        size = path.stat().st_size
        if path.is_dir():
            raise InterpulseError(f"{path} is a folder; {_elsewhere}")
        if size > UPLOAD_BYTES:
            raise InterpulseError(f"{path} has {size} bytes, too many to send; {_elsewhere}")
        content, file_name = path.read_bytes(), path.name
    if len(content) > UPLOAD_BYTES:
        raise InterpulseError(f"{name} has {len(content)} bytes, too many to send; {_elsewhere}")
    return file_name, content


_elsewhere = (
    "put it into a collection and give its location (collection:/path), or say where that "
    "collection lies here: Interpulse(collections={'NAME': '/its/root'})"
)


def digest_of(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
