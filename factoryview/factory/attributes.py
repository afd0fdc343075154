"""The attributes of a plant's cases as they may be offered and selected by: through the gate of its privacy."""

from __future__ import annotations

from dataclasses import dataclass

from factoryview.errors import InputError
from factoryview.factory.privacy import Gate
from factoryview.language.said import said
from factoryview.sources.columns.headers import tells_who_works, tells_whom
from factoryview.store.attributes import Attribute
from factoryview.store.database import Store
from factoryview.store.selection import Selection, attributes_of

_NEARLY_ALL = 0.9
"""Share of the cases with a text of their own, from which on the texts tell single cases apart."""
_SOME_WORKERS = 0.5
"""Share of the texts that are names of those who work, from which on an attribute tells who worked."""


@dataclass(frozen=True)
class Offered:
    """An attribute that may be shown."""

    about: Attribute
    values: tuple[tuple[str, int], ...]
    """The texts that enough cases say, each with the number of cases; the commonest first."""
    low: float | None
    high: float | None
    """Of numbers: as many cases as the smallest group lie at or beyond each; None where there are fewer."""


def offered(store: Store, gate: Gate) -> tuple[Offered, ...]:
    """All attributes that may be shown, in the order of the file."""
    found = []
    for name in store.attributes():
        if (about := _allowed(store, name, gate)) is not None:
            values = tuple((text, cases) for text, cases in store.values(name) if gate.enough(cases))
            low, high = store.extremes(name, gate.smallest) if about.kind == "number" else (None, None)
            found.append(Offered(about, values, low, high))
    return tuple(found)


def selected(store: Store, selection: Selection, gate: Gate) -> Store:
    """The store of the selected cases. Raises InputError where the plant's privacy does not allow to look at them.

    That is where an attribute tells people or single cases apart, or the cases are fewer than the smallest group.
    """
    for name in sorted(attributes_of(selection)):
        if name in store.attributes() and _allowed(store, name, gate) is None:
            raise InputError(
                said("error.tells_apart", name=name),
                cure=said("error.other_attribute"),
            )
    view = store.where(selection)
    cases = view.cases()
    if cases and not gate.enough(cases) and not gate.case_ids:
        raise InputError(
            said("error.fewer_cases", least=gate.smallest),
            cure=said("error.fewer_conditions"),
        )
    return view


def _allowed(store: Store, name: str, gate: Gate) -> Attribute | None:
    """What the attribute says; None where it may not be shown. Who worked is never shown, whatever the plant says."""
    if tells_who_works(name) or (tells_whom(name) and not gate.names):
        return None
    about = store.attribute(name)
    if about.workers >= _SOME_WORKERS and about.distinct:
        return None
    alone = about.kind == "text" and about.distinct > max(1, _NEARLY_ALL * about.cases)
    return None if alone and not gate.case_ids else about
