"""From a factory to what its picture shows: the facts that stay, and the moment at any time of the log."""

from __future__ import annotations

import math
from collections import OrderedDict
from copy import copy
from datetime import UTC
from threading import Lock
from typing import Self

import numpy as np

from factoryview.factory.factory import Factory
from factoryview.flow.moment.congestion import AMBER, NEUTRAL, RED, Congestion, congestion
from factoryview.flow.moment.history import DAY, HOUR, SECOND, History, history
from factoryview.flow.moment.standing import BELT_SPEED, EDGE, Floor, OnBelt, Standing
from factoryview.flow.verdict.story import Story, tell
from factoryview.language import Language
from factoryview.plant.models import label_of, reason_label
from factoryview.scene.picture import BeltNow, BinNow, Goal, MachineNow, Moment, Status
from factoryview.store.windows import Tally, Totals
from factoryview.view.facts import facts_of
from factoryview.view.headlines import Speaker
from factoryview.view.health import SILENT, Pulse
from factoryview.view.playhead import REAL_TIME
from factoryview.view.topology import FloorOf, floor_of

_WINDOWS = 24
"""The log is fetched in about so many windows."""
_NOW = -1
"""The number of the window of a live plant that reaches from its last moments into the future."""
_PRESENT, _FUTURE = 2 * SECOND, 365 * DAY
"""From where to where that window reaches: seen from now, and from the last moment of the log."""
_MOST_STAYS = 100_000
"""A window of a live plant is so short that about so many come in it at the busiest."""
_SLOWING = 0.6
"""Seconds of display in which a belt that jams comes to rest."""
_PACES = (60, 300, 900, 3_600, 6 * 3_600, 86_400, 7 * 86_400, 30 * 86_400)
_TYPICAL_LENGTH = 240
"""Seconds in which a whole log should play at its usual pace."""


def usual_pace(span: int) -> float:
    """Data µs per second of display at which a log of that span is pleasant to watch."""
    return next((s for s in reversed(_PACES) if s * 1e6 * _TYPICAL_LENGTH <= span), _PACES[0]) * 1e6


class Presenter:
    """Everything the scene needs of one factory, in one language."""

    def __init__(
        self,
        factory: Factory,
        language: Language,
        *,
        aspect: float = 2.1,
        now: int | None = None,
        before: Presenter | None = None,
    ) -> None:
        """aspect: of the floor on the screen. now: of a live plant, whose picture goes on after the last event (µs).

        before: the presenter so far, where more has come since; the floor stays as it is if it can.
        """
        self.factory = factory
        self.language = language
        self.live = now is not None
        self.floor: FloorOf = floor_of(factory, aspect, language.code, before.floor if before else None)
        self.history: History = history(factory.store, self.floor.stages, now or 0)
        targets = {s.name: s.target_wait for s in factory.plant.stages if s.target_wait is not None}
        self.congestion: Congestion = congestion(self.history, targets)
        self.first, self.last = self.history.first, self.history.last
        self.totals = Totals(factory.store, self.floor.stages)
        self._moving = _moving(self.congestion)
        self._window = max(HOUR, (self.last - self.first) // _WINDOWS)
        if self.live:
            busiest = self.history.arrivals.sum(axis=0).max() / self.history.width
            self._window = max(SECOND, min(self._window, round(_MOST_STAYS / max(busiest, 1 / DAY))))
        self._present = (now if now is not None else self.last) - _PRESENT
        self._floors: OrderedDict[int, Floor] = OrderedDict()
        self._lock = Lock()
        self._gone = np.cumsum(self.history.departures, axis=1)
        self._arrived = {name: self._arrivals_of(name) for name in [t.of for t in factory.plant.targets]}
        self.weight = self._crate_weight()
        self._source_tallies = self._tally_sources()
        self.facts = facts_of(factory, language, self.floor, self.history, self.congestion, self.weight)
        labels = tuple(stage.label for stage in self.facts.stages)
        self._speaker = Speaker(
            factory, language, labels, self.floor.stages, self.history, self.congestion, self.totals
        )
        if before is not None:
            self.story = before.story

    def moment(self, at: int, pace: float, *, playing: bool = False, pulse: Pulse = SILENT) -> Moment:
        """The plant at `at` (µs UTC), clipped to the log. pace: data µs per second of display.

        pulse: how the live sources are; belts of those that were late before `at` stand still and fade.
        """
        at = self._clipped(at)
        live = self.live and playing and pace == REAL_TIME
        bucket = self.history.index(at)
        levels = self.congestion.level(bucket)
        standing = self._with_deliveries(self.standing(at, pace), at, pace)
        return Moment(
            at=at,
            clock=self.language.clock(at, seconds=pace < 60e6),
            speed=self._speed(pace, live),
            playing=playing,
            standing=standing,
            machines=self._machines(at, standing, levels, pulse) + self._docks(at, pulse),
            bins=self._bins(at, bucket),
            belts=self._belts(at, pace, standing, pulse),
            sources=self._sources(at),
            goals=self._goals(at),
            headlines=pulse.headlines(at, self.language, self._speaker.headlines(at, bucket, standing)),
            feeds=pulse.feeds(at, self.language),
            live=live,
        )

    def _speed(self, pace: float, live: bool) -> str:
        if live:
            return self.language.text("live")
        return self.language.text("speed", span=self.language.duration(pace))

    def worst_moment(self) -> int:
        """When most is in progress while the worst jam of the log lasts."""
        levels = self.congestion.levels.max(axis=0)
        wip = self.history.wip.sum(axis=0)
        worst = levels.max() if len(levels) else 0
        bucket = int(np.argmax(np.where(levels == worst, wip, -1.0)))
        return min(self.last, self.history.origin + bucket * self.history.width + self.history.width // 2)

    def standing(self, at: int, pace: float) -> Standing:
        """What stands where: the law of the picture."""
        day = self.language.moment(at).date()
        return self._floor(at).stand(at, pace, [self.factory.servers(stage, day) for stage in self.floor.stages])

    def with_latest(self, now: int) -> Self:
        """As this one, with what stands on the floor of a live plant at `now` (µs). All that is counted (rates, levels,
        totals, what rides to the docks) is as it was: of that, another presenter knows more.
        """
        later = copy(self)
        later.last, later._present = max(self.last, now), now - _PRESENT
        later._lock = Lock()
        with self._lock:
            past = [(k, floor) for k, floor in self._floors.items() if k != _NOW and floor.until <= self._present]
        later._floors = OrderedDict(past)
        return later

    def prefetch(self, at: int) -> None:
        """Fetch the window of a moment; may run on another thread."""
        self._floor(self._clipped(at))

    def _clipped(self, at: int) -> int:
        """Inside the log; a live plant goes on after its last event."""
        return int(max(at, self.first) if self.live else min(max(at, self.first), self.last))

    def _floor(self, at: int) -> Floor:
        number = (at - self.first) // self._window
        start, end = self.first + number * self._window, self.first + (number + 1) * self._window
        if self.live and at >= self._present:
            number, start, end = _NOW, self._present, self.last + _FUTURE
        with self._lock:
            if number not in self._floors:
                stays = self.floor.fetch(start, end)
                self._floors[number] = Floor(stays, self.floor.ways, len(self.floor.stages))
                while len(self._floors) > 3:
                    self._floors.popitem(last=False)
            self._floors.move_to_end(number)
            return self._floors[number]

    def _with_deliveries(self, standing: Standing, at: int, pace: float) -> Standing:
        riding: list[OnBelt] = []
        for i, way in enumerate(self.floor.deliveries, start=len(self.floor.ways)):
            length = len(self.floor.plan.belts[i].tiles) - 2 * EDGE
            riding.append(self.floor.endings[way].riding(at, pace, length))
        return Standing(standing.at, standing.stages, (*standing.belts, *riding))

    def _machines(self, at: int, standing: Standing, levels: np.ndarray, pulse: Pulse) -> tuple[MachineNow, ...]:
        day = self.language.moment(at).date()
        rates, stays = self.history.throughput(at), self.history.mean_stay(at)
        machines = []
        for i, stage in enumerate(self.floor.stages):
            now = standing.stages[i]
            people, robots = self.factory.staff(stage, day)
            posts = self.factory.posts(stage)
            servers = self.factory.servers(stage, day)
            inside = now.in_machine / self.weight
            late = pulse.late_since(stage, at)
            stay = "" if math.isnan(stays[i]) else "Ø " + self.language.duration(stays[i])
            status: Status = "working" if inside else "idle" if not now.wip and rates[i] == 0 else "starved"
            machines.append(
                MachineNow(
                    level=int(levels[i]),
                    status=status,
                    busy=min(1.0, inside / servers) if servers else 0.0,
                    wip=self.language.number(now.wip),
                    throughput=self._rate(rates[i]),
                    stay=stay if late is None else pulse.as_of(late, self.language),
                    people=people,
                    robots=robots,
                    vacancies=max(0, (posts or 0) - people - robots),
                    at_work=min(people + robots, round(inside)),
                    pile=round(now.in_pile / self.weight),
                    stale=late is not None,
                )
            )
        return tuple(machines)

    def _docks(self, at: int, pulse: Pulse) -> tuple[MachineNow, ...]:
        found = []
        for dock in self.floor.docks:
            tallies = [ending.tally for (_, outcome), ending in self.floor.endings.items() if outcome == dock]
            total = self.language.number(self.totals.outcomes(at).get(dock, 0.0))
            rate = self._rate(sum(self._lately(tally, at) for tally in tallies))
            late = pulse.late_since(dock, at)
            old = "" if late is None else pulse.as_of(late, self.language)
            found.append(MachineNow(NEUTRAL, "idle", 0.0, total, rate, old, 0, 0, 0, 0, 0, done=True, stale=bool(old)))
        return tuple(found)

    def _lately(self, tally: Tally, at: int) -> float:
        """Per `rate.unit` over the last `rate.window`, counted over the same buckets as a stage's throughput."""
        history = self.history
        end = history.origin + history.index(at) * history.width
        elapsed = min(history.rate.window, max(history.width, end - history.origin))
        return (tally.by(end - 1) - tally.by(end - history.rate.window - 1)) * history.rate.unit / elapsed

    def _rate(self, rate: float) -> str:
        unit = {DAY: "per_day", HOUR: "per_hour"}.get(self.history.rate.unit, "per_minute")
        return self.language.rate(rate) + self.language.text(unit)

    def _bins(self, at: int, bucket: int) -> dict[int, BinNow]:
        found = {}
        for stage, outcomes in self.floor.losing.items():
            i = self.floor.stages.index(stage)
            ways = [self.floor.endings[stage, outcome] for outcome in outcomes]
            lost = sum(way.by(at) for way in ways)
            gone = float(self._gone[i, bucket])
            share = min(1.0, lost / gone) if gone else 0.0
            biggest = max(ways, key=lambda way: way.by(at))
            reason = reason_label(
                self.factory.plant, biggest.reason or outcomes[ways.index(biggest)], self.language.code
            )
            found[i] = BinNow(share, ("−" if share >= 0.005 else "") + f"{self.language.number(100 * share)} %", reason)
        return found

    def _belts(self, at: int, pace: float, standing: Standing, pulse: Pulse) -> tuple[BeltNow, ...]:
        """A belt shows its stage's level only while crates are on it: an empty belt is no jam."""
        found = []
        for way, crates in zip(self.floor.ways, standing.belts, strict=False):
            late = pulse.late_since(self.floor.stages[way.stage], at)
            seen = at if late is None else max(late, self.first)
            bucket = self.history.index(seen)
            level = int(self.congestion.levels[way.stage, bucket]) if len(crates.id) else 0
            run = self._run(way.stage, seen, bucket, pace) if level else (seen - self.first) / pace * BELT_SPEED
            found.append(BeltNow(run, level, late is not None))
        for _, dock in self.floor.deliveries:
            late = pulse.late_since(dock, at)
            seen = at if late is None else max(late, self.first)
            found.append(BeltNow((seen - self.first) / pace * BELT_SPEED, NEUTRAL, late is not None))
        return tuple(found)

    def _run(self, stage: int, at: int, bucket: int, pace: float) -> float:
        """How far the belts into a stage have run since the log began, in tiles; in a jam they come to rest."""
        width, origin = self.history.width, self.history.origin
        done = float(self._moving[stage, bucket]) * width
        into = at - origin - bucket * width
        levels = self.congestion.levels[stage]
        if levels[bucket] == RED:
            start = self.congestion.since(stage, bucket)
            slowing = _SLOWING * pace
            elapsed = min(float(at - origin - start * width), slowing)
            done += elapsed - elapsed * elapsed / (2 * slowing)
        else:
            done += into * (0.5 if levels[bucket] == AMBER else 1.0)
        return done / pace * BELT_SPEED

    def _sources(self, at: int) -> dict[str, str]:
        return {name: self._rate(self._lately(self._source_tallies[name], at)) for name in self.floor.sources}

    def _goals(self, at: int) -> tuple[Goal, ...]:
        goals = []
        local = self.language.moment(at)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        since_midnight = int(midnight.astimezone(UTC).timestamp()) * 1_000_000
        for target in self.factory.plant.targets:
            tally = self._arrived[target.of]
            count = tally.by(at) - tally.by(since_midnight - 1)
            goals.append(
                Goal(
                    self.language.text("today", label=label_of(target, self.language.code)),
                    self.language.number(count),
                    self.language.rate(target.per_day) if target.per_day % 1 else self.language.number(target.per_day),
                    count / target.per_day,
                )
            )
        return tuple(goals)

    def study(self) -> Story:
        """Judge the whole log, so that headlines say what a bottleneck costs; may run on another thread."""
        self.story = tell(self.factory.store, self.factory.plant)
        return self.story

    @property
    def story(self) -> Story | None:
        """What `study` found."""
        return self._speaker.story

    @story.setter
    def story(self, story: Story | None) -> None:
        self._speaker.story = story

    def _arrivals_of(self, name: str) -> Tally:
        """When cases arrived at a stage or an outcome."""
        columns = self.factory.store.ask("counts/arrivals_of", name=name)
        return Tally.of(np.asarray(columns["at"], dtype=np.int64), np.asarray(columns["weight"], dtype=float))

    def _crate_weight(self) -> float:
        rows = self.factory.store.rows("stays/crate_weight")
        return float(rows[0][0] or 1.0)

    def _tally_sources(self) -> dict[str, Tally]:
        channels, rest = self.floor.channels_of_sources()
        columns = self.factory.store.ask("counts/entrances", channels=channels, stages=list(self.floor.stages))
        place = np.where(columns["channel"] == 0, rest, columns["channel"])
        at, weight = np.asarray(columns["at"], dtype=np.int64), np.asarray(columns["weight"], dtype=float)
        sources = enumerate(self.floor.sources, start=1)
        return {name: Tally.of(at[place == source], weight[place == source]) for source, name in sources}


def _moving(jam: Congestion) -> np.ndarray:
    """Buckets a stage's belts had been moving before each bucket; amber belts move at half speed, red ones stand."""
    speed = np.choose(jam.levels, [1.0, 0.5, 0.0])
    return np.asarray(np.cumsum(speed, axis=1) - speed)
