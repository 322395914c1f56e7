"""The things of the hub, as it answers them; ``raw`` holds the whole of each answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Union

from ._records import INSTANT, Record, many, one

ENDED_STATES = frozenset({"completed", "failed", "canceled"})


@dataclass(frozen=True)
class Usage(Record):
    """What an attempt used."""

    wall_seconds: float
    cpu_seconds: Optional[float]
    peak_memory_bytes: Optional[int]


@dataclass(frozen=True)
class JobOutput(Record):
    """A file that a job left behind, and where it lies."""

    name: str
    location: str
    size_bytes: int
    sha256: Optional[str]


@dataclass(frozen=True)
class Job(Record):
    """One execution of an app, or of a plain command."""

    id: str
    label: str
    app: Optional[str]
    command: List[Union[str, List[str]]]
    project: str
    owner: str
    state: str
    reason: Optional[str]
    """Why it waits or why it failed, in a sentence."""
    ensemble_id: Optional[str]
    flow_run_id: Optional[str]
    created_by_job_id: Optional[str]
    parents: List[str]
    site_name: Optional[str]
    pilot_id: Optional[str]
    attempt: int
    parameters: Mapping[str, Any]
    inputs: Mapping[str, str]
    outputs: List[JobOutput] = field(metadata=many(JobOutput))
    resources: Mapping[str, Any]
    urgency: str
    priority: int
    deadline_at: Optional[datetime] = field(metadata=INSTANT)
    tags: Mapping[str, str]
    exit_code: Optional[int]
    usage: Optional[Usage] = field(metadata=one(Usage))
    created_at: datetime = field(metadata=INSTANT)
    placed_at: Optional[datetime] = field(metadata=INSTANT)
    ready_at: Optional[datetime] = field(metadata=INSTANT)
    started_at: Optional[datetime] = field(metadata=INSTANT)
    ended_at: Optional[datetime] = field(metadata=INSTANT)
    state_since_at: datetime = field(metadata=INSTANT)

    @property
    def has_ended(self) -> bool:
        """Whether it is completed, failed or canceled."""
        return self.state in ENDED_STATES


@dataclass(frozen=True)
class JobAttempt(Record):
    """One attempt at a job: who ran it where, and how it ended."""

    number: int
    site_name: str
    pilot_id: Optional[str]
    host: Optional[str]
    user: Optional[str]
    argv: List[str]
    app_digest: Optional[str]
    versions: Mapping[str, str]
    leased_at: datetime = field(metadata=INSTANT)
    started_at: Optional[datetime] = field(metadata=INSTANT)
    ended_at: Optional[datetime] = field(metadata=INSTANT)
    outcome: Optional[str]
    usage: Optional[Usage] = field(metadata=one(Usage))
    reason: Optional[str]
    exit_code: Optional[int]
    signal: Optional[str]
    stderr_tail: Optional[str]


@dataclass(frozen=True)
class ConsideredSite(Record):
    """One site as the placer saw it for a job."""

    site_name: str
    refusal: Optional[str]
    estimate: Optional[Mapping[str, Any]]


@dataclass(frozen=True)
class Explanation(Record):
    """Why a job is where it is."""

    summary: str
    """One sentence."""
    unblock: Optional[str]
    """What would unblock it; ``None`` when nothing is in the way."""
    sites: List[ConsideredSite] = field(metadata=many(ConsideredSite))

    def __str__(self) -> str:
        return self.summary if self.unblock is None else f"{self.summary} {self.unblock}"


@dataclass(frozen=True)
class Ensemble(Record):
    """Jobs that were submitted as one request under one label."""

    id: str
    label: str
    project: str
    owner: str
    tags: Mapping[str, str]
    total: int
    counts: Dict[str, int]
    created_at: datetime = field(metadata=INSTANT)
    ended_at: Optional[datetime] = field(metadata=INSTANT)


@dataclass(frozen=True)
class FailureGroup(Record):
    """Jobs of an ensemble that failed for one reason."""

    reason: str
    exit_code: Optional[int]
    count: int
    example_job_id: str


@dataclass(frozen=True)
class EnsembleReport(Record):
    """An ensemble with its durations and its failures by reason."""

    ensemble: Ensemble = field(metadata=one(Ensemble))
    run_seconds: Optional[Mapping[str, float]]
    failures: List[FailureGroup] = field(metadata=many(FailureGroup))
    by_site: List[Mapping[str, Any]]


@dataclass(frozen=True)
class Site(Record):
    """A place of a facility where one agent runs."""

    id: str
    name: str
    title: str
    status: str
    status_reason: Optional[str]
    seen_at: Optional[datetime] = field(metadata=INSTANT)
    roles: List[str]
    labels: List[str]
    batch: Optional[str]
    scratch_collection: Optional[str]
    collections: List[str]
    allows_commands: bool
    launcher: Optional[str]
    pools: List[Mapping[str, Any]]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class App(Record):
    """A named program that sites can run."""

    name: str
    title: str
    description: str
    version: str
    parameters: Mapping[str, Any]
    """JSON Schema of its parameters."""
    inputs: List[Mapping[str, Any]]
    outputs: List[Mapping[str, Any]]
    resources: Mapping[str, Any]


@dataclass(frozen=True)
class Dataset(Record):
    """Files with one meaning: a manifest, metadata, an owner, a provenance."""

    id: str
    title: str
    kind: str
    project: str
    owner: str
    instrument: Optional[str]
    shot_number: Optional[int]
    flow_run_id: Optional[str]
    job_id: Optional[str]
    derived_from: List[str]
    metadata: Mapping[str, Any]
    keywords: List[str]
    file_count: int
    size_bytes: int
    has_preview: bool
    created_at: datetime = field(metadata=INSTANT)


@dataclass(frozen=True)
class Event(Record):
    """A fact that happened; ``cursor`` is what a later stream goes on after."""

    cursor: str
    at: datetime = field(metadata=INSTANT)
    kind: str
    subject_type: str
    subject_id: str
    project: Optional[str]
    flow_run_id: Optional[str]
    actor: Optional[str]
    data: Mapping[str, Any]
