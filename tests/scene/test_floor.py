"""The floor is honest: what stays from frame to frame is what a fresh drawing shows, and all of it is counted."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import ceil
from random import Random

import numpy as np
import pygame
import pytest

from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.layout.plan import Belt, Point
from factoryview.resources import data_file
from factoryview.scene.art.raster import opaque
from factoryview.scene.floor.belts import Belts, groups_of, layers_of, side_roads
from factoryview.scene.floor.blocks import SignLook, SkipLook
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.lane_painter import LanePainter
from factoryview.scene.floor.lanes import Lane, width_of
from factoryview.scene.floor.scaled import Scaled
from factoryview.scene.painter import Painter
from factoryview.scene.text import recording
from factoryview.scene.theme import Theme
from factoryview.scene.themes import DAY, NIGHT
from factoryview.scene.ui.composition import composed
from factoryview.view.model import Model
from factoryview.view.playhead import usual_pace
from factoryview.view.presentation import Presentation
from tests.kit.small_plants import kept, late_health

SIZES = {"small": (960, 540), "upright": (540, 960)}
JUMPS, STEPS = 4, 5


@lru_cache(maxsize=4)
def presentation_named(name: str) -> Presentation:
    if name != "demo":
        return kept(name)
    factory = open_factory(data_file("umsatzwerk.toml"))
    return Presentation(Model(factory, aspect=composed((960, 540)).aspect), Language("de", factory.plant.timezone))


def pixels(surface: pygame.Surface) -> np.ndarray:
    return pygame.surfarray.array3d(surface)


@pytest.mark.parametrize("name", ["demo", "jammed", "piled", "tangled", "reworked"])
@pytest.mark.parametrize("theme", [NIGHT, DAY], ids=lambda theme: theme.name)
@pytest.mark.parametrize("zoom", [1.0, 2.3, 0.45])
def test_frames_that_follow_each_other_are_frames_drawn_anew(name: str, theme: Theme, zoom: float) -> None:
    presentation = presentation_named(name)
    model = presentation.model
    size = SIZES["upright" if name == "tangled" else "small"]
    camera = Camera.fit(model.topology.plan, composed(size).view)
    camera = replace(camera, k=camera.k * zoom)
    ongoing, anew = pygame.display.set_mode(size), pygame.Surface(size).convert()
    painter, fresh = Painter(presentation.facts, theme), Painter(presentation.facts, theme)
    pace, random = usual_pace(model.last - model.first), Random(7)
    for _ in range(JUMPS):
        at = model.first + round(random.random() * (model.last - model.first))
        for step in range(STEPS):
            moment = presentation.moment(at + round(step * pace / 30), pace, playing=True)
            painter.paint(ongoing, moment, camera)
            fresh.paint_anew(anew, moment, camera)
            assert np.array_equal(pixels(ongoing), pixels(anew))


def test_with_other_facts_what_stands_on_the_same_floor_stays() -> None:
    presentation = kept("jammed")
    model, size = presentation.model, SIZES["small"]
    camera, facts = Camera.fit(model.topology.plan, composed(size).view), presentation.facts
    painter, on, anew = Painter(facts, NIGHT), pygame.display.set_mode(size), pygame.Surface(size).convert()
    moment = presentation.moment(model.worst_moment(), 86_400e6)
    painter.paint(on, moment, camera)
    floor = painter.tree(moment, camera, composed(size)).children[1]
    titled = replace(facts, title="Other works", floor=replace(facts.floor))
    painter.renew(titled)
    assert painter.tree(moment, camera, composed(size)).children[1] is floor
    painter.paint(on, moment, camera)
    Painter(titled, NIGHT).paint_anew(anew, moment, camera)
    assert np.array_equal(pixels(on), pixels(anew))
    signs = tuple((f"{label}!", hue) for label, hue in facts.floor.signs)
    renamed = replace(facts, floor=replace(facts.floor, signs=signs))
    painter.renew(renamed)
    painter.paint(on, moment, camera)
    Painter(renamed, NIGHT).paint_anew(anew, moment, camera)
    assert signs
    assert np.array_equal(pixels(on), pixels(anew))


def test_a_belt_whose_source_falls_silent_and_speaks_again() -> None:
    presentation = kept("jammed")
    model = presentation.model
    at, pace = model.worst_moment(), 86_400e6
    late = late_health(at - 10**9, at, dict.fromkeys(model.topology.stages[1:3], frozenset({"CRM"})))
    size = SIZES["small"]
    camera = Camera.fit(model.topology.plan, composed(size).view)
    ongoing, anew = pygame.display.set_mode(size), pygame.Surface(size).convert()
    painter, fresh = Painter(presentation.facts, NIGHT), Painter(presentation.facts, NIGHT)
    seen = []
    for health in (None, late, None):
        moment = presentation.moment(at, pace, **({"health": health} if health else {}))
        painter.paint(ongoing, moment, camera)
        fresh.paint_anew(anew, moment, camera)
        assert np.array_equal(pixels(ongoing), pixels(anew))
        seen.append(pixels(ongoing))
    assert np.array_equal(seen[0], seen[2])
    assert not np.array_equal(seen[0], seen[1])


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_losses_have_their_noun_everywhere_or_nowhere(size: tuple[int, int]) -> None:
    presentation = presentation_named("demo")
    model = presentation.model
    found = set()
    for code in ("de", "en"):
        shown = Presentation(model, Language(code, "Europe/Berlin"))
        painter = Painter(shown.facts, NIGHT)
        whole = Camera.fit(model.topology.plan, composed(size).view)
        camera = replace(whole, k=1.4 * whole.k)
        for share in (0.3, 0.5, 0.8):
            moment = shown.moment(model.first + round(share * (model.last - model.first)), 86_400e6)
            with recording() as page:
                painter.paint_anew(pygame.Surface(size), moment, camera)
            said = {bin_.said for bin_ in moment.floor.bins.values() if bin_.share}
            alone = {bin_.share for bin_ in moment.floor.bins.values() if bin_.share}
            on_floor = [line.text for line in page.written if line.size < 40 * camera.k]
            nouns, bare = ([text for text in on_floor if text in words] for words in (said, alone))
            assert not (nouns and bare)
            found.add("nouns" if nouns else "bare" if bare else "")
    assert found & {"nouns", "bare"}


def test_losses_are_said_to_those_who_step_near() -> None:
    presentation = presentation_named("demo")
    model, size = presentation.model, (1920, 1080)
    whole = Camera.fit(model.topology.plan, composed(size).view)
    moment = presentation.moment(model.worst_moment(), 86_400e6)
    painter, said = Painter(presentation.facts, NIGHT), {bin_.said for bin_ in moment.floor.bins.values() if bin_.share}
    for near in (False, True):
        with recording() as page:
            painter.paint_anew(pygame.Surface(size), moment, replace(whole, k=(1.4 if near else 1.0) * whole.k))
        assert bool(said & {line.text for line in page.written}) is near


def test_from_afar_what_is_lost_lies_at_the_machine_that_is_lit() -> None:
    presentation = presentation_named("demo")
    model, size = presentation.model, (1920, 1080)
    whole = Camera.fit(model.topology.plan, composed(size).view)
    moment = presentation.moment(model.worst_moment(), 86_400e6)
    painter, names = Painter(presentation.facts, NIGHT), list(model.topology.plan.blocks)
    losing = [name for name, bin_ in moment.floor.bins.items() if bin_.share and name not in moment.floor.wrecks]
    lit = {name: replace(station, dress="longest" if name == losing[0] else station.dress)
           for name, station in zip(names, moment.floor.stations, strict=True)}  # fmt: skip
    moment = replace(moment, floor=replace(moment.floor, stations=tuple(lit.values())))
    for camera, expected in ((whole, losing[:1]), (replace(whole, k=1.4 * whole.k), [])):
        tree = painter.tree(moment, camera, composed(size))
        skips = {node.id: node.key for node in tree.walk() if isinstance(node.key, SkipLook)}
        assert list(skips) == [f"stage/{name}/bin" for name in expected]
        assert all(look.tenths == ceil(10 * moment.floor.bins[name].fill)
                   for name, look in zip(expected, skips.values(), strict=True))  # fmt: skip


def test_crates_call_only_where_the_headline_speaks_of() -> None:
    presentation = presentation_named("jammed")
    model = presentation.model
    moment = presentation.moment(model.worst_moment(), 86_400e6)
    leading = {now.label for now in moment.floor.stations if now.leading}
    assert leading == {presentation.wording.label(moment.banners[0].stage)}
    assert all(now.quiet is not now.leading for now in moment.floor.stations if now.dress != "depot")
    tree = Painter(presentation.facts, NIGHT).tree(
        moment, Camera.fit(model.topology.plan, composed((1920, 1080)).view), composed((1920, 1080))
    )
    belts = {node.id.split("/")[2]: look.quiet
             for group in tree.walk() if isinstance(group.key, Belts)
             for node, look in zip(group.children, group.key.belts, strict=True)}  # fmt: skip
    assert {name for name, quiet in belts.items() if not quiet} == {moment.banners[0].stage}


def test_with_low_motion_only_crates_move() -> None:
    presentation = kept("calm")
    model = presentation.model
    size = SIZES["small"]
    camera = Camera.fit(model.topology.plan, composed(size).view)
    surface = pygame.display.set_mode(size)
    painter = Painter(presentation.facts, NIGHT, low_motion=True)
    at = model.first + (model.last - model.first) // 2
    moment = presentation.moment(at, 1.0)
    painter.paint(surface, moment, camera)
    later = replace(
        moment,
        floor=replace(
            moment.floor,
            belts=tuple(belt._replace(phase=belt.phase + 17) for belt in moment.floor.belts),
            stations=tuple(replace(station, frame=2) for station in moment.floor.stations),
        ),
    )
    assert painter.paint(surface, later, camera) == []


@pytest.mark.parametrize("name", ["demo", "jammed", "piled", "tangled", "counted"])
def test_what_is_drawn_at_a_stage_is_what_stands_there(name: str) -> None:
    """Crates on its belts, in its pile and in the machine, times their weight, are the number on the display."""
    if name == "counted":
        from tests.kit.golden import counted

        presentation = counted("en")
    else:
        presentation = presentation_named(name)
    model, random = presentation.model, Random(11)
    weight, pace = model.counts.weight, usual_pace(model.last - model.first)
    checked = 0
    for _ in range(25):
        at = model.first + round(random.random() * (model.last - model.first))
        state = model.state(at, pace)
        floor = presentation.wording.moment(state).floor
        shown = dict(zip(model.topology.plan.blocks, floor.stations, strict=True))
        for stage in state.stages:
            name_ = stage.id[1]
            riding = sum(
                len(crates.id)
                for belt, crates in zip(model.topology.plan.belts, floor.crates, strict=True)
                if belt.target == name_ and (crates.id >= 0).all()
            )
            lying = floor.wrecks[name_].crates if name_ in floor.wrecks else 0
            total = (riding + len(floor.piles.get(name_, b"")) + lying) * weight + stage.here.in_machine
            if weight == 1:
                assert total == pytest.approx(stage.here.wip)
                assert shown[name_].count == presentation.language.number(total)
                checked += 1
    assert checked or weight != 1


def test_a_source_that_feeds_several_machines_is_named_at_each() -> None:
    presentation = kept("tangled")
    floor = presentation.facts.floor
    first, *rest = floor.plan.signs
    twice = replace(floor.plan, signs=(first, *(replace(sign, source=first.source) for sign in rest)))
    facts = replace(presentation.facts, floor=replace(floor, plan=twice))
    assert rest
    moment = presentation.moment(presentation.model.worst_moment(), 3600e6)
    tree = Painter(facts, NIGHT).tree(moment, Camera.fit(twice, composed((1920, 1080)).view), composed((1920, 1080)))
    signs = [node for node in tree.walk() if isinstance(node.key, SignLook)]
    assert [bool(node.key.label) for node in signs if isinstance(node.key, SignLook)] == [True] * (1 + len(rest))
    assert all(node.label for node in signs), "whoever points at it is told"


@pytest.mark.parametrize("name", ["tangled", "reworked"])
def test_the_main_road_leads_into_every_machine_and_side_roads_are_none_of_it(name: str) -> None:
    """Of what runs forward into a machine or out of one, what carries most is never drawn faintly, unless hardly any go
    there at all."""
    belts = presentation_named(name).facts.floor.plan.belts
    aside = side_roads(belts)
    ahead = [(i, belt) for i, belt in enumerate(belts) if not belt.rework and belt.origin != belt.target]
    strongest = max(belt.share for _, belt in ahead)
    for end in ("origin", "target"):
        for stage in {getattr(belt, end) for _, belt in ahead}:
            most = max((each for each in ahead if getattr(each[1], end) == stage), key=lambda each: each[1].share)
            assert most[0] not in aside or most[1].share < 0.1 * strongest, most[1]
    assert {i for i, belt in enumerate(belts) if belt.rework and belt.origin != belt.target} <= aside


@pytest.mark.parametrize("name", ["jammed", "tangled", "demo"])
@pytest.mark.parametrize("k", [0.4, 1.0, 2.3])
def test_belts_that_are_painted_together_do_not_lie_over_each_other(name: str, k: float) -> None:
    facts = presentation_named(name).facts.floor
    layers, order, lanes = Scaled(facts, k).layers, groups_of(facts.plan.belts), Scaled(facts, k).lanes
    assert sorted(group for layer in layers for group in layer) == sorted(order)
    assert len(layers) < len(order)
    together = [[box for i in group for box in lanes[i].boxes] for group in layers[0]]
    assert len(together) > 5
    for k, boxes in enumerate(together):
        assert not any(box.collidelist(other) >= 0 for other in together[:k] for box in boxes)


def test_a_belt_that_lies_over_another_is_painted_after_it() -> None:
    some = Scaled(presentation_named("jammed").facts.floor, 1.0).lanes[0]
    boxes = [(0, 0, 9, 9), (20, 0, 9, 9), (4, 4, 9, 9), (40, 0, 9, 9), (10, 10, 12, 9), (44, 4, 9, 9)]
    lanes = [replace(some, boxes=(pygame.Rect(box),)) for box in boxes]
    groups = [[0], [1], [2, 3], [4], [5]]
    assert layers_of(groups, lanes) == [[[0], [1]], [[2, 3]], [[4], [5]]]


def test_what_is_marked_as_side_road_is_painted_fainter_and_narrower_and_a_jam_there_is_not() -> None:
    belts = tuple(Belt("a", "b", share, False, False, (Point(0, 50), Point(300, 50))) for share in (0.6, 0.2))
    assert side_roads(belts) == {1}
    found = []
    for level in (0, 2):
        for aside in (False, True):
            surface = opaque((300, 100))
            lane = Lane.of(belts[0], 1.0, side_road=aside)
            surface.blits(LanePainter(NIGHT).pieces(lane, (0, 0), level, 0))  # type: ignore[arg-type]
            found.append(pixels(surface)[100, 42:58].astype(int))
    assert found[1].sum() < 0.9 * found[0].sum()
    assert width_of(belts[0], side_road=True) < width_of(belts[0], side_road=False)
    assert found[3].sum() > 0.9 * found[2].sum()


@pytest.mark.parametrize("name", ["jammed", "piled"])
def test_a_floor_that_the_camera_moves_over_is_the_floor_seen_from_there(name: str) -> None:
    presentation = presentation_named(name)
    size, model = SIZES["small"], presentation.model
    pace = usual_pace(model.last - model.first)
    moved, surface = Painter(presentation.facts, NIGHT), opaque(size)
    camera = Camera.fit(presentation.facts.floor.plan, composed(size).view)
    for step in range(4):
        moment = presentation.moment(model.first + (model.last - model.first) * (step + 4) // 8, pace)
        seen = replace(camera, x=camera.x + 31.4 * step, y=camera.y - 12.7 * step)
        moved.paint(surface, moment, seen)
        afresh = opaque(size)
        Painter(presentation.facts, NIGHT).paint(afresh, moment, seen)
        assert np.array_equal(pixels(surface), pixels(afresh))
