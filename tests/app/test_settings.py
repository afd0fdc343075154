"""What a user has chosen is found again, and what is wrong with it harms nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from factoryview.app.settings import Settings, load, save, settings_file


@pytest.mark.parametrize("settings", [Settings(), Settings("day", "de", True, True), Settings(low_motion=False)])
def test_what_is_kept_is_found_again(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "settings.toml"
    assert load(path) == (Settings(), "")
    save(settings, path)
    assert load(path) == (settings, "")
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    ("text", "settings", "told"),
    [
        ('theme = "pink"\nlanguage = "de"', Settings(language="de"), "theme"),
        ('low_motion = "yes"\ntheme = 7', Settings(), "theme, low_motion"),
        ("large_text = true\nlow_motion = 1", Settings(large_text=True), "low_motion"),
        ("theme = ", Settings(), "settings.toml"),
        ("colour = 1", Settings(), ""),
        ("\x00\x01", Settings(), "settings.toml"),
    ],
)
def test_what_cannot_be_used_is_told_and_left_out(text: str, settings: Settings, told: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    found, wrong = load(path)
    assert found == settings
    assert told in wrong
    assert bool(wrong) == bool(told)


def test_a_file_that_is_no_text_or_no_file_is_no_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe")
    assert load(path)[0] == Settings()
    assert load(path)[1]
    assert load(tmp_path) == (Settings(), "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="each platform has its own place")
def test_the_place_is_the_platforms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_file() == tmp_path / "factoryview" / "settings.toml"
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert settings_file() == tmp_path / ".config" / "factoryview" / "settings.toml"
