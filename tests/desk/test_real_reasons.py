"""What slower cases have in common, which alarms go on, and how often forecasts came true, of the three real logs, all
cases or some of them, is what plain loops over stays count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from math import erfc, inf, sqrt
from statistics import mean, median, variance
from zoneinfo import ZoneInfo

import pytest

from factoryview.desk.forecast import outlook_at
from factoryview.flow import contributors as reasons
from factoryview.flow.change import forecast as forecasts
from factoryview.flow.change.records import records_of
from factoryview.flow.moment.levels import RED
from factoryview.store.selection import AttributeIn, Followed, LongerThan, Through
from factoryview.time import WEEK
from factoryview.view.series import StageLog
from factoryview.view.traits import traits_of
from tests.desk.test_real_charts import opened
from tests.desk.test_real_numbers import at_desk, one_of
from tests.kit.desk_pilot import DeskPilot
from tests.kit.real_logs import LOGS, Real, real

LAX = 1.0
"""All of those that are named may be chance here, so that there are rows to be counted."""


@pytest.mark.parametrize("name", LOGS)
def test_what_slower_cases_have_in_common(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "_FALSE", LAX)
    known = real(name)
    pilot, mine, busiest = opened(known, 0.9)
    cases = {stay.case for stay in mine}
    visited = Counter(stay.stage for stay in known.dated if stay.case in cases)
    stages = {busiest: None, **dict(visited.most_common(4))}
    rows = sum(_slower(known, pilot, stage) for stage in stages)
    assert rows or not name.startswith("permits")


def _slower(known: Real, pilot: DeskPilot, stage: str) -> int:
    """Check the rows of one stage, and how many there are."""
    pilot.run("select", f"stage/{stage}").run("page", "why").run("span", "all")
    everybody = {case for (case,) in pilot.screen.model.factory.store.rows("selection/everything")}
    mine = [stay for stay in known.dated if stay.case in everybody and stay.stage == stage]
    model, english = pilot.screen.model, pilot.screen.presentation.language
    point = max(16, (model.last - model.first) // 160)
    at = model.first + (pilot.session.playhead.at - model.first) // point * point
    weeks: dict[int, list[int]] = defaultdict(list)
    for place, stay in enumerate(mine):
        if model.first <= stay.came < at:
            weeks[(stay.came - model.first) // WEEK].append(place)
    span = {place: mine[place].lasted(at) for places in weeks.values() for place in places}
    slow: dict[int, list[bool]] = {}
    for week, places in weeks.items():
        going = [mine[place].left is None or (mine[place].left or 0) > at for place in places]
        middle = median(inf if on else span[place] for place, on in zip(places, going, strict=True))
        unknown = any(on and span[place] <= middle for place, on in zip(places, going, strict=True))
        if len(places) >= 4 and middle < inf and not unknown:
            slow[week] = [span[place] > middle for place in places]
    weeks = {week: weeks[week] for week in slow}
    every = sum(map(len, weeks.values()))
    enough = model.factory.gate.enough
    tests: list[tuple[float, str]] = []
    rows: dict[str, tuple[float, str]] = {}
    for trait in traits_of(model.factory, StageLog.fetch(model.factory.store, model.topology, stage)):
        values = [trait.values[code] if code >= 0 else None for code in trait.codes.tolist()]
        for value in {values[place] for places in weeks.values() for place in places} - {None}:
            have = sum(values[place] == value for places in weeks.values() for place in places)
            if every < 100 or not enough(have) or not enough(every - have):
                continue
            off = varies = both = late = 0.0
            strata: list[tuple[float, float, float]] = []
            for week, places in weeks.items():
                n, s = len(places), sum(slow[week])
                m = sum(values[place] == value for place in places)
                b = sum(slow[week][k] and values[place] == value for k, place in enumerate(places))
                off, both, late = off + b - s * m / n, both + b, late + s
                varies += s * (n - s) * m * (n - m) / (n * n * max(n - 1, 1))
                ours = [span[place] for place in places if values[place] == value]
                theirs = [span[place] for place in places if values[place] != value]
                if len(ours) > 1 and len(theirs) > 1:
                    weight = len(ours) * len(theirs) / n
                    unsure = variance(ours) / len(ours) + variance(theirs) / len(theirs)
                    strata.append((weight, mean(ours) - mean(theirs), unsure))
            key = f"{trait.name}={value}"
            tests.append((0.5 * erfc(off / sqrt(2 * varies)) if varies > 0 else 1.0, key))
            if varies > 0 and strata:
                total = sum(weight for weight, _, _ in strata)
                extra = sum(weight * more for weight, more, _ in strata) / total
                error = 1.96 * sqrt(sum(weight**2 * unsure for weight, _, unsure in strata)) / total
                if extra - error > 0:
                    share = both / late
                    low, high = english.duration(extra - error), english.duration(extra + error)
                    said = f"{english.percent(share)} · {english.number(share / (have / every), 1)}× · "
                    rows[key] = extra * have, f"{said}+{english.duration(extra)} · {low} to {high}"
    ranked = sorted(tests)
    most = max((k for k, (chance, _) in enumerate(ranked, 1) if chance <= LAX * k / len(ranked)), default=0)
    named = {key for _, key in ranked[:most]}
    wanted = [said for key, (_, said) in sorted(rows.items(), key=lambda row: -row[1][0]) if key in named]
    shown = [node.label for node in pilot.node("panel/slower").children if not node.id.endswith("head")]
    assert len(shown) == min(len(wanted), 6) or len(shown) < len(wanted)
    for label, said in zip(shown, wanted, strict=False):
        assert label.endswith(f" · {said}"), (label, said)
    assert len(wanted) == 0 or shown
    return len(shown)


@pytest.mark.parametrize("name", LOGS)
def test_which_alarms_go_on_and_of_how_many_cases(name: str) -> None:
    known, seen = real(name), 0
    for kinds in ((), (AttributeIn, Through), (Followed,), (LongerThan,)):
        condition, cases = one_of(known, *kinds) if kinds else (None, known.cases)
        pilot = at_desk(known, 0.5, *([condition] if condition is not None else []))
        model, number = pilot.screen.model, pilot.screen.presentation.language.number
        levels, label = model.counts.jams.levels, pilot.screen.presentation.wording.label
        lying = model.counts.jams.wrecks.given_up
        going: dict[int, set[tuple[str, str, int]]] = defaultdict(set)
        for place, stage in enumerate(levels.stages):
            wrecks, live = levels.wrecks[place].tolist(), levels.live[place].tolist()
            left, on = [], False
            for there, living in zip(wrecks, live, strict=True):
                least = max(10.0, 0.1 * (there + living))
                on = there >= least or (on and there >= 0.75 * least)
                left.append(on)
            red = [each == RED for each in levels.level[place].tolist()]
            for kind, held in (("waiting", red), ("left lying", left)):
                since, last = 0, -99
                for step, holds in enumerate(held):
                    if holds:
                        since = since if last >= 0 and step - last <= 11 else step
                        last = step
                        going[step].add((stage, kind, since))
        steps = sorted(going)
        pilot.press("a")
        for step in {*steps[:: max(1, len(steps) // 5)], levels.steps // 2}:
            at = min(int(levels.moments[step]) + 1, model.last)
            at = pilot.run("to", at).session.playhead.at
            assert levels.at(at) == step
            here = [stay for stay in known.dated if stay.case in cases and stay.present(at)]
            wanted = set()
            for stage, kind, since in going[step]:
                mine = [stay for stay in here if stay.stage == stage]
                count = sum(kind == "waiting" or lying.get(stay.id, at + 1) <= at for stay in mine)
                began = pilot.screen.presentation.language.date(int(levels.moments[since]), "date.long")
                wanted.add((f"{label(stage)} · {number(count)} {kind}", began))
            rows = [row.label for row in pilot.node("tray").children]
            if wanted:
                assert len(rows) == len(wanted)
                for words, began in wanted:
                    assert any(row.startswith(f"{words} · since {began}") for row in rows), (rows, words)
            else:
                assert rows[0].startswith("No alarm")
            seen += len(wanted)
    assert seen or not name.startswith("permits"), "in the others nothing jams for long"


@pytest.mark.parametrize("name", LOGS)
def test_how_often_forecasts_came_true(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was said on past days is taken as it was said; what came of it is counted."""
    known = real(name)
    condition, cases = one_of(known, LongerThan, Through)
    model = known.model.where(condition)
    said: list[tuple[str, int, int, float]] = []
    asked = [0, 0, 0]
    paths, least, within, until = forecasts._paths, forecasts._at_least, forecasts._within, forecasts._days_until

    def noting_paths(past, week, days, draws, rng):  # type: ignore[no-untyped-def]
        asked[:] = [len(past), days, draws]
        return paths(past, week, days, draws, rng)

    def noting_least(totals, chance):  # type: ignore[no-untyped-def]
        said.append(("month", asked[0], asked[2], found := least(totals, chance)))
        return found

    def noting_within(days, chance):  # type: ignore[no-untyped-def]
        said.append(("done", asked[0], asked[2], found := within(days, chance)))
        return found

    for name_, noting in (("_paths", noting_paths), ("_at_least", noting_least), ("_within", noting_within)):
        monkeypatch.setattr(forecasts, name_, noting)
    assert until is forecasts._days_until
    outlook = outlook_at(model, model.last).expected
    ends = [end for end in known.ends if end.case in cases and end.at is not None and end.at <= model.last]
    if outlook is None:
        assert len(ends) < 100
        return
    records = records_of(model.factory.store, model.factory.plant, model.last)
    zone = ZoneInfo(model.factory.plant.timezone)
    days = [datetime.fromtimestamp(day // 1_000_000, zone).date() for day in records.days.tolist()]
    over = [round(datetime.combine(day + timedelta(1), datetime.min.time(), zone).timestamp() * 1e6) for day in days]

    def day_of(at: int) -> int:
        return min(bisect_right(over, at), len(days) - 1)

    kinds = {outcome.name: outcome.kind for outcome in model.factory.plant.outcomes}
    good = {end.outcome for end in ends if kinds.get(end.outcome) == "won"} or {
        end.outcome for end in ends if kinds.get(end.outcome) != "lost" and end.outcome.lower() != "lost"
    }
    won = [day_of(end.at or 0) for end in ends if end.outcome in good]
    ended = [day_of(end.at or 0) for end in ends]
    begun = [day_of(stay.came) for stay in known.dated if stay.case in cases and stay.first]
    tests = [each for each in said[:-6] if each[2] == forecasts._TESTS]  # the last are what is said of days to come
    hits: dict[tuple[str, float], list[bool]] = defaultdict(list)
    for k, (what, today, _, number) in enumerate(tests):
        chance = forecasts.CHANCES[k % 3]
        if what == "month":
            month = (days[today].year, days[today].month)
            later = (d for d in range(today, len(days)) if (days[d].year, days[d].month) != month)
            last = next(later, records.over + 1)
            assert last <= records.over
            hits[what, chance].append(sum(today <= day < last for day in won) >= number)
            continue
        there = sum(day < today for day in begun) - sum(day < today for day in ended)
        by = sorted(day for day in ended if day >= today)[:there]
        taken = by[-1] - today + 1 if len(by) == there and by[-1] < records.over else inf
        if taken < inf or today + number <= records.over:
            hits[what, chance].append(taken <= number)
    for what, tested in (("month", outlook.month_tested), ("done", outlook.done_tested)):
        for chance, each in tested.items():
            assert (each.hits, each.tries) == (sum(hits[what, chance]), len(hits[what, chance])), (what, chance)
    assert sum(map(len, hits.values())) > 10


def test_what_is_lost_at_a_stage_by_reason_share_and_money() -> None:
    """Of the pipeline alone cases are lost for a reason, one and the same."""
    known, seen = real(LOGS[0]), 0
    for kinds in ((), (AttributeIn,), (Through,)):
        condition, cases = one_of(known, *kinds) if kinds else (None, known.cases)
        pilot = at_desk(known, 0.7, *([condition] if condition is not None else []))
        model, english = pilot.screen.model, pilot.screen.presentation.language
        window = model.state(pilot.session.playhead.at, pilot.session.playhead.shown_pace).window
        for stage, outcomes in model.topology.losing.items():
            pilot.run("select", f"stage/{stage}").run("page", "why")
            ends = [end for end in known.ends if end.case in cases and end.via == stage and end.at is not None]
            lost = [end for end in ends if end.outcome in outcomes and window.since <= (end.at or 0) < window.until]
            mine = [stay for stay in known.dated if stay.case in cases and stay.stage == stage]
            gone = sum(stay.gone(window.since, window.until) for stay in mine)
            row = pilot.tree.find("panel/lost/0")
            if len(lost) < model.factory.gate.smallest:
                assert row is None
                continue
            money = sum(end.value for end in lost if end.value is not None)
            assert len({end.reason for end in lost}) == 1
            assert row is not None
            worth = english.money(money) if money else english.number(len(lost))
            assert row.label.endswith(f" · {english.percent(len(lost) / gone)} · {worth}")
            assert pilot.tree.find("panel/lost/1") is None
            seen += 1
    assert seen > 1
