"""Captions that somebody wrote: read from a file, one at a time over a film, and beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pygame
import pytest

from factoryview.errors import InputError
from factoryview.export.captions import Caption, read_captions, shown
from factoryview.export.filming import Format, write_film
from factoryview.export.frames import Frames
from factoryview.export.logo import logo_of
from factoryview.scene.chrome.caption import caption_node
from factoryview.scene.themes import NIGHT
from factoryview.time import DAY
from tests.kit.command import factoryview, write_log
from tests.kit.small_plants import jammed, presentation_of

SIZE = (480, 270)


def micros(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=UTC).timestamp() * 1e6)  # type: ignore[misc]  # year to minute


def test_captions_are_read_in_order_of_time_and_as_gource_writes_them(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("\ufeff2025-02-01 09:00|Zweite | mit Strich\n\n1735689600|First\n0.5|Half\n", encoding="utf-8")
    first, last = micros(2025, 1, 1, 0), micros(2025, 1, 3, 0)

    assert read_captions(file, first, last, "Europe/Berlin") == [
        Caption(micros(2025, 1, 1, 0), "First"), Caption(micros(2025, 1, 2, 0), "Half"),
        Caption(micros(2025, 2, 1, 8), "Zweite | mit Strich"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where"), [(b"soon|x\n", "line 1"), (b"\n2025-01-01\n", "line 2"), (b"\xff", "a.txt")]
)
def test_what_is_no_caption_is_said_with_its_place(text: bytes, where: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(text)
    with pytest.raises(InputError, match=where):
        read_captions(tmp_path / "a.txt", 0, DAY, "UTC")


def test_the_place_of_what_is_no_caption_is_said_in_the_language_it_is_shown_in(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\nsoon|x\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_captions(tmp_path / "a.txt", 0, DAY, "UTC")
    assert "a.txt, Zeile 2: " in raised.value.inside("de")


def test_captions_never_stack_and_stand_for_five_seconds() -> None:
    captions = [Caption(at, str(at)) for at in (-5, 0, 2, 3, 60, 61, 500)]
    found = shown(captions, range(100), 2.0)

    assert [(each.begin, each.text) for each in found] == [(0, "0"), (2, "2"), (3, "3"), (60, "60"), (61, "61")]
    assert all(one.end <= after.begin for one, after in pairwise(found))
    assert [each.end for each in found] == [2, 3, 13, 61, 71]


def test_a_film_has_them_in_the_picture_and_nowhere_else(tmp_path: Path) -> None:
    presentation = presentation_of(jammed())
    model = presentation.model
    model.study(model.first)
    middle = (model.first + model.last) // 2
    pictures = []
    for name, captions in (("plain", []), ("told", [Caption(middle, "Here it begins")])):
        write_film(presentation, tmp_path / f"{name}-%d.png", Format(SIZE, 2, NIGHT), (model.first, model.last), 2.0,
                   lambda _share: None, captions)  # fmt: skip
        pictures.append([pygame.image.load(tmp_path / f"{name}-{k}.png") for k in range(1, 5)])
    same = [pygame.image.tobytes(one, "RGB") == pygame.image.tobytes(other, "RGB")
            for one, other in zip(*pictures, strict=True)]  # fmt: skip
    assert same == [True] * 2 + [False] * 2
    frames = Frames(presentation, SIZE, NIGHT)
    box = caption_node("Here it begins", "", frames.composition, frames.taken()).rect
    for one, other in zip(*pictures, strict=True):
        for each in (one, other):
            each.fill((0, 0, 0), box)
        assert pygame.image.tobytes(one, "RGB") == pygame.image.tobytes(other, "RGB")


def test_a_caption_stands_where_it_covers_no_machine_if_there_is_such_a_place() -> None:
    frames = Frames(presentation_of(jammed()), (960, 540), NIGHT)
    composition, floor = frames.composition, frames.composition.floor
    foot = caption_node("Approval jams", "99 cases", composition).rect
    assert abs(foot.centerx - floor.centerx) <= 1
    assert foot.bottom > floor.bottom - floor.h // 8
    below = pygame.Rect(floor.x, floor.centery, floor.w, floor.h // 2)
    left = pygame.Rect(floor.x, floor.y, floor.w // 2, floor.h)
    edges = [pygame.Rect(floor.x, y, floor.w, floor.h // 4) for y in (floor.y, floor.bottom - floor.h // 4)]
    for taken, corner in (
        ((foot,), "bottomleft"), ((below,), "midtop"), ((below, left), "topright"), (edges, "between")
    ):  # fmt: skip
        rect = caption_node("Approval jams", "99 cases", composition, taken).rect
        assert floor.contains(rect)
        assert not any(rect.colliderect(each) for each in taken), corner
    halls = frames.taken(stage="Approval")
    assert len(halls) == len(set(map(tuple, halls))) + 3
    assert all(floor.colliderect(hall) for hall in halls)
    plan = presentation_of(jammed()).facts.floor.plan
    assert plan.signs
    assert all(frames.camera.rect(part) in halls for part in (*(sign.rect for sign in plan.signs), *plan.boards))


def test_a_logo_stands_beside_the_header_and_covers_nothing(tmp_path: Path) -> None:
    presentation = presentation_of(jammed())
    wide = pygame.Surface((60, 20))
    wide.fill((250, 0, 250))
    pygame.image.save(wide, tmp_path / "logo.png")
    plain = Frames(presentation, SIZE, NIGHT)
    shown_with = Frames(presentation, SIZE, NIGHT, logo=logo_of(tmp_path / "logo.png", 360))
    at, box = presentation.model.last, shown_with.composition.logo
    one, other = plain.at(at, DAY), shown_with.at(at, DAY)

    assert tuple(other.get_at(box.center))[:3] == (250, 0, 250)
    below = pygame.Rect(0, plain.composition.floor.y, SIZE[0], SIZE[1] - plain.composition.floor.y)
    assert pygame.image.tobytes(one.subsurface(below), "RGB") == pygame.image.tobytes(other.subsurface(below), "RGB")
    for part in (shown_with.composition.title, shown_with.composition.banner):
        assert not part.colliderect(box)
        assert part.right <= SIZE[0]
    for size in ((500, 900), (300, 100)):
        upright = Frames(presentation, size, NIGHT, logo=wide).composition
        assert upright.title.left >= upright.logo.right
        assert upright.title.right <= size[0]


def test_a_drawing_is_a_logo_and_a_text_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="10"></svg>')
    assert logo_of(tmp_path / "a.svg", 90).get_size() == (90, 30)
    (tmp_path / "b.png").write_text("no picture")
    for name in ("b.png", "c.png"):
        with pytest.raises(InputError, match=name):
            logo_of(tmp_path / name, 90)


def test_the_command_writes_captions_beside_the_film(tmp_path: Path) -> None:
    pytest.importorskip("av", reason="films need the package av")
    log = write_log(tmp_path / "log.csv")
    (tmp_path / "a.txt").write_text("2025-01-08|New form\n", encoding="utf-8")
    said = factoryview("render", log, "-o", tmp_path / "a.mp4", "-320x180", "--seconds", 2, "--fps", 2,
                       "--captions", tmp_path / "a.txt")  # fmt: skip
    assert said.status == 0, said.err
    assert "New form" in (tmp_path / "a.srt").read_text("utf-8")
    assert (tmp_path / "a.vtt").read_text("utf-8").startswith("WEBVTT")
    said = factoryview("render", log, "-o", tmp_path / "b.png", "--logo", tmp_path / "a.png")
    assert (said.status, "--logo" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("output", "asked", "kept"),
    [
        ("acme.mp4", ("--reel", "--logo"), "acme.png"),
        ("talk.mp4", ("--captions",), "talk.srt"),
        ("talk.mp4", ("--captions",), "talk.vtt"),
        ("acme-%02d.png", ("--seconds", 1, "--fps", 4, "--logo"), "acme-03.png"),
    ],
)
def test_a_film_replaces_neither_its_logo_nor_its_captions(
    output: str, asked: tuple[object, ...], kept: str, tmp_path: Path
) -> None:
    log, read = write_log(tmp_path / "log.csv"), tmp_path / kept
    if read.suffix == ".png":
        pygame.image.save(pygame.Surface((60, 20)), read)
    else:
        read.write_text("2025-01-08|New form\n", encoding="utf-8")
    before, beside = read.read_bytes(), set(tmp_path.iterdir())
    said = factoryview("render", log, "-o", tmp_path / output, "-320x180", *asked, read)
    assert (said.status, f"{kept}: this file is read, and it would be replaced" in said.err) == (2, True), said.err
    assert read.read_bytes() == before
    assert set(tmp_path.iterdir()) == beside
