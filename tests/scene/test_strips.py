"""Strips are honest: what stays on the screen from frame to frame is what a naive drawing would show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from random import Random

import numpy as np
import pygame
import pytest

from factoryview.factory.factory import open_factory
from factoryview.flow.moment.standing import OnBelt, Standing
from factoryview.language import Language
from factoryview.layout.floorplan import BeltPath, Rect
from factoryview.resources import data_file
from factoryview.scene.art.art import CRATE
from factoryview.scene.floor.belts import EDGE
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.floor import details
from factoryview.scene.painter import Painter
from factoryview.scene.picture import Moment
from factoryview.scene.theme import DAY, NIGHT, Theme
from factoryview.scene.ui.composition import composed
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.model import Model
from factoryview.view.playhead import usual_pace
from factoryview.view.presentation import Presentation
from tests.kit.small_plants import kept, late_health

SMALL, LARGE = (960, 540), (1920, 1080)
TILES = (24.0, 13.0, 11.5, 9.0, 5.4, 4.0)
"""Pixels per tile: every level of detail, and both bands in which one fades into the next."""
JUMPS = 9
Spot = tuple[float, float]


@lru_cache(maxsize=4)
def presentation_named(name: str) -> Presentation:
    if name != "demo":
        return kept(name)
    factory = open_factory(data_file("umsatzwerk.toml"))
    return Presentation(Model(factory, "de"), Language("de", factory.plant.timezone))


def bytes_of(surface: pygame.Surface) -> np.ndarray:
    return pygame.surfarray.array3d(surface)


def test_the_tangled_plant_has_everything_that_is_hard_to_draw() -> None:
    belts = presentation_named("tangled").facts.plan.belts
    assert any(belt.underpasses for belt in belts)
    assert any(belt.merges is not None for belt in belts)
    assert any(belt.rework for belt in belts)
    assert any(belt.origin == belt.target for belt in belts)
    assert {len(details(tile)) for tile in TILES} == {1, 2}


def test_a_camera_at_rest_sees_one_level_of_detail() -> None:
    """Whole pixels per tile: two levels over each other would show every name twice."""
    assert all(len(details(float(tile))) == 1 for tile in range(1, 200))


def health_of(presentation: Presentation, random: Random) -> FeedHealth:
    """Now and then some stages have a source that is late since the log began."""
    late = {stage: frozenset({"CRM"}) for stage in presentation.model.topology.stages if random.random() < 0.5}
    return late_health(presentation.model.first, presentation.model.last, late) if random.random() < 0.5 else SILENT


@pytest.mark.parametrize(
    ("name", "theme", "low_motion"),
    [("demo", NIGHT, False), ("demo", DAY, True), ("tangled", DAY, False), ("tangled", NIGHT, True)],
    ids=["demo-night", "demo-day-calm", "tangled-day", "tangled-night-calm"],
)
def test_a_frame_painted_over_many_others_is_the_frame_painted_afresh(
    name: str, theme: Theme, low_motion: bool
) -> None:
    presentation = presentation_named(name)
    random = Random(f"{name} {theme.name}")
    painter, naive = (Painter(presentation.facts, theme, low_motion=low_motion) for _ in range(2))
    surface, clean = pygame.Surface(SMALL), pygame.Surface(SMALL)
    pace = usual_pace(presentation.model.last - presentation.model.first)
    plan, view = presentation.facts.plan, composed(SMALL).floor
    for tile in TILES:
        middle = (plan.width * random.uniform(0.3, 0.7), plan.height * random.uniform(0.3, 0.7))
        camera = Camera(*middle, tile, view)
        for _ in range(JUMPS):
            at = random.randint(presentation.model.first, presentation.model.last)
            for step in range(3):
                now = at + round(step * random.choice((1, 4, 30)) * pace / 60)
                moment = presentation.moment(now, pace, playing=True, health=health_of(presentation, random))
                painter.paint(surface, moment, camera)
            clean.fill((255, 0, 255))
            naive.paint_anew(clean, moment, camera)
            wrong = np.argwhere((bytes_of(surface) != bytes_of(clean)).any(axis=2))
            assert not len(wrong), f"{len(wrong)} pixels from {wrong[0]} at {moment.clock}, {tile} px per tile"


@pytest.mark.parametrize("theme", [NIGHT, DAY], ids=lambda theme: theme.name)
def test_a_painter_that_has_painted_nothing_before_paints_the_same(theme: Theme) -> None:
    """Its caches of drawings, strips and texts change nothing either."""
    presentation = presentation_named("tangled")
    used, plan = Painter(presentation.facts, theme), presentation.facts.plan
    surface, random = pygame.Surface(SMALL), Random(11)
    for tile in TILES:
        camera = Camera(plan.width / 2, plan.height / 2, tile, composed(SMALL).floor)
        moment = presentation.moment(random.randint(presentation.model.first, presentation.model.last), 86_400e6 / 12)
        used.paint(surface, moment, camera)
        fresh = pygame.Surface(SMALL)
        Painter(presentation.facts, theme).paint(fresh, moment, camera)
        assert np.array_equal(bytes_of(surface), bytes_of(fresh))


def along(belt: BeltPath, target: Rect, distance: float) -> Spot:
    """The floor point at a distance from where a belt begins: from tile to tile, by foot."""
    (x, y), (bx, by) = belt.tiles[0], belt.tiles[min(1, len(belt.tiles) - 1)]
    dx, dy = (bx - x, by - y) if len(belt.tiles) > 1 else into(belt.tiles[0], target)
    here = (x + 0.5 - dx / 2, y + 0.5 - dy / 2)
    left, ends = distance, into(belt.tiles[-1], target)
    stops = [(tx + 0.5, ty + 0.5) for tx, ty in belt.tiles]
    stops.append((stops[-1][0] + ends[0] / 2, stops[-1][1] + ends[1] / 2))
    for stop in stops:
        length = abs(stop[0] - here[0]) + abs(stop[1] - here[1])
        if left <= length:
            share = left / length if length else 0.0
            return here[0] + (stop[0] - here[0]) * share, here[1] + (stop[1] - here[1]) * share
        left -= length
        here = stop
    raise AssertionError(f"{distance} is beyond the end of the belt into {belt.target}")


def into(tile: tuple[int, int], target: Rect) -> tuple[int, int]:
    """The step from a belt's last tile into the machine."""
    x, y = tile
    steps = ((1, 0), (-1, 0), (0, 1), (0, -1))
    return next(
        (dx, dy) for dx, dy in steps if target.x <= x + dx < target.right and target.y <= y + dy < target.bottom
    )


def crates_of(presentation: Presentation, moment: Moment) -> Iterator[tuple[BeltPath, int, Spot]]:
    """Belt, hue and floor point of every crate that rides or stands on a belt."""
    plan = presentation.facts.plan
    for belt, crates in zip(plan.belts, moment.standing.belts, strict=True):
        for position, hue in zip(crates.position.tolist(), crates.hue.tolist(), strict=True):
            yield belt, hue, along(belt, plan.machines[belt.target].box, position + EDGE)


def beneath(belt: BeltPath, spot: Spot) -> bool:
    """Whether a crate is in or at the mouth of an underpass, where another belt may cover it."""
    return any(
        abs(spot[0] - x - 0.5) < 0.5 + CRATE and abs(spot[1] - y - 0.5) < 0.5 + CRATE
        for x, y in (belt.tiles[i] for i in belt.underpasses)
    )


def without_crates(moment: Moment) -> Moment:
    nobody = OnBelt(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int8), 0)
    still = moment.standing
    return replace(moment, standing=Standing(still.at, still.stages, tuple(nobody for _ in still.belts)))


@pytest.mark.parametrize("name", ["demo", "tangled"])
def test_every_crate_lies_on_its_belt_and_none_lies_anywhere_else(name: str) -> None:
    """Compared with the same frame without crates: it differs where a crate should be, and nowhere else."""
    presentation, random = presentation_named(name), Random(name)
    facts, theme = presentation.facts, NIGHT
    pace = usual_pace(presentation.model.last - presentation.model.first)
    painter, empty = Painter(facts, theme), Painter(facts, theme)
    camera = replace(Camera.fit(facts.plan.width, facts.plan.height, composed(LARGE).floor), tile=16.0)
    surface, bare = pygame.Surface(LARGE), pygame.Surface(LARGE)
    seen = 0
    for _ in range(16):
        moment = presentation.moment(random.randint(presentation.model.first, presentation.model.last), pace)
        painter.paint(surface, moment, camera)
        empty.paint(bare, without_crates(moment), camera)
        differs = (bytes_of(surface) != bytes_of(bare)).any(axis=2)
        allowed = np.zeros_like(differs)
        reach = CRATE * camera.tile / 2
        view = pygame.Rect(camera.view)
        for belt, hue, spot in crates_of(presentation, moment):
            assert (int(spot[0]), int(spot[1])) in belt.tiles
            x = (spot[0] - camera.x) * camera.tile + view.x + view.w / 2
            y = (spot[1] - camera.y) * camera.tile + view.y + view.h / 2
            allowed[int(x - reach - 1) : int(x + reach + 3), int(y - reach - 1) : int(y + reach + 3)] = True
            if beneath(belt, spot) or not view.inflate(-20, -20).collidepoint(x, y):
                continue
            seen += 1
            around = [surface.get_at((round(x) + i, round(y) + j))[:3] for i in (-1, 0, 1) for j in (-1, 0, 1)]
            wanted = theme.hues[hue]
            nearest = min(sum(abs(a - b) for a, b in zip(colour, wanted, strict=True)) for colour in around)
            assert nearest < 30, f"no crate of hue {hue} at {x:.0f},{y:.0f} at {moment.clock}"
            assert differs[int(x - reach) : int(x + reach) + 1, int(y - reach) : int(y + reach) + 1].any()
        stray = np.argwhere(differs & ~allowed)
        assert not len(stray), f"{len(stray)} pixels of crates off their belts, from {stray[0]} at {moment.clock}"
    assert seen > 300


@pytest.mark.parametrize("name", ["demo", "tangled"])
def test_crates_on_belts_and_piles_are_what_stands_there(name: str) -> None:
    presentation, random = presentation_named(name), Random(name)
    pace = usual_pace(presentation.model.last - presentation.model.first)
    for _ in range(40):
        moment = presentation.moment(random.randint(presentation.model.first, presentation.model.last), pace)
        ways = presentation.model.topology.ways
        for i, stage in enumerate(moment.standing.stages):
            lanes = [crates for way, crates in zip(ways, moment.standing.belts, strict=False) if way.stage == i]
            assert sum(len(lane.id) for lane in lanes) * presentation.model.counts.weight == stage.on_belt
            assert moment.machines[i].pile * presentation.model.counts.weight == stage.in_pile
            assert stage.on_belt + stage.in_pile + stage.in_machine == stage.wip


@pytest.mark.parametrize("name", ["demo", "tangled"])
def test_no_two_crates_lie_on_each_other(name: str) -> None:
    """Nor where two belts have become one; at a bend their corners come near."""
    presentation, random = presentation_named(name), Random(name)
    pace = usual_pace(presentation.model.last - presentation.model.first)
    for _ in range(40):
        moment = presentation.moment(random.randint(presentation.model.first, presentation.model.last), pace)
        spots: dict[str, list[Spot]] = {}
        for belt, _, spot in crates_of(presentation, moment):
            if belt.target in presentation.model.topology.stages:
                spots.setdefault(belt.target, []).append(spot)
        for target, found in spots.items():
            x, y = np.array(found).T
            apart = np.hypot(x[:, None] - x, y[:, None] - y) + 9 * np.eye(len(found))
            assert apart.min() >= CRATE, (
                f"crates into {target} overlap at {found[apart.min(0).argmin()]}, {moment.clock}"
            )
