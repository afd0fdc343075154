"""Half a year of a plant in which one stage takes half the time from a day on: what a change is, and can be counted."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_factory

BEGIN, DUE = datetime(2025, 1, 6, 8, tzinfo=UTC), date(2025, 3, 31)


def halved(folder: Path, days: int = 180) -> tuple[Factory, list[tuple[datetime, float]]]:
    """Every working day ten cases; until the last day of March "Check" holds each for about ten hours, then for about
    five. When each left it, and after how many hours.
    """
    path = folder / "deals.csv"
    rng, stays = np.random.default_rng(3), []
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["case", "stage", "time"])
        for day in range(days):
            begin = BEGIN + timedelta(days=day)
            for k in range(10 if begin.weekday() < 5 else 0):
                came = begin + timedelta(minutes=6 * k)
                hours = float(rng.uniform(8, 12)) / (1 if begin.date() <= DUE else 2)
                gone = came + timedelta(hours=hours)
                stays.append((gone, hours))
                rows.writerow([f"{day}-{k}", "Intake", (came - timedelta(minutes=5)).isoformat()])
                rows.writerow([f"{day}-{k}", "Check", came.isoformat()])
                rows.writerow([f"{day}-{k}", "Done", gone.isoformat()])
    return open_factory(path, Opening(times="entry", ends=("Done",))), stays
