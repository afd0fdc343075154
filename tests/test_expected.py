"""Real logs, read, stored and counted, meet the counts that were made twice by independent means (no folding)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from factoryview.flow.moment.standing import Lanes
from factoryview.sources import ReadOptions, read
from factoryview.store.database import Store
from factoryview.store.windows import UNKNOWN, Numbering, StayArrays, Totals, Windows

DATA = Path(__file__).parents[1] / ".." / "shared" / "data"
DAY = 86_400_000_000

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real logs lie in ../shared/data, which is not here")

EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text(encoding="utf-8")) if DATA.is_dir() else {}


@cache
def store(file: str, times: str | None = None) -> Store:
    log = read(DATA / file, ReadOptions(times=times))
    return Store.build(log, ends=log.explicit_ends)


def micros(moment: str) -> int:
    return pd.Timestamp(moment).value // 1_000


def around(found: Store, at: int) -> tuple[tuple[str, ...], StayArrays]:
    stages = tuple(found.stages())
    return stages, Windows(found, Numbering(stages, (), ())).fetch(at - DAY, at + DAY)


def per_stage(stages: tuple[str, ...], codes: Any) -> dict[str, int]:
    counted = np.bincount(codes, minlength=len(stages))
    return {name: int(many) for name, many in zip(stages, counted, strict=True) if many}


def standing(found: Store, at: int) -> dict[str, int]:
    """Work in progress by stage, as the floor shows it, cross-checked with the window."""
    stages, stays = around(found, at)
    floor = Lanes(stays, [], len(stages)).stand(at, 1.0, [1] * len(stages))
    shown = {name: int(here.wip) for name, here in zip(stages, floor.stages, strict=True) if here.wip}
    assert shown == per_stage(stages, stays.stage[(stays.entered <= at) & (at < stays.left)])
    return shown


def rows(found: Store, question: str) -> dict[str, Any]:
    return dict(found.engine.connection.execute(question).fetchall())


BY_STAGE = "select stage, count(*) from stays group by stage"


@pytest.mark.parametrize("file", ["permits/receipt.csv.gz", "permits/receipt.xes.gz"])
@pytest.mark.parametrize("times", ["completion", "entry"])
def test_permits(file: str, times: str) -> None:
    told, found = EXPECTED["permits"], store(file, times)
    assert found.meaning == times
    assert rows(found, BY_STAGE) == told["stays_per_stage"]
    last = "select stage, count(*) from stays where last group by stage"
    assert rows(found, last) == told["last_stage_of_case"]
    told_at = '"left"' if times == "completion" else "entered"
    first = f'select arg_min(stage, ({told_at}, id)) as stage from stays group by "case"'
    assert rows(found, f"select stage, count(*) from ({first}) group by 1") == told["first_stage_of_case"]
    assert found.engine.connection.execute('select count(distinct "case") from stays').fetchall() == [(told["cases"],)]
    span = found.engine.connection.execute(
        'select min(entered), greatest(max(entered), max("left")) from stays'
    ).fetchall()
    assert [pd.Timestamp(at, tz="UTC") for at in span[0]] == [
        pd.Timestamp(told["first_event_utc"]), pd.Timestamp(told["last_event_utc"]),
    ]  # fmt: skip
    totals = Totals.of(found, found.stages())
    for moment in told["moments"]:
        at = micros(moment)
        passed = told["cases_arrived_and_past_last_event"][moment]
        assert totals.begun(at) == totals.in_progress(at) == passed["arrived"]
        if times == "completion":
            assert standing(found, at) == told["completion_meaning"]["open"][moment]["per_stage"]
            assert sum(totals.at_exit(name, at) for name in found.stages()) == passed["past_last_event"]
        else:
            assert standing(found, at) == told["entry_meaning"]["open_last_stay_included"][moment]["per_stage"]
            stages, stays = around(found, at)
            moving = (stays.entered <= at) & (at < stays.left) & (stays.left != np.iinfo(np.int64).max)
            excluded = told["entry_meaning"]["open_last_stay_excluded"][moment]["per_stage"]
            assert per_stage(stages, stays.stage[moving]) == excluded


def test_permits_cases_of_one_event_are_of_no_length() -> None:
    found = store("permits/receipt.csv.gz", "completion")
    alone = found.engine.connection.execute(
        'select count(*) from (select "case" from stays group by 1 having count(*) = 1 and min(entered) = max("left"))'
    ).fetchall()
    assert alone == [(EXPECTED["permits"]["zero_length_cases_one_event"],)]


def test_crm() -> None:
    told, found = EXPECTED["crm"], store("crm/sales_pipeline.csv")
    assert set(found.ends) == {"Won", "Lost"}
    expected = told["stays_per_stage"]
    assert rows(found, "select stage, count(*) from stays where entered is not null group by 1") == {
        "Engaging": expected["Engaging"]
    }
    undated = {"Prospecting": expected["Prospecting (undated)"]}
    assert rows(found, "select stage, count(*) from stays where entered is null group by 1") == undated
    outcomes = {name: expected[name] for name in ("Won", "Lost")}
    assert rows(found, "select outcome, count(*) from outcomes group by 1") == outcomes
    assert rows(found, "select outcome, sum(value) from outcomes group by 1")["Won"] == told["won_value_total"]
    totals = Totals.of(found, found.stages())
    for moment, here in told["open"].items():
        at = micros(moment)
        assert standing(found, at) == {"Engaging": here["Engaging"]}
        assert totals.outcomes(at) == here["arrived_by_then"]
        assert totals.in_progress(at) == here["Engaging"]
        won = found.engine.connection.execute(
            "select sum(value) from outcomes where outcome = 'Won' and \"at\" <= make_timestamp(?)", [at]
        ).fetchall()
        assert won == [(here["won_value_by_then"],)]


def test_production() -> None:
    told, found = EXPECTED["production"]["duplicates_kept"], store("production/Production.csv.gz")
    assert found.meaning == "interval"
    assert rows(found, BY_STAGE) == told["stays_per_stage"]
    stages, stays = around(found, micros("2012-02-13T15:00:00Z"))
    assert not np.any(stays.started == UNKNOWN)
    for moment, here in told["open"].items():
        at = micros(moment)
        stages, stays = around(found, at)
        floor = Lanes(stays, [], len(stages)).stand(at, 1.0, [1] * len(stages))
        working = {n: int(s.in_machine) for n, s in zip(stages, floor.stages, strict=True) if s.in_machine}
        waiting = {
            n: int(s.wip - s.in_machine) for n, s in zip(stages, floor.stages, strict=True) if s.wip > s.in_machine
        }
        assert working == here["working"]["per_stage"]
        assert waiting == here["waiting"]["per_stage"]
        assert sum(standing(found, at).values()) == here["open_total"]
        cases = found.engine.connection.execute(
            'select count(distinct "case") from stays where entered <= make_timestamp($at) '
            'and "left" > make_timestamp($at)',
            {"at": at},
        ).fetchall()
        assert cases == [(here["cases_in_process"],)]
    sums = found.engine.connection.execute(
        'select count(*) filter (started = "left"), count(*) filter (entered < started), '
        'sum(epoch_us(started) - epoch_us(entered)) / 6e7, sum(epoch_us("left") - epoch_us(started)) / 6e7 from stays'
    ).fetchall()
    keys = ("zero_length_work", "stays_with_wait", "wait_minutes_total", "work_minutes_total")
    assert sums == [tuple(told[key] for key in keys)]
