"""How the live sources are: how old their data is, which belts that makes stale, and what it says on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from factoryview.flow.moment.congestion import AMBER, RED
from factoryview.flow.moment.history import DAY
from factoryview.language import Language
from factoryview.plant.feeds import FeedSettings
from factoryview.scene.picture import FeedNow, Headline
from factoryview.sources.feeds.follower import FeedState

_MOST_LINES = 2
"""Headlines that find room."""


@dataclass(frozen=True)
class Pulse:
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

    def feeds(self, at: int, language: Language) -> tuple[FeedNow, ...]:
        """Every source with the age of its data, the late ones first."""
        late = self.late(at)
        found = []
        for state in self.states:
            if state.name in late:
                found.append(FeedNow(f"{state.name} · {self.as_of(late[state.name], language)}", True))
            elif state.heard is None:
                found.append(FeedNow(f"{state.name} · …", False))
            else:
                age = language.duration(max(0, self.now - (state.newest or state.heard)), words=True)
                found.append(FeedNow(f"{state.name} · {language.text('ago', span=age)}", False))
        return tuple(sorted(found, key=lambda feed: not feed.late))

    def as_of(self, since: int, language: Language) -> str:
        """`as of 14:32`; with the date if that was on another day."""
        if not since:
            return language.text("no_data_yet")
        near = language.moment(since).date() == language.moment(self.now).date()
        days = "HH:mm" if near else "dd.MM. HH:mm" if language.code == "de" else "d MMM HH:mm"
        return language.text("as_of", time=language.date(since, days))

    def headlines(self, at: int, language: Language, said: tuple[Headline, ...]) -> tuple[Headline, ...]:
        """The alarms of the sources before what else is said; that of a stage whose data is old says of when it is."""
        dated = []
        for line in said:
            late = self.late_since(line.stage, at)
            first = line.detail.split(" · ")[0]
            detail = line.detail if late is None else f"{self.as_of(late, language)} · {first}"
            dated.append(replace(line, detail=detail))
        return (*self.alarms(at, language), *dated)[:_MOST_LINES]

    def alarms(self, at: int, language: Language) -> tuple[Headline, ...]:
        """What must be said above all: nothing is recorded, or seen, or sources are silent."""
        if self.trouble and self.trouble_since < at:
            detail = f"{self.as_of(self.trouble_since, language)} · {self.trouble}"
            return (Headline(RED, language.text("not_renewed" if self.recorded else "not_recorded"), detail),)
        late = self.late(at)
        if not late:
            return ()
        since = min(late.values())
        who = next(iter(late)) if len(late) == 1 else language.text("sources", n=len(late))
        span = language.duration(max(0, self.now - since), words=True) if self.now - since < 1000 * DAY else ""
        detail = self.as_of(since, language) + (f" · {language.text('for_span', span=span)}" if span else "")
        return (Headline(AMBER, language.text("no_data", name=who), detail),)


SILENT = Pulse()
"""Of a replay: nothing is live."""
