"""The three real logs beside the project, opened once, with their stays and ends as plain rows."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import pytest

from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
LOGS = ("crm/sales_pipeline.csv", "permits/receipt.csv.gz", "production/Production.csv.gz")
STAYS = """
select "case", stage, epoch_us(entered), epoch_us("left"), epoch_us(started), weight, via, next, channel, first, value,
    id
from stays order by entered nulls first, id
"""
ENDS = """
select "case", via, epoch_us("at"), epoch_us(until), outcome, reason, value, channel
from outcomes order by "at" nulls first
"""


class Stay(NamedTuple):
    case: str
    stage: str
    entered: int | None
    left: int | None
    started: int | None
    weight: float
    via: str | None
    next: str | None
    channel: str | None
    first: bool
    value: float | None
    id: int

    @property
    def came(self) -> int:
        """When; of a stay whose moment is known."""
        assert self.entered is not None
        return self.entered

    def present(self, at: int) -> bool:
        return self.entered is not None and self.entered <= at and (self.left is None or self.left > at)

    def gone(self, since: int, until: int) -> bool:
        return self.left is not None and since <= self.left < until

    def lasted(self, at: int) -> int:
        """How long, or how long so far."""
        return (at if self.left is None or self.left > at else self.left) - self.came


class End(NamedTuple):
    case: str
    via: str | None
    at: int | None
    until: int | None
    outcome: str
    reason: str | None
    value: float | None
    channel: str | None

    def stands(self, at: int) -> bool:
        """Whether the case is there at a moment."""
        return self.at is not None and self.at <= at and (self.until is None or self.until > at)


class Real:
    """One of them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.model = Model(open_factory(SHARED / name, Opening()))
        self.stays = [Stay(*row) for row in self.model.factory.store.engine.rows(STAYS, {})]
        self.ends = [End(*row) for row in self.model.factory.store.engine.rows(ENDS, {})]

    @cached_property
    def dated(self) -> list[Stay]:
        """Those whose moment is known, in order of entry."""
        return [stay for stay in self.stays if stay.entered is not None]

    @cached_property
    def cases(self) -> set[str]:
        return {each.case for each in (*self.stays, *self.ends)}

    @cached_property
    def paths(self) -> dict[str, list[Stay]]:
        """Case → its stays, those without a moment first."""
        found: dict[str, list[Stay]] = defaultdict(list)
        for stay in self.stays:
            found[stay.case].append(stay)
        return found

    @cached_property
    def ended(self) -> dict[str, list[End]]:
        """Case → where it ended, and ended before it went on."""
        found: dict[str, list[End]] = defaultdict(list)
        for end in self.ends:
            found[end.case].append(end)
        return found

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """Of the file."""
        path = SHARED / self.name
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def shown(self) -> Presentation:
        self.model.study()
        return Presentation(self.model, Language("en", self.model.factory.plant.timezone, "EUR"))


@cache
def _real(name: str) -> Real:
    return Real(name)


def real(name: str) -> Real:
    """A real log; the test is skipped where it is not there."""
    if not (SHARED / name).exists():
        pytest.skip("needs the shared logs")
    return _real(name)
