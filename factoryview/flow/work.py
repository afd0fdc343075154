"""How much of the time at a stage somebody worked: from starts where a log has them, else from the plant's staff."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.staff import Staff, staff_of
from factoryview.flow.ladder import Work
from factoryview.flow.moment.history import History
from factoryview.flow.moment.judging import Wrecks
from factoryview.flow.moment.presence import presence
from factoryview.flow.office_hours import OfficeHours, office_hours
from factoryview.flow.order import looked_up
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.store.windows import FOREVER
from factoryview.time import HOUR

Moments = NDArray[np.int64]


def work_of(store: Store, plant: Plant, history: History, wrecks: Wrecks | None = None) -> Work:
    """Work of every stage along a history. wrecks: cases that occupy nobody from the moment on at which that is known.

    Where starts are known: from start to end of each visit. Else, where the plant says who works there (or how many
    posts there are): the servers' working time while there was a case for each of them, so that servers who idle
    beside a queue count as working. At a stage of kind "delay" nobody of the plant works.
    """
    shape = history.departures.shape
    worked, served = np.full(shape, np.nan), np.full(shape, np.nan)
    if store.meaning == "interval":
        columns = store.ask("counts/work", width=history.width, origin=history.origin)
        code = {name: i for i, name in enumerate(history.stages)}
        row = np.array([code.get(name, -1) for name in columns["stage"]], dtype=np.intp)
        place = row[row >= 0], np.asarray(columns["bucket"], dtype=np.intp)[row >= 0]
        for grid, name in ((worked, "worked"), (served, "served")):
            grid[np.unique(place[0])] = 0.0
            np.add.at(grid, place, np.asarray(columns[name], dtype=float)[row >= 0])
        return Work(worked, served, of_servers=False)
    staffed: dict[str, Staff] = {}
    for name in history.stages:
        known, staff = plant.stage(name), staff_of(plant, name)
        if known is not None and known.kind == "delay":
            worked[history.stages.index(name)] = 0.0
            served[history.stages.index(name)] = history.departures[history.stages.index(name)]
        elif staff is not None:
            staffed[name] = staff
    if staffed:
        stays = presence(store, tuple(staffed))
        hours = office_hours(plant.calendar, plant.timezone, history.first, history.last)
        entered, left = stays.entered, stays.left
        if wrecks is not None:
            left = np.minimum(left, np.maximum(looked_up(wrecks.given_up, stays.id, FOREVER), entered))
        for number, (name, staff) in enumerate(staffed.items()):
            here, spot = stays.of(number), history.stages.index(name)
            worked[spot] = busy(entered[here], left[here], stays.weight[here], staff, hours, history)
            served[spot] = history.departures[spot]
    return Work(worked, served, of_servers=True)


def busy(
    entered: Moments, left: Moments, weight: NDArray[np.float64], staff: Staff, hours: OfficeHours, history: History
) -> NDArray[np.float64]:
    """Per bucket of a history: ∫ min(cases there, heads) dt over working time, µs.

    entered, left: of each visit, µs UTC; `FOREVER` while it lasts.
    """
    edges = history.origin + np.arange(history.buckets + 1, dtype=np.int64) * history.width
    gone = left < FOREVER
    changes = np.concatenate([entered, left[gone]])
    steps = np.concatenate([weight, -weight[gone]])
    shifts = (staff.since_h[np.isfinite(staff.since_h)] * HOUR).astype(np.int64)
    order = np.argsort(changes, kind="stable")
    changes, standing = changes[order], np.concatenate([[0.0], np.cumsum(steps[order])])
    cuts = np.unique(np.concatenate([edges, changes, shifts, hours.begins, hours.closes]))
    cuts = cuts[(cuts >= edges[0]) & (cuts <= edges[-1])]
    since = cuts[:-1]
    cases = standing[np.searchsorted(changes, since, side="right")].round(9)
    at_work = np.minimum(cases, staff.at(since / HOUR)) * np.diff(hours.worked(cuts))
    bucket = (since - history.origin) // history.width
    return np.asarray(np.bincount(bucket, at_work, minlength=history.buckets), dtype=float)
