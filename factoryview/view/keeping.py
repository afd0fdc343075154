"""The model of a large log, found again: what was counted of the whole log is kept in this user's cache folder and used
as long as neither the log, nor the plant, nor the program is another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from factoryview.factory.factory import Factory
from factoryview.flow.goals import Goal
from factoryview.flow.moment.docks import Ending
from factoryview.flow.moment.history import History
from factoryview.flow.moment.judging import Judged, Wrecks
from factoryview.flow.moment.levels import Levels
from factoryview.flow.moment.standing import Way
from factoryview.flow.moment.workdays import Workdays
from factoryview.flow.office_hours import office_hours
from factoryview.layout.plan import Belt, Block, Crossing, Join, Plan, Point, Port, Rect, Sign, Yard, Zone
from factoryview.store.kept import Shelf, cache_folder, digest, program
from factoryview.store.windows import Numbering, Tally, Totals, Windows
from factoryview.view.counts import Counts
from factoryview.view.topology import Topology

FEWEST = 100_000
"""Stays of a log that is kept: a smaller one is counted before anybody notices."""
_LATER: Any = None
"""In the place of what belongs to the factory that is open."""


@dataclass(frozen=True)
class _Kept:
    """What is kept of a model."""

    topology: Topology
    numbering: Numbering
    counts: Counts
    arrivals: dict[str, Tally]
    """Of what has a goal."""


_CLASSES = (
    _Kept, Topology, Counts, Numbering, Tally, Totals, Ending, Way, History, Judged, Levels, Workdays, Wrecks,
    Plan, Belt, Block, Crossing, Join, Point, Port, Rect, Sign, Yard, Zone,
)  # fmt: skip


class Place:
    """Where the model of one factory is kept, on a floor of one shape."""

    def __init__(self, factory: Factory, aspect: float) -> None:
        """aspect: of the floor on the screen."""
        self._factory = factory
        self._key: str | None = None
        forgets = bool(factory.plant.feeds)
        log = None if forgets else factory.store.fingerprint(FEWEST)
        if log is not None:
            self._key = digest(log, factory.plant.model_dump_json(), factory.name, aspect, program())
            self._shelf = Shelf(cache_folder(), _CLASSES)

    def found(self) -> tuple[Topology, Counts] | None:
        """The floor and the counts that were kept; None where none were."""
        kept = None if self._key is None else self._shelf.find(self._key)
        if not isinstance(kept, _Kept):
            return None
        factory, past = self._factory, kept.counts.history
        plant = factory.plant
        floor = replace(kept.topology, windows=Windows(factory.store, kept.numbering))
        goals = {
            target.of: Goal(kept.arrivals[target.of], target.per_day, plant.timezone, plant.calendar)
            for target in plant.targets
        }
        hours = office_hours(plant.calendar, plant.timezone, past.first, past.last)
        counts = replace(
            kept.counts, factory=factory, topology=floor, goals=goals, hours=hours, rejected=factory.rejected
        )
        return floor, counts

    def keep(self, floor: Topology, counts: Counts) -> None:
        """Keep what was counted."""
        if self._key is None:
            return
        kept = _Kept(
            replace(floor, windows=_LATER),
            floor.windows.numbering,
            replace(
                counts, factory=_LATER, topology=_LATER, goals={}, hours=_LATER,
                jams=Judged(counts.jams.levels, counts.jams.wrecks),
            ),
            {name: goal.arrivals for name, goal in counts.goals.items()},
        )  # fmt: skip
        self._shelf.keep(self._key, kept)
