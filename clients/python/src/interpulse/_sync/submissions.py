# Written by tools/generate.ts from _async/submissions.py: change that.
"""Submits work, and holds the handles of what has not ended."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Union

from .. import _operations as ops
from .._ensemble_handle import EnsembleHandle
from .._job_handle import JobHandle
from .._files import CollectionRoots, Uploads, digest_of, read_upload
from .._models import Job, Site
from .._open_handles import OpenHandles
from .._requests import (
    Deadline,
    InputFile,
    JobPlan,
    LocalFile,
    Resources,
    RetryRule,
    Returns,
    SiteWish,
    Work,
    arguments_of_item,
    plan_job,
    submissions,
)
from .queries import Queries
from .transport import Transport

Parents = Union[JobHandle, str, Sequence[Union[JobHandle, str, int]]]


class Submissions(Queries, ABC):
    """The part of :class:`Interpulse` that is about new work."""

    def __init__(
        self, transport: Transport, uploads: Uploads, roots: CollectionRoots
    ) -> None:
        super().__init__(transport)
        self._uploads = uploads
        self._roots = roots
        self._open: OpenHandles[JobHandle] = OpenHandles()

    def submit(
        self,
        work: Work,
        /,
        *,
        parameters: Optional[Mapping[str, Any]] = None,
        inputs: Optional[Mapping[str, InputFile]] = None,
        files: Optional[Mapping[str, LocalFile]] = None,
        outputs: Optional[Union[Mapping[str, str], Sequence[Mapping[str, Any]]]] = None,
        returns: Optional[Returns] = None,
        resources: Optional[Union[Resources, Mapping[str, Any]]] = None,
        label: Optional[str] = None,
        site: Optional[SiteWish] = None,
        urgency: Optional[str] = None,
        priority: Optional[int] = None,
        deadline: Optional[Deadline] = None,
        parents: Optional[Parents] = None,
        on_parent_failure: Optional[str] = None,
        placement: Optional[str] = None,
        allocation: Optional[str] = None,
        environment: Optional[Mapping[str, str]] = None,
        on_error: Optional[Union[RetryRule, Mapping[str, Any]]] = None,
        on_timeout: Optional[Union[RetryRule, Mapping[str, Any]]] = None,
        restartable: Optional[bool] = None,
        may_use_hub: Optional[bool] = None,
        project: Optional[str] = None,
        tags: Optional[Mapping[str, str]] = None,
        **more_parameters: Any,
    ) -> JobHandle:
        """Submits one job.

        :param work: the name of an app, or a plain command as a list of words.
        :param parameters: of the app; those whose names are free may be keyword arguments, which
            are inputs when they are a :class:`Location`, a path or another job's output.
        :param inputs: files by the app's names for them: ``collection:/path``, an output of
            another job, or a path of this machine, which is brought along.
        :param files: files of this machine by the app's names for them, or their bytes.
        :param outputs: of a plain command: patterns in its work directory by name.
        :param returns: where outputs go: ``collection:/folder/``, or a folder of this machine, to
            which ``result()`` brings them.
        :param deadline: an instant, or seconds from now.
        :raises InvalidRequest: with the fault of every argument.
        """
        arguments = {
            "parameters": parameters, "inputs": inputs, "files": files, "outputs": outputs,
            "returns": returns, "resources": resources, "label": label, "site": site,
            "urgency": urgency, "priority": priority, "deadline": deadline, "parents": parents,
            "on_parent_failure": on_parent_failure, "placement": placement,
            "allocation": allocation, "environment": environment, "on_error": on_error,
            "on_timeout": on_timeout, "restartable": restartable, "may_use_hub": may_use_hub,
            "project": project, "tags": tags,
        }  # fmt: skip
        plan = plan_job(work, {**arguments, **more_parameters})
        [body] = self._bring_along([plan])
        submitted = ops.read_submitted(self._transport.send(ops.submit_jobs([body])))
        return self._watch(submitted.job_ids, [plan])[0]

    def map(
        self,
        work: Work,
        items: Iterable[Any],
        /,
        *,
        over: Optional[str] = None,
        label: Optional[str] = None,
        tags: Optional[Mapping[str, str]] = None,
        **common: Any,
    ) -> EnsembleHandle:
        """Submits one job for each item, as one request and one ensemble.

        :param items: mappings of keyword arguments of :meth:`submit`; or values of ``over``.
        :param over: the parameter, or the input, that each item is.
        :param label: of the ensemble.
        :param common: keyword arguments of :meth:`submit` for every job.
        """
        plans = [
            plan_job(work, {**common, **arguments_of_item(item, over)}) for item in items
        ]
        bodies = self._bring_along(plans)
        name = label or (work if isinstance(work, str) else "map")
        ensemble: Dict[str, Any] = {"label": name, "tags": dict(tags or {})}
        job_ids: List[str] = []
        ensemble_ids: List[str] = []
        for piece in submissions(bodies):
            answer = self._transport.send(ops.submit_jobs(piece, ensemble=ensemble))
            submitted = ops.read_submitted(answer)
            job_ids += submitted.job_ids
            ensemble_ids += [submitted.ensemble_id] if submitted.ensemble_id else []
        return EnsembleHandle(self, ensemble_ids, self._watch(job_ids, plans))

    def job(self, job_id: str) -> JobHandle:
        """A handle of a job that was submitted elsewhere or earlier."""
        return self._watch([job_id], None)[0]

    def ensemble(self, ensemble_id: str) -> EnsembleHandle:
        """A handle of an ensemble that was submitted elsewhere or earlier."""
        answer = self._transport.ask(ops.get_ensemble_grid(ensemble_id))
        handles = self._watch(answer["jobIds"], None)
        return EnsembleHandle(self, [ensemble_id], handles)

    def retry_job(self, job_id: str) -> JobHandle:
        """Runs a failed or canceled job again."""
        self._transport.send(ops.change_job(job_id, "retry"))
        return self.job(job_id)

    def _watch(
        self, job_ids: Sequence[str], plans: Optional[Sequence[JobPlan]]
    ) -> List[JobHandle]:
        handles = [
            JobHandle(self, job_id, plans[place].results_folder if plans else None)
            for place, job_id in enumerate(job_ids)
        ]
        self._open.add(handles)
        self._watch_ends(job_ids)
        return handles

    @abstractmethod
    def _watch_ends(self, job_ids: Sequence[str]) -> None:
        """Has :meth:`_settle` or :meth:`_break` called at the end of each job."""

    def _settle(self, job: Job) -> None:
        for handle in self._open.take(job.id):
            handle._settle(job)

    def _break(self, job_id: str, error: Exception) -> None:
        for handle in self._open.take(job_id):
            handle._break(error)

    def _bring_along(self, plans: Sequence[JobPlan]) -> List[Dict[str, Any]]:
        """The jobs with locations in the place of local files, which are there when this ends."""
        sites: Optional[List[Site]] = None
        for plan in plans:
            for name, file in plan.local_files.items():
                known = None if isinstance(file, bytes) else self._roots.location_of(Path(file))
                if known is None and sites is None:
                    sites = self.sites() if self._uploads.needs_sites else []
                location = known or self._send_file(name, file, plan, sites or [])
                plan.body.setdefault("inputs", {})[name] = location
        return [plan.body for plan in plans]

    def _send_file(
        self, name: str, file: Union[str, bytes], plan: JobPlan, sites: Sequence[Site]
    ) -> str:
        folder = self._uploads.folder_for(plan.body.get("site"), sites)
        file_name, content = read_upload(name, file)
        digest = digest_of(content)
        sent = self._uploads.sent(digest, folder)
        if sent is not None:
            return sent
        location = self._uploads.place(digest, folder, file_name)
        self._transport.send(ops.put_file(location, content))
        self._uploads.remember(digest, folder, location)
        return location
