"""Golden frames: scenes reviewed by people stay as they are until somebody looks again."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pygame
import pytest

from factoryview.scene.picture import Moment
from factoryview.view.playhead import usual_pace
from tests.kit.golden import (
    FAILED,
    FOLDER,
    KEPT_SIZE,
    SCENES,
    Picture,
    counted,
    differences,
    draw,
    load,
    show_failure,
)
from tests.kit.small_plants import kept


@pytest.fixture(scope="module", autouse=True)
def clean_folder() -> None:
    """No failure of an earlier run stays to mislead."""
    shutil.rmtree(FAILED, ignore_errors=True)
    return


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_looks_as_it_did_when_it_was_reviewed(name: str) -> None:
    was = load(name)
    now, words = draw(SCENES[name])
    difference, why = differences(was, now, words)
    if why:
        page = show_failure(name, was, now, difference, why, FAILED)
        pytest.fail(f"{name}: {'; '.join(why[:3])}. Look at {page}; --accept if it is right")


def test_every_kept_picture_is_of_a_scene_and_small() -> None:
    files = list(FOLDER.glob("*.png"))
    assert {file.stem for file in files} == set(SCENES)
    assert max(file.stat().st_size for file in files) <= 150_000
    assert sum(file.stat().st_size for file in files) <= 1_500_000


@pytest.fixture(scope="module")
def jam() -> tuple[Picture, list[pygame.Rect]]:
    return draw(SCENES["jam"])


def test_a_word_that_is_missing_is_noticed(jam: tuple[Picture, list[pygame.Rect]]) -> None:
    now, words = jam
    box = max(words, key=lambda box: box.w * box.h)
    changed = now.copy()
    changed[box.left : box.right, box.top : box.bottom] = now[box.left, box.top]
    _, why = differences(now, changed, words)
    assert why
    assert "words" in why[0]


def test_letters_a_pixel_elsewhere_are_no_difference(jam: tuple[Picture, list[pygame.Rect]]) -> None:
    now, words = jam
    moved = now.copy()
    for box in words:
        part = (slice(box.left + 1, box.right - 1), slice(box.top, box.bottom))
        moved[part] = np.roll(now[part], 1, axis=0)
    assert differences(now, moved, words)[1] == []


def test_a_machine_elsewhere_is_noticed_and_shown(jam: tuple[Picture, list[pygame.Rect]], tmp_path: Path) -> None:
    now, words = jam
    moved = now.copy()
    moved[200:400, 100:300] = np.roll(now[200:400, 100:300], 12, axis=1)
    difference, why = differences(now, moved, words)
    assert any("pixels" in reason for reason in why)
    page = show_failure("jam", now, moved, difference, why, tmp_path / "failed")
    page = show_failure("other", now, moved, difference, why, tmp_path / "failed")
    text = page.read_text(encoding="utf-8")
    for name in ("jam", "other"):
        for kind in ("was", "is", "difference"):
            assert f"{name}.{kind}.png" in text
            assert (page.parent / f"{name}.{kind}.png").stat().st_size
    assert why[0] in text


def test_the_scenes_show_what_they_are_named_for() -> None:
    assert {station.dress for station in now_of("calm").floor.stations} == {"calm", "depot"}
    dresses = [station.dress for station in now_of("jam").floor.stations]
    assert sorted(set(dresses) - {"calm", "depot", "slow"}) in (["alarm"], ["known"]), "one red: new, or it stands"
    assert dresses.count("alarm") + dresses.count("known") == 1
    assert max(len(pile) for pile in now_of("pile").floor.piles.values()) > 200
    assert counted("en").facts.notes == ("Crates made from counts, not single cases",)
    assert {scene.size[1] for scene in SCENES.values()} == {720, 1080, 2160}
    assert {scene.code for scene in SCENES.values()} == {"de", "en"}
    assert {scene.theme.name for scene in SCENES.values()} == {"day", "night"}
    assert KEPT_SIZE[0] / KEPT_SIZE[1] == 16 / 9


def now_of(name: str) -> Moment:
    scene = SCENES[name]
    presentation = kept(scene.plant, scene.code)
    share = presentation.model.first + round(scene.at * (presentation.model.last - presentation.model.first))
    moment = presentation.model.worst_moment() if scene.at < 0 else share
    return presentation.moment(moment, usual_pace(presentation.model.last - presentation.model.first))
