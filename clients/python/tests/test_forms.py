"""The blocking client and the one for asyncio offer the same, but for what is listed here.

``_sync`` is written from ``_async``; this is about the classes that are written twice, for one
half is a ``concurrent.futures.Future`` where the other is awaited.
"""

from __future__ import annotations

import inspect
from typing import Any, Dict, Set, Tuple

import pytest

import interpulse

#: By class: what only the blocking form has, and what only the one for asyncio has.
ONLY: Dict[str, Tuple[Set[str], Set[str]]] = {
    "Interpulse": (set(), set()),
    "JobHandle": (
        # Of Future, or what one would await otherwise.
        {"cancelled", "download", "has_failed", "outputs", "running"},
        {"done", "follow_log"},
    ),
    "EnsembleHandle": ({"failed", "wait"}, set()),
    "FlowBatchHandle": (set(), set()),
    "FlowRunHandle": (set(), set()),
    "OutputFile": (set(), set()),
    "Result": (set(), set()),
}
#: Parameters that one form has in addition: where threads wait, they say for how long.
MORE_PARAMETERS = {
    ("Interpulse", "__init__"): "waiter_transport",
    ("JobHandle", "exception"): "timeout",
    ("JobHandle", "log"): "follow",
    ("EnsembleHandle", "results"): "timeout",
    ("EnsembleHandle", "as_completed"): "timeout",
}


def own_members(kind: type) -> Dict[str, Any]:
    """What a class offers that this package defines, by name."""
    members: Dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("interpulse"):
            members.update(vars(base))
    return {
        name: member
        for name, member in members.items()
        if (not name.startswith("_") or name == "__init__")
        and isinstance(member, (property, type(own_members)))
    }


def parameters_of(member: Any) -> Dict[str, Any]:
    function: Any = member.fget if isinstance(member, property) else member
    return {
        name: (parameter.kind, parameter.default)
        for name, parameter in inspect.signature(function).parameters.items()
    }


def words_of(member: Any) -> str:
    text = inspect.getdoc(member) or ""
    return text.replace("Async", "").replace("asyncio.", "").replace("concurrent.futures.", "")


@pytest.mark.parametrize("name", ONLY)
def test_both_forms_offer_the_same(name: str) -> None:
    blocking = own_members(getattr(interpulse, name))
    awaited = own_members(getattr(interpulse, f"Async{name}"))
    assert (set(blocking) - set(awaited), set(awaited) - set(blocking)) == ONLY[name]
    for member in sorted(set(blocking) & set(awaited)):
        parameters = parameters_of(blocking[member])
        parameters.pop(MORE_PARAMETERS.get((name, member), ""), None)
        assert parameters == parameters_of(awaited[member]), f"{name}.{member}"


#: Written from one text, so that their words are the same.
WRITTEN = ["Interpulse", "FlowBatchHandle", "FlowRunHandle", "OutputFile", "Result"]


@pytest.mark.parametrize("name", WRITTEN)
def test_both_forms_say_the_same(name: str) -> None:
    blocking = own_members(getattr(interpulse, name))
    awaited = own_members(getattr(interpulse, f"Async{name}"))
    told = {member: words_of(blocking[member]) for member in blocking}
    assert told == {member: words_of(awaited[member]) for member in awaited}


def test_every_class_of_one_form_has_a_twin() -> None:
    twins = {name[5:] for name in interpulse.__all__ if name.startswith("Async")}
    assert twins == set(ONLY)
