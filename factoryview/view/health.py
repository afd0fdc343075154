"""How the live sources are: how old their data is, which stages that makes stale, and what must be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from factoryview.plant.feeds import FeedSettings
from factoryview.view.news import Late, News, Standstill

if TYPE_CHECKING:
    from factoryview.sources.feeds.follower import FeedState


@dataclass(frozen=True)
class FeedAge:
    """A live source at the moment: since when it is late, else how old its newest data is (µs), if there is any."""

    name: str
    late_since: int | None
    """None: it is not late. 0: it is, and nothing was ever heard of it."""
    age: int | None


@dataclass(frozen=True)
class FeedHealth:
    """The live sources at the moment `now` (µs UTC). Asked about a moment before a source fell silent, it is well."""

    now: int = 0
    states: tuple[FeedState, ...] = ()
    settings: Mapping[str, FeedSettings] = field(default_factory=dict)
    feeds_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Stage → the sources its data comes from."""
    trouble: str = ""
    """Why what the screen shows is old, all of it; empty: it is not."""
    trouble_since: int = 0
    recorded: bool = True
    """What comes is recorded, though the trouble keeps it from being seen."""

    def late(self, at: int) -> dict[str, int]:
        """The sources that were late at a moment, and since when (0: never heard of)."""
        return {name: since for name, (since, told) in self._late.items() if told < at}

    @cached_property
    def _late(self) -> dict[str, tuple[int, int]]:
        """The sources that are late: since when their data is old, and since when that is known."""
        found = {}
        for state in self.states:
            since = state.late_since(self.settings[state.name], self.now)
            if since is not None:
                found[state.name] = (since, since or state.since)
        return found

    def late_since(self, stage: str, at: int) -> int | None:
        """Since when the data of a stage is old, if it is."""
        late = self.late(at)
        since = [late[name] for name in self.feeds_of.get(stage, ()) if name in late]
        if self.trouble and self.trouble_since < at and stage in self.feeds_of:
            since.append(self.trouble_since)
        return min(since, default=None)

    def stale(self, stages: Iterable[str], at: int) -> dict[str, int]:
        """Those of the stages whose data is old at a moment, and since when."""
        if not self.feeds_of:
            return {}
        found = {name: self.late_since(name, at) for name in stages}
        return {name: since for name, since in found.items() if since is not None}

    def feeds(self, at: int) -> tuple[FeedAge, ...]:
        """Every source with the age of its data, the late ones first."""
        late = self.late(at)
        found = []
        for state in self.states:
            age = None if state.heard is None else max(0, self.now - (state.newest or state.heard))
            found.append(FeedAge(state.name, late.get(state.name), age))
        return tuple(sorted(found, key=lambda feed: feed.late_since is None))

    def alarms(self, at: int) -> tuple[News, ...]:
        """What must be said above all: nothing is recorded, or seen, or sources are silent."""
        if self.trouble and self.trouble_since < at:
            return (Standstill(self.recorded, self.trouble, self.trouble_since),)
        late = self.late(at)
        return (Late(tuple(late), min(late.values())),) if late else ()


SILENT = FeedHealth()
"""Of a replay: nothing is live."""
