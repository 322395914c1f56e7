"""Where the hub is and who asks: what the command line knows, this client knows too."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, List, Mapping, Optional

from ._errors import InterpulseError


@dataclass(frozen=True)
class Connection:
    """An address without a slash at its end, and a token."""

    url: str
    token: Optional[str]


def find_connection(
    url: Optional[str] = None,
    token: Optional[str] = None,
    environment: Optional[Mapping[str, str]] = None,
) -> Connection:
    """Finds the hub as the command line does: what is given; then, in a job that may use the hub,
    INTERPULSE_HUB; then INTERPULSE_URL; then what ``interpulse login`` wrote; then the hub that
    ``interpulse up`` runs in this folder. A stored token only ever goes to its own address.
    """
    env = os.environ if environment is None else environment
    in_environment = env.get("INTERPULSE_HUB") or env.get("INTERPULSE_URL")
    stored = _stored(env)
    named = url or in_environment or (stored[0].url if stored else None)
    if named:
        address = plain_url(named)
        if token is None and in_environment and address != plain_url(in_environment):
            spoken = None
        else:
            spoken = token or env.get("INTERPULSE_TOKEN") or None
        kept = (each.token for each in stored if each.url == address and each.token)
        return Connection(address, spoken or next(kept, None))
    raise InterpulseError(
        "no hub is known: give Interpulse(url, token), set INTERPULSE_URL and INTERPULSE_TOKEN, "
        "or sign in with `interpulse login URL --token TOKEN`"
    )


def plain_url(text: str) -> str:
    """An address with its scheme and without a slash at its end."""
    return (text if "://" in text else f"http://{text}").rstrip("/")


def _stored(env: Mapping[str, str]) -> List[Connection]:
    base = Path(env.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    found = []
    profile = _read_json(base / "interpulse" / "config.json")
    if profile is not None:
        found.append(Connection(plain_url(profile["url"]), profile.get("token")))
    local = Path("interpulse-data")
    address = _read_json(local / "address.json")
    if address is not None:
        found.append(Connection(plain_url(address["url"]), _read_line(local)))
    return found


def _read_line(folder: Path) -> Optional[str]:
    try:
        return (folder / "hub" / "admin-token").read_text().strip() or None
    except OSError:
        return None


def _read_json(path: Path) -> Optional[Mapping[str, Any]]:
    try:
        text = path.read_text()
    except OSError:
        return None
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if isinstance(data, dict) and isinstance(data.get("url"), str):
        return data
    raise InterpulseError(f"{path} is not what `interpulse login` writes; sign in again")
