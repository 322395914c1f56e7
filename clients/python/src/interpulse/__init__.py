"""Client of Interpulse: submit work to any centre, get the answer back.

>>> from interpulse import Interpulse
>>> hub = Interpulse()
>>> hub.submit("xpcs", inputs={"series": "raw-data:/shot_7.h5"}).result().outputs["curves"].json()
"""

from ._async_client import AsyncInterpulse
from ._async_handles import AsyncEnsembleHandle, AsyncJobHandle
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
from ._flow_runs import FlowRun, FlowRunFailed, FlowRunHandle
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
from ._result import AsyncOutputFile, AsyncResult, OutputFile, Result

__version__ = "0.1.0"

__all__ = [
    "App",
    "AsyncEnsembleHandle",
    "AsyncInterpulse",
    "AsyncJobHandle",
    "AsyncOutputFile",
    "AsyncResult",
    "Conflict",
    "ConnectionFailed",
    "Dataset",
    "Ensemble",
    "EnsembleHandle",
    "EnsembleReport",
    "Event",
    "Exhausted",
    "Explanation",
    "FailureGroup",
    "Fault",
    "FlowRun",
    "FlowRunFailed",
    "FlowRunHandle",
    "Forbidden",
    "HubError",
    "Interpulse",
    "InterpulseError",
    "InvalidRequest",
    "Job",
    "JobAttempt",
    "JobCanceled",
    "JobFailed",
    "JobHandle",
    "JobOutput",
    "Location",
    "NotFound",
    "OutputFile",
    "Resources",
    "Result",
    "RetryRule",
    "Site",
    "Unauthenticated",
    "Unavailable",
    "Usage",
]
