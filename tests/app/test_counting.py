"""What a large log begins with plays until all of it has been counted, behind the picture; then that is shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from factoryview.app import rereading
from factoryview.app.loading import Progress
from factoryview.app.options import PlantOptions
from factoryview.app.rereading import Files, Rereading
from factoryview.app.settings import Settings
from factoryview.cli.options import InputOptions, Playing
from factoryview.cli.playing import PlayRequest, open_plant
from factoryview.desk.screen import Desk
from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_beginning, open_factory
from factoryview.language import Language
from factoryview.scene.ui.node import Action
from factoryview.view.model import Model
from factoryview.view.playhead import REAL_TIME
from tests.app.test_rereading import wait
from tests.kit.office_table import as_large, write
from tests.view.test_future import plain

SIZE = (960, 540)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    as_large(monkeypatch, tmp_path)
    monkeypatch.setattr(rereading, "LOOK_EVERY", 0.02)
    return write(tmp_path)


class Gate:
    """Reads the log anew, but no sooner than it is let."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.open = threading.Event()
        self.error: Exception | None = None
        self.asked = 0

    def __call__(self, tell: Progress) -> Factory:
        self.asked += 1
        share = 0.0
        while not self.open.wait(0.005):
            share = min(0.5, share + 0.01)
            tell(share, "")
        if self.error is not None:
            raise self.error
        return open_factory(self._path, Opening(), tell)


@pytest.fixture
def gate(path: Path) -> Gate:
    return Gate(path)


@pytest.fixture
def playback(path: Path, gate: Gate) -> Iterator[Rereading]:
    factory = open_beginning(path)
    assert factory is not None
    found = Rereading(Model(factory), Language("en"), Files([path]), gate, 2.1)
    yield found
    gate.open.set()
    found.stop()


def desk(playback: Rereading, **options: object) -> Desk:
    return Desk(playback, SIZE, replace(PlantOptions(), **options))  # type: ignore[arg-type]


def said(screen: Desk, node: str) -> str:
    found = screen.tree(SIZE).find(node)
    return "" if found is None else found.label


def test_the_beginning_plays_and_the_whole_takes_its_place(playback: Rereading, gate: Gate) -> None:
    first, screen = playback.model, desk(playback)
    assert first.until is not None
    playback.begin()
    wait(lambda: first.counting is not None and first.counting.share > 0.1)
    assert said(screen, "timeline/ahead").startswith("counted up to ")
    assert said(screen, "timeline/uncounted") == said(screen, "timeline/ahead")
    for _ in range(20):
        screen.advance(0.05)
        screen.tree(SIZE)
    at, camera = screen.session.playhead.at, screen.session.camera
    assert first.first < at <= first.until
    before = plain(first.state(at, REAL_TIME))
    gate.open.set()
    wait(lambda: playback.model is not first)
    whole = playback.model
    assert whole.until is None
    assert whole.studied is not None
    screen.advance(0.0)
    assert screen.model is whole
    assert (screen.session.playhead.at, screen.session.camera) == (at, camera)
    assert screen.session.playhead.playing
    assert plain(whole.state(at, REAL_TIME)) == before
    assert said(screen, "timeline/uncounted") == ""
    assert said(screen, "timeline/ahead") == "not played yet"
    wait(lambda: whole.lookback is not None)


def test_it_is_kept_and_found_again(playback: Rereading, gate: Gate, path: Path) -> None:
    """What was counted behind the picture is there at once the next time."""
    gate.open.set()
    playback.begin()
    wait(lambda: playback.model.until is None)
    assert open_beginning(path) is None


@pytest.mark.parametrize("loop", [False, True])
def test_it_waits_where_what_is_known_ends(playback: Rereading, gate: Gate, loop: bool) -> None:
    screen, until = desk(playback, seconds_per_day=0.01, loop=loop), playback.model.until
    assert until is not None
    playback.begin()
    for _ in range(60):
        screen.advance(0.1)
    head = screen.session.playhead
    assert head.at == until
    assert head.playing
    wait(lambda: playback.model.counting is not None and playback.model.counting.share > 0.1)
    screen.advance(0.1)
    assert said(screen, "notice").startswith("The log has been counted up to here.")
    gate.open.set()
    wait(lambda: playback.model.until is None)
    screen.advance(0.0)
    screen.advance(0.1)
    assert said(screen, "notice") == ""
    assert screen.session.playhead.at > until
    assert screen.session.playhead.at < playback.model.last or loop


def test_who_pauses_there_stays_there(playback: Rereading, gate: Gate) -> None:
    screen, until = desk(playback), playback.model.until
    screen.run(Action("last"), screen.tree(SIZE))
    screen.run(Action("play"), screen.tree(SIZE))
    assert not screen.session.playhead.playing
    playback.begin()
    gate.open.set()
    wait(lambda: playback.model.until is None)
    screen.advance(0.1)
    assert screen.session.playhead.at == until
    screen.run(Action("play"), screen.tree(SIZE))
    screen.advance(0.1)
    assert until is not None
    assert screen.session.playhead.at > until


def test_a_later_moment_is_no_further_than_what_is_known(playback: Rereading) -> None:
    screen, model = desk(playback, paused=True), playback.model
    assert model.until is not None
    share = (model.until - model.first) / (model.last - model.first)
    screen.run(Action("seek", (share / 2,)), screen.tree(SIZE))
    assert abs(screen.session.playhead.at - (model.first + (model.until - model.first) / 2)) < 2
    for action in (Action("seek", (0.9,)), Action("last"), Action("seek", (1.0,))):
        screen.run(Action("first"), screen.tree(SIZE))
        screen.run(action, screen.tree(SIZE))
        assert screen.session.playhead.at == model.until
        screen.advance(0.0)
        assert said(screen, "notice").startswith("The log has been counted up to here.")


def test_what_cannot_be_counted_leaves_the_picture_and_is_told_and_tried_again(
    playback: Rereading, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, screen = playback.model, desk(playback)
    gate.error = OSError("no room left")
    gate.open.set()
    playback.begin()
    wait(lambda: playback.health().trouble)
    assert playback.model is first
    assert "no room left" in playback.health().trouble
    assert playback.health().alarms(first.last)
    assert said(screen, "timeline/ahead").endswith(" only")
    screen.run(Action("last"), screen.tree(SIZE))
    screen.advance(0.0)
    assert "could not be counted" in said(screen, "notice")
    gate.error = None
    monkeypatch.setattr(rereading, "TRY_AGAIN", 0.0)
    playback._again = 0.0
    wait(lambda: playback.model.until is None)
    wait(lambda: not playback.health().trouble)


def test_who_closes_the_window_waits_for_one_step_only(playback: Rereading, gate: Gate) -> None:
    playback.begin()
    wait(lambda: gate.asked)
    running = {each.name for each in threading.enumerate()}
    assert {"rereading", "counting"} <= running
    stopped = threading.Thread(target=playback.stop)
    stopped.start()
    stopped.join(20)
    assert not stopped.is_alive()
    assert not {each.name for each in threading.enumerate()} & {"rereading", "counting"}
    assert playback.model.until is not None


def played(path: Path, **playing: object) -> Model:
    """What a window would show first."""
    asked = PlayRequest(
        path,
        InputOptions(),
        replace(Playing(), **playing),
        SIZE,
        None,
        "en",
        "night",
        Settings(),  # type: ignore[arg-type]
    )
    models: list[Model] = []

    def screen(playback: Rereading, *_: object) -> Desk:
        models.append(playback.model)
        return None  # type: ignore[return-value]

    opened = open_plant(asked, lambda _share, _doing: None, screen)  # type: ignore[arg-type]
    opened.screen(SIZE)
    opened.stop()
    return models[0]


def test_a_window_opens_on_the_beginning_unless_it_is_asked_for_a_later_moment(path: Path) -> None:
    assert played(path).until is not None
    assert played(path, start="0.05").until is not None
    assert played(path, start="0.9").until is None
