"""From a state to the words and numbers that the scene draws, in one language. Asks nobody: it is all in the state.

Of stations: `station_wording`, of news: `news_wording`; which machine wears what: `dresses`.
"""

from __future__ import annotations

from collections.abc import Iterable

from factoryview.flow.goals import GoalByNow
from factoryview.flow.ladder import Ladder
from factoryview.flow.moment.history import Window
from factoryview.flow.moment.levels import NEUTRAL, RED
from factoryview.language import Language
from factoryview.layout.plan import CRATE
from factoryview.plant.models import Plant, label_of, reason_label
from factoryview.scene.picture import (
    Banner,
    BeltNow,
    BinNow,
    BoardPicture,
    FeedNow,
    FloorNow,
    GoalRow,
    GoalScale,
    LadderPicture,
    LossRow,
    Moment,
    RungPicture,
)
from factoryview.scene.theme import Dress
from factoryview.time import HOUR
from factoryview.view.connections import ENTRANCE
from factoryview.view.dresses import alarm_of, dresses_of, level_of, lit_at, most_lost, usual_at
from factoryview.view.health import FeedAge
from factoryview.view.news import Calm, Constraint, Jam, LeftLying, News, longest_of, told_of
from factoryview.view.news_wording import NewsWording
from factoryview.view.remembered import Remembered
from factoryview.view.state import BinState, State
from factoryview.view.station_wording import StationWording
from factoryview.view.topology import Topology

_QUEUE = 0.2
"""Share of a belt on which crates must stand for it to wear the colour of its machine: an empty belt is no jam."""
_RISEN = 1.25
"""How many times as many as a month before must wait for that to be told."""
_NO_LOSS = 0.005
"""A share that would be written as 0 %."""


class Wording:
    """The words of one plant in one language."""

    def __init__(self, topology: Topology, plant: Plant, language: Language) -> None:
        self.topology, self.plant, self.language = topology, plant, language
        self._labels = {stage.name: label_of(stage, language.code) for stage in plant.stages}
        self._labels |= {outcome.name: label_of(outcome, language.code) for outcome in plant.outcomes}
        self._sources = {
            name: next((label_of(source, language.code) for source in plant.sources if ENTRANCE + source.name == name),
                       name.removeprefix(ENTRANCE) or language.text("source.others"))
            for name in topology.sources
        }  # fmt: skip
        self._goals = {target.of: label_of(target, language.code) for target in plant.targets}
        self.news = NewsWording(language, self.label)
        self._said_before = Remembered()
        self._stations = StationWording(topology, plant, language, self._labels, self.news, self._said_before)
        self._queues = [max(1.0, _QUEUE * belt.length / CRATE) for belt in topology.plan.belts]
        """Of each belt how many crates that stand are a queue."""

    def moment(self, state: State) -> Moment:
        """What the scene draws of a state."""
        dresses = dresses_of(state)
        return Moment(
            at=state.at,
            clock=self.language.clock(state.at, seconds=state.pace < 60e6),
            speed=self._speed(state),
            playing=state.playing,
            floor=self._floor(state, dresses),
            banners=tuple([self._banner(i, news, state, dresses) for i, news in enumerate(state.news)]),
            ladder=self._ladder(state, dresses),
            feeds=tuple(self.feed(feed, state.now) for feed in state.feeds),
            live=state.live,
            notes=self._doubt(state),
        )

    def _doubt(self, state: State) -> tuple[str, ...]:
        """What would be said if the times meant something else."""
        if state.doubt is None:
            return ()
        from factoryview.flow.verdict.otherwise import sentence  # a first picture does not wait for it

        return (sentence(state.doubt, self.plant, self.language),)

    def _floor(self, state: State, dresses: dict[str, Dress]) -> FloorNow:
        told, usual = told_of(state.news), usual_at(state.news)
        called = told or lit_at(state)
        stations = {
            stage.id[1]: self._stations.station(stage, state, dresses[stage.id[1]], told, called, usual)
            for stage in state.stages
        }
        stations |= {dock.id[1]: self._stations.depot(dock, state) for dock in state.outcomes}
        said = self._said_before.of
        rates = said("signs", (state.sources, state.rate), lambda: self._signs(state))
        bins = said("bins", (state.bins, state.window), lambda: self._bins(state))
        losses = said("losses", (state.bins, state.window), lambda: self._loss_board(state, bins))
        boards = (self._goal_board(state), *(() if _says_losses(state, losses) else (losses,)))
        return FloorNow(
            stations=tuple(stations[name] for name in self.topology.plan.blocks),
            belts=tuple([
                BeltNow(belt.phase, level_of(belt, dresses) if on.standing >= queue else NEUTRAL, belt.stale)
                for belt, on, queue in zip(state.belts, state.standing.belts, self._queues, strict=True)
            ]),
            crates=state.standing.belts,
            piles={stage.id[1]: stage.pile for stage in state.stages if stage.pile},
            wrecks={stage.id[1]: self._stations.wrecks(stage, state) for stage in state.stages if stage.here.wrecked},
            bins=bins,
            signs=tuple(rates.get((sign.source, sign.target), "") for sign in self.topology.plan.signs),
            boards=tuple(board for board in boards if board.rows),
        )  # fmt: skip

    def _goal_board(self, state: State) -> BoardPicture:
        if not state.figures.goals:
            return BoardPicture("", ())
        if state.figures.before is not None:
            day, goals = state.figures.before
            title = self.language.text("board.day_over", day=self.language.weekday_and_day(day).upper())
            return BoardPicture(title, tuple(self._goal(of, now, over=True) for of, now in goals.items()))
        title = self.language.text("board.today", time=self.language.date(state.at, "date.time"))
        return BoardPicture(title, tuple(self._goal(of, now) for of, now in state.figures.goals.items()))

    def _signs(self, state: State) -> dict[tuple[str, str], str]:
        """Source and the stage it feeds → what comes in there."""
        return {
            (source.id[1], source.stage): self._stations.rate(source.throughput, state.rate) for source in state.sources
        }

    def _bins(self, state: State) -> dict[str, BinNow]:
        return {self.topology.stages[lost.stage]: self._bin(lost, state.window) for lost in state.bins}

    def _loss_board(self, state: State, bins: dict[str, BinNow]) -> BoardPicture:
        rows = sorted((each for each in bins.items() if each[1].fill >= _NO_LOSS), key=lambda each: -each[1].fill)
        span = self.language.since(state.window.until - state.window.since)
        title = self.language.text("board.lost", span=span.upper())
        return BoardPicture(title, tuple([self._loss(name, bin_) for name, bin_ in rows]))

    def _loss(self, name: str, bin_: BinNow) -> LossRow:
        """Of a hundred: a bare percentage says not of what."""
        of = self.language.text("board.of_hundred", n=self.language.number(round(100 * bin_.fill)))
        return LossRow(self.label(name), of, bin_.reason, bin_.fill)

    def _banner(self, place: int, news: News, state: State, dresses: dict[str, Dress]) -> Banner:
        """As it was said in the frame before, where nothing that it says has changed."""
        here = next((stage.here.wip for stage in state.stages if stage.id[1] == news.stage), None)
        year, old = self.language.moment(state.at).year, state.stale.get(news.stage)
        of = news, here, year, old, state.now, state.alarms, dresses, state.bins
        return self._said_before.of(("banner", place), of, lambda: self.banner(news, state))

    def banner(self, news: News, state: State) -> Banner:
        """What there is to say, in one sentence and the colours of the machine it speaks of."""
        line = self.news.headline(news, state.now, state.stale.get(news.stage))
        here = next((stage.here.wip for stage in state.stages if stage.id[1] == news.stage), None)
        if isinstance(news, Jam | Constraint) and here is not None:
            waiting = self.language.text("banner.waiting", n=self.language.number(here), stage=self.label(news.stage))
            title = ", ".join([waiting, *self._beside(news, here)]) if here else line.title
            kind = "constraint" if isinstance(news, Constraint) else "jam" if news.level == RED else "slow"
            begins = self.language.text(f"banner.{kind}_since")
            since = self._whole_day(news.since, state.at)
            action = self.news.action(news)
            parts = [part for part in line.details[1:-1] if part != action] + self._answer(news.stage, state)
            dress = dresses_of(state)[news.stage]
            return Banner(dress, title, " · ".join(parts), begins, since, news.stage, action, begun=news.since)
        dress = ("calm", "slow", "alarm")[news.level]
        if isinstance(news, LeftLying):
            title = self.language.text("news.lying", n=self.language.number(news.cases), stage=self.label(news.stage))
            detail = " · ".join(line.details[1:-1]) or line.details[0]
            return Banner(dress, title, detail, "", line.details[-1], news.stage)
        if isinstance(news, Calm) and news.abandoned:
            action = self.news.action(news)
            detail = " · ".join(part for part in line.details if part != action)
            return Banner("slow", line.title, detail, stage=news.lying_at, action=action)
        if isinstance(news, Calm):
            lost, title, details = self._lost(state.bins), line.title, [*line.details]
            lit, leads = lit_at(state), bool(lost) and not longest_of(state.news)
            if leads:
                title, details = lost[0], [line.title, *details]
            else:
                details = [*lost, *details]
            action = self.language.text("news.see_lost" if leads else "news.see_time") if lit else ""
            shorter = tuple(title.replace(self.label(lit), name) for name in self._stations.shorter(lit))
            return Banner("longest" if lit else dress, title, " · ".join(details), stage=lit, action=action,
                          well=news.judged and not lit, shorter=shorter)  # fmt: skip
        return Banner(dress, line.title, line.detail, stage=news.stage)

    def _beside(self, news: Jam | Constraint, here: float) -> list[str]:
        """What makes of a number a jam: how many of them wait too long, else how many fewer it were a month before."""
        number, say = self.language.number, self.language.text
        if round(news.late):
            return [say("banner.late", n=number(news.late))]
        if news.before is not None and here >= _RISEN * news.before:
            return [say("banner.before", n=number(news.before))]
        return []

    def _lost(self, bins: Iterable[BinState]) -> list[str]:
        """Where most are lost."""
        most = most_lost(bins)
        if most is None:
            return []
        n = self.language.number(round(100 * (most.share or 0.0)))
        return [self.language.text("news.lost", n=n, stage=self.label(self.topology.stages[most.stage]))]

    def _answer(self, stage: str, state: State) -> list[str]:
        """What is done about the jam of a stage: until when, who, what."""
        alarm = alarm_of(stage, state)
        if alarm is None or alarm.state not in ("seen", "worked on", "overdue", "mended"):
            return []
        until = "" if alarm.until is None else self.language.day(alarm.until)
        said = self.language.text(f"alarm.{alarm.state.replace(' ', '_')}", date=until)
        return [part for part in (said, alarm.role, alarm.measure) if part]

    def feed(self, feed: FeedAge, now: int) -> FeedNow:
        """A live source with the age of its data. now: the clock, µs UTC."""
        if feed.late_since is not None:
            told = self.news.as_of(feed.late_since, now)
        elif feed.age is None:
            told = "…"
        else:
            told = self.language.text("feed.ago", span=self.language.since(feed.age))
        return FeedNow(f"{feed.name} · {told}", feed.late_since is not None)

    def _goal(self, of: str, now: GoalByNow, *, over: bool = False) -> GoalRow:
        """How many, how many it should be by now, and what the day will bring. over: that of a day that is past."""
        number = self.language.number
        label, actual = self._goals[of], number(now.actual)
        if not now.open:
            return GoalRow(label, actual, self.language.text("goal.closed"))
        plan = round(now.plan)
        off = round(now.actual) - plan
        sign = "+" if off > 0 else "−" if off < 0 else "±"
        difference = f"{sign}{number(abs(off))}"
        words = self.language.text("goal.plan", n=number(plan))
        if not plan and not off:  # the day has not begun: that nothing is done is no news
            words, difference = self.language.text("goal.of_day", n=self.language.rate(now.per_day)), ""
        forecast = ""
        if now.low is not None and now.high is not None and not over:
            low, high = number(now.low), number(now.high)
            one = low == high
            forecast = self.language.text("goal.forecast_one" if one else "goal.forecast", low=low, high=high)
        takt = ""
        if now.takt is not None and now.pace is not None and not over:
            spans = {"takt": self.language.duration(now.takt), "pace": self.language.duration(now.pace)}
            takt = self.language.text("goal.takt", **spans)
        least, most = (now.actual if end is None else end for end in (now.low, now.high))
        scale = GoalScale(now.actual, now.plan, now.per_day, least, most)
        return GoalRow(label, actual, words, difference, off >= 0, forecast, takt, scale)

    def _ladder(self, state: State, dresses: dict[str, Dress]) -> LadderPicture | None:
        """The lead-time ladder of the main road."""
        found = state.figures.ladder
        if found is None or not found.rungs or found.total <= 0:
            return None
        return self._said_before.of("ladder", (found, dresses), lambda: self._said_of_ladder(found, dresses))

    def _said_of_ladder(self, found: Ladder, dresses: dict[str, Dress]) -> LadderPicture:
        rungs = tuple(
            RungPicture(self.label(rung.stage), (rung.stay - (rung.work or 0.0)) / HOUR, (rung.work or 0.0) / HOUR,
                 self.language.duration(rung.stay), dresses.get(rung.stage, "calm"), rung.stage)
            for rung in found.rungs
        )  # fmt: skip
        title, total = self.language.text("ladder.title"), self.language.duration(found.total)
        if found.work is None:
            return LadderPicture(title, total, "", rungs, per_case=self.language.text("ladder.a_case"))
        hours = self.language.duration(found.work)
        work = self.language.text("ladder.work", work=hours, share=self.language.percent(found.share or 0.0))
        return LadderPicture(
            title, total, work, rungs, hours, self.language.text("ladder.of_it"), self.language.text("ladder.per_case")
        )

    def _speed(self, state: State) -> str:
        if state.live:
            return self.language.text("playhead.live")
        say, span = self.language.text, self.language.duration
        return self._said_before.of("speed", state.pace, lambda: say("playhead.speed", span=span(state.pace)))

    def _bin(self, lost: BinState, window: Window) -> BinNow:
        reason = "" if lost.reason is None else reason_label(self.plant, lost.reason, self.language.code)
        if lost.share is None:
            return BinNow(0.0, "", reason)
        if lost.share < _NO_LOSS:
            return BinNow(lost.share, "", reason)
        share, say = self.language.percent(lost.share), self.language.text
        period = say("bin.period", span=self.language.since(window.until - window.since))
        return BinNow(lost.share, say("bin.share", share=share), reason, period, say("bin.said", share=share))

    def _whole_day(self, at: int, now: int) -> str:
        """`3 Sep`; seen from another year with its year."""
        day, seen = self.language.moment(at), self.language.moment(now)
        return self.news.day(at) if day.year == seen.year else self.language.day(day.date())

    def dresses(self, state: State) -> dict[str, Dress]:
        """How each machine looks."""
        return dresses_of(state)

    def label(self, stage: str) -> str:
        """A stage or outcome, as people call it."""
        return self._labels.get(stage, stage)

    def belt(self, name: str) -> str:
        """A belt of the floor by `ORIGIN/TARGET`, as people call its ends."""
        ends = ((belt.origin, belt.target) for belt in self.topology.plan.belts)
        origin, target = next((each for each in ends if "/".join(each) == name), (name, ""))
        named = self._sources.get(origin) or self.label(origin), self.label(target)
        return " › ".join(part for part in named if part)


def _says_losses(state: State, board: BoardPicture) -> bool:
    """Whether the headline says all that a board of losses would."""
    return len(board.rows) == 1 and bool(lit_at(state)) and not longest_of(state.news)
