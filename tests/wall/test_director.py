"""The camera: near what is worst and back, inside the plan, in whole pixels, and what is seen on the way."""

from __future__ import annotations

from dataclasses import replace

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.scene.floor.camera import Camera
from factoryview.wall.director import (
    NAME,
    area_camera,
    beside,
    drifted,
    eased,
    near_camera,
    seen_part,
    shots_of,
    subject_of,
)
from tests.kit.small_plants import studied

PLAN = studied("piled").facts.floor.plan
VIEW = pygame.Rect(8, 200, 1900, 700)
HOME = Camera.fit(PLAN, VIEW)


def sees(camera: Camera, box: object) -> bool:
    return bool(camera.view.contains(camera.rect(box)))  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", list(PLAN.blocks))
@pytest.mark.parametrize("em", [40, 84])
def test_near_a_machine_it_is_whole_in_sight_and_its_name_can_be_read(stage: str, em: int) -> None:
    for share in (0.0, 0.5, 1.0):
        camera = near_camera(PLAN, HOME, stage, em, share)
        assert camera.k * NAME >= em
        assert camera.k >= 1.7 * HOME.k
        assert sees(camera, PLAN.blocks[stage].hall)
        assert camera.k * 64 == round(camera.k * 64)
        assert round(camera.x * camera.k, 6) == round(camera.x * camera.k)


def test_an_area_fills_the_view_and_is_whole_in_sight() -> None:
    blocks = [PLAN.blocks[name].hall for name in ("Offer", "Approval")]
    camera = area_camera(PLAN, HOME, blocks)
    assert camera.k >= HOME.k
    assert all(sees(camera, block) for block in blocks)


def test_what_lies_beside_an_area_is_the_rest_of_the_view_and_no_part_of_it_twice() -> None:
    camera = near_camera(PLAN, HOME, "Approval", 40)
    for rects in ([PLAN.zones[0].rects[0]], [zone.rects[0] for zone in PLAN.zones], []):
        seen = [camera.rect(rect).clip(camera.view) for rect in rects]
        boxes = beside(camera, rects)
        for x in range(camera.view.left, camera.view.right, 17):
            for y in range(camera.view.top, camera.view.bottom, 17):
                inside = any(box.collidepoint(x, y) for box in seen)
                assert sum(box.collidepoint(x, y) for box in boxes) == (not inside), (x, y)


def test_a_story_fits_in_the_time_of_its_view_and_ends_with_the_whole() -> None:
    shots = shots_of(30.0, "Approval", low_motion=False)
    assert sum(shot.seconds for shot in shots) == pytest.approx(30.0)
    assert [shot.stage for shot in shots] == ["", "Approval", ""]
    for short in (shots_of(17.0, "Approval", low_motion=False), shots_of(60.0, "Approval", low_motion=True),
                  shots_of(60.0, "", low_motion=False)):  # fmt: skip
        assert [shot.stage for shot in short] == [""]


def test_the_story_is_of_the_machine_that_the_headline_names() -> None:
    presentation = studied("piled")
    moment = presentation.moment(presentation.model.last, 1e6)
    assert subject_of(moment, PLAN) == moment.banners[0].stage == "Approval"
    assert subject_of(moment, PLAN, told="Approval") == "Approval"


def test_where_two_things_are_wrong_the_next_story_is_of_the_other() -> None:
    presentation = studied("piled")
    moment = presentation.moment(presentation.model.last, 1e6)
    first = moment.banners[0]
    other = next(name for name in PLAN.blocks if name != first.stage)
    both = replace(moment, banners=(first, replace(first, stage=other)))
    told = [""]
    for _ in range(4):
        told.append(subject_of(both, PLAN, told[-1]))
    assert told[1:] == [first.stage, other, first.stage, other]


@given(share=st.floats(-1, 2))
def test_easing_is_slow_at_both_ends_and_never_goes_back(share: float) -> None:
    assert 0 <= eased(share) <= 1
    assert eased(share) <= eased(share + 0.01)
    assert drifted(share * 10, 10, low_motion=True) == 1


def test_on_the_way_nearer_the_part_that_is_seen_shrinks_from_all_of_the_view_to_what_is_seen_near() -> None:
    near = near_camera(PLAN, HOME, "Approval", 84)
    parts = [seen_part(HOME, near, share / 10) for share in range(11)]
    assert parts[0] == VIEW
    assert all(VIEW.contains(part) for part in parts)
    assert [part.w for part in parts] == sorted((part.w for part in parts), reverse=True)
    assert parts[-1].w == pytest.approx(VIEW.w * HOME.k / near.k, abs=2)
