"""The plant as it is beside the one that would be: the same future with and without a change, played in step."""

from __future__ import annotations

from functools import lru_cache
from threading import Event

import numpy as np
import pygame
import pytest

from factoryview.plant.scenario_file import ChangePeople
from factoryview.scene.ui.composition import composed, with_beside, with_filters
from factoryview.scene.ui.node import Action
from factoryview.whatif.interventions import changed
from factoryview.whatif.kernel import simulate
from tests.desk.test_simulated_future import DAY, plain_counts
from tests.desk.test_whatif import PERSON, QuickPilot
from tests.kit.small_plants import studied

SIZE = (1366, 768)


def begun(size: tuple[int, int] = SIZE) -> QuickPilot:
    """A future in which one more approves, with the plant as it is beside it."""
    presentation = studied("piled")
    pilot = QuickPilot(presentation, size, paused=True, start=presentation.model.last)
    pilot.run("intervene", PERSON).press("u").wait(0)
    pilot.press("z").wait(0)
    pilot.press("space").wait(0)
    return pilot


@lru_cache(maxsize=1)
def pilot() -> QuickPilot:
    return begun()


def half(of: QuickPilot) -> bytes:
    """Every pixel of the plant as it is."""
    return bytes(pygame.image.tobytes(of.surface.subsurface(of.screen.composition.beside), "RGB"))


def test_both_halves_say_what_the_same_future_brings_with_and_without_the_change() -> None:
    desk, known = pilot().desk, pilot().desk._known
    assert known is not None
    assert known.lab is not None
    lab, since = known.lab, pilot().session.future_from
    assert since is not None
    scenario = pilot().session.scenarios[0]

    def wip(figures: list[float]) -> int:
        """The seed in the middle by work in progress, by a plain sort."""
        return sorted(range(len(figures)), key=lambda seed: (figures[seed], seed))[(len(figures) - 1) // 2]

    made = [changed(lab.future(seed), scenario, lab.setting, seed) for seed in range(20)]
    seed = wip([lab.outcome(each, k).wip for k, each in enumerate(made)])
    runs = [
        (future, simulate(future.replication.steps, future.replication.pools, seed, lab.setting.end))
        for future in (lab.future(seed), made[seed])
    ]
    model = desk.playback.model
    for days in (0.5, 6.0, 20.0):
        at = since + round(days * DAY)
        pilot().run("to", at).wait(0)
        hour = float(lab.setting.week.hours(np.array([at]))[0])
        for name, (future, run) in zip(("as_is", "to_be"), runs, strict=True):
            there = sum(plain_counts(lab, future, run, hour).values())
            assert f": {there} in progress, " in pilot().label(f"beside/{name}"), (days, name)
    done = [int(pilot().label(f"beside/{name}").split(" in progress, ")[1].split()[0]) for name in ("as_is", "to_be")]
    for number, (future, run) in zip(done, runs, strict=True):
        last: dict[int, float] = {}
        for case, end in zip(future.replication.steps.case.tolist(), run.end.tolist(), strict=True):
            last[case] = max(last.get(case, 0.0), end)
        good = {case for case, end in last.items() if lab.setting.begin < end <= hour and
                bool(lab.setting.facts.won[future.donor[case]])}  # fmt: skip
        assert number == len(good)
    assert done[1] > done[0] > 0
    assert model.last == since, "what happened is as it was"


def test_it_is_the_same_pixels_played_or_sought_and_from_where_the_other_is_seen() -> None:
    since = pilot().session.future_from
    assert since is not None
    pilot().run("to", since + 3 * DAY).wait(0)
    seen = half(pilot())
    pilot().run("to", since + 12 * DAY).wait(0)
    assert half(pilot()) != seen
    pilot().run("to", since + 3 * DAY).wait(0)
    assert half(pilot()) == seen
    assert half(begun().run("to", since + 3 * DAY).wait(0)) == seen
    pilot().run("pan", (60, 20)).wait(0)
    moved = half(pilot())
    assert moved != seen
    pilot().press("0").wait(0)
    assert half(pilot()) == seen


def test_it_is_asked_for_and_put_away_with_one_key() -> None:
    presentation = studied("piled")
    alone = QuickPilot(presentation, SIZE, paused=True, start=presentation.model.last)
    alone.press("z").wait(0)
    assert not alone.session.beside, "nothing is simulated"
    alone.press("u").wait(0)
    alone.press("z").wait(0)
    assert not alone.session.beside, "there is nothing that would be another plant"
    pilot().wait(0)
    assert pilot().tree.find("beside/floor") is not None
    pilot().press("z").wait(0)
    assert pilot().tree.find("beside") is None
    assert pilot().session.camera == pilot().session.home
    assert pilot().screen.composition == with_filters(composed(SIZE))
    pilot().press("z").wait(0)
    assert pilot().tree.find("beside/floor") is not None


@pytest.mark.parametrize("size", [(1920, 1080), (960, 540), (1080, 1920)])
def test_both_halves_are_alike_and_lie_beside_each_other(size: tuple[int, int]) -> None:
    whole = composed(size)
    parted = with_beside(whole)
    assert parted.beside.size == parted.floor.size
    assert not parted.beside.colliderect(parted.floor)
    assert whole.floor.contains(parted.beside)
    assert whole.floor.contains(parted.floor)
    area = 2 * parted.floor.w * parted.floor.h
    assert area > 0.97 * whole.floor.w * whole.floor.h


def test_numbers_are_not_said_to_be_of_a_change_that_is_still_being_simulated() -> None:
    of, done, refused = begun(), Event(), Event()
    desk, since = of.desk, of.session.future_from
    assert since is not None
    of.run("to", since + 6 * DAY).wait(0)
    before, model = of.label("beside/to_be"), desk.model
    assert " in progress, " in before
    desk._ahead._worker.submit(done.wait)
    try:
        desk.run(Action("intervene", (PERSON,)), of.tree)
        for _ in range(2):
            said = desk.tree(SIZE).find("beside/to_be")
            assert said is not None
            assert " in progress, " not in said.label
            assert "simulated" in said.label
            desk.advance(0)
            assert desk.model is model, "the old future stays in sight"
    finally:
        done.set()
    of.wait(0)
    of.wait(0)
    assert desk.model is not model
    assert " in progress, " in of.label("beside/to_be")
    desk._ahead._worker.submit(refused.wait)
    try:
        desk.run(Action("intervene", (ChangePeople(stage="Offer", add=2),)), of.tree)
        for _ in range(2):
            desk.advance(0)
            desk.tree(SIZE)
            desk._beside.settle()
    finally:
        refused.set()
    of.wait(0)
    assert of.session.future_from is None, "nobody can be seen to work there"
    assert "Offer" in of.label("notice")


def test_on_a_floor_that_was_laid_out_anew_both_halves_show_the_same_place() -> None:
    of = begun()
    whole = of.desk.playback.model
    of.desk.playback.model = relaid = whole.laid_out(whole.topology.aspect / 1.2)
    assert relaid.topology.plan != whole.topology.plan
    of.wait(0)
    of.wait(0)
    twin = of.desk._twin()
    assert twin is not None
    assert of.desk._in_future()
    assert of.desk.model.topology.plan is relaid.topology.plan is twin.topology.plan
