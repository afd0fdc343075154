"""What charts and hues show of the three real logs, all cases or some of them, is what plain loops over stays count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from factoryview.scene.charts.plots import BarChart, HeatMap, LineChart, Threads
from factoryview.store.selection import AttributeIn, Through
from factoryview.time import DAY, HOUR, MINUTE
from factoryview.view.lens import AGE, ATTRIBUTE, DEADLINE, VALUE, lens_of, lenses_of
from factoryview.view.series import StageLog
from factoryview.view.traits import traits_of
from tests.desk.test_real_numbers import at_desk, one_of
from tests.kit.desk_pilot import DeskPilot
from tests.kit.real_logs import LOGS, Real, Stay, real


def busiest(stays: list[Stay]) -> str:
    return Counter(stay.stage for stay in stays).most_common(1)[0][0]


def opened(known: Real, share: float) -> tuple[DeskPilot, list[Stay], str]:
    """A desk at which some cases are looked at, their stays at the busiest stage, and that."""
    condition, cases = one_of(known, AttributeIn, Through)
    stays = [stay for stay in known.dated if stay.case in cases]
    stage = busiest(stays)
    pilot = at_desk(known, share, condition).run("select", f"stage/{stage}")
    assert isinstance(pilot, DeskPilot)
    return pilot, [stay for stay in stays if stay.stage == stage], stage


def stretch(pilot: DeskPilot, chart: str) -> tuple[int, int]:
    """What a chart shows from left to right."""
    action = pilot.node(f"{chart}/plot").action
    assert action is not None
    since, until = action.arguments
    assert isinstance(since, int)
    assert isinstance(until, int)
    return since, until


def days(since: int, until: int, zone: ZoneInfo, step: int) -> Iterator[int]:
    """Local midnights, each so many days after the other; weeks begin on Monday."""
    day = datetime.fromtimestamp(since / 1e6, zone).date()
    day -= timedelta(day.weekday()) if step > 1 else timedelta()
    while True:
        at = round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1e6)
        if at > until:
            return
        if at >= since:
            yield at
        day += timedelta(step)


@pytest.mark.parametrize("span", ["week", "month", "all"])
@pytest.mark.parametrize("name", LOGS)
def test_the_charts_of_how_it_came_to_that(name: str, span: str) -> None:
    known = real(name)
    pilot, mine, _ = opened(known, 0.7)
    pilot.run("page", "history").run("span", span)
    at, zone = pilot.session.playhead.at, ZoneInfo(pilot.screen.model.factory.plant.timezone)
    since, until = stretch(pilot, "panel/queue")
    length = until - since
    queue = pilot.node("panel/queue/plot").key
    assert isinstance(queue, LineChart)
    points = queue.curves[0].points
    step = max(1, length // 160)
    for k, (share, value) in enumerate(points):
        moment = since + k * step
        assert moment <= at
        assert share == pytest.approx(k * step / length, abs=1e-6)
        assert value == sum(stay.present(moment) for stay in mine)
    assert len(points) == 1 + (min(at, until) - since) // step // 1 or len(points) > 100
    english = pilot.screen.presentation.language
    assert pilot.label("panel/queue").startswith(f"Queue {english.number(sum(stay.present(at) for stay in mine))}")

    flow = pilot.node("panel/cumulative/plot").key
    assert isinstance(flow, LineChart)
    come, gone = (curve.points for curve in flow.curves)
    for k in range(0, len(come), 7):
        moment = since + k * step
        left = sum(stay.left is not None and since < stay.left <= moment for stay in mine)
        assert gone[k][1] == left
        assert come[k][1] == left + sum(stay.present(moment) for stay in mine)

    passing, behaviour = pilot.node("panel/passing/plot").key, pilot.node("panel/behaviour/plot").key
    assert isinstance(passing, LineChart)
    assert isinstance(behaviour, LineChart)
    every = 1 if length <= 40 * DAY else 7 * max(1, -(-length // (40 * 14 * DAY)))
    known_to = since + (at - since) // step * step
    edges = [edge for edge in days(since, until, zone, every) if edge <= known_to]
    buckets = [(a, b) for a, b in pairwise(edges)]
    worked = [round((b - a) / DAY) for a, b in buckets]  # local days, long and short
    came = [sum(a <= stay.came < b for stay in mine) / d for (a, b), d in zip(buckets, worked, strict=True)]
    went = [sum(stay.gone(a, b) for stay in mine) / d for (a, b), d in zip(buckets, worked, strict=True)]
    assert [value for _, value in passing.curves[0].points] == pytest.approx(came, abs=1e-6)
    assert [value for _, value in passing.curves[1].points] == pytest.approx(went, abs=1e-6)
    if len(went) >= 6:
        mean = sum(went) / len(went)
        moving = sum(abs(b - a) for a, b in pairwise(went)) / (len(went) - 1)
        low, high = max(0.0, mean - 2.66 * moving), mean + 2.66 * moving
        said = {each: english.rate(value) for each, value in (("mean", mean), ("low", low), ("high", high))}
        assert pilot.label("panel/behaviour").endswith(f"Ø {said['mean']} · {said['low']} to {said['high']}")
        assert behaviour.curves[0].spots == tuple(
            k for k, value in enumerate(went) if not low - 1e-9 <= value <= high + 1e-9
        )


def spread(spans: list[int], top: float) -> list[int]:
    """How many in each of 24 equal parts from 0 to the top; the last also has those beyond."""
    bars = [0] * 24
    for each in spans:
        bars[min(23, int(each / top * 24))] += 1
    return bars


def percentile(spans: list[int], share: float) -> int:
    """The smallest that at least so many reach."""
    ordered = sorted(spans)
    return next(each for k, each in enumerate(ordered, start=1) if k >= share * len(ordered) - 1e-9)


@pytest.mark.parametrize("name", LOGS)
def test_the_charts_of_how_it_stands(name: str) -> None:
    known = real(name)
    pilot, mine, _ = opened(known, 0.7)
    pilot.run("page", "now").run("span", "all")
    model, at, english = pilot.screen.model, pilot.session.playhead.at, pilot.screen.presentation.language
    fine = max(1, max(16, (model.last - model.first) // 160) // 16)
    now = model.first + (at - model.first) // fine * fine
    left = [stay for stay in mine if stay.left is not None and stay.left < now]
    begun = [stay for stay in left if stay.started is not None]
    spans = [max(0, (s.started or 0) - s.came) for s in begun] if begun else [(s.left or 0) - s.came for s in left]
    lying = model.counts.jams.wrecks.given_up
    ages = [now - s.came for s in mine if s.present(now) and lying.get(s.id, now + DAY) > now]
    for chart, counted in (("panel/waiting", spans), ("panel/ageing", ages)):
        plot = pilot.node(f"{chart}/plot").key
        assert isinstance(plot, BarChart)
        if not counted:
            continue
        middle, high = percentile(counted, 0.5), percentile(counted, 0.85)
        assert f"50 % {english.duration(middle)} · 85 % {english.duration(high)}" in pilot.label(chart)
        quiet = {rule.words: rule.at for rule in plot.rules}
        tops = {share / rule for share, rule in ((middle, quiet["50 %"]), (high, quiet["85 %"])) if rule}
        if tops:
            top = tops.pop()
            assert all(other == pytest.approx(top) for other in tops)
            assert list(plot.heights) == spread(counted, top)
        assert sum(plot.heights) == len(counted)
    pilot.run("page", "why")
    heat = pilot.node("panel/rhythm/plot").key
    assert isinstance(heat, HeatMap)
    zone = ZoneInfo(model.factory.plant.timezone)
    expected = [[0] * 24 for _ in range(7)]
    for stay in mine:
        if stay.came <= now:
            local = datetime.fromtimestamp(stay.came // 1_000_000, zone)
            expected[local.weekday()][local.hour] += 1
    assert [list(row) for row in heat.rows] == expected


@pytest.mark.parametrize("name", LOGS)
def test_the_spectrum_of_a_belt(name: str) -> None:
    known = real(name)
    pilot, _, _ = opened(known, 0.7)
    model = pilot.screen.model
    cases = {case for (case,) in model.factory.store.rows("selection/everything")}
    seen = 0
    for place in range(len(model.topology.ways)):
        belt = model.topology.plan.belts[place]
        if belt.origin.startswith("→"):
            continue
        pilot.run("select", f"belt/{belt.origin}/{belt.target}").run("span", "all")
        since, until = stretch(pilot, "panel/spectrum")
        fine = max(1, max(16, (until - since) // 160) // 16)
        now = since + (pilot.session.playhead.at - since) // fine * fine
        mine = [s for s in known.dated if s.case in cases and s.stage == belt.target and s.via == belt.origin
                and not s.first and s.came <= now and (s.left is None or s.left > since)]  # fmt: skip
        left = [stay.left if stay.left is not None and stay.left <= now else None for stay in mine]
        lines = pilot.node("panel/spectrum/plot").key
        assert isinstance(lines, Threads)
        every = -(-len(mine) // 700) if mine else 1
        assert len(lines.lines) == -(-len(mine) // every)
        for (begin, end, _), stay, gone in zip(lines.lines, mine[::every], left[::every], strict=True):
            assert begin == pytest.approx((stay.came - since) / (until - since), abs=2e-6)
            assert end == (2.0 if gone is None else pytest.approx((gone - since) / (until - since), abs=2e-6))
        if len(mine) > 30:
            ends = [float("inf") if gone is None else gone for gone in left]
            overtaken = sum(any(other < one for other in ends[k + 1 :]) for k, one in enumerate(ends)) / len(mine)
            share = pilot.screen.presentation.language.percent(overtaken)
            assert ("in order" in pilot.label("panel/spectrum")) == (overtaken <= 0.1)
            assert overtaken <= 0.1 or share in pilot.label("panel/spectrum")
            minutes = Counter(gone // MINUTE for gone in left if gone is not None)
            batched = sum(size for size in minutes.values() if size >= 3) / max(1, sum(minutes.values()))
            assert ("batches" in pilot.label("panel/spectrum")) == (batched >= 0.5)
            seen += 1
    assert seen or name.startswith("crm"), "a sales pipeline has one belt, from outside"


@pytest.mark.parametrize("name", LOGS)
def test_every_hue_of_every_lens(name: str) -> None:
    known = real(name)
    pilot, _, _ = opened(known, 0.6)
    model = pilot.screen.model
    cases = {case for (case,) in model.factory.store.rows("selection/everything")}
    begun: dict[str, int] = {}
    for stay in known.dated:
        begun.setdefault(stay.case, stay.came)
    unit = {DAY: (7, 30, 90, 180), HOUR: (4, 12, 24, 72)}[known.model.counts.history.rate.unit]
    worth: dict[int, float] = {}
    for path in known.paths.values():
        so_far = None
        for stay in (each for each in path if each.entered is not None):
            so_far = stay.value if stay.value is not None else so_far
            if so_far is not None:
                worth[stay.id] = so_far
    edges = (
        sorted({float(each) for each in np.quantile(list(worth.values()), (0.25, 0.5, 0.75, 0.95))}) if worth else []
    )
    levels, told = model.counts.jams.levels, set()
    texts: dict[str, dict[str, str]] = {}
    for share in (0.4, 0.8):
        at = model.first + round(share * (model.last - model.first))
        here = {stay.id: stay for stay in known.dated if stay.case in cases and stay.present(at)}
        stays = model.topology.fetch(at, at + 1)
        for lens_name in lenses_of(known.model.factory):
            lens = lens_of(known.model.factory, lens_name, known.model.counts)
            hues = dict(zip(stays.id.tolist(), lens.hues(stays, at, model.counts).tolist(), strict=True))
            assert set(here) <= set(hues)
            column = lens_name.removeprefix(ATTRIBUTE)
            if column != lens_name and column not in texts:
                texts[column] = of_case(known, column)
            for id_, stay in here.items():
                if lens_name == AGE:
                    length = known.model.counts.history.rate.unit
                    wanted = 1 + sum(at - begun[stay.case] >= edge * length for edge in unit)
                elif lens_name == VALUE:
                    wanted = 1 + sum(worth[id_] >= edge for edge in edges) if id_ in worth else 0
                elif lens_name == DEADLINE:
                    limit = float(levels.usual[levels.stages.index(stay.stage), levels.at(at)])
                    gone = float(np.diff(levels.workdays.passed(np.array([stay.came, at])))[0])
                    wanted = 0 if np.isnan(limit) else 1 + sum(gone >= part * limit for part in (1 / 3, 2 / 3, 1))
                elif lens_name.startswith(ATTRIBUTE):
                    text = texts[column].get(stay.case, "")
                    wanted = lens.values.index(text) + 1 if text in lens.values else 0
                else:
                    continue
                assert hues[id_] == wanted, (lens_name, stay)
                told.add((lens_name, wanted))
    assert len(told) > 3


def of_case(known: Real, column: str) -> dict[str, str]:
    """What the rows of a file say of each case; the first in the order of words."""
    case = next(each for each in ("opportunity_id", "case:concept:name", "case_id") if each in known.rows[0])
    found: dict[str, str] = {}
    for row in known.rows:
        if row[column] and (row[case] not in found or row[column] < found[row[case]]):
            found[row[case]] = row[column]
    return found


@pytest.mark.parametrize("name", LOGS)
def test_what_is_known_of_the_cases_at_a_stage(name: str) -> None:
    known = real(name)
    pilot, mine, stage = opened(known, 0.7)
    model = pilot.screen.model
    log = StageLog.fetch(model.factory.store, model.topology, stage)
    assert log.entered.tolist() == [stay.came for stay in mine]
    for trait in traits_of(model.factory, log):
        if trait.name.startswith("\0"):
            continue
        said = of_case(known, trait.name)
        assert len(trait.codes) == len(mine)
        for code, stay in zip(trait.codes.tolist(), mine, strict=True):
            text = said.get(stay.case, "")
            assert (trait.values[code] if code >= 0 else "") == (text if text in trait.values else "")
