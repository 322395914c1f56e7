"""What people write becomes what the hub wants: pure functions, the same for both clients."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from ._models import App, Job, JobOutput
from ._records import camel_case

#: The hub's own limits of one request.
JOBS_PER_SUBMIT = 10_000
_BODY_BYTES = 12 * 1024 * 1024


class Location(str):
    """A file or folder of a collection, ``collection:/path``; as an argument it is an input."""


CommandWord = Union[str, Sequence[str]]
Work = Union[str, App, Sequence[CommandWord]]
"""The name of an app, or a plain command as a list of words."""
LocalFile = Union[str, "os.PathLike[str]", bytes]
InputFile = Union[str, "os.PathLike[str]", JobOutput]
SiteWish = Union[str, Sequence[str], Mapping[str, str]]
Deadline = Union[datetime, timedelta, float, str]
Returns = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True)
class Resources:
    """What a job asks of a site; what is left out is as the app has it."""

    nodes: Optional[int] = None
    ranks_per_node: Optional[int] = None
    cores: Optional[int] = None
    """Per node."""
    threads_per_rank: Optional[int] = None
    gpus: Optional[float] = None
    """Per node: a whole number, or a part of one."""
    memory_bytes: Optional[int] = None
    walltime_seconds: Optional[int] = None


@dataclass(frozen=True)
class RetryRule:
    """What is done when an attempt ends badly."""

    retries: int = 0
    delay_seconds: float = 0
    backoff_rate: float = 2
    exit_codes: Optional[Sequence[int]] = None
    resources: Optional[Resources] = None


@dataclass(frozen=True)
class JobPlan:
    """A job as the hub wants it, the local files to bring along, and where results go."""

    body: Dict[str, Any]
    local_files: Dict[str, Union[str, bytes]]
    results_folder: Optional[str]


#: Keyword arguments of a submission that are not parameters of the app.
OPTIONS = frozenset(
    "parameters inputs files outputs returns resources label site urgency priority deadline "
    "parents on_parent_failure placement allocation environment on_error on_timeout restartable "
    "may_use_hub project tags".split()
)


def plan_job(work: Work, arguments: Mapping[str, Any]) -> JobPlan:
    """Sorts the arguments of a submission into what the hub knows by name, inputs, parameters."""
    given = {name: value for name, value in arguments.items() if value is not None}
    options = {name: given[name] for name in given if name in OPTIONS}
    free = {name: given[name] for name in given if name not in OPTIONS}
    inputs: Dict[str, Any] = dict(options.pop("inputs", {}))
    inputs.update({name: free.pop(name) for name in list(free) if _is_file(free[name])})
    local: Dict[str, Union[str, bytes]] = {
        name: data if isinstance(data, bytes) else os.fspath(data)
        for name, data in options.pop("files", {}).items()
    }
    for name in [name for name, value in inputs.items() if isinstance(value, os.PathLike)]:
        local[name] = os.fspath(inputs.pop(name))
    body = _named(work)
    _set(body, "inputs", {name: _location_of(value) for name, value in inputs.items()})
    _set(body, "parameters", {**options.pop("parameters", {}), **free})
    results_folder = None
    returns = options.pop("returns", None)
    if isinstance(returns, os.PathLike):
        results_folder = os.fspath(returns)
    elif returns is not None:
        body["returnTo"] = returns
    for name, value in options.items():
        body.update([_option(name, value)])
    return JobPlan(body, local, results_folder)


def _named(work: Work) -> Dict[str, Any]:
    if isinstance(work, App):
        return {"app": work.name}
    if isinstance(work, str):
        return {"app": work}
    return {"command": [word if isinstance(word, str) else list(word) for word in work]}


def _set(body: Dict[str, Any], name: str, value: Mapping[str, Any]) -> None:
    if value:
        body[name] = value


def _is_file(value: Any) -> bool:
    return isinstance(value, (Location, os.PathLike, JobOutput)) or hasattr(value, "location")


def _location_of(value: Any) -> str:
    return str(getattr(value, "location", value))


def _option(name: str, value: Any) -> Tuple[str, Any]:
    if name == "deadline":
        return "deadlineAt", instant_of(value)
    if name == "parents":
        return name, [_parent(parent) for parent in _listed(value)]
    if name in ("resources", "on_error", "on_timeout"):
        return camel_case(name), settings_of(value)
    if name == "outputs":
        return name, _outputs(value)
    if name == "site" and not isinstance(value, (str, Mapping)):
        return name, list(value)
    if name == "tags":
        return name, {key: str(text) for key, text in value.items()}
    return camel_case(name), value


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]


def _parent(parent: Any) -> Union[str, int]:
    if isinstance(parent, (str, int)):
        return parent
    return str(parent.id)


def _outputs(value: Any) -> List[Mapping[str, Any]]:
    if not isinstance(value, Mapping):
        return [settings_of(item) for item in value]
    return [{"name": name, "path": path} for name, path in value.items()]


def settings_of(value: Any) -> Dict[str, Any]:
    """A settings object, or a mapping in either case of names, as the hub writes it."""
    if isinstance(value, Mapping):
        pairs = list(value.items())
    else:
        pairs = [(field.name, getattr(value, field.name)) for field in fields(value)]
    return {
        camel_case(name): settings_of(inner) if isinstance(inner, (Resources, Mapping)) else inner
        for name, inner in pairs
        if inner is not None
    }


def instant_of(value: Deadline) -> str:
    """An instant as the hub writes it; a number or a timedelta counts from now."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        value = timedelta(seconds=value)
    if isinstance(value, timedelta):
        value = datetime.now(timezone.utc) + value
    if value.tzinfo is None:
        value = value.astimezone()
    text = value.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def arguments_of_item(item: Any, over: Optional[str]) -> Dict[str, Any]:
    """The arguments of one of many jobs: a mapping of them, or the one of ``over``."""
    if isinstance(item, Mapping) and over is None:
        return dict(item)
    if over is None:
        raise TypeError(
            "map: say which parameter or input an item is (over='NAME'), or give mappings"
        )
    return {over: item}


def submissions(bodies: Sequence[Mapping[str, Any]]) -> Iterator[List[Mapping[str, Any]]]:
    """Jobs in pieces that the hub takes as one request."""
    piece: List[Mapping[str, Any]] = []
    size_bytes = 0
    for body in bodies:
        body_bytes = len(json.dumps(body))
        if piece and (len(piece) >= JOBS_PER_SUBMIT or size_bytes + body_bytes > _BODY_BYTES):
            yield piece
            piece, size_bytes = [], 0
        piece.append(body)
        size_bytes += body_bytes
    if piece:
        yield piece


def job_filter(conditions: Mapping[str, Any]) -> Dict[str, Any]:
    """Conditions for jobs or flow runs as query parameters or as a body."""
    query: Dict[str, Any] = {}
    for name, value in conditions.items():
        if value is None:
            continue
        if name == "tags" and isinstance(value, Mapping):
            value = ",".join(f"{key}:{text}" for key, text in value.items())
        elif name in ("state", "status") and not isinstance(value, str):
            value = ",".join(value)
        elif isinstance(value, (datetime, timedelta)):
            value = instant_of(value)
        elif hasattr(value, "id"):
            value = value.id
        query[camel_case(name)] = value
    return query


def as_query(conditions: Mapping[str, Any]) -> Dict[str, Any]:
    """Conditions as query parameters: truth values as the hub reads them."""
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else value
        for name, value in conditions.items()
    }


def id_of(thing: Union[str, Job, Any]) -> str:
    """The id of a thing, or the id itself."""
    return thing if isinstance(thing, str) else str(thing.id)
