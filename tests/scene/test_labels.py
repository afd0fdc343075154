"""Labels are placed: none over another, over a belt or a machine, none cut off; in both demos and the real logs."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from pathlib import Path

import pygame
import pytest

from factoryview.factory.factory import Opening, open_factory
from factoryview.language import Code, Language
from factoryview.resources import data_file
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.floor import details
from factoryview.scene.painter import Painter
from factoryview.scene.text import Page, Written, recording
from factoryview.scene.theme import NIGHT
from factoryview.scene.ui.composition import composed
from factoryview.view.model import Model
from factoryview.view.playhead import usual_pace
from factoryview.view.presentation import Presentation
from tests.kit.small_plants import kept

REAL = Path(__file__).parents[2] / ".." / "shared" / "data"
LOGS = {
    "permits": REAL / "permits" / "receipt.csv.gz",
    "crm": REAL / "crm" / "sales_pipeline.csv",
    "production": REAL / "production" / "Production.csv.gz",
}
NAMES = ("umsatzwerk", "bauamt", *LOGS, "piled", "reworked", "tangled")
each = pytest.mark.parametrize("name", NAMES)
sizes = pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160)], ids=["720p", "1080p", "4K"])


@lru_cache(maxsize=8)
def presentation_named(name: str, code: Code) -> Presentation:
    if name in ("piled", "reworked", "tangled"):
        return kept(name, code)
    path = {"umsatzwerk": data_file("umsatzwerk.toml"), "bauamt": data_file("permits.toml")}.get(name) or LOGS[name]
    if not path.exists():
        pytest.skip(f"the real log {name} is not here")
    factory = open_factory(path, Opening())
    screen = composed((1920, 1080)).floor
    model = Model(factory, code, aspect=screen.w / screen.h)
    return Presentation(model, Language(code, factory.plant.timezone))


@lru_cache(maxsize=4)
def drawn(name: str, code: Code, size: tuple[int, int], at: float) -> tuple[Page, Camera, Presentation]:
    """All text of the whole floor; at: a share of the log, below 0 the worst moment."""
    presentation = presentation_named(name, code)
    plan = presentation.facts.plan
    camera = Camera.fit(plan.width, plan.height, composed(size).floor)
    model = presentation.model
    pace = usual_pace(model.last - model.first)
    when = model.worst_moment() if at < 0 else model.first + round(at * (model.last - model.first))
    with recording() as page:
        Painter(presentation.facts, NIGHT).paint(pygame.Surface(size), presentation.moment(when, pace), camera)
    return page, camera, presentation


def told(line: Written) -> str:
    return f'"{line.text}" {tuple(line.ink)}'


def core(line: Written) -> pygame.Rect:
    """Its ink without the last tenth, where only a tail or an accent reaches."""
    return line.ink.inflate(0, -max(2, line.size // 5))


@each
@sizes
@pytest.mark.parametrize(("code", "at"), [("de", -1.0), ("en", 0.5)])
def test_no_text_is_cut_off_or_lies_on_another(name: str, code: Code, size: tuple[int, int], at: float) -> None:
    page, _, _ = drawn(name, code, size, at)
    assert len(page.written) > 10
    cut = [f"{told(line)} by {tuple(line.clip)}" for line in page.written if not line.clip.contains(line.ink)]
    assert not cut
    screen = pygame.Rect((0, 0), size)
    assert all(screen.contains(line.ink) for line in page.written)
    clashes = [f"{told(a)} on {told(b)}" for a, b in combinations(page.written, 2) if core(a).colliderect(core(b))]
    assert not clashes


@each
@sizes
def test_no_text_of_the_floor_touches_a_belt_or_a_machine(name: str, size: tuple[int, int]) -> None:
    page, camera, presentation = drawn(name, "de", size, -1.0)
    plan, view = presentation.facts.plan, pygame.Rect(camera.view)
    if [detail for detail, _ in details(camera.tile)] != ["near"]:
        pytest.skip("so large a floor is not seen near on this screen")
    unit = camera.tile
    tiles = {tile for belt in plan.belts for i, tile in enumerate(belt.tiles) if i not in belt.underpasses}
    lanes = [pygame.Rect(*camera.point(x, y), round(unit), round(unit)) for x, y in tiles]
    bodies = [camera.rect(place.box) for place in plan.machines.values()]
    lost = [camera.rect(box) for place in plan.machines.values() for box in (place.bin, place.pile) if box]
    for line in page.written:
        if not view.contains(line.ink):
            continue
        inside = [body for body in bodies if body.contains(line.ink)]
        assert inside or line.ink.collidelist(bodies) < 0, f"{told(line)} on a machine"
        assert line.ink.collidelist(lanes) < 0, f"{told(line)} on a belt"
        assert line.ink.collidelist(lost) < 0, f"{told(line)} on a bin or a pile"
