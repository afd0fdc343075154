"""From a state to the words and numbers that the scene draws, in one language. Asks nobody: it is all in the state."""

from __future__ import annotations

from factoryview.flow.moment.history import DAY, HOUR, Rate, Window
from factoryview.flow.moment.levels import NEUTRAL, RED
from factoryview.language import Language
from factoryview.language.numbers import digits_of_rate
from factoryview.plant.models import Plant, label_of, reason_label
from factoryview.scene.picture import BeltNow, BinNow, FeedNow, Goal, Headline, MachineNow, Moment
from factoryview.view.health import FeedAge
from factoryview.view.news import Calm, Constraint, Jam, Late, LostHandover, News, Standstill
from factoryview.view.state import BinState, GoalState, OutcomeState, StageState, State

_PER = {DAY: "rate.per_day", HOUR: "rate.per_hour"}


class Wording:
    """The words of one plant in one language."""

    def __init__(self, plant: Plant, language: Language) -> None:
        self.plant, self.language = plant, language
        self._labels = {outcome.name: label_of(outcome, language.code) for outcome in plant.outcomes}
        self._labels |= {stage.name: label_of(stage, language.code) for stage in plant.stages}
        self._goals = {target.of: label_of(target, language.code) for target in plant.targets}

    def moment(self, state: State) -> Moment:
        """What the scene draws of a state."""
        return Moment(
            at=state.at,
            clock=self.language.clock(state.at, seconds=state.pace < 60e6),
            speed=self._speed(state),
            playing=state.playing,
            standing=state.standing,
            machines=(
                *(self._machine(stage, state) for stage in state.stages),
                *(self._dock(dock, state) for dock in state.outcomes),
            ),
            bins={lost.stage: self._bin(lost, state.window) for lost in state.bins},
            belts=tuple(BeltNow(belt.phase, belt.level, belt.stale) for belt in state.belts),
            sources={source.id[1]: self._rate(source.throughput, state.rate) for source in state.sources},
            goals=tuple(self._goal(goal) for goal in state.goals),
            headlines=tuple(self.headline(news, state.now, state.stale.get(news.stage)) for news in state.news),
            feeds=tuple(self.feed(feed, state.now) for feed in state.feeds),
            live=state.live,
        )

    def headline(self, news: News, now: int = 0, old_since: int | None = None) -> Headline:
        """What there is to say. now: a live plant's clock. old_since: since when its data is old (µs)."""
        title, details = self._said(news, now)
        if old_since is not None:
            details = [self.as_of(old_since, now), details[0]]
        return Headline(news.level, title, " · ".join(details), news.stage)

    def feed(self, feed: FeedAge, now: int) -> FeedNow:
        """A live source with the age of its data. now: the clock, µs UTC."""
        if feed.late_since is not None:
            told = self.as_of(feed.late_since, now)
        elif feed.age is None:
            told = "…"
        else:
            told = self.language.text("feed.ago", span=self.language.since(feed.age))
        return FeedNow(f"{feed.name} · {told}", feed.late_since is not None)

    def as_of(self, since: int, now: int) -> str:
        """`as of 14:32`; with the date if that was on another day than `now`."""
        if not since:
            return self.language.text("feed.no_data_yet")
        near = self.language.moment(since).date() == self.language.moment(now).date()
        time = self.language.date(since, "date.time" if near else "date.day_and_time")
        return self.language.text("feed.as_of", time=time)

    def _said(self, news: News, now: int) -> tuple[str, list[str]]:
        """Title and details of a headline."""
        say, name = self.language.text, self._label(news.stage)
        match news:
            case Calm():
                return say("news.calm" if news.judged else "news.unjudged"), self._calm(news)
            case Jam():
                return say("news.jam" if news.level == RED else "news.slow", stage=name), self._jam(news)
            case Constraint():
                return say("news.constraint", stage=name), self._constraint(news)
            case LostHandover():
                return say("news.handover", stage=name), self._lost_cases(news)
            case Late():
                return self._late(news, now)
            case Standstill():
                title = "news.not_renewed" if news.recorded else "news.not_recorded"
                return say(title), [self.as_of(news.since, now), news.trouble]

    def _calm(self, calm: Calm) -> list[str]:
        parts = [self.language.text("news.in_progress", n=self.language.number(calm.in_progress))]
        if calm.largest:
            label, most = self._label(calm.largest), self.language.number(calm.waiting)
            parts.append(self.language.text("news.largest", stage=label, n=most))
        return parts

    def _jam(self, jam: Jam) -> list[str]:
        say, clears = self.language.text, jam.clears_in
        return [
            say("news.waiting", n=self.language.number(jam.waiting)),
            say("news.stuck") if clears is None else say("news.clears_in", span=self.language.duration(clears)),
            self._for(jam.lasts),
        ]

    def _constraint(self, limit: Constraint) -> list[str]:
        digits = digits_of_rate(limit.cases_per_day)
        parts = [self.language.count("news.costs", limit.cases_per_day, digits=digits), self._for(limit.lasts)]
        if limit.vacancies:
            parts.append(self.language.count("news.vacant", limit.vacancies))
        return parts

    def _lost_cases(self, lost: LostHandover) -> list[str]:
        parts = [self.language.count("news.never_picked_up", lost.cases)]
        if lost.value:
            parts.append(self.language.text("news.worth", money=self.language.money(lost.value)))
        return parts

    def _for(self, span: int) -> str:
        """`for 20 days`. span: µs."""
        return self.language.text("news.for", span=self.language.since(span))

    def _late(self, late: Late, now: int) -> tuple[str, list[str]]:
        who = late.names[0] if len(late.names) == 1 else self.language.count("news.sources", len(late.names))
        details = [self.as_of(late.since, now)]
        if now - late.since < 1000 * DAY:
            details.append(self._for(max(0, now - late.since)))
        return self.language.text("news.no_data", name=who), details

    def _machine(self, stage: StageState, state: State) -> MachineNow:
        stay = (
            ""
            if stage.mean_stay is None
            else self.language.text("machine.stay", span=self.language.duration(stage.mean_stay))
        )
        return MachineNow(
            level=stage.level,
            status=stage.status,
            busy=stage.busy,
            wip=self.language.number(stage.here.wip),
            throughput=self._rate(stage.throughput, state.rate),
            stay=stay if stage.stale_since is None else self.as_of(stage.stale_since, state.now),
            people=stage.people,
            robots=stage.robots,
            vacancies=stage.vacancies,
            at_work=stage.at_work,
            pile=stage.pile,
            stale=stage.stale_since is not None,
        )

    def _dock(self, dock: OutcomeState, state: State) -> MachineNow:
        total, rate = self.language.number(dock.total), self._rate(dock.throughput, state.rate)
        stale = dock.stale_since is not None
        old = self.as_of(dock.stale_since, state.now) if dock.stale_since is not None else ""
        return MachineNow(NEUTRAL, "idle", 0.0, total, rate, old, 0, 0, 0, 0, 0, done=True, stale=stale)

    def _goal(self, goal: GoalState) -> Goal:
        number = self.language.rate if goal.per_day % 1 else self.language.number
        return Goal(
            self.language.text("goal.today", label=self._goals[goal.id[1]]),
            self.language.number(goal.count),
            number(goal.per_day),
            goal.count / goal.per_day,
        )

    def _speed(self, state: State) -> str:
        if state.live:
            return self.language.text("playhead.live")
        return self.language.text("playhead.speed", span=self.language.duration(state.pace))

    def _rate(self, value: float | None, rate: Rate) -> str:
        if value is None:
            return ""
        return self.language.text(_PER.get(rate.unit, "rate.per_minute"), n=self.language.rate(value))

    def _bin(self, lost: BinState, window: Window) -> BinNow:
        reason = "" if lost.reason is None else reason_label(self.plant, lost.reason, self.language.code)
        if lost.share is None:
            return BinNow(0.0, "", reason)
        share = self.language.percent(lost.share)
        share = self.language.text("bin.share", share=share) if lost.share >= 0.005 else share
        period = self.language.text("bin.period", span=self.language.since(window.until - window.since))
        return BinNow(lost.share, share, reason, period)

    def _label(self, stage: str) -> str:
        return self._labels.get(stage, stage)
