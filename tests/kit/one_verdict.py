"""What the picture, its words, `explain` and `kpis` say of one moment, held against one another."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from factoryview.factory.factory import Factory
from factoryview.flow.kpis import kpis
from factoryview.flow.verdict.document import LEVELS, Verdict
from factoryview.flow.verdict.findings import Findings, findings_of
from factoryview.flow.verdict.pricing import amount
from factoryview.flow.verdict.sentences import sentences, what_first
from factoryview.flow.verdict.verdict import verdict
from factoryview.language import Language
from factoryview.plant.models import Plant, label_of
from factoryview.time import micros_of, utc
from factoryview.view.model import Model
from factoryview.view.news import Constraint, Jam, LeftLying
from factoryview.view.playhead import usual_pace
from factoryview.view.state import State
from factoryview.view.wording import Wording


class Voices:
    """Everything that speaks of one plant. `explain` has findings of its own, made apart from the picture's."""

    def __init__(self, factory: Factory) -> None:
        self.model = Model(factory)
        self.model.study()
        self.findings: Findings = findings_of(factory.store, factory.plant)
        self.table = kpis(factory.store, bucket="day", timezone=factory.plant.timezone, gate=factory.gate)

    def moments(self, count: int, seed: object) -> list[int]:
        """Random moments of the log, every third the end of a day, where the table of key figures says what stands."""
        random, model = Random(str(seed)), self.model
        ends = [micros_of(moment.to_pydatetime()) for moment in sorted(set(self.table["bucket"]))[1:]]
        found = []
        for k in range(count):
            at = random.choice(ends) if k % 3 == 0 and ends else random.randint(model.first, model.last)
            found.append(min(max(at, model.first), model.last))
        return found

    def differences(self, at: int) -> list[str]:
        """Everything in which they contradict one another at a moment (µs UTC)."""
        factory = self.model.factory
        if self.model.studied is None or self.model.studied.findings is None:
            raise ValueError("a model that was not studied")
        self.model.studied.findings.at(at)
        state = self.model.state(at, usual_pace(self.model.last - self.model.first))
        said = verdict(factory.store, factory.plant, at=utc(at), findings=self.findings)
        return [
            *self._headline(state, said),
            *self._stages(state, said),
            *self._losses(state, said),
            *self._table(said),
        ]

    def _headline(self, state: State, said: Verdict) -> Iterator[str]:
        first, part = state.news[0], said.headline
        if not isinstance(first, Jam | Constraint):
            if part.stage is not None:
                yield f"the picture names nothing, explain {part.stage}"
            return
        if (first.stage, isinstance(first, Constraint)) != (part.stage, part.kind == "bottleneck"):
            yield f"the picture names {first.stage}, explain {part.stage} as {part.kind}"
            return
        if part.since is None or abs(micros_of(part.since) - first.since) > 1_000_000:
            yield f"{first.stage}: since {utc(first.since)} and {part.since}"
        if first.waiting != said.stages[first.stage].standing:
            yield f"{first.stage}: {first.waiting} and {said.stages[first.stage].standing} stand there"
        if (first.cost is None) != (said.cost is None):
            yield f"{first.stage}: a cost is said by one alone"
        if first.cost is not None and said.cost is not None:
            held, cost = first.cost.held, said.cost
            if (held.case, cost.stage) != (cost.case, first.stage):
                yield f"{first.stage}: costs are {held.case} and {cost.case} of {cost.stage}"
            if cost.per_day is not None and cost.per_day.point != pytest.approx(held.point, abs=0.001):
                yield f"{first.stage}: costs {held.point} and {cost.per_day.point}"
        yield from self._words(state, said, first)

    def _words(self, state: State, said: Verdict, first: Jam | Constraint) -> Iterator[str]:
        plant = self.model.factory.plant
        for code in ("de", "en"):
            language = Language(code, plant.timezone, plant.currency)
            wording = Wording(self.model.topology, plant, language)
            banner, line = wording.banner(first, state), wording.news.headline(first)
            here = language.number(said.stages[first.stage].standing)
            lines = sentences(said, plant, code)
            for text in (banner.title, line.detail):
                if first.waiting and here not in text:
                    yield f"{code}: {here} is not in {text!r}"
            if first.waiting and not any(here in sentence for sentence in lines[:3]):
                yield f"{code}: {here} is not in {lines[:3]!r}"
            begun = language.moment(first.since)
            near = begun.year == language.moment(state.at).year
            if (language.date(first.since, "date.day") if near else language.day(begun.date())) not in banner.since:
                yield f"{code}: since when is not in {banner.since!r}"
            if language.date(first.since, "date.long") not in lines[0]:
                yield f"{code}: since when is not in {lines[0]!r}"
            if banner.action != _action(said, language, first.vacancies, plant):
                yield f"{code}: {banner.action!r} is to be done, explain looks at {what_first(said, plant)} first"
            price = "" if first.cost is None else amount(first.cost, language)
            asked = banner.action == language.text("news.why_longer")
            if price and not asked and price not in banner.detail:
                yield f"{code}: {price!r} is not in {banner.detail!r}"
        dressed = wording.moment(state).floor.stations[list(self.model.topology.plan.blocks).index(first.stage)]
        if dressed.dress == "calm" and not dressed.old:
            yield f"{first.stage}: named and not marked"

    def _stages(self, state: State, said: Verdict) -> Iterator[str]:
        lying = {part.stage: part for part in said.handovers}
        for stage in state.stages:
            name = stage.id[1]
            part = said.stages[name]
            if LEVELS[stage.level] != part.level or said.congestion[name] != part.level:
                yield f"{name}: {LEVELS[stage.level]}, {part.level} and {said.congestion[name]}"
            if stage.here.wip != pytest.approx(part.standing):
                yield f"{name}: {stage.here.wip} and {part.standing} stand there"
            if stage.jam.wrecks != part.forgotten or part.forgotten > part.standing:
                yield f"{name}: {stage.jam.wrecks} and {part.forgotten} of {part.standing} are left lying"
            if stage.jam.level and (part.since is None or stage.jam.since is None):
                yield f"{name}: nobody says since when"
        for news in state.news:
            if not isinstance(news, LeftLying) or not self.model.factory.gate.enough(news.cases):
                continue
            if news.stage not in lying or news.cases != lying[news.stage].cases:
                yield f"{news.stage}: {news.cases} are left lying, explain says {lying.get(news.stage)}"

    def _losses(self, state: State, said: Verdict) -> Iterator[str]:
        if (micros_of(said.period[0]), micros_of(said.period[1])) != (state.window.since, state.window.until):
            yield f"losses of {said.period} and of {utc(state.window.since)} to {utc(state.window.until)}"
        most = said.largest_loss
        bins = {self.model.topology.stages[each.stage]: each for each in state.bins}
        if most is not None and most.stage in bins and bins[most.stage].lost < most.cases:
            yield f"{most.stage}: {bins[most.stage].lost} and {most.cases} lost"

    def _table(self, said: Verdict) -> Iterator[str]:
        """At the end of a day the table of key figures says how many stand at each stage."""
        rows = self.table[(self.table["kind"] == "stage")]
        days = sorted(set(rows["bucket"]))
        at = said.at
        place = next((k for k, day in enumerate(days) if day.to_pydatetime() == at), 0)
        if not place:
            return
        here = rows[rows["bucket"] == days[place - 1]]
        for name, wip in zip(here["stage"], here["wip"], strict=True):
            moved = self._at_the_stroke(name, micros_of(at))
            if name in said.stages and abs(float(wip) - said.stages[name].standing) > moved:
                yield f"{name}: the table has {wip}, explain {said.stages[name].standing}"

    def _at_the_stroke(self, stage: str, at: int) -> float:
        """How many come or go at the very moment a day ends; the table's day is half open."""
        store = self.model.factory.store
        rows = store.rows("verdict/standing", at=utc(at - 1).replace(tzinfo=None))
        now = store.rows("verdict/standing", at=utc(at).replace(tzinfo=None))
        return abs(float(dict(now).get(stage) or 0.0) - float(dict(rows).get(stage) or 0.0)) + 1e-6


def _action(said: Verdict, language: Language, vacancies: int, plant: Plant) -> str:
    """What the banner has to say is to be done, by what `explain` says."""
    first, flow = what_first(said, plant), said.demand
    if first == "vacant":
        return language.count("news.vacant", vacancies)
    if first == "demand" and flow is not None and flow.before_come:
        return language.text("news.more_come", share=language.percent(flow.come / flow.before_come - 1))
    if first == "output" and flow is not None and flow.before_go:
        return language.text("news.less_go", share=language.percent(1 - flow.go / flow.before_go))
    if first == "stage" and said.cost is not None and said.cost.case == "sure" and flow is not None:
        stage = next(each for each in plant.stages if each.name == said.headline.stage)
        return language.text("news.relieve", stage=label_of(stage, language.code))
    return language.text("news.why_longer") if first == "longer" else ""
