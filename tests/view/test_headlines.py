"""What there is to say at a moment: who is named, with which numbers, known by then."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from factoryview.factory.factory import open_factory
from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED
from factoryview.flow.verdict.story import Chapter, Forgotten, Story
from factoryview.flow.verdict.verdict import verdict
from factoryview.resources import data_file
from factoryview.time import DAY
from factoryview.view.headlines import Headlines
from factoryview.view.model import Model
from factoryview.view.news import Calm, Constraint, Jam, LostHandover, News
from tests.kit.small_plants import kept

NOBODY = Story((), ())


@cache
def demo() -> Model:
    return Model(open_factory(data_file("umsatzwerk.toml")))


def said(model: Model, at: int, story: Story | None) -> tuple[News, ...]:
    day = datetime.fromtimestamp(at / 1e6, UTC).date()
    return Headlines(model.counts, story).at(at, day, model.standing(at, 86_400e6))


def lost_by(at: datetime) -> int:
    """Enquiries that came to Qualify in the nine days of the spreadsheet, by then, and never left it."""
    paths: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    with gzip.open(Path(data_file("umsatzwerk.csv.gz")), "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            paths[row["case"]].append((datetime.fromisoformat(row["time"]), row["stage"]))
    begun = datetime(2025, 9, 8, tzinfo=UTC)
    last = [max(path) for path in paths.values()]
    return sum(stage == "Qualify" and begun <= entered <= at for entered, stage in last)


@pytest.mark.parametrize(("day", "hour"), [(8, 10), (8, 16), (10, 12), (12, 9), (17, 12)])
def test_the_hand_over_banner_counts_what_was_handed_over_by_then_as_explain_does(day: int, hour: int) -> None:
    model, moment = demo(), datetime(2025, 9, day, hour, tzinfo=UTC)
    at = round(moment.timestamp()) * 1_000_000
    story = (model.studied or model.study()).story
    [banner] = [news for news in said(model, at, story) if isinstance(news, LostHandover)]
    [explained] = verdict(model.factory.store, model.factory.plant, at=moment).handovers
    standing = model.state(at, 86_400e6)
    [there] = [stage.here.wip for stage in standing.stages if stage.id[1] == "Qualify"]
    assert banner.stage == explained.stage == "Qualify"
    assert banner.cases == explained.cases == lost_by(moment)
    assert banner.cases <= there
    assert banner.value == explained.value


def test_before_the_hand_over_there_is_no_banner() -> None:
    model = demo()
    story = (model.studied or model.study()).story
    at = round(datetime(2025, 9, 5, 12, tzinfo=UTC).timestamp()) * 1_000_000
    assert not any(isinstance(news, LostHandover) for news in said(model, at, story))


def test_a_hand_over_is_said_from_the_fewest_cases_that_may_be_until_three_days_after_the_last() -> None:
    model = kept("jammed").model
    begun = model.first + 20 * DAY
    least = max(5, model.factory.gate.smallest)
    handed = tuple(begun + k * DAY // 4 for k in range(12))
    story = Story((), (Forgotten("Offer", handed, (100.0,) * 11 + (float("nan"),)),))

    def banner(at: int) -> list[tuple[int, float | None]]:
        return [(news.cases, news.value) for news in said(model, at, story) if isinstance(news, LostHandover)]

    assert banner(handed[least - 1] - 1) == []
    assert banner(handed[least - 1]) == [(least, 100.0 * least)]
    assert banner(handed[-1]) == banner(handed[-1] + 3 * DAY - 1) == [(12, 1100.0)]
    assert banner(handed[-1] + 3 * DAY) == []
    elsewhere = Story((), (replace(story.forgotten[0], stage="Nowhere"),))
    assert not any(isinstance(news, LostHandover) for news in said(model, handed[-1], elsewhere))


def test_where_nothing_jams_it_says_how_many_are_in_progress_and_where_most_are() -> None:
    model = kept("calm").model
    assert model.counts.jams.levels.level.max() == NEUTRAL
    at = model.first + (model.last - model.first) * 3 // 4
    here = {stage.id[1]: stage.here.wip for stage in model.state(at, 86_400e6).stages}
    largest = max(here, key=lambda name: here[name])
    assert said(model, at, NOBODY) == (Calm(sum(here.values()), largest, here[largest]),)
    early = model.first + 2 * DAY
    [news] = said(model, early, NOBODY)
    assert isinstance(news, Calm)
    assert not news.judged


def test_the_worst_jam_is_named_with_its_queue_and_age() -> None:
    model = kept("jammed").model
    at, past, levels = model.worst_moment(), model.counts.history, model.counts.jams.levels
    step = max(k for k in range(levels.steps) if levels.moments[k] <= at)
    stage = model.topology.stages.index("Approval")
    assert levels.level[:, step].tolist().index(RED) == stage
    begun = step
    while begun and levels.level[stage, begun - 1] == RED:
        begun -= 1
    [news] = said(model, at, None)
    waiting = model.standing(at, 86_400e6).stages[stage].wip
    gone = past.lately(past.departures, at)[stage]
    clears = waiting * 7 * DAY / gone
    assert news == Jam("Approval", RED, waiting, at - int(levels.moments[begun]), clears)
    stuck = replace(model.counts, history=replace(past, departures=np.zeros_like(past.departures)))
    [news] = Headlines(stuck, None).at(at, date(2025, 4, 1), model.standing(at, 86_400e6))
    assert isinstance(news, Jam)
    assert news.clears_in is None


def test_the_constraint_is_the_news_if_it_costs_something_and_its_own_belts_do_not_flow_beside_a_jam() -> None:
    model = kept("jammed").model
    at = model.worst_moment()

    def first(stage: str, cost: float) -> News:
        return said(model, at, Story((Chapter(stage, at - 9 * DAY, at - DAY, at + DAY, cost, None),), ()))[0]

    assert first("Approval", 1.5) == Constraint("Approval", RED, 1.5, 9 * DAY, 1)
    assert isinstance(first("Approval", 0.04), Jam), "what is written as 0 is no news"
    assert isinstance(first("Inquiry", 1.5), Jam), "it flows while Approval jams"
    assert isinstance(first("Nowhere", 1.5), Jam)
    calm = kept("calm").model
    found = said(calm, at, Story((Chapter("Approval", at - DAY, at - DAY, at + DAY, 2.0, None),), ()))[0]
    assert found == Constraint("Approval", AMBER, 2.0, DAY, 1)
