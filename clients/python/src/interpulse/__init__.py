"""Client of Interpulse: submit work to any centre, get the answer back.

>>> from interpulse import Interpulse
>>> hub = Interpulse()
>>> hub.submit("xpcs", inputs={"series": "raw-data:/shot_7.h5"}).result().outputs["curves"].json()
"""

from ._async.flow_batches import AsyncFlowBatchHandle
from ._async.flow_runs import AsyncFlowRunHandle
from ._async.result import AsyncOutputFile, AsyncResult
from ._async_client import AsyncInterpulse
from ._async_ensemble_handle import AsyncEnsembleHandle
from ._async_job_handle import AsyncJobHandle
from ._client import Interpulse
from ._ensemble_handle import EnsembleHandle
from ._errors import (
    Conflict,
    ConnectionFailed,
    Exhausted,
    Fault,
    Forbidden,
    HubError,
    InterpulseError,
    InvalidRequest,
    JobCanceled,
    JobFailed,
    NotFound,
    Unauthenticated,
    Unavailable,
)
from ._flow_models import (
    Flow,
    FlowBatch,
    FlowBatchPlan,
    FlowBatchReport,
    FlowCheck,
    FlowFailureGroup,
    FlowLogEntry,
    FlowRun,
    FlowRunFailed,
    FlowVersion,
    SavedFlow,
)
from ._job_handle import JobHandle
from ._models import (
    App,
    Dataset,
    Ensemble,
    EnsembleReport,
    Event,
    Explanation,
    FailureGroup,
    Job,
    JobAttempt,
    JobOutput,
    Site,
    Usage,
)
from ._requests import Location, Resources, RetryRule
from ._sync.flow_batches import FlowBatchHandle
from ._sync.flow_runs import FlowRunHandle
from ._sync.result import OutputFile, Result
from ._trigger_models import (
    DryRun,
    Firing,
    Instrument,
    InstrumentRun,
    LastEvent,
    Notices,
    RotatedSecret,
    SavedTrigger,
    Shot,
    Timing,
    Trigger,
    WebInput,
)

__version__ = "0.1.0"

__all__ = [
    "App",
    "AsyncEnsembleHandle",
    "AsyncFlowBatchHandle",
    "AsyncFlowRunHandle",
    "AsyncInterpulse",
    "AsyncJobHandle",
    "AsyncOutputFile",
    "AsyncResult",
    "Conflict",
    "ConnectionFailed",
    "Dataset",
    "DryRun",
    "Ensemble",
    "EnsembleHandle",
    "EnsembleReport",
    "Event",
    "Exhausted",
    "Explanation",
    "FailureGroup",
    "Fault",
    "Firing",
    "Flow",
    "FlowBatch",
    "FlowBatchHandle",
    "FlowBatchPlan",
    "FlowBatchReport",
    "FlowCheck",
    "FlowFailureGroup",
    "FlowLogEntry",
    "FlowRun",
    "FlowRunFailed",
    "FlowRunHandle",
    "FlowVersion",
    "Forbidden",
    "HubError",
    "Instrument",
    "InstrumentRun",
    "Interpulse",
    "InterpulseError",
    "InvalidRequest",
    "Job",
    "JobAttempt",
    "JobCanceled",
    "JobFailed",
    "JobHandle",
    "JobOutput",
    "LastEvent",
    "Location",
    "NotFound",
    "Notices",
    "OutputFile",
    "Resources",
    "Result",
    "RetryRule",
    "RotatedSecret",
    "SavedFlow",
    "SavedTrigger",
    "Shot",
    "Site",
    "Timing",
    "Trigger",
    "Unauthenticated",
    "Unavailable",
    "Usage",
    "WebInput",
]
