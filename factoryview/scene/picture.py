"""Everything the scene needs to know to draw a frame, and nothing else: plain data, computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from factoryview.flow.moment.standing import Standing
from factoryview.layout.floorplan import Floorplan

Status = Literal["working", "starved", "blocked", "idle"]


@dataclass(frozen=True)
class StageFacts:
    """What never changes about a machine."""

    name: str
    label: str
    icon: str


@dataclass(frozen=True)
class BeltFacts:
    """What never changes about a belt; index = index in `plan.belts` and in `Standing.belts`."""

    stage: int
    own: int
    """How many of its tiles are its own: where it joins a stronger belt, its crates go on on that one's tiles."""
    share: float = 0.0
    """Its part of all flow, 0 to 1."""


@dataclass(frozen=True)
class Bar:
    """One bar of the timeline: cases in progress and the worst level of any stage then."""

    height: float
    level: int


@dataclass(frozen=True)
class MarkFacts:
    """Something that happened, on the timeline."""

    at: int
    label: str


@dataclass(frozen=True)
class Legend:
    """What the picture's signs mean, in the plant's own terms."""

    levels: tuple[str, str, str]
    """Flowing, amber, red."""
    channels: tuple[tuple[str, int], ...]
    """Label and hue of each channel."""
    pallet: str
    rack: str
    bins: str = ""
    """Over what the bins are counted; empty where there are none."""


@dataclass(frozen=True)
class Facts:
    """What a plant looks like at any time."""

    title: str
    plan: Floorplan
    stages: tuple[StageFacts, ...]
    belts: tuple[BeltFacts, ...]
    zones: dict[str, str]
    """Zone → what is written on its floor."""
    sources: dict[str, tuple[str, int]]
    """Source → its label and hue."""
    first: int
    last: int
    bars: tuple[Bar, ...]
    marks: tuple[MarkFacts, ...]
    ticks: tuple[tuple[int, str], ...]
    """Moments of the timeline with a date written under them."""
    legend: Legend
    notes: tuple[str, ...]
    """What must be said beside the clock: rejected rows, undated cases, crates that stand for many."""
    to_live: str = ""
    """Which key leads from the past of a live plant to now."""

    @cached_property
    def names(self) -> tuple[tuple[str, int, int], ...]:
        """Every name with the width and height of its plate, in tiles."""
        plates = [self.plan.machines[stage.name].plate for stage in self.stages]
        return tuple((stage.label, plate.w, plate.h) for stage, plate in zip(self.stages, plates, strict=True))


@dataclass(frozen=True)
class MachineNow:
    """A machine at the moment."""

    level: int
    status: Status
    busy: float
    """Share of its places that are taken, 0 to 1."""
    wip: str
    throughput: str
    stay: str
    people: int
    robots: int
    vacancies: int
    at_work: int
    """How many of the people and robots have a case in hand."""
    pile: int
    """Crates beside the intake."""
    done: bool = False
    """An outcome's dock: its number counts what is done."""
    stale: bool = False
    """Its source is late: its numbers are old, and `stay` says of when."""


@dataclass(frozen=True)
class BinNow:
    """The bin of a stage that loses cases; empty words where too few are lost to say more."""

    fill: float
    share: str
    reason: str
    period: str = ""
    """Over what the share is counted: `in 30 days`."""


@dataclass(frozen=True)
class BeltNow:
    """A belt's movement: how far it has run, in tiles, and whether it stands."""

    phase: float
    level: int
    stale: bool = False
    """Its source is late: what it shows is old."""


@dataclass(frozen=True)
class Goal:
    """A target of the header."""

    label: str
    count: str
    target: str
    share: float


@dataclass(frozen=True)
class Headline:
    """The worst jam in words."""

    level: int
    title: str
    detail: str
    stage: str = ""
    """Of which stage it speaks."""


@dataclass(frozen=True)
class FeedNow:
    """A live source, as written: its name and the age of its data."""

    text: str
    late: bool


@dataclass(frozen=True)
class Moment:
    """A plant at one moment: a pure function of the log, the moment and the pace."""

    at: int
    clock: str
    speed: str
    playing: bool
    standing: Standing
    machines: tuple[MachineNow, ...]
    bins: dict[int, BinNow]
    belts: tuple[BeltNow, ...]
    sources: dict[str, str]
    """Source → its recent arrivals, as written."""
    goals: tuple[Goal, ...]
    headlines: tuple[Headline, ...]
    """The worst first."""
    feeds: tuple[FeedNow, ...] = ()
    live: bool = False
    """This is now, and goes on with the clock."""
