"""What stands on a machine and on an end of the line, in one language: the number, the rates, who is left lying."""

from __future__ import annotations

from collections.abc import Mapping

from factoryview.flow.moment.history import Rate
from factoryview.language import Language
from factoryview.plant.icons import icons_for
from factoryview.plant.labels import code_of
from factoryview.plant.models import Plant
from factoryview.scene.picture import StationNow, WrecksNow
from factoryview.scene.theme import Dress
from factoryview.time import DAY, HOUR
from factoryview.view.dresses import most_lost
from factoryview.view.news import longest_of
from factoryview.view.news_wording import NewsWording
from factoryview.view.remembered import Remembered
from factoryview.view.short_names import short_names
from factoryview.view.stages import StageState
from factoryview.view.state import OutcomeState, State
from factoryview.view.topology import Topology

_MOSTLY = 0.5
"""Share of what a machine shows from which on it says that these are left lying: else its number is a riddle."""
_STEPS = 3
"""Pictures of a working machine in one second of display."""
_PER = {DAY: "rate.per_day", HOUR: "rate.per_hour"}


class StationWording:
    """The words on the stations of one plant. before: keeps what was said of one that stays as it is."""

    def __init__(
        self,
        topology: Topology,
        plant: Plant,
        language: Language,
        labels: Mapping[str, str],
        news: NewsWording,
        before: Remembered,
    ) -> None:
        self.language, self.news, self._labels, self._before = language, news, labels, before
        self._outside = frozenset(stage.name for stage in plant.stages if stage.kind == "delay")
        self._shorter = short_names(set(labels.values()))
        self._codes = {stage.name: code_of(stage.name, labels.get(stage.name, stage.name)) for stage in plant.stages}
        given = {stage.name: stage.icon for stage in plant.stages if stage.icon}
        depots = dict.fromkeys(topology.depots, "flag")
        self._icons = {**icons_for(name for name in (*topology.stages, *topology.docks) if name not in depots),
                       **depots, **given}  # fmt: skip

    def station(
        self, stage: StageState, state: State, dress: Dress, told: str, called: str, as_usual: frozenset[str]
    ) -> StationNow:
        """told: the stage that the first headline speaks of; called: that, or the one that is lit. as_usual: see
        `usual_at`.
        """
        frame = 1 + int(state.at / state.pace * _STEPS) % 3 if stage.here.in_machine > 0 else 0
        now = 0 if stage.stale_since is None else state.now
        leading, quiet = told == stage.id[1], bool(called) and called != stage.id[1]
        usual = stage.id[1] in as_usual
        lit = (state.bins, longest_of(state.news)) if dress == "longest" else None
        of = stage, dress, leading, quiet, usual, frame, state.figures.flows[stage.id[1]], state.rate, now, lit
        return self._before.known(stage.id, of) or self._before.keep(
            stage.id, of, self._said_of(stage, state, dress, frame, leading=leading, quiet=quiet, usual=usual)
        )

    def _said_of(
        self, stage: StageState, state: State, dress: Dress, frame: int, *, leading: bool, quiet: bool, usual: bool
    ) -> StationNow:
        old = self.news.as_of(stage.stale_since, state.now) if stage.stale_since is not None else ""
        rates, rates_in_short = self._rates(stage, state)
        if usual and stage.id[1] not in self._outside:
            rates = rates_in_short = self.language.text("machine.usual")
        lying = stage.here.wrecks >= _MOSTLY * stage.here.wip > 0
        if lying:
            rates = rates_in_short = self.language.text("machine.left", n=self.language.number(stage.here.wrecks))
        lost = most_lost(state.bins) if dress == "longest" and not longest_of(state.news) else None
        if lost is not None:
            n = self.language.number(round(100 * (lost.share or 0.0)))
            rates = rates_in_short = self.language.text("machine.lost", n=n)
        elif dress == "longest" and stage.mean_stay is not None:
            rates = rates_in_short = self.language.text("machine.stay", span=self.language.duration(stage.mean_stay))
        return StationNow(
            label=self._label(stage.id[1]),
            shorter=self.shorter(stage.id[1]),
            icon=self._icons[stage.id[1]],
            dress="calm" if old else dress,
            leading=leading,
            quiet=quiet,
            count=self.language.number(stage.here.wip),
            rates=rates,
            rates_in_short=rates_in_short,
            code=self._codes.get(stage.id[1], ""),
            dim=stage.here.wip < 2 and dress == "calm",
            excused=stage.id[1] in self._outside or usual or lying,
            old=old,
            busy=stage.busy,
            people=stage.people,
            robots=stage.robots,
            vacancies=stage.vacancies,
            at_work=stage.at_work,
            inside=stage.inside,
            frame=frame,
        )

    def wrecks(self, stage: StageState, state: State) -> WrecksNow:
        """Who is left lying at a stage, and since when."""
        since = stage.jam.wrecks_since
        day = state.at if since is None else self.language.moment(state.at).year
        of = stage.here.wrecked, stage.here.wrecks, since, day
        return self._before.of(("wrecks", *stage.id), of, lambda: self._said_of_wrecks(stage, state))

    def _said_of_wrecks(self, stage: StageState, state: State) -> WrecksNow:
        since = stage.jam.wrecks_since if stage.jam.wrecks_since is not None else state.at
        day = self.news.day(since, state.at)
        return WrecksNow(
            crates=stage.here.wrecked,
            count=self.language.number(stage.here.wrecks),
            since=self.language.text("banner.since", date=day),
            day=day,
            text=self.language.text("machine.wrecks", n=self.language.number(stage.here.wrecks), date=day),
            left=self.language.text("machine.left", n=self.language.number(stage.here.wrecks)),
            lying=self.language.text("machine.lying", n=self.language.number(stage.here.wrecks), date=day),
        )

    def _rates(self, stage: StageState, state: State) -> tuple[str, str]:
        """`24 come · 20 go` where demand and throughput differ, else how many pass of how many could; a working day.
        Then the same in fewer letters.
        """
        if stage.id[1] in self._outside and stage.mean_stay is not None:
            said = self.language.text("machine.outside", span=self.language.duration(stage.mean_stay))
            return said, self.language.text("machine.external")
        flow = state.figures.flows[stage.id[1]]
        if flow.come is not None and flow.go is not None:
            come, go = self.language.rate(flow.come), self.language.rate(flow.go)
            if abs(flow.come - flow.go) > 0.12 * max(flow.come, flow.go) and come != go:
                said, short = (self.language.text(f"machine.{key}", come=come, go=go)
                               for key in ("come_go", "come_go_short"))  # fmt: skip
                return said, short
            if flow.capacity is not None and flow.capacity > flow.go:
                said = self.language.text("machine.of_capacity", go=go, capacity=self.language.rate(flow.capacity))
                return said, self.rate(stage.throughput, state.rate)
        rate = self.rate(stage.throughput, state.rate)
        if stage.mean_stay is None:
            return rate, rate
        stay = self.language.text("machine.stay", span=self.language.duration(stage.mean_stay))
        return " · ".join(part for part in (rate, stay) if part), rate

    def depot(self, dock: OutcomeState, state: State) -> StationNow:
        now = 0 if dock.stale_since is None else state.now
        of = dock, state.rate, state.first, self.language.moment(state.at).year, now
        return self._before.of(dock.id, of, lambda: self._said_of_depot(dock, state))

    def _said_of_depot(self, dock: OutcomeState, state: State) -> StationNow:
        old = self.news.as_of(dock.stale_since, state.now) if dock.stale_since is not None else ""
        return StationNow(
            label=self._label(dock.id[1]),
            shorter=self.shorter(dock.id[1]),
            icon=self._icons[dock.id[1]],
            dress="depot",
            count=self.language.number(dock.total),
            rates=self.rate(dock.throughput, state.rate),
            since=self.language.text("banner.since", date=self.news.day(state.first, state.at)),
            old=old,
        )

    def rate(self, value: float | None, rate: Rate) -> str:
        if value is None:
            return ""
        return self.language.text(_PER.get(rate.unit, "rate.per_minute"), n=self.language.rate(value))

    def shorter(self, name: str) -> tuple[str, ...]:
        """What may stand for the label of a stage or an outcome, best first."""
        return self._shorter.get(self._label(name), ())

    def _label(self, name: str) -> str:
        return self._labels.get(name, name)
