"""A plant's log as its store holds it, made ready for a calibration at a moment: nothing later is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from factoryview.errors import InputError
from factoryview.factory.staff import staff_of
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.stations import stations
from factoryview.language.said import said
from factoryview.plant.models import Plant
from factoryview.plant.words import WEEKDAYS
from factoryview.store.database import Store
from factoryview.time import HOUR, utc
from factoryview.whatif.calendar import Calendar
from factoryview.whatif.calibration import Calibration, calibrate
from factoryview.whatif.log import Floats, Ints, Log, Waiting
from factoryview.whatif.starts import worked_out
from factoryview.whatif.week import LocalWeek

AHEAD_H = 60 * 168.0
"""So far ahead holidays are known."""
SILENT = 0.99
"""A case without an end that rests longer than this share of all rests is over, in a log that names no ends."""


@dataclass(frozen=True, eq=False)
class Observed:
    """A log with the clock in which its hours are counted, and what the plant file says of it."""

    log: Log
    week: LocalWeek
    calendar: Calendar | None
    """The plant's, where it names one."""
    heads: dict[str, tuple[tuple[float, int], ...]]
    """Stage → (hour, people and robots from then on); of stages whose staff the plant names."""
    assumed: dict[str, tuple[tuple[float, int], ...]] = field(default_factory=dict)
    """The same of stages whose staff nobody names: the number that explains best when cases leave."""


def calibrate_plant(store: Store, plant: Plant, at: int) -> tuple[Calibration, LocalWeek]:
    """What is known of a plant at a moment (µs UTC), and the clock of its hours.

    Raises InputError where the log has counts only, or too few complete cases.
    """
    seen = observe(store, plant, at)
    return calibrate(seen.log, calendar=seen.calendar, heads=seen.heads, assumed=seen.assumed), seen.week


def observe(store: Store, plant: Plant, at: int) -> Observed:
    """The log of a plant at a moment (µs UTC). Raises InputError where it has counts instead of cases."""
    if store.meaning == "kpi" or store.counted():
        raise InputError(said("error.only_counts"), cure=said("error.give_cases"))
    names = tuple(store.stages())
    began, ended = store.meaning == "interval", store.meaning == "completion"
    columns = store.ask("whatif/steps", stages=list(names), at=at, began=began, ended=ended)
    case, stage, person = (np.asarray(columns[name], dtype=np.int64) for name in ("case", "stage", "person"))
    if not len(case):
        raise InputError(said("error.nothing_yet"), cure=said("error.take_later"))
    entered_us = np.asarray(columns["entered"], dtype=np.int64)
    week = LocalWeek.before(int(entered_us.min()), plant.timezone)

    def hours(name: str) -> Floats:
        known = ~np.ma.getmaskarray(columns[name])
        found = np.full(len(case), np.inf)
        found[known] = week.hours(np.ma.getdata(columns[name])[known].astype(np.int64))
        return found

    entered, started, left, closed_rows = week.hours(entered_us), hours("started"), hours("left"), hours("closed")
    now = float(week.hours(np.array([at]))[0])
    cases = int(case.max()) + 1
    arrived, closed = np.full(cases, np.inf), np.full(cases, np.inf)
    np.minimum.at(arrived, case, entered)
    closed[case] = closed_rows
    if not np.isfinite(closed).any():
        closed = _silent(case, np.where(np.isfinite(started), started, entered), left, cases, now)
    calendar = calendar_of_plant(plant, week, now + AHEAD_H)
    heads = {name: steps for name in names if (steps := _heads(plant, name, week)) is not None}
    if began:
        log = _log(names, case, stage, started, left, person, arrived, closed, now)
        return Observed(log, week, calendar, heads)
    assumed: dict[str, tuple[tuple[float, int], ...]] = {}
    evidence = gather(store, plant, until=at / HOUR)
    found = {station.name: station for station in stations(evidence)}
    waiting: list[Waiting] = []
    start, given_up = np.full(len(case), np.inf), np.zeros(len(case), dtype=np.bool_)
    delay = np.zeros(len(names), dtype=np.bool_)
    for code, name in enumerate(names):
        mine = np.flatnonzero(stage == code)
        mine = mine[np.argsort(entered[mine], kind="stable")]
        station = found.get(name)
        delay[code] = station is None or station.kind != "queue" or station.blind
        alive = mine[np.isfinite(left[mine]) | (now - entered[mine] <= _longest(entered[mine], left[mine]))]
        given_up[np.setdiff1d(mine, alive)] = True
        if delay[code]:  # it lasts in working hours as work does: from whatever hour it begins, none is lost or won
            start[alive] = entered[alive]
            continue
        servers = heads.get(name, ((-np.inf, max(1, station.servers if station else 1)),))
        if name not in heads:
            assumed[name] = servers
        start[alive] = worked_out(entered[alive], left[alive], servers, calendar or Calendar.always())
    start = np.where(start > now, np.inf, start)
    still = np.flatnonzero(~np.isfinite(start) & ~given_up)
    waiting = [Waiting(int(case[k]), int(stage[k]), float(entered[k])) for k in still.tolist()]
    log = _log(names, case, stage, start, left, person, arrived, closed, now, entered, waiting, delay)
    return Observed(log, week, calendar, heads, assumed)


def calendar_of_plant(plant: Plant, week: LocalWeek | None = None, until_h: float = 0.0) -> Calendar | None:
    """The working hours that the plant file names; None where it names none.

    week, until_h: with its holidays from that Monday to that hour; absent, or for a plant that works over midnight,
    every week is like every other.
    """
    said = plant.calendar
    if not said.days:
        return None
    begin, end = (hour.hour + hour.minute / 60 for hour in (said.start, said.end))
    days = {WEEKDAYS.index(day) for day in said.days}
    if week is None or not said.holidays or end <= begin:
        return Calendar.of_days(days, begin, end)
    monday = utc(week.monday).date()
    off = {(day - monday).days for day in said.holidays}
    weeks = int(until_h // 168) + 1
    open_ = (day for day in range(7 * weeks) if day % 7 in days and day not in off)
    return Calendar(tuple((24 * day + begin, 24 * day + end) for day in open_), weeks)


def _heads(plant: Plant, stage: str, week: LocalWeek) -> tuple[tuple[float, int], ...] | None:
    staff = staff_of(plant, stage)
    if staff is None:
        return None
    since = np.where(np.isfinite(staff.since_h), staff.since_h, 0.0)
    local = np.where(np.isfinite(staff.since_h), week.hours((since * HOUR).astype(np.int64)), -np.inf)
    return tuple((float(at), int(number)) for at, number in zip(local, staff.heads, strict=True))


def _log(
    names: tuple[str, ...], case: Ints, stage: Ints, start: Floats, left: Floats, person: Ints, arrived: Floats,
    closed: Floats, now: float, entered: Floats | None = None, waiting: list[Waiting] | None = None,
    delay: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None,
) -> Log:  # fmt: skip
    """The steps that have begun. What other cases wait for is in `waiting`, unless they came longer ago than any ever
    waited there: on those nobody works any more."""
    begun = np.flatnonzero(np.isfinite(start))
    order = begun[np.lexsort((left[begun], start[begun], case[begun]))]
    return Log(
        names, case[order], stage[order], start[order], np.maximum(left[order], start[order]), person[order], arrived,
        closed, now, float(arrived.min()), None if entered is None else entered[order], True, tuple(waiting or ()),
        delay,
    )  # fmt: skip


def _longest(entered: Floats, left: Floats) -> float:
    over = np.isfinite(left)
    return float((left[over] - entered[over]).max()) if over.any() else np.inf


def _silent(case: Ints, start: Floats, left: Floats, cases: int, now: float) -> Floats:
    """When each case was over, in a log that names no ends: its last end, where that was long ago."""
    order = np.lexsort((left, start, case))
    same = case[order][1:] == case[order][:-1]
    rests = np.maximum(start[order][1:] - left[order][:-1], 0.0)[same]
    usual = float(np.quantile(rests[np.isfinite(rests)], SILENT)) if np.isfinite(rests).any() else 0.0
    last = np.full(cases, -np.inf)
    np.maximum.at(last, case, left)
    return np.where(last < now - usual, last, np.inf)
