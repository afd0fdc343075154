"""A plant and its stays of a log, of whatever kind: its ends, its machines, what was guessed and found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from factoryview.errors import InputError
from factoryview.factory.factory import Factory, Opening
from factoryview.language.said import said
from factoryview.plant.discover import discover, name_of
from factoryview.plant.ends import find_ends
from factoryview.plant.models import Plant, Stage
from factoryview.sources.events import AttributeColumn, EventLog, Finding, Guess
from factoryview.store.attributes import AttributeSource
from factoryview.store.cumulative import ends_of_counts
from factoryview.store.database import Store
from factoryview.store.departments import named_by
from factoryview.store.kept_stays import KeptStays
from factoryview.store.ordered import Ordered
from factoryview.store.profile import profile
from factoryview.store.sketch import Sketch

MACHINES = 12
"""So many at most where nobody says how many."""
MOST_MACHINES = 150
"""More cannot be told apart on any screen, and cannot be laid out in reasonable time."""


def build(
    log: EventLog,
    path: Path,
    base: Plant | None,
    opening: Opening,
    *,
    counted: bool = False,
    attributes: AttributeSource | None = None,
    lay: bool = False,
    seen: Sketch | None = None,
    before: KeptStays | None = None,
) -> Factory:
    """seen: by which the plant is discovered, if no stage has to be folded; of these every event takes part. before:
    where the stays may be of the log that there was before more came.
    """
    name = name_of(path)
    findings = list(log.findings)
    if log.meaning == "kpi":
        done = _counted_ends(log, base, opening)
        cure = said("reading.say_ends_of_counts")
        if opening.ends is None:
            findings += [
                Finding("ask", said("reading.ends"), said("reading.nothing_leaves", name=name), cure) for name in done
            ]
        store = Store.build(log, ends=done)
        plant = _with_counted(base or Plant(name=name), store)
        return Factory(
            plant, store, name, tuple(findings), log.rejected, log.columns, log.rows, rejects=log.rejects_file,
            rejected_rows=log.rejected_rows,
            guesses=log.guesses, opening=opening,
        )  # fmt: skip
    asked, laid = log if seen is None else seen.log, None
    if lay and not log.once and seen is None:
        laid = Ordered.of(log.connection, log.meaning, frozenset(log.columns))
    shape = profile(asked.connection, laid)
    wished = opening.ends if opening.ends is not None else (log.explicit_ends or None)
    ends = find_ends(shape, log.meaning, wished)
    findings += [
        Finding("info", said("reading.ends"), said("reading.done_at", name=end.name, reason=end.reason))
        for end in ends.ends
    ]
    findings += [Finding("ask", problem.place, problem.found, problem.cure) for problem in ends.findings]
    limits = (opening.machines, base.most_stages if base is not None else None, MACHINES)
    most = next(each for each in limits if each is not None)
    if len(shape.activities) > MOST_MACHINES and not 0 < most <= MOST_MACHINES:
        raise InputError(
            said("error.too_many_machines", count=len(shape.activities), most=MOST_MACHINES),
            where=path.name,
            cure=said("error.fold_them", most=MOST_MACHINES),
        )
    wish = base.log.department if base is not None and base.log is not None else None
    column, departments = named_by(asked.connection, _told_of_events(log), wish)
    if column:
        findings.append(Finding("info", "departments", said("reading.departments", column=column)))
    plant = discover(shape, name=name, meaning=log.meaning, most=most, ends=ends, base=base, departments=departments)
    machines = tuple(stage.name for stage in plant.stages)
    known = set(machines) | set(ends.names)
    milestones = None if known >= set(shape.activities) else machines
    if seen is not None and milestones is not None:
        return build(log, path, base, opening, counted=counted, attributes=attributes, lay=lay)
    if milestones is not None:
        folded = len(set(shape.activities) - known)
        findings.append(
            Finding("info", path.name, said("reading.folded_activities", folded=folded, n=len(machines)),
                    said("reading.show_all_stages") if len(shape.activities) <= MOST_MACHINES else "")
        )  # fmt: skip
    outcomes = {outcome.name for outcome in plant.outcomes}
    final = tuple(end for end in ends.names if milestones is None or end in outcomes)
    done = _counted_ends(log, base, opening) if counted else ()
    grown = before.grown(log.connection, final) if seen is not None and before is not None else None
    if grown is not None:
        store = grown
    else:
        if seen is not None and lay:
            laid = Ordered.of(log.connection, log.meaning, frozenset(log.columns), profiled=False)
        store = Store.build(
            log, ends=final, milestones=milestones, counted=counted, counted_ends=done, attributes=attributes, laid=laid
        )
    plant = _with_counted(plant, store)
    plant, guesses = _as_the_log_says(plant, log, base, opening)
    if log.currency not in (None, plant.currency):
        what = said("reading.other_currency", found=log.currency, wanted=plant.currency)
        findings.append(Finding("warning", path.name, what, said("reading.say_currency", found=log.currency)))
    findings += [
        Finding("ask", said("reading.timezone"), said("reading.zone_guessed", taken=guess.taken),
                said("reading.say_zone"))
        for guess in guesses
    ]  # fmt: skip
    other = log.meaning_of_guess()

    def otherwise() -> Factory:
        assert other is not None, "asked for only where there is another"
        return build(log.read_as(other), path, base, opening)

    found = Factory(
        plant, store, name, tuple(findings), log.rejected, log.columns, log.rows, log.mappable, log.rejects_file,
        (*log.guesses, *guesses), opening, read_otherwise=otherwise if other is not None else None,
        rejected_rows=log.rejected_rows,
    )  # fmt: skip
    if seen is not None:
        some = replace(found, store=Store.build(seen.log, ends=final))
        if len(some.sources()) == len(plant.sources):  # else whoever asks all cases finds more of them
            found.every, found._sample = seen.every, some
    return found


def _told_of_events(log: EventLog) -> tuple[AttributeColumn, ...]:
    """The columns that may name a department: those without a role, and who worked, which some call so."""
    worked = log.columns.get("resource")
    query = 'SELECT row, "case", resource AS text FROM events'
    return (*log.attributes, *([AttributeColumn(worked, query)] if worked is not None else []))


def _counted_ends(log: EventLog, base: Plant | None, opening: Opening) -> tuple[str, ...]:
    """At which stages of a table of counts cases are done: as said, else those that let none go and nobody named."""
    if opening.ends is not None:
        return opening.ends
    return tuple(name for name in ends_of_counts(log.connection) if base is None or base.stage(name) is None)


def _as_the_log_says(
    plant: Plant, log: EventLog, base: Plant | None, opening: Opening
) -> tuple[Plant, tuple[Guess, ...]]:
    """The plant with the zone and the currency of its log, where nobody said others, and what of it is a guess."""
    said: dict[str, str] = {}
    guesses: tuple[Guess, ...] = ()
    if opening.timezone:
        said["timezone"] = opening.timezone
    elif base is None and log.timezone:
        said["timezone"] = log.timezone
        guesses = (Guess("timezone", log.timezone, ("--timezone UTC",)),)
    if log.currency and (base is None or "currency" not in base.model_fields_set):
        said["currency"] = log.currency
    return plant.model_copy(update=said), guesses


def _with_counted(plant: Plant, store: Store) -> Plant:
    """The plant with every stage of which there are counts."""
    more = tuple(Stage(name=name) for name in store.counted() if plant.stage(name) is None)
    return plant.model_copy(update={"stages": plant.stages + more}) if more else plant


def names_of(plant: Plant) -> tuple[str, ...]:
    return tuple(stage.name for stage in plant.stages)
