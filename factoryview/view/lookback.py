"""What is seen only from the end of a log: what changed when, and what became of what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factoryview.errors import FactoryviewError
from factoryview.view.counts import Counts

if TYPE_CHECKING:
    from factoryview.flow.change.became import Became
    from factoryview.flow.change.changes import Change
    from factoryview.flow.change.records import Records
    from factoryview.flow.verdict.evidence import Evidence
    from factoryview.flow.verdict.findings import Findings
    from factoryview.flow.verdict.spans import ConstraintSpan

MOST_ROWS = 20_000_000
"""Rows of a log that is looked back at while it plays, on a worker thread: about two seconds for each million."""


@dataclass(frozen=True, eq=False)
class Lookback:
    """What there is to say of a whole log on its timeline, which shows all of it whatever the moment."""

    changes: tuple[Change, ...]
    """In order of time."""
    became: Mapping[str, Became]
    """Note → what became of it, of those that were due."""
    spans: tuple[ConstraintSpan, ...] = ()
    """When which stage limited the plant, in order of time."""


NOTHING = Lookback((), {})


def look_back(counts: Counts, findings: Findings | None = None) -> Lookback:
    """Look back at all of a log; nothing is seen in one that is too large, or of which only counts are known.

    findings: of the same log, whose evidence need not be gathered again.
    """
    from factoryview.flow.change.records import records_from  # a first picture does not wait for it
    from factoryview.flow.verdict.evidence import gather

    factory = counts.factory
    if factory.log_rows > MOST_ROWS:
        return NOTHING
    try:
        evidence = gather(factory.store, factory.plant) if findings is None else findings.evidence
        records = records_from(evidence, factory.store)
    except FactoryviewError:
        return NOTHING
    return seen_in(counts, evidence, records)


def seen_in(counts: Counts, evidence: Evidence, records: Records) -> Lookback:
    """What there is to say of the part of a log that is known, seen from its end. records: of that evidence."""
    from factoryview.flow.change.became import became_of
    from factoryview.flow.change.changes import changes
    from factoryview.flow.verdict.basis import basis_of
    from factoryview.flow.verdict.ribbon import ribbon
    from factoryview.flow.verdict.spans import constraint_spans

    factory = counts.factory
    became = {note.id: became_of(note, records, factory.gate) for note in factory.notes.note}
    return Lookback(
        tuple(sorted(changes(records), key=lambda change: change.at)),
        {name: found for name, found in became.items() if found is not None},
        tuple(constraint_spans(ribbon(basis_of(evidence)), counts.jams.levels)),
    )
