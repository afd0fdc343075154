"""What is wrong or doubtful in an input: every remark with its place and its cure, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from factoryview.errors import InputError, PlantError
from factoryview.factory.check_feeds import check_feeds, check_store
from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_factory, store_of
from factoryview.factory.remark import Remark
from factoryview.language.said import said
from factoryview.plant.files import load_plant
from factoryview.plant.models import Plant
from factoryview.store.journal.journal import is_journal


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
            if plant is None or (file == path and plant.log is None and plant.warehouse is None and not recorded):
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
    data: str = said("check.data", path=plant.log.path) if plant.log else said("check.no_data")
    if plant.warehouse:
        data = said("check.warehouse", table=plant.warehouse.table or plant.warehouse.path)
    if plant.feeds:
        data = said("check.live", n=len(plant.feeds))
    gaps = {"stages": len(plant.stages), "belts": len(plant.belts), "departments": len(plant.departments)}
    return plant, [Remark("info", str(path), said("check.plant", name=plant.name, data=data, **gaps))]


def _told(path: Path, factory: Factory) -> Iterator[Remark]:
    store, log = factory.store, factory.plant.log
    source = Path(log.path).name if path.suffix == ".toml" and log else path.name
    meaning = (
        said("check.counts") if store.meaning == "kpi" else said("check.stays", of=said(f"meaning.{store.meaning}"))
    )
    if factory.log_rows:
        rows = said("check.recognised", meaning=meaning, rows=factory.log_rows, n=len(store.stages()))
    else:
        rows = said("check.recognised_stages", meaning=meaning, n=len(store.stages()))
    yield Remark("info", source, rows)
    reported = {finding.place for finding in factory.findings if finding.text.startswith("is ")}
    for role, column in factory.columns.items():
        place = said("reading.column", file=source, column=column)
        if place not in reported:
            yield Remark("info", place, said("reading.is_role", role=said(f"role.{role}")))
    for finding in factory.findings:
        where: str = finding.place if finding.place.startswith(source) else f"{source}, {finding.place}"
        yield Remark(finding.severity, where, finding.text, finding.cure)
    if factory.rejects is not None:
        yield from _rejected_rows(source, factory)


def _rejected_rows(source: str, factory: Factory) -> Iterator[Remark]:
    for line, reason in factory.rejected_rows:
        place = said("check.line", file=source, line=str(line))
        yield Remark("warning", place, said("check.rejected", reason=reason), said("check.repair"))
    if factory.rejected > len(factory.rejected_rows):
        yield Remark("warning", source, said("check.more_rows", file=str(factory.rejects)))
