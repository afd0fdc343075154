"""Losses by stage and reason, against a count in plain Python, and what too few cases lose."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.factory.privacy import REST, Gate
from factoryview.flow.moment.docks import endings
from factoryview.flow.verdict.leaks import Loss, leaks
from factoryview.flow.verdict.verdict import verdict
from factoryview.store.database import Store
from tests.kit.event_logs import Event, event_log

BEGIN = datetime(2024, 1, 1)
HOUR = 3_600_000_000
DAY = 24 * HOUR
SINCE, UNTIL = BEGIN + timedelta(days=30), BEGIN + timedelta(days=60)
START = int((BEGIN - datetime(1970, 1, 1)).total_seconds()) * 1_000_000


def losing(seed: int, cases: int = 300) -> tuple[Store, list[dict[str, object]]]:
    """Cases that are lost at one of two stages for one of many reasons, and each of them as a row."""
    random = Random(seed)
    reasons = [*["price"] * 20, *["late"] * 8, *["taste"] * 2, *[f"rare {k}" for k in range(9)], None]
    events: list[Event] = []
    lost: list[dict[str, object]] = []
    for k in range(cases):
        stage, reason = random.choice(("Ask", "Offer")), random.choice(reasons)
        value = random.choice((None, 10.0, 25.0))
        at = START + random.randrange(60 * DAY)
        channel = "web" if reason == "late" else random.choice(("web", "fair"))
        events.append(Event(2 * k, f"case {k}", stage, at - HOUR, channel=channel))
        events.append(Event(2 * k + 1, f"case {k}", "Lost", at, value=value, reason=reason))
        lost.append({"stage": stage, "reason": reason, "day": (at - START) / DAY, "value": value, "channel": channel})
    return Store.build(event_log(duckdb.connect(), "entry", events), ends=("Lost",)), lost


@pytest.mark.parametrize("smallest", [1, 6, 15])
@pytest.mark.parametrize("seed", [1, 2])
def test_losses_are_counted_and_small_groups_stand_together(seed: int, smallest: int) -> None:
    store, lost = losing(seed)
    found = leaks(store, ["Lost"], SINCE, UNTIL, Gate(smallest=smallest))
    now: Counter[tuple[object, object]] = Counter()
    before: Counter[tuple[object, object]] = Counter()
    worth: defaultdict[tuple[object, object], list[float]] = defaultdict(list)
    gone: Counter[object] = Counter()
    for row in lost:
        key = row["stage"], row["reason"]
        (now if row["day"] >= 30 else before)[key] += 1  # type: ignore[operator]
        if row["day"] >= 30:  # type: ignore[operator]
            gone[row["stage"]] += 1
            worth[key] += [] if row["value"] is None else [row["value"]]  # type: ignore[list-item]
    named = [loss for loss in found if loss.reason != REST]
    large = {key for key in now | before if (now[key] or before[key]) >= smallest}
    assert {(loss.stage, loss.reason) for loss in named} == large
    assert large, "something is lost often enough"
    for loss in named:
        key = loss.stage, loss.reason
        assert loss.cases == now[key]
        assert loss.value == (sum(worth[key]) if worth[key] else None)
        assert loss.before == (before[key] if not before[key] or before[key] >= smallest else None)
        assert loss.share == pytest.approx(now[key] / gone[loss.stage])
    for loss in found:
        assert loss.outcome == "Lost"
        assert (loss.cases or loss.before or 0) >= smallest
    assert [loss.cases for loss in found] == sorted((loss.cases for loss in found), reverse=True)
    rest = {loss.stage: loss for loss in found if loss.reason == REST}
    for stage in ("Ask", "Offer"):
        few = sum(n for key, n in now.items() if key[0] == stage and key not in large)
        if few >= smallest:
            assert rest[stage].cases == few
            assert rest[stage].channel is None
        else:
            assert stage not in rest or few == 0


def test_a_channel_is_named_where_most_and_enough_came_by_it() -> None:
    store, lost = losing(3)
    found = {(loss.stage, loss.reason): loss for loss in leaks(store, ["Lost"], SINCE, UNTIL, Gate(smallest=6))}
    late = [row for row in lost if row["reason"] == "late" and row["day"] >= 30]  # type: ignore[operator]
    named = [stage for stage in ("Ask", "Offer") if sum(row["stage"] == stage for row in late) >= 6]
    assert named
    for stage in named:
        assert found[stage, "late"].channel == "web"


def test_a_single_lost_case_names_no_reason() -> None:
    events = [Event(0, "a", "Ask", START + 40 * DAY), Event(1, "a", "Lost", START + 41 * DAY, reason="bankrupt")]
    store = Store.build(event_log(duckdb.connect(), "entry", events), ends=("Lost",))
    assert leaks(store, ["Lost"], SINCE, UNTIL, Gate()) == []
    assert leaks(store, ["Lost"], SINCE, UNTIL, Gate(smallest=1)) == [
        Loss("Ask", "bankrupt", "Lost", None, 1.0, None, 0.0, 1.0)
    ]


def test_change_is_only_told_against_a_number_that_is() -> None:
    assert Loss("A", None, "Lost", None, 9, None, 6, 0.5).change == 0.5
    assert Loss("A", None, "Lost", None, 9, None, 0, 0.5).change is None
    assert Loss("A", None, "Lost", None, 9, None, None, 0.5).change is None


@pytest.mark.parametrize("meaning", ["entry", "completion", "interval"])
def test_losses_are_the_same_whatever_the_times_mean(meaning: str, tmp_path: Path) -> None:
    """The same rows; where the end is work of its own, its case is lost at the stage before it."""
    random, rows, gone = Random(5), ["order,step,done_at,begun_at"], 0
    for k in range(200):
        end = "Cancelled" if random.random() < 0.3 else "Paid"
        for step, hours in (("Ask", 0), ("Offer", random.randrange(5, 90)), (end, random.randrange(100, 400))):
            at = datetime(2024, 1, 1) + timedelta(hours=5 * k + hours)
            rows.append(f"o{k},{step},{at:%Y-%m-%d %H:%M},{at - timedelta(minutes=50):%Y-%m-%d %H:%M}")
        last = datetime(2024, 1, 1) + timedelta(hours=5 * k + hours)
        gone += end == "Cancelled" and datetime(2024, 2, 1) <= last < datetime(2024, 2, 20)
    (tmp_path / "log.csv").write_text("\n".join(rows), encoding="utf-8")
    columns = {"start": "begun_at"} if meaning == "interval" else {}
    factory = open_factory(tmp_path / "log.csv", Opening(times=meaning, columns={**columns, "time": "done_at"}))
    assert factory.store.meaning == meaning
    said = verdict(
        factory.store, factory.plant, span=(datetime(2024, 2, 1, tzinfo=UTC), datetime(2024, 2, 20, tzinfo=UTC))
    )
    assert [(loss.stage, loss.outcome, loss.cases) for loss in said.leaks] == [("Offer", "Cancelled", gone)]
    assert gone > 10
    lost = endings(factory.store, ())["Offer", "Cancelled"]
    assert lost.tally.by(2**62) == sum(",Cancelled," in row for row in rows)
