"""A window that gets another shape gets another floor; until that is there, the old one is seen wholly."""

from __future__ import annotations

from copy import copy

import pytest

from factoryview.app.playback import Replay
from factoryview.app.relaying import Relaying, fits
from factoryview.scene.ui.composition import composed
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.pilot import Pilot

UPRIGHT = (540, 960)


@pytest.fixture
def playback(presentation: Presentation) -> Replay:
    """Of a log that has been looked through."""
    model = copy(presentation.model)
    model.study()
    model.look_back()
    return Replay(model, presentation.language)


def new_floor(pilot: Pilot) -> Pilot:
    """After a frame that begins to lay it out, and one that shows it."""
    pilot.wait(0)
    pilot.screen._relaying.settle()
    return pilot.wait(0)


def all_seen(pilot: Pilot) -> bool:
    floor = pilot.node("floor")
    machines = [node for node in floor.children if node.role == "machine"]
    return bool(machines) and all(pilot.screen.composition.rect.contains(node.rect) for node in machines)


def test_a_window_turned_upright_shows_the_old_floor_until_the_new_one_is_laid_out(playback: Replay) -> None:
    pilot = Pilot(playback, paused=True)
    lying = pilot.screen.model.topology.plan
    pilot.resize(UPRIGHT)
    assert pilot.screen.model.topology.plan is lying
    assert all_seen(pilot)
    scaled = pilot.session.camera.k

    new_floor(pilot)
    upright = pilot.screen.model.topology.plan
    assert upright is not lying
    assert upright.blocks.keys() == lying.blocks.keys()
    assert all_seen(pilot)
    assert scaled < pilot.session.camera.k
    counts = [node.label for node in pilot.tree.walk() if node.id.endswith("/count")]

    pilot.resize((960, 540))
    new_floor(pilot)
    again = pilot.screen.model.topology.plan
    assert again.width > again.height
    assert again.blocks.keys() == lying.blocks.keys()
    assert [node.label for node in pilot.tree.walk() if node.id.endswith("/count")] == counts


def test_the_floor_for_a_shape_is_that_of_a_plant_opened_in_it(playback: Replay) -> None:
    pilot = Pilot(playback, UPRIGHT, paused=True, start=playback.model.worst_moment())
    new_floor(pilot)
    opened = Presentation(Model(playback.model.factory, aspect=composed(UPRIGHT).aspect), playback.language)
    opened.model.studied, opened.model.lookback = playback.model.studied, playback.model.lookback
    assert pilot.screen.model.topology.plan == opened.model.topology.plan
    again = Pilot(opened, UPRIGHT, paused=True, start=opened.model.worst_moment())
    assert pilot.seen == again.seen


def test_a_little_wider_is_no_other_shape(playback: Replay) -> None:
    pilot = Pilot(playback, paused=True)
    before = pilot.screen.model
    new_floor(pilot.resize((960, 600)))
    assert pilot.screen.model is before
    assert fits(before.topology.aspect, composed((960, 600)).aspect)


def test_what_has_come_meanwhile_is_not_lost(playback: Replay) -> None:
    relaying, older = Relaying(playback), playback.model
    relaying.look(0.7)
    playback.model = newer = older.with_latest(older.last + 1)
    relaying.settle()
    relaying.look(0.7)
    assert (playback.model.topology.aspect, playback.model.last) == (0.7, newer.last)


def test_a_plant_to_which_something_comes_all_the_time_gets_its_floor(playback: Replay) -> None:
    playback.model.live = True
    relaying, plan = Relaying(playback), playback.model.topology.plan
    relaying.look(0.7)
    relaying.settle()
    begun = playback.model.with_latest(playback.model.last + 1)  # on the old floor, by a thread of its own
    relaying.look(0.7)
    upright = playback.model.topology.plan
    assert upright is not plan
    playback.model = begun
    relaying.look(0.7)
    assert playback.model.topology.plan is upright
    playback.model = playback.model.with_latest(begun.last + 1)
    relaying.look(0.7)
    assert (playback.model.topology.plan, playback.model.last) == (upright, begun.last + 1)
    assert relaying._made is None


def test_a_floor_of_what_was_read_before_is_not_laid_under_what_is_read_now(playback: Replay) -> None:
    relaying, older = Relaying(playback), playback.model
    relaying.look(0.7)
    relaying.settle()
    playback.model = again = copy(older)
    again.factory = copy(older.factory)
    relaying.look(0.7)
    assert playback.model is again
    relaying.settle()
    relaying.look(0.7)
    assert (playback.model.topology.aspect, playback.model.factory) == (0.7, again.factory)
