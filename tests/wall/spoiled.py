"""A live wall whose sources, clock and files a test spoils."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from factoryview.app.playback import Playback
from factoryview.plant.feeds import FileFeed
from factoryview.sources.feeds.follower import FeedState
from factoryview.view.health import FeedHealth
from tests.kit.small_plants import DAY, studied
from tests.wall.kit import Played, Wand, wall_text

MINUTE = 60_000_000
TEN = datetime(2026, 3, 2, 10)


@dataclass
class Source:
    """How a source is: seconds since it was heard, seconds since its newest event, whether it is up."""

    name: str
    heard: float = 0.0
    newest: float | None = 0.0
    up: bool = True


class Live(Played):
    """A small plant, live: its clock goes with the wall's, its sources are as a test says."""

    def __init__(self, name: str = "piled") -> None:
        presentation = studied(name)
        super().__init__(presentation, lambda: self.at)
        self.at = presentation.model.last - DAY

    def sources(self, *sources: Source, trouble: str = "", recorded: bool = True) -> None:
        """They are like that now."""
        now = self.at
        states = tuple(
            FeedState(
                source.name, "live" if source.up else "retrying", now - round(source.heard * 1e6),
                heard=now - round(source.heard * 1e6),
                newest=None if source.newest is None else now - round(source.newest * 1e6),
                trouble="" if source.up else "connection refused",
            )
            for source in sources
        )  # fmt: skip
        settings = {source.name: FileFeed(name=source.name, kind="file", path="log.csv") for source in sources}
        stages = {name: frozenset(settings) for name in self.model.topology.stages}
        self.of = FeedHealth(now, states, settings, stages, trouble, now - MINUTE if trouble else 0, recorded)


@contextmanager
def wall(name: str = "piled", text: str | None = None, **options: object) -> Iterator[tuple[Wand, Live]]:
    live = Live(name)
    live.sources(Source("crm"), Source("shop"))
    with Wand(lambda: live, text or wall_text(plant=""), **options) as wand:  # type: ignore[arg-type]
        wand.until_open()
        yield wand, live


def headline(wand: Wand) -> str:
    return next(node.label for node in wand.kiosk.tree.walk() if node.id.startswith("strip/headline/"))


def stale_belts(wand: Wand) -> int:
    presentation, plant = wand.plant.presentation, wand.plant
    state = presentation.model.state(plant.head.at, 1e6, health=plant.health())
    return sum(belt.stale for belt in state.belts)


Fault = Callable[[Path], None]
"""Spoils something in a folder and asks what the wall shows."""


def opening(*results: object) -> tuple[Callable[[], Playback], list[int]]:
    """Opens that fail and succeed in turn; the last result again and again."""
    calls: list[int] = []

    def opens() -> Playback:
        result = results[min(len(calls), len(results) - 1)]
        calls.append(1)
        if isinstance(result, BaseException):
            raise result
        return result  # type: ignore[return-value]

    return opens, calls


def until(wand: Wand, what: Callable[[], object]) -> None:
    limit = time.monotonic() + 30
    while not what():
        assert time.monotonic() < limit
        wand.frame()
        time.sleep(0.005)


def look(wand: Wand, times: int = 2) -> None:
    for _ in range(times):
        wand.kiosk._watch.look()
    wand.frame()
