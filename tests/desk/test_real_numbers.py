"""What machines, cards and lists of the desk say of the three real logs, all cases or some of them, is what plain loops
over their stays count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby
from random import Random
from statistics import median

import pytest

from factoryview.desk.forecast import outlook_at
from factoryview.store.selection import (
    AttributeIn,
    ChannelIn,
    First,
    Followed,
    InProgress,
    Last,
    LongerThan,
    Not,
    Repeated,
    RouteIs,
    Selection,
    Through,
    ValueBetween,
)
from factoryview.time import DAY
from factoryview.view.crates import journey
from tests.kit.desk_pilot import DeskPilot
from tests.kit.real_logs import LOGS, End, Real, Stay, real

SIZE = (1366, 768)
Fits = Callable[[list[Stay], list[End]], bool]


def some(known: Real) -> Iterator[tuple[Selection, Fits]]:
    """Conditions of every kind, each with what it means in plain words."""
    stages = [stage for stage, _ in Counter(stay.stage for stay in known.dated).most_common(4)]
    often, rare = stages[0], stages[-1]
    last = known.model.last
    [(origin, target), _] = Counter(
        (stay.stage, stay.next) for stay in known.stays if stay.next and stay.next != stay.stage
    ).most_common(1)[0]
    at = known.dated[len(known.dated) // 2].came + 1
    channel = Counter(stay.channel for stay in known.stays if stay.channel).most_common(2)
    worth = sorted(stay.value for stay in known.stays if stay.value is not None)

    def took(path: list[Stay], ends: list[End]) -> int:
        begun = [stay.came for stay in path if stay.entered is not None]
        over = [end.at for end in ends if end.until is None and end.at is not None]
        return (max(over) if over else last) - min(begun) if begun else 0

    def final(ends: list[End]) -> set[str]:
        return {end.outcome for end in ends if end.until is None}

    def worth_of(path: list[Stay], ends: list[End]) -> float | None:
        said = [(stay.entered, stay.value) for stay in path] + [(end.at, end.value) for end in ends]
        dated = sorted((at or 0, k) for k, (at, value) in enumerate(said) if value is not None)
        return said[dated[-1][1]][1] if dated else None

    yield Through(rare), lambda path, ends: any(s.stage == rare for s in path) or rare in {e.outcome for e in ends}
    yield Not(Through(rare)), lambda path, ends: all(s.stage != rare for s in path) and rare not in final(ends)
    yield First(often), lambda path, _: any(stay.first and stay.stage == often for stay in path)
    yield Last(rare), lambda path, ends: latest(path) == rare or rare in final(ends)
    yield Followed(origin, target), lambda path, _: any((s.stage, s.next) == (origin, target) for s in path)
    yield Repeated(often), lambda path, _: sum(stay.stage == often for stay in path) >= 2
    yield LongerThan(24.0 * 20), lambda path, ends: took(path, ends) > 20 * DAY
    yield (
        InProgress(at),
        lambda path, ends: (
            any(stay.entered is not None and stay.entered <= at for stay in path)
            and not any(e.stands(at) for e in ends)
        ),
    )
    if channel:
        name = channel[-1][0] or ""
        yield ChannelIn((name,)), lambda path, _: any(stay.channel == name for stay in path)
    if worth:
        middle = worth[len(worth) // 2]
        yield ValueBetween(middle), lambda path, ends: (worth_of(path, ends) or 0.0) >= middle
    yield from said(known)
    way, stands = routes(known, last).most_common(1)[0][0]
    yield RouteIs(way, stands), lambda path, ends: routed(path, ends, last) == (way, stands)


def said(known: Real) -> Iterator[tuple[Selection, Fits]]:
    """Conditions on what the rows of the file say beside."""
    if known.name.startswith("crm"):
        fitting = {row["opportunity_id"] for row in known.rows if row["product"] in ("MG Special", "GTX Pro")}
        yield AttributeIn("product", ("MG Special", "GTX Pro")), lambda path, _: path[0].case in fitting
    if known.name.startswith("permits"):
        general = {row["case:concept:name"] for row in known.rows if row["case:department"] == "General"}
        yield AttributeIn("case:department", ("General",)), lambda path, _: path[0].case in general
        group = {row["case:concept:name"] for row in known.rows if row["org:group"] == "Group 3"}
        yield Not(AttributeIn("org:group", ("Group 3",))), lambda path, _: path[0].case not in group


def latest(path: list[Stay]) -> str:
    """Where a case was last, if nothing followed: of work with a start the piece that ended last."""
    if not any(stay.started is not None for stay in path):
        return path[-1].stage if path and path[-1].next in (None, path[-1].stage) else ""
    return max(path, key=lambda stay: (stay.left or 2**62, stay.started or stay.came, stay.id)).stage


Way = tuple[tuple[str, ...], str]


def routed(path: list[Stay], ends: list[End], at: int) -> Way:
    """The stages that a case had been at by a moment, and where it stood then."""
    known = [stay.stage for stay in path if stay.entered is not None and stay.entered <= at]
    stands = sorted((end.at or 0, end.outcome) for end in ends if end.stands(at))
    return tuple(stage for stage, _ in groupby(known)), stands[-1][1] if stands else ""


def routes(known: Real, at: int) -> Counter[Way]:
    found = Counter(routed(path, known.ended[case], at) for case, path in known.paths.items())
    return Counter({way: cases for way, cases in found.items() if way[0]})


def chosen(known: Real, fits: Fits) -> set[str]:
    return {case for case in known.cases if fits(known.paths[case], known.ended[case])}


@pytest.mark.parametrize("name", LOGS)
def test_every_condition_finds_the_cases_that_a_plain_loop_finds(name: str) -> None:
    known, seen = real(name), 0
    for condition, fits in some(known):
        wanted = chosen(known, fits)
        if not wanted:
            continue
        rows = known.model.factory.store.where(condition).rows("selection/everything")
        assert {case for (case,) in rows} == wanted, condition
        seen += len(wanted) < len(known.cases)
    assert seen > 5


def at_desk(known: Real, share: float, *conditions: Selection) -> DeskPilot:
    model = known.model
    at = model.first + round(share * (model.last - model.first))
    pilot = DeskPilot(known.shown, SIZE, paused=True, start=at)
    for condition in conditions:
        pilot.run("filter", condition)
    return pilot


def one_of(known: Real, *kinds: type[Selection]) -> tuple[Selection, set[str]]:
    """A condition of the first of the kinds that enough cases fulfil, and not all; and these cases."""
    found = {type(condition): (condition, chosen(known, fits)) for condition, fits in some(known)}
    return next(found[kind] for kind in kinds if kind in found and 20 < len(found[kind][1]) < len(known.cases))


KINDS: tuple[tuple[type[Selection], ...], ...] = ((), (Followed,), (AttributeIn, Repeated, Through), (LongerThan,))


@pytest.mark.parametrize("kinds", KINDS, ids=lambda kinds: "+".join(kind.__name__ for kind in kinds) or "all")
@pytest.mark.parametrize("name", LOGS)
def test_machines_bins_signs_and_ladder(name: str, kinds: tuple[type[Selection], ...]) -> None:
    known = real(name)
    condition, cases = one_of(known, *kinds) if kinds else (None, known.cases)
    pilot = at_desk(known, 0.6, *([condition] if condition is not None else []))
    english, model = pilot.screen.presentation.language, pilot.screen.model
    number, rate = english.number, english.rate
    if condition is not None:
        assert pilot.label("filters/count") == f"{number(len(cases))} of {number(len(known.cases))} cases"
    stays = [stay for stay in known.dated if stay.case in cases]
    ends = [end for end in known.ends if end.case in cases]
    stages, depots, smallest = model.topology.stages, model.topology.depots, model.factory.gate.smallest
    for share in (0.3, 0.6, 0.95):
        at = pilot.run("to", model.first + round(share * (model.last - model.first))).session.playhead.at
        state = model.state(at, pilot.session.playhead.shown_pace)
        since, until = state.window.since, state.window.until
        for stage in stages:
            if stage not in depots:
                assert pilot.label(f"stage/{stage}/count") == number(
                    sum(s.stage == stage and s.present(at) for s in stays)
                )
            gone = [stay for stay in stays if stay.stage == stage and stay.gone(since, until)]
            lost = [end for end in ends if end.via == stage and end.outcome in model.topology.losing.get(stage, ())
                    and end.at is not None and since <= end.at < until]  # fmt: skip
            if len(lost) >= smallest:
                share_lost = english.percent(len(lost) / len(gone))
                assert pilot.label(f"stage/{stage}/bin").startswith(f"{share_lost} lost"), stage
        for depot in depots:
            assert pilot.label(f"stage/{depot}/count") == number(sum(e.outcome == depot and e.stands(at) for e in ends))
        lately = state.rate.window
        begin = max(model.counts.history.origin, until - lately)
        for sign in (node for node in pilot.tree.walk() if node.role == "source"):
            channel, _, stage = sign.id.removeprefix("source/→ ").partition("/")
            mine = [s for s in stays if s.first and s.stage == stage and (s.channel or "") == channel]
            if sum(stay.came <= at for stay in mine) >= smallest:
                per = sum(begin <= stay.came < until for stay in mine) * state.rate.unit / (until - begin)
                assert f" {rate(per)}/" in sign.label
        road = model.counts.road
        spans = {
            stage: [(s.left or 0) - s.came for s in stays if s.stage == stage and s.gone(since, until)]
            for stage in road
        }
        lead = sum(sum(each) / len(each) for each in spans.values() if len(each) >= smallest)
        ladder = pilot.tree.find("ladder/rungs")
        assert (ladder is not None) == (lead > 0)
        if ladder is not None:
            assert ladder.label.startswith(f"Lead time: {english.duration(lead)},")
    assert stays


@pytest.mark.parametrize("name", LOGS)
def test_cards_of_machines_depots_belts_bins_and_crates(name: str) -> None:
    known = real(name)
    condition, cases = one_of(known, AttributeIn, Through)
    pilot = at_desk(known, 0.7, condition)
    english, model, at = pilot.screen.presentation.language, pilot.screen.model, pilot.session.playhead.at
    number, span = english.number, english.duration
    stays = [stay for stay in known.dated if stay.case in cases]
    ends = [end for end in known.ends if end.case in cases]
    state = model.state(at, pilot.session.playhead.shown_pace)
    since, until, smallest = state.window.since, state.window.until, model.factory.gate.smallest
    seen: Counter[str] = Counter()
    for stage in model.topology.stages:
        if stage in model.topology.depots:
            continue
        pilot.hover("floor", (0.001, 0.001)).run("hover", f"stage/{stage}")
        mine = [stay for stay in stays if stay.stage == stage]
        gone = [stay for stay in mine if stay.gone(since, until)]
        come = [stay for stay in mine if since <= stay.came < until]
        here = [stay for stay in mine if stay.present(at)]
        assert pilot.label("card/beside") == f"{number(len(here))} in progress"
        lying = model.counts.jams.wrecks.given_up
        live = [stay.came for stay in here if lying.get(stay.id, at + DAY) > at]
        assert pilot.label("card/oldest") == (span(at - min(live)) if live else "–")
        if len(come) >= smallest:
            assert pilot.label("card/takt") == span((until - since) / len(come)), "this plant works around the clock"
            seen["takt"] += 1
        if len(gone) >= smallest:
            lasted = sum((stay.left or 0) - stay.came for stay in gone) / len(gone)
            begun = [stay for stay in gone if stay.started is not None]
            if begun:
                work = min(lasted, sum((stay.left or 0) - (stay.started or 0) for stay in begun) / len(begun))
                assert pilot.label("card/work") == span(work)
                assert pilot.label("card/waiting") == span(lasted - work)
                seen["work"] += 1
            else:
                assert (pilot.label("card/work"), pilot.label("card/waiting")) == ("–", span(lasted))
            seen["stay"] += 1
        bin_ = pilot.tree.find(f"stage/{stage}/bin")
        lost = [e for e in ends if e.via == stage and e.outcome in model.topology.losing.get(stage, ())
                and e.at is not None and since <= e.at < until]  # fmt: skip
        if bin_ is not None and len(lost) >= smallest:
            pilot.run("hover", bin_.id)
            money = sum(end.value for end in lost if end.value is not None)
            parts = [
                number(len(lost)),
                english.percent(len(lost) / len(gone)),
                *([english.money(money)] if money else []),
            ]
            assert pilot.label("card/reason/0") == " · ".join(parts), "they give one reason"
            seen["bin"] += 1
    for depot in model.topology.depots:
        pilot.run("hover", f"stage/{depot}")
        there = sum(end.outcome == depot and end.stands(at) for end in ends)
        assert pilot.label("card/ended") == number(there)
        assert pilot.label("card/share") == english.percent(there / sum(end.stands(at) for end in ends))
        seen["depot"] += 1
    by_id = {stay.id: stay for stay in stays}
    for place, on in enumerate(state.standing.belts[: len(model.topology.ways)]):
        belt = model.topology.plan.belts[place]
        pilot.run("hover", f"belt/{belt.origin}/{belt.target}")
        lying_there = [by_id[stay] for stay in on.id.tolist()]
        assert all(stay.stage == belt.target and stay.present(at) for stay in lying_there)
        oldest = span(at - min(stay.came for stay in lying_there)) if lying_there else "–"
        assert pilot.label("card/oldest") == oldest
        assert int(pilot.label("card/waiting")) + int(pilot.label("card/moving")) == len(lying_there)
        seen["belt"] += bool(lying_there)
    for stay in Random(name).sample([stay for stay in stays if stay.present(at)], 3):
        way = journey(model.factory, stay.id)
        assert way is not None
        path = [each for each in known.paths[stay.case] if each.entered is not None and each.came <= at]
        told = [(each.stage, each.entered, each.left) for each in way.until(at).stays]
        assert told == [(e.stage, e.came, e.left if e.left is not None and e.left <= at else None) for e in path]
        seen["crate"] += 1
    assert seen["stay"]
    assert seen["belt"]
    assert seen["crate"]
    assert (seen["bin"] and seen["depot"]) or not name.startswith("crm")
    assert seen["work"] or not name.startswith("production")


@pytest.mark.parametrize("name", LOGS)
def test_lists_of_routes_and_where_cases_come_from_and_go_to(name: str) -> None:
    known = real(name)
    condition, cases = one_of(known, AttributeIn, Through)
    pilot = at_desk(known, 0.8, condition).press("r")
    english, model, at = pilot.screen.presentation.language, pilot.screen.model, pilot.session.playhead.at
    number, label, smallest = english.number, pilot.screen.presentation.wording.label, model.factory.gate.smallest
    levels = model.counts.jams.levels
    at_day = int(levels.moments[levels.at(at)])  # the end of the last working day
    leads: dict[Way, list[int]] = defaultdict(list)
    for case in cases:
        path, ends = known.paths[case], [end for end in known.ended[case] if end.stands(at_day)]
        begun = [stay.came for stay in path if stay.entered is not None and stay.came <= at_day]
        if begun and ends:
            leads[routed(path, ends, at_day)].append((ends[-1].at or 0) - min(begun))
    told = Counter(routed(known.paths[case], known.ended[case], at_day) for case in cases)
    told = Counter({way: count for way, count in told.items() if way[0]})
    rows = [node for node in pilot.tree.walk() if node.id.startswith("panel/route/")]
    assert rows or max(told.values()) < smallest
    for row in rows:
        assert row.action is not None
        [route] = row.action.arguments
        assert isinstance(route, RouteIs)
        way = route.stages, route.outcome
        lead = english.duration(median(leads[way])) if leads[way] else "–"
        share = told[way] / told.total()
        shown = f"{english.percent(share) if share >= 0.005 else '<1%'} · {number(told[way])} · {lead} · "
        assert row.label.startswith(shown), row.label
        assert told[way] >= smallest
    stays = [stay for stay in known.dated if stay.case in cases]
    seen = 0
    for stage, _ in Counter(stay.stage for stay in stays).most_common(3):
        pilot.run("select", f"stage/{stage}").run("page", "routes").run("span", "all")
        here = [stay for stay in stays if stay.stage == stage and stay.present(at)]
        gone = [s for s in stays if s.stage == stage and s.left is not None and s.left <= at and s.next is not None]
        groups = {
            "by": Counter(stay.channel for stay in here if stay.channel is not None),
            "from": Counter(label(stay.via) for stay in here if not stay.first and stay.via is not None),
            "to": Counter(label(stay.next) for stay in gone if stay.next is not None),
        }
        for what, counted in groups.items():
            for row in (node for node in pilot.tree.walk() if node.id.startswith(f"panel/{what}/") and node.key):
                words, _, values = row.label.partition(" · ")
                if row.id.endswith("/head") or words not in counted:
                    continue
                assert values == f"{number(counted[words])} · {english.percent(counted[words] / counted.total())}"
                seen += 1
    assert seen


@pytest.mark.parametrize("name", LOGS)
def test_what_is_to_be_expected_begins_with_what_is(name: str) -> None:
    known = real(name)
    condition, cases = one_of(known, LongerThan)
    model = known.model.where(condition)
    day = model.last - 3 * DAY
    found = outlook_at(model, day).expected
    stays = [stay for stay in known.dated if stay.case in cases and stay.came <= day]
    open_ = {s.case for s in stays} - {e.case for e in known.ends if e.stands(day)}
    if found is not None:
        assert found.open == len(open_)
    else:
        assert sum(end.stands(day) for end in known.ends if end.case in cases) < 30
