"""How answers of the hub become records: names in snake case, instants as ``datetime``."""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple, Type, TypeVar

R = TypeVar("R", bound="Record")
Decoder = Callable[[Any], Any]


def camel_case(name: str) -> str:
    """``walltime_seconds`` gives ``walltimeSeconds``; what is in camel case already stays."""
    return re.sub(r"_([a-z0-9])", lambda found: found.group(1).upper(), name)


def to_instant(text: str) -> datetime:
    """An instant of the hub, with its time zone (UTC)."""
    # Before Python 3.11 ``fromisoformat`` knows neither "Z" nor fractions of other lengths.
    plain = re.sub(r"\.(\d+)", lambda found: "." + found.group(1)[:6].ljust(6, "0"), text)
    return datetime.fromisoformat(plain.replace("Z", "+00:00"))


#: Metadata of a field that holds an instant.
INSTANT: Mapping[str, Decoder] = {"decode": to_instant}


def one(kind: Type[R]) -> Mapping[str, Decoder]:
    """Metadata of a field that holds another record."""
    return {"decode": kind.from_json}


def many(kind: Type[R]) -> Mapping[str, Decoder]:
    """Metadata of a field that holds a list of other records."""
    return {"decode": lambda items: [kind.from_json(item) for item in items]}


@dataclasses.dataclass(frozen=True)
class Record:
    """What the hub answered; ``raw`` has everything, also what this client does not know yet."""

    raw: Mapping[str, Any] = dataclasses.field(repr=False, compare=False)

    @classmethod
    def from_json(cls: Type[R], data: Mapping[str, Any]) -> R:
        """The record of a JSON object; what is missing in it is ``None``."""
        values: Dict[str, Any] = {}
        for name, key, decode in _fields_of(cls):
            value = data.get(key)
            values[name] = decode(value) if decode is not None and value is not None else value
        return cls(raw=data, **values)


FieldPlan = List[Tuple[str, str, Optional[Decoder]]]
_plans: Dict[type, FieldPlan] = {}


def _fields_of(kind: Type[Record]) -> FieldPlan:
    # Thousands of jobs come in one answer, and looking at their fields takes longer than them.
    if kind not in _plans:
        _plans[kind] = [
            (field.name, camel_case(field.name), field.metadata.get("decode"))
            for field in dataclasses.fields(kind)
            if field.name != "raw"
        ]
    return _plans[kind]
