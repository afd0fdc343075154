"""How often forecasts come true: on the past days of generated plants, and on a later end that no test has seen.

Of each plant the forecast of the month's end and of the day on which those in progress are done, as said on past days
from nothing later (the hit rate that is shown), and as said in the middle of the log beside what came by its end.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from factoryview.flow.change.forecast import CHANCES, forecast
from factoryview.flow.change.records import records_of
from factoryview.plant.models import Plant
from factoryview.time import DAY
from tests.kit.plants.logs import EPOCH, store_of, tables
from tests.kit.plants.shifts import DAYS, generate
from tests.kit.plants.simulate import simulate

BEGIN = round(EPOCH.timestamp() * 1e6)
LAST = BEGIN + DAYS * DAY
MIDDLE = (150, 171, 192, 213, 234, 255, 276)
"""Days of the log on which a forecast is asked for."""


def run(plants: int = 40, first: int = 0) -> dict[str, Any]:
    """plants: as many still as with a change of one stage, of each kind."""
    told: dict[str, Any] = {}
    for kind in ("still", "people", "work", "delay"):
        tested = {name: {chance: [0, 0] for chance in CHANCES} for name in ("month", "done", "asked", "asked done")}
        for seed in range(first, first + plants):
            shift = generate(seed, kind)
            store = store_of(*tables(shift.spec, simulate(shift.spec), "entry"), "entry")
            plant = Plant(name="bench")
            found = forecast(records_of(store, plant))
            if found is None:
                continue
            for name, results in (("month", found.month_tested), ("done", found.done_tested)):
                for chance, (hits, tries) in results.items():
                    tested[name][chance][0] += hits
                    tested[name][chance][1] += tries
            rows = store.engine.rows('select outcome, epoch_us("at") from outcomes order by 2', {})
            won, ended = [at for outcome, at in rows if outcome == "Won"], [at for _, at in rows]
            for day in MIDDLE:
                asked = forecast(records_of(store, plant, BEGIN + day * DAY))
                if asked is None:
                    continue
                end = asked.month_end.toordinal() + 1 - EPOCH.toordinal()
                begin = asked.month_end.replace(day=1).toordinal() - EPOCH.toordinal()
                came = sum(BEGIN + begin * DAY <= at < BEGIN + end * DAY for at in won)
                for chance, number in asked.by_month_end.items():
                    tested["asked"][chance][0] += came >= number
                    tested["asked"][chance][1] += 1
                before = bisect_right(ended, asked.at)
                for chance, day in asked.done.items():
                    over = BEGIN + (day.toordinal() + 1 - EPOCH.toordinal()) * DAY if day is not None else LAST
                    came = bisect_right(ended, over) - before
                    if over <= LAST or came >= asked.open:
                        tested["asked done"][chance][0] += day is not None and came >= asked.open
                        tested["asked done"][chance][1] += 1
        told[kind] = {
            name: {
                f"{chance:.0%}": f"{hits / max(tries, 1):.3f} of {tries}" for chance, (hits, tries) in results.items()
            }
            for name, results in tested.items()
        }
    return told
