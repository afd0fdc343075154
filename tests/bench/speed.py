"""The full verdict over a million stays, beside the plain pandas way to a part of the same numbers."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pandas as pd

from factoryview.flow.verdict.verdict import verdict
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from tests.kit.plants.generate import generate
from tests.kit.plants.logs import store_of, tables
from tests.kit.plants.simulate import simulate

CHANNELS = ("organic", "ads", "partner", "fair")


def _million(threads: int = 2) -> tuple[Store, pd.DataFrame, pd.DataFrame]:
    spec = generate(4, per_day=900.0)
    stays, outcomes = tables(spec, simulate(spec), "entry")
    for table in (stays, outcomes):  # where each case came from and what it is worth
        number = table["case"].astype(int)
        table["channel"] = np.array(CHANNELS)[number % len(CHANNELS)]
        table["value"] = 1000.0 + number % 997
    store = store_of(stays, outcomes, "entry")
    store.engine.connection.execute(f"SET threads = {threads}")
    return store, stays, outcomes


def plainly(stays: pd.DataFrame, outcomes: pd.DataFrame) -> dict[str, object]:
    """A part of what the verdict counts: flows, work in progress, expected waits and losses per stage and day,
    percentiles of stays, ways, lead times, conversion, time at each level of work, work met on arrival, hours worked,
    ages of the open, survival of the newest stays, pick-up at hand-overs, losses by channel and what each channel
    brings. It says nothing of the constraint and its cost."""
    done = stays.assign(stay=stays["left"] - stays["entered"])
    arrivals = stays.groupby(["stage", stays["entered"].dt.floor("D")]).size()
    departures = stays.groupby(["stage", stays["left"].dt.floor("D")]).size()
    wip = arrivals.unstack(0).fillna(0).cumsum() - departures.unstack(0).fillna(0).cumsum()
    spans = done.groupby("stage")["stay"].quantile([0.5, 0.85, 0.95])
    ways = stays.groupby(["stage", "next"]).size()
    losses = outcomes.groupby(["via", "outcome", outcomes["at"].dt.floor("D")]).size()
    lead = outcomes.set_index("case")["at"] - stays.groupby("case")["entered"].min()
    conversion = stays.merge(outcomes[["case", "outcome"]], on="case", how="left").groupby(["stage", "outcome"]).size()
    moments = pd.concat([
        stays[["stage", "entered"]].rename(columns={"entered": "at"}).assign(step=1),
        stays[["stage", "left"]].rename(columns={"left": "at"}).assign(step=-1),
    ]).dropna().sort_values("at")  # fmt: skip
    moments["level"] = moments.groupby("stage")["step"].cumsum()
    moments["span"] = moments.groupby("stage")["at"].shift(-1) - moments["at"]
    busy = moments.assign(hours=moments["span"].dt.total_seconds()).groupby(["stage", "level"])["hours"].sum()
    met = moments[moments["step"] == 1].groupby("stage")["level"].describe(percentiles=[0.5, 0.95])
    left = stays["left"].dropna()
    hours = stays.groupby(["stage", stays["left"].dt.dayofweek, stays["left"].dt.hour]).size()
    ages = (left.max() - stays.loc[stays["left"].isna(), "entered"]).groupby(stays["stage"]).describe()
    week = departures.unstack(0).fillna(0).rolling(7, min_periods=1).sum()
    expected = 7 * wip / week.where(week > 0)
    newest = stays[["stage", "entered", "left"]].sort_values("entered").groupby("stage").tail(20_000)
    survival = {stage: _kaplan_meier(part, left.max()) for stage, part in newest.groupby("stage")}
    pick_up = done.groupby(["via", "stage"])["stay"].quantile(0.99).rename("usual").reset_index()
    waiting = stays[stays["left"].isna()].merge(pick_up, on=["via", "stage"])
    never = waiting[left.max() - waiting["entered"] > 3 * waiting["usual"]].groupby(["via", "stage"])["value"]
    ended = outcomes.assign(won=outcomes["outcome"] == "Won", lead=lead.reindex(outcomes["case"]).to_numpy())
    channels = ended.groupby("channel").agg({"case": "size", "won": "mean", "lead": "median", "value": "sum"})
    leaks = ended[~ended["won"]].groupby(["via", "channel"])["value"].agg(["size", "sum"])
    return {
        "expected": expected, "survival": survival, "never": never.agg(["size", "sum"]), "channels": channels,
        "leaks": leaks, "met": met, "hours": hours, "ages": ages, "wip": wip, "spans": spans, "ways": ways,
        "losses": losses, "lead": lead.quantile([0.5, 0.85]), "conversion": conversion, "busy": busy,
    }  # fmt: skip


def _kaplan_meier(stays: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """The share still there by age, open stays counted as open."""
    age = stays["left"].fillna(end) - stays["entered"]
    table = stays["left"].notna().groupby(age).agg(["sum", "size"])
    at_risk = table["size"][::-1].cumsum()[::-1]
    return (1 - table["sum"] / at_risk).cumprod()


def run() -> dict[str, object]:
    """Seconds for the verdict and for pandas, best of three, in the same run."""
    store, stays, outcomes = _million()
    ours, theirs = [], []
    for _ in range(3):
        begin = perf_counter()
        verdict(store, Plant(name="bench"))
        ours.append(perf_counter() - begin)
        begin = perf_counter()
        plainly(stays, outcomes)
        theirs.append(perf_counter() - begin)
    return {
        "stays": len(stays),
        "verdict_seconds": round(min(ours), 2),
        "pandas_seconds": round(min(theirs), 2),
        "times_faster": round(float(np.min(theirs) / np.min(ours)), 1),
    }
