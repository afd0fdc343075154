from __future__ import annotations

from pathlib import Path

import pytest

from factoryview import resources
from factoryview.errors import InputError
from factoryview.resources import asset, data_file


def test_the_art_of_this_installation_is_found() -> None:
    assert asset("motif").is_dir()


def test_a_wheel_finds_its_own_copy_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "factoryview"
    for folder in (package / "_assets", tmp_path / "assets", tmp_path / "data"):
        folder.mkdir(parents=True)
        (folder / "file").write_text(folder.name, encoding="utf-8")
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert asset("file").read_text(encoding="utf-8") == "_assets"
    assert data_file("file").read_text(encoding="utf-8") == "data"


def test_what_is_missing_is_named_with_its_cure() -> None:
    with pytest.raises(InputError, match=r"assets/motif/no-such\.svg is missing") as caught:
        asset("motif", "no-such.svg")
    assert caught.value.cure
