"""Everything the scene needs to know to draw a frame, and nothing else: plain data, computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Literal, NamedTuple

from factoryview.flow.moment.lining import OnBelt
from factoryview.layout.plan import Plan
from factoryview.scene.theme import Dress


@dataclass(frozen=True)
class Bar:
    """One bar of the timeline: cases in progress and the worst level of any stage then."""

    height: float
    level: int
    fresh: bool = True
    """The alarm of that time was new or unanswered."""


@dataclass(frozen=True)
class MarkFacts:
    """Something that happened, on the timeline."""

    at: int
    label: str


@dataclass(frozen=True)
class Sign:
    """A small sign on the timeline, with words where there is room for them, and more to say."""

    at: int
    """µs UTC."""
    label: str
    kind: Literal["change", "note", "due"]
    size: int = 1
    """1 to 3."""
    worse: int = 0
    """1: for the worse, −1: for the better, 0: neither is known."""
    said: str = ""
    """All there is to say of it."""


@dataclass(frozen=True)
class Limit:
    """A span of the timeline in which one stage limited the plant, µs UTC."""

    since: int
    until: int
    late: int | None
    """From when on too many waited there; None: never."""
    peak: int | None
    """When most did."""
    said: str


@dataclass(frozen=True)
class Facts:
    """What a plant looks like at any time."""

    title: str
    floor: FloorFacts
    first: int
    last: int
    bars: tuple[Bar, ...]
    marks: tuple[MarkFacts, ...]
    ticks: tuple[tuple[tuple[int, str], ...], ...]
    """Moments of the timeline with what may be written under them, in levels, the coarsest first."""
    legend: tuple[tuple[str, str], ...]
    """Each sign of the picture and what it means, in the plant's own terms."""
    notes: tuple[str, ...]
    """What must be said beside the picture: rejected rows, undated cases, crates that stand for many."""
    to_live: str = ""
    """Which key leads from the past of a live plant to now."""
    signs: tuple[Sign, ...] = ()
    """What is on the timeline beside marks, in order of time."""
    limits: tuple[Limit, ...] = ()
    """What limited the plant when, looked back at, in order of time."""
    zoomed: bool = False
    """The timeline shows only a part of the log."""
    loop: tuple[int, int] | None = None
    """The span that plays again and again, as far as it is chosen, µs UTC."""
    replay: str = ""
    """What a plant that is not live is called."""
    ahead: str = ""
    """What is said of the part of a recording that has not been played yet."""
    counted: int | None = None
    """Up to when the log has been counted so far, µs UTC; None: all of it."""


@dataclass(frozen=True)
class StationNow:
    """A station at the moment, as it is drawn."""

    label: str
    icon: str
    """What kind of work it does; see `plant.icons`."""
    dress: Dress
    count: str
    rates: str = ""
    rates_in_short: str = ""
    """The same in fewer letters."""
    shorter: tuple[str, ...] = ()
    """What may stand on its sign where the name is too long for that, best first."""
    code: str = ""
    """What the log writes before its name; for those who step near."""
    leading: bool = False
    """The first headline speaks of it."""
    quiet: bool = False
    """The first headline speaks of another: its number does not call."""
    dim: bool = False
    """A number that needs no eye: none or one."""
    excused: bool = False
    """What stands here calls for nothing: it waits for others, or as many wait on most days. It says so instead of how
    busy it is."""
    since: str = ""
    """Of a depot: since when its number counts."""
    old: str = ""
    """Its source is late: of when its numbers are."""
    busy: float = 0.0
    """Share of its places that are taken, 0 to 1."""
    people: int = 0
    robots: int = 0
    vacancies: int = 0
    at_work: int = 0
    """How many of the people and robots have a case in hand."""
    inside: int = 0
    """Crates in the machine."""
    frame: int = 0
    """Which of its machine's pictures; 0 stands still."""
    low: bool = False
    """A belt lies above the left of its roof: its machine stays below, so that no crate is hidden."""

    @cached_property
    def at_rest(self) -> tuple[object, ...]:
        """All but what changes while cases pass: the machine, its lights and the number."""
        found: tuple[object, ...] = _at_rest(self)
        return found

    @cached_property
    def unnumbered(self) -> tuple[object, ...]:
        """All but the number."""
        return (*self.at_rest, self.busy, self.frame)


_at_rest = attrgetter(*(each.name for each in fields(StationNow) if each.name not in ("busy", "frame", "count", "dim")))


@dataclass(frozen=True)
class WrecksNow:
    """Cases that nobody works on any more."""

    crates: int
    count: str
    since: str
    """`since 3 Sep`."""
    day: str
    """`3 Sep`, where there is no room for more."""
    text: str
    """How many and since when, in a sentence."""
    lying: str = ""
    """The same in few words."""
    left: str = ""
    """Only how many: `189 left lying`."""


@dataclass(frozen=True)
class Banner:
    """One sentence a stranger understands: what jams, what is done about it, what it costs."""

    dress: Dress
    """That of the machine it speaks of; "calm": nothing jams."""
    title: str
    detail: str = ""
    """Cause and cost; what is done about it."""
    begins: str = ""
    """What has begun at `since`: `jam since`."""
    since: str = ""
    stage: str = ""
    action: str = ""
    """What to do, where that is known; it stands first and largest after the title."""
    glad: bool = False
    """A goal has just been met."""
    well: bool = False
    """Nothing jams: that was judged, and nothing is left lying."""
    shorter: tuple[str, ...] = ()
    """The title with a shorter name, best first."""
    begun: int | None = None
    """What `since` says, µs UTC: the timeline shows the same span."""

    @property
    def said(self) -> str:
        """What to do, and the details, in one line."""
        return " · ".join(part for part in (self.action, self.detail) if part)

    @property
    def lasts(self) -> str:
        """Since when, in one line."""
        return f"{self.begins} {self.since}".strip()


@dataclass(frozen=True)
class GoalScale:
    """A goal by now, to scale: arrivals."""

    actual: float
    plan: float
    """By now."""
    target: float
    """Of the whole day."""
    low: float
    high: float
    """Between these the day is expected to end; both `actual` where nothing is expected."""


@dataclass(frozen=True)
class GoalRow:
    """A goal by now, as written."""

    label: str
    actual: str
    plan: str
    difference: str = ""
    good: bool = True
    forecast: str = ""
    takt: str = ""
    """How often one is to come, and how often one does."""
    scale: GoalScale | None = None
    """None: nothing is planned today."""


@dataclass(frozen=True)
class LossRow:
    """What a stage loses, as written."""

    label: str
    share: str
    reason: str = ""
    part: float = 0.0
    """The share as a number, 0 to 1."""


@dataclass(frozen=True)
class BoardPicture:
    """A board on free floor: goals or losses."""

    title: str
    rows: tuple[GoalRow, ...] | tuple[LossRow, ...]


@dataclass(frozen=True)
class RungPicture:
    """A stage of the ladder: hours of waiting and of work, and what is written on it."""

    label: str
    waiting: float
    work: float
    text: str = ""
    dress: Dress = "calm"
    stage: str = ""
    change: str = ""
    """How much longer or shorter cases stay since when, where that has changed lately."""
    longer: int = 0
    """1: longer, −1: shorter, 0: nothing has changed."""


@dataclass(frozen=True)
class LadderPicture:
    """Lead time of the main road as waiting (upper rungs) and work (lower rungs), to scale."""

    title: str
    total: str
    work: str
    """How much of it is work, in a sentence; empty where that is not known."""
    rungs: tuple[RungPicture, ...] = ()
    share: str = ""
    """The same as a number: `4 %`."""
    of_it: str = ""
    """What the number means: `of that is work`."""
    per_case: str = ""
    """What the total is of, where there is room for words: `per case,`."""


@dataclass(frozen=True)
class BinNow:
    """The bin of a stage that loses cases; empty words where too few are lost to say more."""

    fill: float
    share: str
    """`39 %` beside the bin, where there is no room for more."""
    reason: str
    period: str = ""
    """Over what the share is counted: `in 30 days`."""
    said: str = ""
    """`39 % lost`."""


class BeltNow(NamedTuple):
    """A belt's movement."""

    phase: float
    """How far it has run, in u."""
    level: int
    """See `theme.Level`."""
    stale: bool = False
    """Its source is late: what it shows is old."""


@dataclass(frozen=True)
class FloorFacts:
    """What never changes about a floor, in one language."""

    plan: Plan
    departments: dict[int, str]
    """Department → what is written on its floor."""
    signs: tuple[tuple[str, int], ...]
    """Label and hue of each of the plan's signs."""


@dataclass(frozen=True)
class FloorNow:
    """A floor at one moment."""

    stations: tuple[StationNow, ...]
    """In the order of the plan's blocks."""
    belts: tuple[BeltNow, ...]
    crates: tuple[OnBelt, ...]
    """Of each belt; positions in u."""
    piles: dict[str, bytes]
    """Stage → the channel of each crate of its pile, in order of arrival."""
    wrecks: dict[str, WrecksNow]
    bins: dict[str, BinNow]
    signs: tuple[str, ...]
    """What comes in by each of the plan's signs."""
    boards: tuple[BoardPicture, ...] = ()


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
    floor: FloorNow
    banners: tuple[Banner, ...]
    """The worst first."""
    ladder: LadderPicture | None = None
    feeds: tuple[FeedNow, ...] = ()
    live: bool = False
    """This is now, and goes on with the clock."""
    notes: tuple[str, ...] = ()
    """What there is to say of the reading at this moment, beside the notes of the facts."""
