"""Opening an input: a log, a table of counts, a store, a warehouse, each in the same few steps. Knows no screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

from factoryview.errors import FactoryviewError, InputError
from factoryview.factory import kept
from factoryview.factory.building import build, names_of
from factoryview.factory.factory import NOTHING_SAID, Begun, Factory, Opening, Progress
from factoryview.language.said import said
from factoryview.plant.discover import name_of
from factoryview.plant.files import load_plant, read_plant
from factoryview.plant.models import Plant, Warehouse
from factoryview.plant.notes import notes_path, read_notes
from factoryview.plant.secrets import filled
from factoryview.sources import memory, read, read_tables
from factoryview.sources.engine import watched
from factoryview.sources.events import EventLog, ReadOptions
from factoryview.store.journal.following import Following
from factoryview.store.journal.journal import Journal, is_journal
from factoryview.store.journal.recorded import Recorded, read_recorded
from factoryview.store.kept import digest, state_of
from factoryview.store.kept_stays import KeptStays
from factoryview.store.sketch import Sketch, beginning, sketch
from factoryview.store.warehouse import is_view, open_warehouse


def _silent(_share: float, _doing: str) -> None:
    return


def open_factory(path: Path, opening: Opening = NOTHING_SAID, progress: Progress = _silent) -> Factory:
    """Open a log, a KPI table, a recorded store, or a plant file that names its log or its live sources.

    Of live sources what has been recorded is opened. Raises InputError (what, where, cure) if it cannot be used.
    """
    with memory.bounded(path.name):
        factory = _open(path, opening, progress)
    factory.notes_folder = notes_path(path)
    factory.notes = read_notes(factory.notes_folder)
    return factory


def open_beginning(path: Path, opening: Opening = NOTHING_SAID, progress: Progress = _silent) -> Factory | None:
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
    found = build(begins, path, base, opening, seen=seen)
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
        found = build(log, log_path, base, opening)
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
            found = build(log, path, base, opening, lay=place is not None, seen=seen, before=place)
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


def follow_store(
    journal: Journal, path: Path, plant: Plant, opening: Opening = NOTHING_SAID
) -> tuple[Factory, Following]:
    """The factory of what a journal holds now, and what keeps its stays as more comes.

    path: the plant file, or the store. Raises InputError if nothing is recorded yet, or it cannot be used.
    """
    recorded, factory = _build_recorded(journal, path, plant, opening)
    factory.notes_folder = notes_path(path)
    factory.notes = read_notes(factory.notes_folder)
    store = factory.store
    known = {*names_of(factory.plant), *(outcome.name for outcome in factory.plant.outcomes)}
    known |= {*store.stages(), *store.ends, *(row[0] for row in store.rows("counts/outcomes"))}
    return factory, Following(journal, store, recorded.mark, known=known, order=names_of(plant))


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
    recorded = read_recorded(journal, times=opening.times, order=names_of(base))
    if not recorded.mark.row and not recorded.mark.count:
        raise InputError(
            said("error.nothing_recorded"),
            where=str(journal.path),
            cure=said("error.let_record"),
        )
    known_ends = (opening.ends, base.record.ends, tuple(outcome.name for outcome in base.outcomes) or None)
    opening = replace(opening, ends=next((ends for ends in known_ends if ends is not None), None))
    built = build(recorded.log, path, base, opening, counted=recorded.counted, attributes=recorded.attributes)
    return recorded, built
