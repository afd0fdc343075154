"""The plants of a wall: opened, exchanged and closed on threads, one recorder at a time, the last good one in force."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from factoryview.app.live import Live
from factoryview.app.playback import Playback
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.plant.wall_file import WallPlant
from factoryview.store.journal.journal import Journal
from factoryview.time import DAY
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.wall.plants import PlantOnWall, Speaking
from tests.kit.small_plants import studied
from tests.wall.kit import Played, Wand, wall_text
from tests.wall.spoiled import look, opening, until

LIVE = """
name = "Works"
[record]
times = "{times}"
ends = ["Won"]
[[feeds]]
name = "crm"
kind = "file"
path = "in.jsonl"
"""


def say(folder: Path, *stages: str) -> None:
    """One more case that goes through these stages now."""
    log = folder / "in.jsonl"
    number = len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0
    with log.open("a", encoding="utf-8") as file:
        for step, stage in enumerate(stages):
            told = {"event_id": f"{number}-{step}", "case": f"c{number}", "stage": stage, "time": time.time() + step}
            file.write(json.dumps(told) + "\n")


def rows(folder: Path) -> int:
    with Journal.read(folder / "works.store") as journal:
        return journal.last_row


def test_a_changed_plant_that_cannot_be_opened_leaves_the_last_good_one_recording_and_a_corner_says_so(
    tmp_path: Path,
) -> None:
    plant = tmp_path / "works.toml"
    plant.write_text(LIVE.format(times="entry"), encoding="utf-8")
    for _ in range(4):
        say(tmp_path, "Offer", "Won")

    def opens() -> Playback:
        return Live(plant, lambda _: Language("en"), 2.1, lambda *_: None)

    text = wall_text("whole", plant="").replace("works.csv", "works.toml")
    with Wand(opens, text, folder=tmp_path) as wand:
        wand.frame(0.0)
        until(wand, lambda: wand.plant.presentation is not None)
        until(wand, lambda: rows(tmp_path) == 8)
        plant.write_text(LIVE.format(times="interval"), encoding="utf-8")
        wand.plant.reopen()
        until(wand, lambda: wand.plant.trouble)
        say(tmp_path, "Offer")
        until(wand, lambda: rows(tmp_path) == 9)
        until(wand, lambda: wand.node("corner/words"))
        assert wand.says("corner/words").startswith("works.toml broken since")
        assert "the last good one holds" in wand.says("corner/words")
        plant.write_text(LIVE.format(times="entry").replace('"Works"', '"Other"'), encoding="utf-8")
        old = wand.plant.playback
        wand.plant.reopen()
        until(wand, lambda: wand.plant.playback is not old)
        assert not wand.plant.trouble
        say(tmp_path, "Offer")
        until(wand, lambda: rows(tmp_path) == 10)


def test_what_was_live_ends_when_the_plant_becomes_a_replay() -> None:
    live, replay = Played(studied("piled"), lambda: studied("piled").model.last), Played(studied("piled"))
    opens, _ = opening(live, replay)
    with Wand(opens) as wand:
        wand.until_open()
        wand.plant.reopen()
        until(wand, lambda: wand.plant.playback is replay)
        until(wand, lambda: live.stopped)


class Slow:
    """Opens that wait until they may go on, and what happened in which order."""

    def __init__(self) -> None:
        self.may, self.began = threading.Event(), threading.Event()
        self.done: list[str] = []

    def __call__(self) -> Playback:
        self.done.append("opens")
        self.began.set()
        assert self.may.wait(60)
        played = Played(studied("piled"))
        played.stop = lambda: self.done.append("stopped")  # type: ignore[method-assign]
        return played


def on_wall(opens: Callable[[], Playback], after: tuple = ()) -> PlantOnWall:
    return PlantOnWall(
        WallPlant(name="Works", file="works.csv"), Path("nowhere"), Speaking(None, "en", None), "night",
        low_motion=True, now=0, open_it=lambda *_: opens(), after=after,
    )  # fmt: skip


def test_whoever_stops_a_plant_does_not_wait_for_its_opening_and_the_next_one_does() -> None:
    slow = Slow()
    first = on_wall(slow)
    first.begin()
    assert slow.began.wait(60)
    closing = first.stop()
    assert not closing.is_over()
    second = on_wall(slow, (closing,))
    second.begin()
    assert not closing.is_over()
    assert slow.done == ["opens"]
    slow.may.set()
    assert closing.is_over(60)
    assert slow.done[:2] == ["opens", "stopped"]
    assert second.stop().is_over(60)


def test_a_wall_file_is_taken_while_a_plant_is_still_being_opened(tmp_path: Path) -> None:
    slow = Slow()
    with Wand(slow, wall_text(extra='title = "A"'), folder=tmp_path) as wand:
        wand.frame()
        assert slow.began.wait(60)
        old = wand.plant
        (tmp_path / "wall.toml").write_text(wall_text(extra='title = "B"'), encoding="utf-8")
        look(wand)
        assert wand.kiosk.counts.reloads == 1
        assert wand.plant is not old
        assert slow.done == ["opens"], "the one before is not closed yet"
        slow.may.set()
        until(wand, lambda: wand.plant.presentation is not None)
        assert slow.done == ["opens", "stopped", "opens"]


def log_of(folder: Path, first: datetime, days: int) -> Presentation:
    """A case every eight hours from that moment on, each done two days later."""
    text = ["case,stage,time"]
    for number in range(3 * days):
        for step, stage in enumerate(("Offer", "Check", "Won")):
            at = min(first + timedelta(hours=8 * number + 20 * step), first + timedelta(days=days))
            text.append(f"c{number},{stage},{at.isoformat()}")
    path = folder / "log.csv"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    model = Model(open_factory(path, Opening(ends=("Won",))))
    return Presentation(model, Language("en"))


def test_the_loop_of_a_log_is_its_last_month_also_when_it_is_replaced(tmp_path: Path) -> None:
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    played = Played(log_of(tmp_path, begin, 90))
    with Wand(lambda: played, wall_text(plant="")) as wand:
        wand.until_open()
        for moved, days in ((0, 90), (0, 150), (200, 90), (0, 90), (0, 20)):
            model = log_of(tmp_path, begin + timedelta(days=moved), days).model
            played.model = model
            wand.frame()
            head = wand.plant.head
            assert (head.first, head.last) == (max(model.first, model.last - 30 * DAY), model.last)
            assert head.first <= head.at < head.last
            assert head.loop
