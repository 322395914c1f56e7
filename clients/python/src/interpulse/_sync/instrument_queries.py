# Written by tools/generate.ts from _async/instrument_queries.py: change that.
"""Instruments: their runs, their shots, and how these were answered."""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Optional

from .. import _trigger_requests as requests
from .._call import Call
from .._requests import Deadline
from .._trigger_models import Instrument, InstrumentRun, Shot, Timing
from .._trigger_requests import Results
from .listings import Listings


class InstrumentQueries(Listings):
    """The part of :class:`Interpulse` that is about instruments."""

    def instruments(self) -> List[Instrument]:
        """What measures, with its shot clock."""
        return [Instrument.from_json(item) for item in self._list("/instruments", {}, None)]

    def shots(self, instrument: str, *, limit: Optional[int] = 50) -> Iterator[Shot]:
        """Shots of an instrument, newest first, with how soon they were answered."""
        found = self._list(f"/instruments/{instrument}/shots", {}, limit)
        return (Shot.from_json(item) for item in found)

    def timing(self, instrument: str, shots: Optional[int] = None) -> Timing:
        """How its last shots stood to their deadlines, and where the time went.

        :param shots: so many of them, at most 200.
        """
        params = {} if shots is None else {"shots": shots}
        call = Call("GET", f"/instruments/{instrument}/timing", params)
        return Timing.from_json(self._transport.ask(call))

    def tell_run_event(
        self,
        instrument: str,
        kind: str,
        run: int,
        parameters: Optional[Mapping[str, Any]] = None,
        *,
        at: Optional[Deadline] = None,
        id: Optional[str] = None,
        next_shot_at: Optional[Deadline] = None,
    ) -> bool:
        """Tells what happened to a run of an instrument; the same again changes nothing.

        :param kind: ``start``, ``end``, ``set``, ``shot`` or ``due``.
        :param parameters: that were set, by name.
        :param at: when; now, when it is left out.
        :param next_shot_at: when the next shot is due; a number is seconds from now.
        :returns: whether it was news.
        """
        options = {"at": at, "id": id, "next_shot_at": next_shot_at}
        call = requests.tell_run_event(instrument, kind, run, parameters, options)
        return bool(self._transport.ask(call)["isNew"])

    def report_results(self, instrument: str, run: int, results: Results) -> None:
        """Adds results to a run, or changes them by their keys.

        :param results: values by key; or mappings with ``key``, ``value``, ``unit``, ``error``.
        """
        self._transport.send(requests.report_results(instrument, run, results))

    def runs(self, instrument: str, *, limit: Optional[int] = None) -> Iterator[InstrumentRun]:
        """The run table of an instrument, newest first: parameters and results."""
        found = self._list(f"/instruments/{instrument}/runs", {}, limit)
        return (InstrumentRun.from_json(item) for item in found)

    def run(self, instrument: str, run: int) -> InstrumentRun:
        """One run of an instrument."""
        call = Call("GET", f"/instruments/{instrument}/runs/{run}")
        return InstrumentRun.from_json(self._transport.ask(call))
