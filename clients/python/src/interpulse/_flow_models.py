"""Flows, flow runs and bulk starts, as the hub answers them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ._errors import Fault, InterpulseError, faults_of
from ._records import INSTANT, Record, many, one


@dataclass(frozen=True)
class Flow(Record):
    """A definition of what to do."""

    name: str
    version: int
    title: str
    description: str
    definition: Mapping[str, Any]
    input_schema: Mapping[str, Any]
    project: str
    owner: str
    service_account: Optional[str]
    created_at: datetime = field(metadata=INSTANT)
    updated_at: datetime = field(metadata=INSTANT)
    archived_at: Optional[datetime] = field(metadata=INSTANT)


@dataclass(frozen=True)
class FlowVersion(Record):
    """A version of a flow, without its text."""

    version: int
    title: str
    created_at: datetime = field(metadata=INSTANT)
    saved_by: Optional[str]
    flow_runs: int
    """How many were started with it."""


@dataclass(frozen=True)
class FlowCheck(Record):
    """What is wrong with a definition, and what is worth a look."""

    faults: Sequence[Fault] = field(metadata={"decode": faults_of})
    """None of them: it can be saved."""
    warnings: Sequence[Fault] = field(metadata={"decode": faults_of})


@dataclass(frozen=True)
class SavedFlow(Record):
    """A flow as it was saved."""

    name: str
    version: int
    warnings: Sequence[Fault] = field(metadata={"decode": faults_of})
    """What is worth a look; the flow may be started all the same."""


@dataclass(frozen=True)
class FlowRun(Record):
    """One execution of a flow."""

    id: str
    flow_name: str
    flow_version: int
    label: str
    project: str
    owner: str
    status: str
    reason: Optional[str]
    state_name: Optional[str]
    urgency: str
    tags: Mapping[str, str]
    deadline_at: Optional[datetime] = field(metadata=INSTANT)
    rerun_of: Optional[str]
    batch_id: Optional[str]
    result_dataset_id: Optional[str]
    started_at: datetime = field(metadata=INSTANT)
    ended_at: Optional[datetime] = field(metadata=INSTANT)

    @property
    def has_ended(self) -> bool:
        """Whether it succeeded, failed or was canceled."""
        return self.ended_at is not None


class FlowRunFailed(InterpulseError):
    """A flow run failed or was canceled; carries why."""

    def __init__(self, flow_run: FlowRun) -> None:
        self.flow_run = flow_run
        self.reason = flow_run.reason
        name = flow_run.label or flow_run.flow_name
        why = flow_run.reason or "no reason given"
        super().__init__(f"{name} {flow_run.id} {flow_run.status}: {why}")


@dataclass(frozen=True)
class FlowLogEntry(Record):
    """A line of a flow run's log, with a code of Globus Flows."""

    sequence: int
    at: datetime = field(metadata=INSTANT)
    code: str
    description: str
    details: Any


@dataclass(frozen=True)
class FlowBatch(Record):
    """A bulk start: flow runs that were started by one request."""

    id: str
    flow_name: str
    project: str
    owner: str
    label: str
    urgency: str
    created_at: datetime = field(metadata=INSTANT)
    canceled_at: Optional[datetime] = field(metadata=INSTANT)
    total: int
    waiting: int
    """Not started yet."""
    faulty: int
    """Those that could not be started."""
    by_status: Dict[str, int]

    @property
    def open(self) -> int:
        """Flow runs that have not ended; those that wait to be started are among them."""
        return self.waiting + self.by_status.get("ACTIVE", 0) + self.by_status.get("INACTIVE", 0)

    @property
    def ended(self) -> int:
        """Flow runs that have ended, or could not be started."""
        return self.total - self.open

    @property
    def has_ended(self) -> bool:
        """Whether all have."""
        return self.open == 0


@dataclass(frozen=True)
class FlowRunExample(Record):
    """A flow run, for example."""

    id: str
    label: str


@dataclass(frozen=True)
class FlowFailureGroup(Record):
    """Flow runs of a bulk start that failed for one reason."""

    reason: str
    count: int
    examples: List[FlowRunExample] = field(metadata=many(FlowRunExample))
    """The newest of them."""


@dataclass(frozen=True)
class FlowBatchProgress(Record):
    """How the flow runs of a bulk start went so far."""

    expected_end_at: Optional[datetime] = field(metadata=INSTANT)
    run_seconds: Optional[Mapping[str, float]]
    """``p50``, ``p90``, ``longest`` of those that succeeded."""
    failures: List[FlowFailureGroup] = field(metadata=many(FlowFailureGroup))
    done_again: List[Mapping[str, Any]]


@dataclass(frozen=True)
class NotStarted(Record):
    """An input of a bulk start for which there is no flow run."""

    position: int
    """From 0, in the order of the inputs."""
    reason: str


@dataclass(frozen=True)
class FlowBatchReport(Record):
    """A bulk start with its expected end, its durations, and its failures by reason."""

    batch: FlowBatch = field(metadata=one(FlowBatch))
    progress: FlowBatchProgress = field(metadata=one(FlowBatchProgress))
    faults: List[NotStarted] = field(metadata=many(NotStarted))
    """What could not be started."""

    @property
    def failures(self) -> List[FlowFailureGroup]:
        """What failed, by reason, the most frequent first."""
        return self.progress.failures

    @property
    def succeeded(self) -> bool:
        """Whether every flow run did."""
        return self.batch.by_status.get("SUCCEEDED", 0) == self.batch.total


@dataclass(frozen=True)
class FlowBatchPlan(Record):
    """What a bulk start would start."""

    count: int
    first_input: Optional[Mapping[str, Any]]
    """The input of the first flow run; private values are hidden."""
