"""A wall of a real server that is killed and started again: it says so, and is back without anybody's help."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from factoryview.sources.feeds import follower
from factoryview.wall.plants import open_playback
from tests.kit.torrent import sources
from tests.kit.torrent.sources import Source
from tests.wall.kit import Played, Wand, wall_text
from tests.wall.spoiled import headline, stale_belts

PATIENCE = 60.0
BACK = 10.0
"""Seconds within which a wall is back, however long its server was away."""
STAGES = ("Enquiry", "Offer", "Order")

kinds: dict[str, Callable[[Path], Source]] = {"redis": sources.Redis, "postgres": lambda _: sources.Postgres()}


def test_no_pause_is_longer_than_a_wall_may_take_to_be_back() -> None:
    longest = max(follower.pause_after(failures) for failures in range(40) for _ in range(20))
    assert longest <= follower.LONGEST_PAUSE <= 0.8 * BACK, "the rest is for connecting and the next frame"


@pytest.mark.parts
@pytest.mark.parametrize("kind", list(kinds))
def test_a_server_that_is_killed_and_started_again(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = 0

    def send(count: int) -> None:
        nonlocal said
        now, messages = time.time(), []
        for number in range(said, said + count):
            event = {"event_id": f"e{number}", "case": f"c{number // 3}", "stage": STAGES[number % 3],
                     "time": now - 86_400 + 60 * number}  # fmt: skip
            messages.append(json.dumps(event))
        source.send(messages)
        said += count

    def until(done: Callable[[], object], what: str) -> None:
        limit = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < limit, f"{what} never came; {wand.plant.health()}"
            wand.frame()
            time.sleep(0.02)

    def accepted() -> int:
        return sum(state.accepted for state in wand.plant.health().states)

    source = kinds[kind](tmp_path)
    for name, value in source.environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "works.toml").write_text(
        f'name = "Works"\n[[feeds]]\nname = "shop"\nlate_after = "2 s"\n{source.settings}\n', encoding="utf-8"
    )
    text = wall_text(plant="").replace("works.csv", "works.toml")
    with source.running():
        send(60)
        with Wand(_nothing, text, folder=tmp_path) as wand:
            wand.kiosk._open = open_playback
            wand.frame()
            until(lambda: wand.node("floor") is not None and accepted() == 60, "the plant")
            for more in (30, 60):
                source.kill()
                until(lambda: wand.node("loss") is not None, "the notice")
                assert "No new data · as of" in wand.says("loss/words")
                assert "shop" in wand.says("loss/words")
                until(lambda: headline(wand).startswith("NO DATA"), "the headline, in turn with another")
                assert stale_belts(wand) > 0
                source.start()
                send(more)
                until(lambda: wand.node("loss") is None, "the floor")
                until(lambda: accepted() == said, "what was said since")
                until(lambda: not headline(wand).startswith("NO DATA"), "another headline")
                assert stale_belts(wand) == 0
                assert not wand.blank()
        for secret in source.secrets:
            assert secret not in headline(wand)


def _nothing() -> Played:
    raise AssertionError("it opens what its file says")
