"""A plant with its log: everything that can be asked of it at any moment. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from factoryview.factory.attributes import Offered, offered, selected
from factoryview.factory.privacy import Gate
from factoryview.factory.staff import heads_on
from factoryview.plant.models import Plant, Source
from factoryview.plant.notes import Answer, Notes
from factoryview.sources.events import Finding, Guess
from factoryview.sources.times import Order
from factoryview.store.database import Store
from factoryview.store.selection import Selection
from factoryview.store.sketch import sampled

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


NOTHING_SAID = Opening()
"""An input is opened as it, or its plant file, says."""


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
