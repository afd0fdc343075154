"""Names in any script are written in a face that has their letters, or it is said that none has."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from pygame import sysfont

from factoryview.scene import faces, text
from factoryview.scene.text import drawable
from tests.kit.command import factoryview

LATIN = "Prüfung Ångström façade Łódź İstanbul – „x“ 1.234 €"


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A system without any other face."""
    monkeypatch.setattr(faces, "_others", lambda _bold: ())
    caches = (faces._elsewhere, text._drawable, text.width)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def test_latin_letters_are_written_in_the_face_of_the_program() -> None:
    assert faces.missing(LATIN) == ""
    assert "Barlow" in faces.path_for(LATIN, "Bold")


@pytest.mark.parametrize(
    "name", ["审核 生产", "受付 検査", "접수 검토", "مراجعة الطلب 12", "בבדיקה 25", "ตรวจสอบ", "Проверка", "Ελληνικά"]
)
def test_the_extra_has_the_letters_of_many_scripts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("manimgx_fonts")
    pytest.importorskip("noto_cjk_sans_jp_regular")
    monkeypatch.setattr(faces, "_of_the_system", lambda _bold: ())
    faces._elsewhere.cache_clear()
    assert faces.missing(name) == ""
    assert faces.missing(name + " 📥") == "📥"
    assert faces.missing(f"{name}: (審) ط-A") == "", "each piece is of the face that has it"
    faces._elsewhere.cache_clear()


@pytest.mark.usefixtures("alone")
def test_what_no_face_has_is_told() -> None:
    assert faces.missing("Проверка Äö") == "Провека"
    assert "Barlow" in faces.path_for("Проверка", "Bold")


def test_a_face_of_the_system_is_taken_where_it_has_more_letters() -> None:
    found = [path for path in faces._of_the_system(True) if not faces._lacking(path, "Проверка")]
    if not found:
        pytest.skip("needs a face with Cyrillic letters on this system")
    assert faces.path_for("Проверка", "Bold") == found[0]
    assert faces.missing("Проверка") == ""


def test_a_system_without_fontconfig_has_no_other_faces_and_nothing_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "platform", "linux")
    for name, value in {"Sysfonts": {}, "Sysalias": {}, "is_init": False}.items():
        monkeypatch.setattr(sysfont, name, value)
    assert faces._of_the_system.__wrapped__(True) == ()


@pytest.mark.usefixtures("alone")
def test_pictures_that_no_face_has_are_left_out() -> None:
    assert drawable("📥 Inbox ✔️") == "Inbox"
    assert drawable("📥") == "📥"
    assert drawable("Größe → 5") == drawable("Größe → 5")


@pytest.mark.usefixtures("alone")
def test_check_says_which_letters_are_lost(tmp_path: Path) -> None:
    rows = [
        f"{i},{stage},2025-01-{1 + i:02} {hour:02}:00" for i in range(20) for hour, stage in ((8, "Приём"), (9, "Out"))
    ]
    log = tmp_path / "log.csv"
    log.write_text("\n".join(["case,stage,entered at", *rows]), encoding="utf-8")
    said = factoryview("check", log)
    assert said.status == 0
    assert 'letters that no typeface here can write: "Приём"' in said.out


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not say which files are open")
def test_all_sizes_of_a_face_share_one_open_file() -> None:
    path = faces.path_for("A", "Medium")
    kept = [faces.opened(path, 8)]
    before = len(list(Path("/proc/self/fd").iterdir()))
    kept += [faces.opened(path, size) for size in range(9, 60)]
    assert {face.get_height() for face in kept} != {kept[0].get_height()}
    assert all(face.size("Aß")[0] > 0 for face in kept)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_face_that_is_read_from_memory_draws_what_its_file_draws() -> None:
    path = faces.path_for("A", "Bold")
    drawn = [face.render("Überprüfung 193", True, "white") for face in (faces.opened(path, 31), pygame.Font(path, 31))]
    first, second = (pygame.image.tobytes(line, "RGBA") for line in drawn)
    assert first == second
