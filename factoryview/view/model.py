"""A plant with everything that was counted of it: the state at any moment, in no language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Protocol, Self
from zoneinfo import ZoneInfo

import numpy as np

from factoryview.errors import InputError
from factoryview.factory.factory import Factory
from factoryview.flow.moment.history import History, history
from factoryview.flow.moment.judging import Judged, unjudged
from factoryview.flow.moment.lane import capacity
from factoryview.flow.moment.presence import Presence, presence
from factoryview.flow.moment.standing import SHOWN, Lanes, Standing
from factoryview.flow.work import work_of
from factoryview.store.selection import Selection, Through
from factoryview.store.standing import Wanted
from factoryview.store.windows import MANY
from factoryview.time import DAY, HOUR, SECOND, utc
from factoryview.view.counts import Counts, count, judged
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.keeping import Place
from factoryview.view.lens import Lens
from factoryview.view.lookback import Lookback, look_back
from factoryview.view.playhead import REAL_TIME
from factoryview.view.state import Asked, State, Studied, state_of
from factoryview.view.topology import Topology, narrowed, stages_of, topology_of
from factoryview.view.windows import Fetch, WindowCache

_WINDOWS = 24
"""The log is fetched in about so many windows."""
_PRESENT, _FUTURE = 2 * SECOND, 365 * DAY
"""From where to where the last window of a live plant reaches: seen from now, and from the last moment of the log."""
_MOST_STAYS = 10_000
"""A window is so short that about so many come in it at the busiest, or as many as are fetched with each since they
stand there."""
_MOST_BYTES = 1_900_000
"""A window that is larger is fetched as far as it can be drawn."""


_MOST_DOUBTED = 200_000
"""Rows of a log that is read again with times of another meaning, while it is looked at."""


_FETCHED, _JUDGED, _LAID_OUT = 0.4, 0.7, 0.85
"""Of a large log, about which share of the time has passed then."""


def _silent(_share: float) -> None:
    return


class Counting(Protocol):
    """Counts all of a log of which a model holds the beginning."""

    share: float
    """How much of that is done, 0 to 1."""
    failed: bool
    """It could not be done so far."""


class _Steps:
    """Which share of all steps is done, from that of the present one."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell, self._since, self._until = tell, 0.0, 0.0

    def begin(self, until: float) -> None:
        """Begin the next step. until: which share is done after it."""
        self._since, self._until = self._until, until
        self(0.0)

    def __call__(self, share: float) -> None:
        self._tell(self._since + (self._until - self._since) * share)


class Model:
    """What can be asked of one factory at any moment. Everything is counted when it is made; then only windows are
    fetched, and those ahead of time.
    """

    def __init__(
        self,
        factory: Factory,
        *,
        aspect: float = 2.1,
        now: int | None = None,
        before: Model | None = None,
        progress: Callable[[float], None] = _silent,
    ) -> None:
        """aspect: of the floor on the screen. progress: told meanwhile, perhaps on another thread, which share is done;
        what it raises ends it.

        now: of a live plant, whose picture goes on after the last event (µs). before: the model so far, where more has
        come since; the floor stays as it is if it can.
        """
        self.factory = factory
        self.live = now is not None
        known, begun = before.topology if before else None, factory.begun
        place = Place(factory, aspect) if now is None and before is None and begun is None else None
        found = None if place is None else place.found()
        if found is None:
            steps = _Steps(progress)
            with factory.store.engine.told(steps):
                steps.begin(_FETCHED)
                stays = presence(factory.store, stages_of(factory, known))
                span = begun.span if begun is not None else None
                past = history(factory.store, stays.stages, now or 0, known=stays, span=span)
                steps.begin(_JUDGED)
                jams = judged(factory, past, before.counts if before else None, known=stays, tell=steps)
                del stays
                steps.begin(_LAID_OUT)
                floor = _floor(factory, past, jams, aspect, known)
                steps.begin(1.0)
                found = floor, count(factory, floor, past, jams)
            if place is not None:
                place.keep(*found)
        self.topology: Topology = found[0]
        self.counts: Counts = found[1]
        self.first, self.last = self.counts.history.first, self.counts.history.last
        self.until: int | None = begun.until if begun is not None else None
        """Nothing later is known of the log yet, µs UTC; None: all is."""
        self.counting: Counting | None = None
        """What counts the rest of it."""
        self.studied: Studied | None = before.studied if before is not None else None
        """What `study` has found out."""
        self.lookback: Lookback | None = before.lookback if before is not None else None
        """What `look_back` has seen."""
        self.within: Model | None = None
        """The model of all cases, where this is of some."""
        self.lens: Lens | None = None
        """What the hues of crates say; None: by which channel they came."""
        past = self.counts.history
        busiest = past.arrivals.sum(axis=0).max() / past.width
        standing = past.wip.sum(axis=0).max() if past.arrivals.sum() < MANY else 0.0  # else they are not all fetched
        short = max(SECOND, round(max(_MOST_STAYS, standing) / max(busiest, 1 / DAY)))
        width = min(max(HOUR, (self.last - self.first) // _WINDOWS), short)
        tail = None
        if now is not None:
            tail = now - _PRESENT, self.last + _FUTURE
        self._cut = width, tail
        self.windows = WindowCache(self._fetcher(), self.first, self.last, width, tail)

    def laid_out(self, aspect: float) -> Model:
        """The same plant on a floor of its own for a screen area of another aspect; any thread may."""
        found, past, jams = copy(self), self.counts.history, self.counts.jams
        found.topology = _floor(self.factory, past, jams, aspect)
        found.counts = count(self.factory, found.topology, past, jams)
        found.windows = WindowCache(found._fetcher(), found.first, found.last, *found._cut)
        return found

    def where(self, selection: Selection) -> Model:
        """The same plant as if there were only the selected cases, on the same floor and along the same time.

        Counts everything anew and takes as long as that; any thread may. Raises InputError where no case fits, or the
        plant's privacy does not allow it.
        """
        return self.counted(selection).judged()

    def prepare(self) -> None:
        """Fetch what makes `counted` and the verdict of some cases fast; any thread may."""
        from factoryview.flow.verdict.evidence import gather  # here as in `study`: a first picture does not wait for it

        self.factory.store.prepare()
        if not self.factory.store.prepared:
            return
        with suppress(InputError):  # nobody may look at so few cases
            part = self.counted(~Through(""))
            gather(part.model.factory.store, self.factory.plant)

    def counted(self, selection: Selection) -> Part:
        """As `where`, but nobody has judged yet who is late, which takes longest."""
        whole = self.within or self
        found = copy(whole)
        found.within, found.studied, found.lookback = whole, None, None
        found.factory = factory = whole.factory.where(selection)
        stays = presence(factory.store, whole.topology.stages)
        past = history(factory.store, stays.stages, along=whole.counts.history, known=stays)
        found.topology = narrowed(whole.topology, factory)
        found.counts = count(factory, found.topology, past, unjudged(whole.counts.jams))
        found.windows = WindowCache(found._fetcher(), found.first, found.last, *found._cut)
        return Part(found, stays)

    def going_on(self, factory: Factory) -> Model:
        """The same floor with another log of its stages, as where it goes on otherwise; nothing is found out of it yet.

        Counts everything anew and takes as long as that; any thread may.
        """
        factory = replace(factory, begun=None)
        found, store = copy(self), factory.store
        found.until = found.counting = None
        found.factory, found.within, found.studied, found.lookback, found.live = factory, None, None, None, False
        stays = presence(store, self.topology.stages)
        past = history(store, stays.stages, known=stays)
        found.topology = narrowed(self.topology, factory)
        found.counts = count(factory, found.topology, past, judged(factory, past, known=stays))
        found.first, found.last = found.counts.history.first, found.counts.history.last
        found._cut = self._cut[0], None
        found.windows = WindowCache(found._fetcher(), found.first, found.last, *found._cut)
        return found

    def state(self, at: int, pace: float, *, playing: bool = False, health: FeedHealth = SILENT) -> State:
        """The plant at `at` (µs UTC), clipped to the log. pace: data µs per second of display.

        health: of the live sources; belts of those that were late before `at` stand still.
        """
        at = self._clipped(at)
        live = self.live and playing and pace == REAL_TIME
        asked = Asked(at, pace, playing, live, health)
        return state_of(self.counts, self.standing(at, pace), asked, self.studied)

    def standing(self, at: int, pace: float) -> Standing:
        """What stands where: the law of the picture."""
        day = Asked(at, pace, False, False, SILENT).local(self.factory.plant.timezone).date()
        servers = self.counts.remembered.of(
            "servers", day, lambda: [self.factory.servers(stage, day) for stage in self.topology.stages]
        )
        lanes = self.windows.at(at)
        found = lanes.stand(at, pace, servers)
        return found if self.lens is None else self.lens.seen(found, lanes.stays, self.counts)

    def through(self, lens: Lens) -> Model:
        """The same plant with its crates in the hues of a lens; what has no crate has none of them."""
        found, floor = copy(self), self.topology
        endings = {way: replace(each, hue=np.zeros_like(each.hue)) for way, each in floor.endings.items()}
        found.lens = lens
        found.topology = replace(floor, endings=endings, sources=dict.fromkeys(floor.sources, 0))
        found.counts = replace(self.counts, topology=found.topology)
        fetch = partial(_numbered, self.topology, self.counts.jams.wrecks.given_up)
        found.windows = WindowCache(fetch, found.first, found.last, *found._cut)
        return found

    def prefetch(self, at: int) -> None:
        """Fetch the window of a moment before returning; for a thread that has time."""
        self.windows.at(self._clipped(at))

    def prepare_windows(self) -> None:
        """Have the stays of a large log sorted, so that the first moment one seeks is there at once; any thread may."""
        self.topology.windows.prepare()

    def look_ahead(self, at: int, pace: float) -> None:
        """Have what is needed at a moment and soon after it fetched on a worker thread; returns at once."""
        at = self._clipped(at)
        self.windows.ahead(at, pace)
        if self.studied is not None and self.studied.findings is not None:
            self.studied.findings.ahead(at, pace)
            if self.studied.otherwise is not None:
                self.studied.otherwise.findings.ahead(at, pace)

    def at_hand(self, at: int) -> bool:
        """Whether a moment can be drawn at once, with all that `study` will find out of it."""
        findings = None if self.studied is None else self.studied.findings
        return (findings is None or findings.at_hand(at)) and self.has_window(at)

    def has_window(self, at: int) -> bool:
        """Whether what stands where at a moment is known without asking the log."""
        return self.windows.has(self._clipped(at))

    def beside(self) -> Model:
        """The same plant for somebody who looks at other moments: with windows of its own."""
        found = copy(self)
        found.windows = self.windows.another()
        return found

    def worst_moment(self) -> int:
        """When most is in progress while the worst jam of the whole log lasts, µs UTC."""
        return self.counts.worst_moment()

    def with_latest(self, now: int) -> Self:
        """As this one, with what stands on the floor of a live plant at `now` (µs). All that is counted (rates, levels,
        totals, what rides to the docks) is as it was: of that, another model knows more.
        """
        later = copy(self)
        later.last = max(self.last, now)
        later._cut = self._cut[0], (now - _PRESENT, later.last + _FUTURE)
        later.windows = self.windows.continued(later.last, (now - _PRESENT, later.last + _FUTURE))
        return later

    def study(self, at: int | None = None) -> Studied:
        """Measure the time at work and be ready to find out what limits the plant, so that headlines say what that
        costs and the ladder stands; may run on another thread. at: a moment that is found out about at once (µs).
        """
        from factoryview.flow.verdict.findings import Findings
        from factoryview.flow.verdict.otherwise import otherwise

        store, plant, past = self.factory.store, self.factory.plant, self.counts.history
        findings = Findings(store, plant, self.counts.jams)
        moment = self._clipped(self.last if at is None else at)
        findings.at(moment)
        other = otherwise(self.factory) if self.factory.log_rows <= _MOST_DOUBTED else None
        if other is not None:
            other.findings.at(moment)
        self.studied = Studied(findings, (past, work_of(store, plant, past, self.counts.jams.wrecks)), other)
        return self.studied

    def look_back(self) -> Lookback:
        """Look back at the whole log from its end, for its timeline; may run on another thread."""
        findings = None if self.studied is None else self.studied.findings
        same = findings is not None and findings.jams is self.counts.jams
        self.lookback = look_back(self.counts, findings if same else None)
        return self.lookback

    def _fetcher(self) -> Fetch:
        """Of the windows. It does not know the model, which is let go of with its windows once nobody shows it."""
        return partial(_lanes, self.topology, self.counts)

    def _clipped(self, at: int) -> int:
        """Inside what is known of the log; a live plant goes on after its last event."""
        last = self.last if self.until is None else self.until
        return int(max(at, self.first) if self.live else min(max(at, self.first), last))


@dataclass(frozen=True, eq=False)
class Part:
    """A plant as if there were only some of its cases."""

    model: Model
    """Its stages are not judged."""
    stays: Presence

    def judged(self) -> Model:
        """The same with its stages judged; any thread may."""
        found = copy(self.model)
        jams = judged(found.factory, found.counts.history, known=self.stays)
        found.counts = replace(found.counts, jams=jams)
        found.windows = WindowCache(found._fetcher(), found.first, found.last, *found._cut)
        return found


def _floor(factory: Factory, past: History, jams: Judged, aspect: float, known: Topology | None = None) -> Topology:
    """The floor of a plant. known: the one so far, which stays if it can."""
    if known is None and factory.every:
        known = _floor_of_sample(factory.sample(), factory.every, aspect)
    peaks, left = (grid.max(axis=1, initial=0.0) for grid in (jams.levels.live, jams.levels.wrecks))
    lying = {name for name, most in zip(past.stages, left.tolist(), strict=True) if most}
    return topology_of(factory, past, peaks, lying, aspect, known)


def _floor_of_sample(some: Factory, every: int, aspect: float) -> Topology:
    """The floor for some cases of a large log, each of which stands for so many: what stands where is of the whole log,
    and is to be known before all of it has been counted.
    """
    stays = presence(some.store, stages_of(some))
    past = history(some.store, stays.stages, known=stays)
    jams = judged(some, past, known=stays)
    levels = replace(jams.levels, live=every * jams.levels.live)
    grids = {name: every * getattr(past, name) for name in ("arrivals", "departures", "stayed")}
    return _floor(some, replace(past, **grids), replace(jams, levels=levels), aspect)


def _numbered(topology: Topology, lost: Mapping[int, int], since: int, until: int) -> Lanes:
    """Lanes of which the hue of a stay is its place in the window."""
    stays = topology.fetch(since, until)
    places = replace(stays, hue=np.arange(len(stays), dtype=np.int32))
    return Lanes(places, topology.ways, len(topology.stages), lost)


def _lanes(topology: Topology, counts: Counts, since: int, until: int) -> Lanes:
    given_up, past = counts.jams.wrecks.given_up, counts.history
    stays = past.wip[:, past.index(since)].sum() / counts.weight + _MOST_STAYS
    if stays * topology.windows.row_bytes > _MOST_BYTES:
        found = topology.fetch_crowded(since, until, given_up, _wanted(topology, counts, since, until))
    else:
        found = topology.fetch(since, until)
    counts.rest()
    return Lanes(found, topology.ways, len(topology.stages), given_up)


def _wanted(topology: Topology, counts: Counts, since: int, until: int) -> Wanted:
    """What can be drawn of a window in which many stand: who may come onto a belt or into a machine, and the pile."""
    factory = counts.factory
    zone = ZoneInfo(factory.plant.timezone)
    first, last = (utc(moment).astimezone(zone).date() for moment in (since, until))
    days = [first + timedelta(days) for days in range((last - first).days + 1)]
    servers = max(factory.servers(stage, day) for stage in topology.stages for day in days)
    belts = [capacity(way.length) for way in topology.ways]
    return Wanted(max(belts, default=0) + servers, SHOWN + sum(belts) + servers)
