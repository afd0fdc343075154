"""What is wrong or doubtful in an input: every remark with its place and its cure, in one line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from factoryview.errors import InputError, PlantError
from factoryview.factory.check_feeds import check_feeds, check_store
from factoryview.factory.factory import Factory, Opening, open_factory, store_of
from factoryview.factory.remark import Remark
from factoryview.plant.files import load_plant
from factoryview.plant.models import Plant
from factoryview.store.journal.journal import is_journal

_MOST_ROWS = 20
"""Rejected rows reported one by one; the file of rejects has them all."""
_LONGEST_FIELD = 1 << 30


@dataclass(frozen=True)
class Checked:
    """What was found; `factory` is what can be played, None if there is nothing to play."""

    remarks: tuple[Remark, ...]
    factory: Factory | None = None

    @property
    def usable(self) -> bool:
        return all(remark.severity != "error" for remark in self.remarks)


def check_input(path: Path, opening: Opening) -> Checked:
    """Everything that is wrong in a log, a KPI table, a store or a plant file with its log."""
    remarks: list[Remark] = []
    for file in (path if path.suffix == ".toml" else None, opening.plant):
        if file is not None:
            plant, found = _check_plant(file)
            remarks += found
            if plant is not None and file == path and plant.feeds:
                remarks += check_feeds(path, plant)
            recorded = plant is not None and plant.feeds and store_of(file, plant).exists()
            if plant is None or (file == path and plant.log is None and not recorded):
                return Checked(tuple(remarks))
    if is_journal(path):
        remarks += check_store(path)
    try:
        factory = open_factory(path, opening)
    except InputError as error:
        return Checked((*remarks, Remark("error", error.where or str(path), error.what, error.cure)))
    return Checked((*remarks, *_told(path, factory)), factory)


def _check_plant(path: Path) -> tuple[Plant | None, list[Remark]]:
    try:
        plant = load_plant(path)
    except PlantError as error:
        return None, [Remark("error", problem.place, problem.found, problem.cure) for problem in error.problems]
    count = f"{len(plant.stages)} stages, {len(plant.belts)} belts, {len(plant.departments)} departments"
    data = f"its data is {plant.log.path}" if plant.log else "it names no data"
    if plant.feeds:
        data = f"it has {len(plant.feeds)} live {'source' if len(plant.feeds) == 1 else 'sources'}"
    return plant, [Remark("info", str(path), f'The plant "{plant.name}": {count}; {data}.')]


def _told(path: Path, factory: Factory) -> Iterator[Remark]:
    store, log = factory.store, factory.plant.log
    source = Path(log.path).name if path.suffix == ".toml" and log else path.name
    meaning = "counts per stage and bucket" if store.meaning == "kpi" else f"stays from {store.meaning} times"
    rows = f"{factory.log_rows:,} rows, " if factory.log_rows else ""
    yield Remark("info", source, f"Recognised as {meaning}: {rows}{len(store.stages())} stages.")
    reported = {finding.place for finding in factory.findings if finding.text.startswith("is ")}
    for role, column in factory.columns.items():
        place = f'{source}, column "{column}"'
        if place not in reported:
            yield Remark("info", place, f"is the {role}.")
    for finding in factory.findings:
        place = finding.place if finding.place.startswith(source) else f"{source}, {finding.place}"
        yield Remark(finding.severity, place, finding.text, finding.cure)
    if factory.rejects is not None:
        yield from _rejected_rows(source, factory.rejects)


def _rejected_rows(source: str, rejects: Path) -> Iterator[Remark]:
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_FIELD))
    with rejects.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream)):
            if number == _MOST_ROWS:
                yield Remark("warning", source, f"More rows cannot be used; {rejects} has every one.")
                return
            cure = "Repair the row or leave it out."
            yield Remark("warning", f"{source}, line {row['line']}", f"rejected: {row['reason']}.", cure)
