"""A lab for somebody who tries one scenario after the other: what is drawn and how the plant does as it is, is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from weakref import WeakValueDictionary

from factoryview.plant.words import PlantModel
from factoryview.whatif.comparing import Made
from factoryview.whatif.facts import Future
from factoryview.whatif.lab import Changed, Lab
from factoryview.whatif.measures import Measures

Changes = tuple[PlantModel, ...]


class Stopped(Exception):
    """Nobody wants to know any more."""


@dataclass(frozen=True, eq=False)
class RememberingLab(Lab):
    """The same futures and figures as the lab's. Any thread may ask."""

    most_steps: int = 4_000_000
    """Futures are kept as they were drawn as long as they have so many steps together (about 330 MB); the others are
    drawn again."""
    stopped: Callable[[], bool] = lambda: False
    """Asked before every future; once it is true, `Stopped` is raised."""
    _kept: dict[int, Future] = field(default_factory=dict)
    _drawn: WeakValueDictionary[int, Future] = field(default_factory=WeakValueDictionary)
    """Those of each seed as they were drawn last, while anybody has them."""
    _as_is: dict[int, Measures] = field(default_factory=dict)
    _brought: dict[tuple[Changes, int], Measures] = field(default_factory=dict)
    """Of scenarios: with more futures, or once it is asked for again, those that are done are not done again."""

    @classmethod
    def like(cls, lab: Lab, stopped: Callable[[], bool] = lambda: False, most_steps: int = 4_000_000) -> RememberingLab:
        """The same lab with a memory."""
        return cls(
            **{each.name: getattr(lab, each.name) for each in fields(Lab)}, most_steps=most_steps, stopped=stopped
        )

    def future(self, seed: int) -> Future:
        if self.stopped():
            raise Stopped
        found = self._kept.get(seed)
        if found is None:
            found = super().future(seed)
            kept = sum(len(each.replication.steps) for each in list(self._kept.values()))
            if kept + len(found.replication.steps) <= self.most_steps:
                self._kept[seed] = found
        self._drawn[seed] = found
        return found

    def outcome(self, future: Future, seed: int) -> Measures:
        if self._drawn.get(seed) is not future:
            return super().outcome(future, seed)
        if seed not in self._as_is:
            self._as_is[seed] = super().outcome(future, seed)
        return self._as_is[seed]

    def brought(self, variant: Changed, as_is: Future, seed: int) -> Measures:
        if not isinstance(variant, Made):
            return super().brought(variant, as_is, seed)
        key = variant.changes, seed
        if key not in self._brought:
            self._brought[key] = super().brought(variant, as_is, seed)
        return self._brought[key]
