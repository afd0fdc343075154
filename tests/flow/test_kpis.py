"""The KPI table against a count in plain Python, over days with clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from statistics import mean, median
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factoryview.errors import InputError, UsageError
from factoryview.factory.privacy import Gate
from factoryview.flow import kpis as kpis_module
from factoryview.flow.kpis import Bucket, kpis
from factoryview.sources.events import Meaning
from factoryview.store.database import Store
from factoryview.time import DAY
from tests.kit.event_logs import Event, event_log
from tests.kit.small_plants import jammed, simulate

HOUR = 3_600_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OPEN = Gate(smallest=1)
COUNTS = ["arrivals", "departures", "losses", "wip"]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def bucket_of(moment: int, bucket: Bucket, zone: str) -> datetime:
    """Start of the local bucket, in UTC, by the calendar."""
    local = (EPOCH + timedelta(microseconds=moment)).astimezone(ZoneInfo(zone))
    if bucket == "hour":
        return (EPOCH + timedelta(microseconds=moment)).replace(minute=0, second=0, microsecond=0)
    day = local.date()
    if bucket == "week":
        day -= timedelta(days=day.weekday())
    if bucket == "month":
        day = day.replace(day=1)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def told(
    stays: list[tuple[str, int, int | None, bool]], bucket: Bucket, zone: str
) -> dict[tuple[str, datetime], list[float]]:
    """Arrivals, departures, losses and mean stay by stage and bucket; stays: stage, entered, left, ended."""
    result: dict[tuple[str, datetime], list[float]] = {}
    spent: dict[tuple[str, datetime], list[float]] = {}
    for stage, entered, left, ended in stays:
        result.setdefault((stage, bucket_of(entered, bucket, zone)), [0, 0, 0])[0] += 1
        if left is not None:
            key = (stage, bucket_of(left, bucket, zone))
            row = result.setdefault(key, [0, 0, 0])
            row[1] += 1
            row[2] += ended
            spent.setdefault(key, []).append((left - entered) / HOUR)
    return {
        key: [*row, mean(spent.get(key, [float("nan")])), median(spent.get(key, [float("nan")]))]
        for key, row in result.items()
    }


@pytest.mark.parametrize("bucket", ["hour", "day", "week", "month"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "America/Sao_Paulo"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_count_is_met(
    connection: duckdb.DuckDBPyConnection, bucket: Bucket, zone: str, data: st.DataObject
) -> None:
    spring, autumn = datetime(2018, 3, 24, tzinfo=UTC), datetime(2018, 10, 26, tzinfo=UTC)
    start = micros(data.draw(st.sampled_from([spring, autumn, datetime(2018, 11, 3, tzinfo=UTC)])))
    steps = st.lists(st.tuples(st.sampled_from(["Ask", "Offer"]), st.integers(0, 24 * 9 * 4)), max_size=4)
    events, stays = [], []
    for case in range(data.draw(st.integers(1, 4))):
        walk = sorted(data.draw(steps), key=lambda step: step[1])
        times = [start + quarter * HOUR // 4 for _, quarter in walk]
        won = bool(walk) and data.draw(st.booleans())
        for i, (stage, _) in enumerate(walk):
            left = times[i + 1] if i + 1 < len(walk) else times[i] + HOUR if won else None
            stays.append((stage, times[i], left, won and i + 1 == len(walk)))
            events.append(Event(len(events), f"case {case}", stage, times[i]))
        if won:
            events.append(Event(len(events), f"case {case}", "Won", times[-1] + HOUR))
    if not events:
        return
    store = Store.build(event_log(connection, "entry", events), ends=("Won",))
    frame = kpis(store, bucket=bucket, timezone=zone, gate=OPEN)
    assert str(frame["bucket"].dt.tz) == zone
    expected = told(stays, bucket, zone)
    wip = dict.fromkeys(store.stages(), 0.0)
    for row in frame[frame["kind"] == "stage"].itertuples():
        moment = row.bucket.tz_convert("UTC")  # an hour that comes twice equals nothing in another zone (PEP 495)
        arrivals, departures, losses, average, middle = expected.pop((row.stage, moment), [0, 0, 0, np.nan, np.nan])
        wip[row.stage] += arrivals - departures
        assert [row.arrivals, row.departures, row.losses, row.wip] == [arrivals, departures, losses, wip[row.stage]]
        assert [row.stay_mean_h, row.stay_p50_h] == pytest.approx([average, middle], nan_ok=True)
    assert not expected, "every bucket with anything in it is in the table"
    outcomes = frame[frame["kind"] == "outcome"]
    assert outcomes["arrivals"].sum() == sum(ended for *_, ended in stays)
    starts = frame.loc[frame["stage"] == frame["stage"][0], "bucket"]
    assert starts.is_monotonic_increasing
    assert starts.is_unique


def test_a_day_of_clock_change_has_its_own_length(connection: duckdb.DuckDBPyConnection) -> None:
    moments = [micros(datetime(2024, 3, day, 12, tzinfo=UTC)) for day in (30, 31)] + [
        micros(datetime(2024, 4, 1, 12, tzinfo=UTC))
    ]
    events = [Event(i, f"case {i}", "Ask", at - HOUR) for i, at in enumerate(moments)]
    events += [Event(3 + i, f"case {i}", "Won", at) for i, at in enumerate(moments)]
    frame = kpis(
        Store.build(event_log(connection, "entry", events), ends=("Won",)),
        bucket="day",
        timezone="Europe/Berlin",
        gate=OPEN,
    )
    stage = frame[frame["kind"] == "stage"]
    assert stage["throughput_per_day"].tolist() == pytest.approx([1, 24 / 23, 1])
    assert stage["little_l"].tolist() == pytest.approx([1 / 24, 1 / 23, 1 / 24])
    outcome = frame[frame["kind"] == "outcome"]
    assert outcome["throughput_per_day"].tolist() == pytest.approx([1, 24 / 23, 1])
    assert outcome["wip"].tolist() == [1, 2, 3]
    assert outcome[["stay_mean_h", "little_l"]].isna().all().all()


@pytest.mark.parametrize(("meaning", "waited"), [("interval", 2.0), ("entry", np.nan)])
def test_waiting_is_told_where_starts_are_known(
    connection: duckdb.DuckDBPyConnection, meaning: Meaning, waited: float
) -> None:
    events = [Event(0, "a", "Ask", 1 * HOUR, 0), Event(1, "a", "Check", 4 * HOUR, 3 * HOUR)]
    store = Store.build(event_log(connection, meaning, events))
    frame = kpis(store, bucket="day", timezone="UTC", stages=("Check",), gate=OPEN)
    assert frame["wait_p50_h"].tolist() == pytest.approx([waited], nan_ok=True)
    assert frame["work_mean_h"].tolist() == pytest.approx([3.0 - waited], nan_ok=True)


def test_percentiles_and_weights(connection: duckdb.DuckDBPyConnection) -> None:
    events = []
    for i in range(21):
        weight = 3.0 if i == 20 else 1.0
        events += [
            Event(2 * i, f"{i}", "Ask", 0, weight=weight),
            Event(2 * i + 1, f"{i}", "Won", i * HOUR, weight=weight),
        ]
    frame = kpis(Store.build(event_log(connection, "entry", events), ends=("Won",)), bucket="week", timezone="UTC")
    ask = frame[frame["stage"] == "Ask"].iloc[0]
    assert (ask["departures"], ask["stay_p50_h"], ask["stay_p85_h"]) == (23, 10, 17)
    assert ask["stay_mean_h"] == pytest.approx((sum(range(20)) + 60) / 23)


def test_stages_in_the_order_asked_for(connection: duckdb.DuckDBPyConnection) -> None:
    events = [
        Event(0, "a", "Ask", 0),
        Event(1, "a", "Offer", HOUR),
        Event(2, "a", "Won", 2 * HOUR),
        Event(3, "b", "Later", None),
    ]
    store = Store.build(event_log(connection, "entry", events), ends=("Won", "Lost"))
    every = kpis(store, bucket="month", timezone="UTC")
    assert list(zip(every["kind"], every["stage"], strict=True)) == [
        ("stage", "Ask"), ("stage", "Offer"), ("stage", "Later"), ("outcome", "Won"), ("outcome", "Lost"),
    ]  # fmt: skip
    assert (every.loc[every["stage"].isin(["Later", "Lost"]), COUNTS] == 0).all().all()
    some = kpis(store, bucket="month", timezone="UTC", stages=("Won", "Offer", "Ask"))
    assert some["stage"].tolist() == ["Offer", "Ask", "Won"]
    assert isinstance(some["bucket"].dtype, pd.DatetimeTZDtype)
    assert some["bucket"][0].date() == date(1970, 1, 1)


def test_an_end_that_is_also_a_machine_has_both_rows(connection: duckdb.DuckDBPyConnection) -> None:
    events = [Event(0, "a", "Ask", 0), Event(1, "a", "Send", HOUR)]
    frame = kpis(Store.build(event_log(connection, "completion", events), ends=("Send",)), bucket="day", timezone="UTC")
    rows = frame.set_index(["kind", "stage"])[COUNTS]
    assert rows.loc[("stage", "Send")].tolist() == [1, 1, 1, 0]
    assert rows.loc[("outcome", "Send")].tolist() == [1, 0, 0, 1]


def test_what_cannot_be_asked(connection: duckdb.DuckDBPyConnection) -> None:
    store = Store.build(event_log(connection, "entry", [Event(0, "a", "Ask", 0)]))
    with pytest.raises(UsageError, match='"Mars/Base" is no time zone'):
        kpis(store, bucket="day", timezone="Mars/Base")
    with pytest.raises(UsageError, match="hour, day, week, month"):
        kpis(store, bucket="year", timezone="UTC")  # type: ignore[arg-type]
    undated = Store.build(event_log(connection, "entry", [Event(0, "a", "Ask", None)]))
    with pytest.raises(InputError, match="no event"):
        kpis(undated, bucket="day", timezone="UTC")


@pytest.mark.parametrize("number", [5, 6])
def test_how_long_cases_stayed_is_not_told_of_few(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    events = []
    for k in range(number):
        events.append(Event(2 * k, f"{k}", "Ask", k * HOUR))
        events.append(Event(2 * k + 1, f"{k}", "Won", (k + 2) * HOUR))
    frame = kpis(Store.build(event_log(connection, "entry", events), ends=("Won",)), bucket="week", timezone="UTC")
    ask = frame[frame["stage"] == "Ask"].iloc[0]
    assert ask["departures"] == number, "counts are always told"
    times = ask[["stay_mean_h", "stay_p50_h", "stay_p85_h", "little_l"]].tolist()
    hours = 7 * 24
    expected = [2.0, 2.0, 2.0, 2.0 * number / hours] if number == 6 else [np.nan] * 4
    assert times == pytest.approx(expected, nan_ok=True)


def test_waits_are_not_told_where_few_starts_are_known(connection: duckdb.DuckDBPyConnection) -> None:
    starts = [1 * HOUR, *[None] * 6]
    events = [Event(k, f"{k}", "Ask", 2 * HOUR, start) for k, start in enumerate(starts)]
    store = Store.build(event_log(connection, "interval", events))
    few, every = (kpis(store, bucket="day", timezone="UTC", gate=gate).iloc[0] for gate in (Gate(), OPEN))
    assert (few["departures"], np.isnan(few["stay_p50_h"]), np.isnan(few["wait_p50_h"])) == (7, False, True)
    assert np.isnan(few["work_mean_h"])
    assert (every["wait_p50_h"], every["work_mean_h"]) == (0.0, 1.0)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe"])
@pytest.mark.parametrize("bucket", ["hour", "day", "week", "month"])
def test_a_division_finds_the_bucket_that_a_search_finds(bucket: Bucket, zone: str) -> None:
    """Around every edge, in years in which clocks were changed and, in Apia, a day was left out."""
    first = round(pd.Timestamp("2011-06-15T11:20:30").timestamp() * 1e6)
    edges = kpis_module._edges(first, first + 300 * DAY, bucket, zone).as_unit("us").asi8
    cut = kpis_module._slots(edges)
    rng = np.random.default_rng(1)
    moments = np.concatenate([edges[:-1], edges[:-1] + 1, edges[1:] - 1, rng.integers(edges[0], edges[-1], 5_000)])
    slot = (moments - cut["origin"]) // cut["width"]
    before, later, after = (np.array(cut[name])[slot] for name in ("buckets", "later", "after"))
    found = np.where(moments >= after, later, before)
    assert len(edges) > 9
    assert (np.diff(edges) >= 0).all()
    assert np.array_equal(found, edges.searchsorted(moments, side="right") - 1)


@pytest.mark.parametrize("bucket", ["day", "week", "month"])
def test_a_large_log_is_counted_part_by_part(
    connection: duckdb.DuckDBPyConnection, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = simulate(jammed().line)
    store = Store.build(event_log(connection, "entry", events), ends=jammed().ends)
    whole = kpis(store, bucket=bucket, timezone="Europe/Berlin", gate=OPEN)
    for most in (1, len(events) // 3):
        monkeypatch.setattr(kpis_module, "_AT_ONCE", most)
        before = store.engine.fetched.queries
        pd.testing.assert_frame_equal(kpis(store, bucket=bucket, timezone="Europe/Berlin", gate=OPEN), whole)
        assert store.engine.fetched.queries > before + 5, "more than a query for all, and those for names and span"
