"""Triggers, questions, notices and instruments, as the hub answers them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, List, Mapping, Optional, Sequence

from ._records import INSTANT, Record, many


@dataclass(frozen=True)
class Notices(Record):
    """Where one hears of flow runs of one's own, and of which."""

    to: Sequence[str]
    """Places: ``mail:ADDRESS``, ``chat:ROOM``, ``webhook:URL``."""
    on: Sequence[str]
    """``failed``, ``canceled``, ``succeeded``, ``late``, ``waiting``, ``paused``."""
    standings: Sequence[Mapping[str, Any]]
    """Of each place: ``lastSentAt``, ``lastError``, ``waiting``, ``dueAt``."""


@dataclass(frozen=True)
class WebInput(Record):
    """A question that a flow run asks people."""

    id: str
    status: str
    """``open``, ``answered``, ``expired`` or ``closed``."""
    flow_run_id: str
    flow_name: str
    label: str
    state_name: str
    project: str
    question: Mapping[str, Any]
    may_answer: bool
    awaited: bool
    created_at: datetime = field(metadata=INSTANT)
    expires_at: datetime = field(metadata=INSTANT)
    ended_at: Optional[datetime] = field(metadata=INSTANT)
    ended_by: Optional[str]
    response: Any
    comment: str


@dataclass(frozen=True)
class Trigger(Record):
    """What starts a flow by itself."""

    id: str
    name: str
    source: Mapping[str, Any]
    flow_name: str
    enabled: bool
    pause: Optional[Mapping[str, Any]]
    project: str
    run_as: str
    counts: Optional[Mapping[str, int]]
    """What became of the events of the last 24 hours."""
    next_due_at: Optional[datetime] = field(metadata=INSTANT)


@dataclass(frozen=True)
class SavedTrigger(Trigger):
    """A trigger as it was saved."""

    secret: Optional[str] = field(repr=False)
    """Of a new webhook, told this once."""


@dataclass(frozen=True)
class LastEvent(Record):
    """What a trigger listens to, as it last came."""

    origin: str
    """``seen``; or ``example`` when there was none yet: it is made up."""
    at: Optional[datetime] = field(metadata=INSTANT)
    summary: Optional[str]
    note: Optional[str]
    """What of it is not as it was."""
    event: Mapping[str, Any]
    """Its document: what expressions of triggers read, and what ``fire_trigger`` takes."""


@dataclass(frozen=True)
class InstrumentRun(Record):
    """A run or shot of an instrument: a row of its run table."""

    number: int
    parameters: Mapping[str, Any]
    results: List[Mapping[str, Any]]
    taken_at: datetime = field(metadata=INSTANT)
    ended_at: Optional[datetime] = field(metadata=INSTANT)

    def result(self, key: str) -> Any:
        """The value that was reported under a key.

        :raises KeyError: when nothing was.
        """
        for each in self.results:
            if each["key"] == key:
                return each["value"]
        raise KeyError(key)


@dataclass(frozen=True)
class Firing(Record):
    """An event at a trigger, and what became of it."""

    trigger: str
    key: str
    summary: str
    outcome: str
    """``fired``, ``failed``, ``limited``, ``filtered``, ``paused`` and others."""
    reason: Optional[str]
    flow_run_id: Optional[str]
    repeats: int
    at: datetime = field(metadata=INSTANT)


@dataclass(frozen=True)
class DryRunEvent(Record):
    """An event of the past, and what a trigger would have made of it."""

    at: datetime = field(metadata=INSTANT)
    event: str
    would_fire: bool
    outcome: str
    label: Optional[str]
    reason: Optional[str]


@dataclass(frozen=True)
class DryRun(Record):
    """What a trigger would have done in a time of the past; nothing was started."""

    looked: int
    would_fire: int
    outcomes: Mapping[str, int]
    items: List[DryRunEvent] = field(metadata=many(DryRunEvent))
    is_cut: bool
    """There was more than is told: ask for a shorter time."""
    notes: Sequence[str]


@dataclass(frozen=True)
class RotatedSecret(Record):
    """A new secret of a webhook, told this once."""

    secret: str = field(repr=False)
    old_secret_until: Optional[datetime] = field(metadata=INSTANT)


@dataclass(frozen=True)
class Instrument(Record):
    """What measures, and its shot clock."""

    name: str
    title: str
    site_name: str
    collection: str
    project: str
    return_to: str
    period_seconds: Optional[float]
    last_shot_number: Optional[int]
    last_shot_at: Optional[datetime] = field(metadata=INSTANT)
    next_shot_at: Optional[datetime] = field(metadata=INSTANT)
    status: str


@dataclass(frozen=True)
class Shot(Record):
    """A shot, and how soon it was answered."""

    number: int
    taken_at: datetime = field(metadata=INSTANT)
    dataset_id: Optional[str]
    flow_run_id: Optional[str]
    flow_status: Optional[str]
    result_dataset_id: Optional[str]
    deadline_at: Optional[datetime] = field(metadata=INSTANT)
    answered_at: Optional[datetime] = field(metadata=INSTANT)
    answer_seconds: Optional[float]
    in_time: Optional[bool]


@dataclass(frozen=True)
class Timing(Record):
    """How the last shots stood to their deadlines, and where the time went."""

    budget_seconds: Optional[float]
    counts: Mapping[str, int]
    """``hit``, ``late``, ``failed``, ``pending``, ``none``."""
    median_late_seconds: Optional[float]
    typical: List[Mapping[str, Any]]
    """Of each piece: ``piece``, ``medianSeconds``, ``p90Seconds``, ``share``."""
    shots: List[Mapping[str, Any]]
