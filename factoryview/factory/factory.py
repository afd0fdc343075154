"""A plant with its log: everything that can be asked of it at any moment. Knows no screen.

It is long, for every kind of input, a log, a table of counts, a store, a warehouse, is opened in the same few steps.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path

from factoryview.errors import FactoryviewError, InputError
from factoryview.factory import kept
from factoryview.factory.attributes import Offered, offered, selected
from factoryview.factory.privacy import Gate
from factoryview.factory.staff import heads_on
from factoryview.language.said import said
from factoryview.plant.discover import discover, name_of
from factoryview.plant.ends import find_ends
from factoryview.plant.files import load_plant, read_plant
from factoryview.plant.models import Plant, Source, Stage, Warehouse
from factoryview.plant.notes import Answer, Notes, notes_path, read_notes
from factoryview.plant.secrets import filled
from factoryview.sources import memory, read, read_tables
from factoryview.sources.engine import watched
from factoryview.sources.events import AttributeColumn, EventLog, Finding, Guess, ReadOptions
from factoryview.sources.times import Order
from factoryview.store.attributes import AttributeSource
from factoryview.store.cumulative import ends_of_counts
from factoryview.store.database import Store
from factoryview.store.departments import named_by
from factoryview.store.journal.following import Following
from factoryview.store.journal.journal import Journal, is_journal
from factoryview.store.journal.recorded import Recorded, read_recorded
from factoryview.store.kept import digest, state_of
from factoryview.store.kept_stays import KeptStays
from factoryview.store.ordered import Ordered
from factoryview.store.profile import profile
from factoryview.store.selection import Selection
from factoryview.store.sketch import Sketch, beginning, sampled, sketch
from factoryview.store.warehouse import is_view, open_warehouse

MACHINES = 12
"""So many at most where nobody says how many."""
MOST_MACHINES = 150
"""More cannot be told apart on any screen, and cannot be laid out in reasonable time."""
Progress = Callable[[float, str], None]
"""Called with a share done (0 to 1) and what is being done."""


@dataclass(frozen=True)
class Opening:
    """How an input is to be opened: what the command line said, None where it said nothing."""

    plant: Path | None = None
    columns: dict[str, str] = field(default_factory=dict)
    times: str | None = None
    ends: tuple[str, ...] | None = None
    timezone: str | None = None
    dates: Order | None = None
    """What comes first in dates like 03/04/2025: dmy, mdy or ymd."""
    encoding: str | None = None
    sheet: str | None = None
    """Of a workbook, by name or by number."""
    machines: int | None = None
    """Fold a log into at most so many machines, 0: do not fold; as the plant file says when absent, else 12."""


@dataclass(frozen=True)
class Begun:
    """How much of a log is there."""

    until: int
    """What happened up to this moment (it included), µs UTC."""
    span: tuple[int, int]
    """First and last moment of the whole log, µs UTC."""


@dataclass(eq=False)
class Factory:
    """A plant, its stays, and how they were read."""

    plant: Plant
    store: Store
    name: str
    findings: tuple[Finding, ...]
    rejected: int
    columns: dict[str, str]
    log_rows: int
    mappable: bool = True
    """Whether `columns` can be given to `--map` as they are."""
    rejects: Path | None = None
    """Where the rejected rows were written."""
    rejected_rows: tuple[tuple[int, str], ...] = field(default=(), kw_only=True)
    """The first of them, each with its line and why."""
    guesses: tuple[Guess, ...] = ()
    """What nobody said and the log leaves open, each with the options that say something else."""
    opening: Opening = field(default_factory=Opening)
    """What was said of the reading."""
    notes: Notes = field(default_factory=Notes)
    """What people wrote of it."""
    notes_folder: Path | None = None
    """Where that is kept."""

    every: int = field(default=0, kw_only=True)
    """Of a large log: its floor is laid out for some of its cases, each of which stands for so many; 0: for all."""
    begun: Begun | None = field(default=None, kw_only=True)
    """Only what its log begins with is there; None: all of it is."""
    _sample: Factory | None = field(default=None, repr=False, kw_only=True)
    """The plant with those cases, where it was made already."""

    read_otherwise: Callable[[], Factory] | None = field(default=None, repr=False)
    """Reads the same log with its times taken for completions instead of entries, or the other way round; None where
    that is no guess."""

    _staff: dict[tuple[str, date], tuple[int, int]] = field(default_factory=dict, repr=False)
    """Cached: it is asked for every frame."""

    def staff(self, stage: str, day: date) -> tuple[int, int]:
        """People and robots at a stage on a day, as the plant file has them."""
        if (stage, day) not in self._staff:
            self._staff[stage, day] = heads_on(self.plant, stage, day)
        return self._staff[stage, day]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What people said of its alarms."""
        return self.notes.alarm

    @property
    def gate(self) -> Gate:
        """What may be shown of this plant."""
        return Gate.of(self.plant)

    def sources(self) -> tuple[Source, ...]:
        """The channels that may stand by name, those of most cases first; the cases of all others stand together."""
        cases = self.store.cases_by("counts/came_by") if self.plant.sources else {}
        return tuple(
            source for source in self.plant.sources if source.name not in cases or self.gate.enough(cases[source.name])
        )

    def attributes(self) -> tuple[Offered, ...]:
        """What the log says of its cases beside their stays, as far as it may be shown: to offer it for selection."""
        return offered(self.store, self.gate)

    def sample(self) -> Factory:
        """The plant with the cases for which its floor is laid out. Only where there are such (`every`)."""
        if self._sample is None:
            self._sample = replace(self, store=sampled(self.store, self.every), every=0)
        return self._sample

    def where(self, selection: Selection) -> Factory:
        """The same plant as if there were only the selected cases: floor, numbers and verdict follow.

        Raises InputError for an attribute that there is not, and where the plant's privacy does not allow it.
        """
        return replace(self, store=selected(self.store, selection, self.gate))

    def posts(self, stage: str) -> int | None:
        """How many posts the plant file gives a stage."""
        known = self.plant.stage(stage)
        return known.posts if known else None

    def servers(self, stage: str, day: date) -> int:
        """How many cases a stage can work on at once: its staff, else its posts, else one."""
        return sum(self.staff(stage, day)) or self.posts(stage) or 1


def _silent(_share: float, _doing: str) -> None:
    return


def open_factory(path: Path, opening: Opening = Opening(), progress: Progress = _silent) -> Factory:
    """Open a log, a KPI table, a recorded store, or a plant file that names its log or its live sources.

    Of live sources what has been recorded is opened. Raises InputError (what, where, cure) if it cannot be used.
    """
    with memory.bounded(path.name):
        factory = _open(path, opening, progress)
    factory.notes_folder = notes_path(path)
    factory.notes = read_notes(factory.notes_folder)
    return factory


def open_beginning(path: Path, opening: Opening = Opening(), progress: Progress = _silent) -> Factory | None:
    """What a large log begins with, so that its first picture need not wait until all of it is counted.

    None where all is there as soon, or where the beginning would show another picture of its days than the whole log:
    a log of a plant file with `[warehouse]`, a table in a DuckDB file, is opened so if its times are entries, its ends
    are named and no stage is folded. Raises InputError if it cannot be used.
    """
    base = load_plant(path) if path.suffix == ".toml" else None
    if base is None or base.feeds or base.warehouse is None:
        return None
    with memory.bounded(path.name), memory.roomier():
        factory = _begun(base.warehouse, path, base, opening, progress)
    if factory is not None:
        factory.notes_folder = notes_path(path)
        factory.notes = read_notes(factory.notes_folder)
    return factory


def _begun(warehouse: Warehouse, path: Path, base: Plant, opening: Opening, progress: Progress) -> Factory | None:
    asked, _ = filled(warehouse)
    place, timezone, opening = _in_files(asked, path, base, opening)
    if place is None or place.is_kept():
        return None
    log = open_warehouse(warehouse, timezone, path.parent)
    with closing(log.connection):
        seen = None if is_view(log.connection, asked.table) else _sketched(log, asked, opening)
        progress(0.3, name_of(path))
        begins = None if seen is None else beginning(log, seen.until)
    if seen is None or begins is None:
        return None
    progress(0.6, name_of(path))
    found = _build(begins, path, base, opening, seen=seen)
    if not found.every or len(found.sources()) < len(found.plant.sources):
        return None
    for log in (begins, seen.log):
        log.connection.execute("drop table events")  # what follows from them is there
    found.begun = Begun(seen.until, seen.span)
    return found


def _open(path: Path, opening: Opening, progress: Progress) -> Factory:
    base = load_plant(opening.plant) if opening.plant else None
    log_path = path
    if path.suffix == ".toml":
        base = load_plant(path)
        if base.feeds:
            return _from_store(_recorded(path, base), base, opening, progress)
        if base.warehouse is not None:
            with memory.roomier():
                return _from_warehouse(base.warehouse, path, base, opening, progress)
        if base.log is None:
            raise InputError(said("error.no_data"), where=str(path), cure=said("error.add_log"))
        log_path = path.parent / base.log.path
    if is_journal(log_path):
        return _from_store(log_path, base, opening, progress)
    opening = _as_the_plant_says(opening, base)
    progress(0.05, log_path.name)
    options = ReadOptions(
        columns=opening.columns,
        times=opening.times,
        timezone=opening.timezone or "UTC",
        dates=opening.dates,
        encoding=opening.encoding,
        sheet=opening.sheet,
    )

    def reading(share: float, doing: str) -> None:
        progress(0.05 + 0.55 * share, doing)

    files_as = None
    if path.suffix == ".toml" and base is not None and base.log is not None and base.log.tables:
        log = read_tables(log_path, base.log.tables, options, progress=reading)
        log_path = path
    else:
        if os.path.isfile(log_path):
            files_as = digest(state_of(log_path), opening, base and base.model_dump_json())
        log = read(log_path, options, progress=reading)
    progress(0.6, "stays")
    with watched(log.connection, _rising(progress, 0.6, 0.9, "stays")):
        found = _build(log, log_path, base, opening)
    found.store.files_as = files_as
    return found


def _from_warehouse(warehouse: Warehouse, path: Path, base: Plant, opening: Opening, progress: Progress) -> Factory:
    progress(0.05, warehouse.table or str(warehouse.path))
    asked, _ = filled(warehouse)
    place, timezone, opening = _in_files(asked, path, base, opening)
    if place is not None:
        known = kept.found(place)
        if known is not None:
            return Factory(name=name_of(path), opening=opening, **vars(known))
    log = open_warehouse(warehouse, timezone, path.parent)
    if place is not None and is_view(log.connection, asked.table):
        place = None
    progress(0.1, "stays")
    try:
        with watched(log.connection, _rising(progress, 0.1, 0.6, "stays")):
            seen = None if place is None else _sketched(log, asked, opening)
            found = _build(log, path, base, opening, lay=place is not None, seen=seen, before=place)
    except FactoryviewError:
        log.connection.close()
        raise
    finally:
        if place is not None:
            place.forget()
    if place is not None and not found.guesses and found.read_otherwise is None:
        parts = {each.name: getattr(found, each.name) for each in fields(kept.Opened)}
        kept.keep(place, kept.Opened(**parts), _rising(progress, 0.6, 0.9, "stays"))
    if found.store.laid is not None:  # else every question would be answered from the events
        found.store.laid.settle()
        found.store.laid = None
    return found


def _in_files(asked: Warehouse, path: Path, base: Plant, opening: Opening) -> tuple[KeptStays | None, str, Opening]:
    """Where the stays of a warehouse are kept, if it is in files; the zone of its times, and how it is opened."""
    timezone = opening.timezone or asked.timezone or base.timezone
    opening = replace(opening, ends=opening.ends if opening.ends is not None else asked.ends)
    if asked.url is not None:
        return None, timezone, opening
    how = (path.name, base.model_dump_json(), asked.model_dump_json(), timezone, opening)
    return KeptStays(path.parent / str(asked.path), how), timezone, opening


def _sketched(log: EventLog, asked: Warehouse, opening: Opening) -> Sketch | None:
    """What is known of a large table at once, if that is enough to find its plant: nobody has to guess its ends."""
    return sketch(log) if asked.table is not None and opening.ends is not None else None


def _rising(progress: Progress, since: float, until: float, doing: str) -> Callable[[float], None]:
    """Tells progress between two shares, of statements of which nobody knows how many will come: each takes a third of
    what is left.
    """
    before = 1.0

    def tell(share: float) -> None:
        nonlocal since, before
        if share < before < 1.0:
            since += (until - since) / 3
        before = share
        progress(since + (until - since) / 3 * share, doing)

    return tell


def store_of(path: Path, plant: Plant) -> Path:
    """The store in which a plant with live sources is recorded. path: the plant file."""
    return path.parent / (plant.record.path or f"{path.stem}.store")


def follow_store(journal: Journal, path: Path, plant: Plant, opening: Opening = Opening()) -> tuple[Factory, Following]:
    """The factory of what a journal holds now, and what keeps its stays as more comes.

    path: the plant file, or the store. Raises InputError if nothing is recorded yet, or it cannot be used.
    """
    recorded, factory = _build_recorded(journal, path, plant, opening)
    factory.notes_folder = notes_path(path)
    factory.notes = read_notes(factory.notes_folder)
    store = factory.store
    known = {*_names(factory.plant), *(outcome.name for outcome in factory.plant.outcomes)}
    known |= {*store.stages(), *store.ends, *(row[0] for row in store.rows("counts/outcomes"))}
    return factory, Following(journal, store, recorded.mark, known=known, order=_names(plant))


def _as_the_plant_says(opening: Opening, base: Plant | None) -> Opening:
    """The command line first, then the plant file."""
    if base is None:
        return opening
    log = base.log
    return replace(
        opening,
        columns=(log.columns if log else {}) | opening.columns,
        times=opening.times or (log.times if log else None),
        ends=opening.ends if opening.ends is not None else (log.ends if log else None),
        timezone=opening.timezone or (log.timezone if log else None) or base.timezone,
        dates=opening.dates or (log.dates if log else None),
        encoding=opening.encoding or (log.encoding if log else None),
        sheet=opening.sheet or (log.sheet if log else None),
    )


def _build(
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
        return _build(log, path, base, opening, counted=counted, attributes=attributes, lay=lay)
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
        return _build(log.read_as(other), path, base, opening)

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


def _recorded(path: Path, plant: Plant) -> Path:
    store = store_of(path, plant)
    if not store.exists():
        raise InputError(
            said("error.not_recorded"),
            where=str(store),
            cure=said("error.start_record", plant=path.name),
        )
    return store


def _from_store(path: Path, base: Plant | None, opening: Opening, progress: Progress) -> Factory:
    progress(0.05, path.name)
    with closing(Journal.read(path)) as journal:
        return _build_recorded(journal, path, base or read_plant(journal.plant, f"{path}, its plant"), opening)[1]


def _build_recorded(journal: Journal, path: Path, base: Plant, opening: Opening) -> tuple[Recorded, Factory]:
    recorded = read_recorded(journal, times=opening.times, order=_names(base))
    if not recorded.mark.row and not recorded.mark.count:
        raise InputError(
            said("error.nothing_recorded"),
            where=str(journal.path),
            cure=said("error.let_record"),
        )
    known_ends = (opening.ends, base.record.ends, tuple(outcome.name for outcome in base.outcomes) or None)
    opening = replace(opening, ends=next((ends for ends in known_ends if ends is not None), None))
    built = _build(recorded.log, path, base, opening, counted=recorded.counted, attributes=recorded.attributes)
    return recorded, built


def _names(plant: Plant) -> tuple[str, ...]:
    return tuple(stage.name for stage in plant.stages)
