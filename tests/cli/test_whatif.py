"""`whatif`: in words and as a document, on the demo, whose future is known."""

from __future__ import annotations

import json
from pathlib import Path

import pygame

from factoryview.cli.whatif_pictures import titles_of
from factoryview.language import Language
from factoryview.plant.files import load_plant
from factoryview.plant.scenario_file import parse_set
from factoryview.resources import data_file
from factoryview.whatif.document import WhatIf
from factoryview.whatif.sentences import whatif_lines
from tests.kit.command import factoryview
from tests.kit.small_plants import studied

RUNS = ("--runs", "20", "--days", "60")


def test_a_document_can_be_checked(tmp_path: Path) -> None:
    file = tmp_path / "scenarios.toml"
    file.write_text(
        '[[scenario]]\nname = "Third"\npeople = [{ stage = "Approval", add = 2, once = 1000.0 }]\n'
        '[[scenario]]\nname = "Faster offers"\nwork = [{ stage = "Offer", factor = 0.5 }]\n',
        encoding="utf-8",
    )
    said = factoryview("whatif", "demo", "--at", "2025-10-05", "--scenario", str(file), "--json", *RUNS)
    found = WhatIf.model_validate_json(said.out)
    third, faster = found.scenarios
    assert found.constraint == ("Approval",)
    assert third.effect == "better"
    assert third.money.once == 1000
    assert third.money.net_a_year is not None
    assert third.money.net_a_year.low > 0
    assert faster.effect == "blocked"
    assert faster.constraint == ("Approval",)
    for lang, reason in (("en", "the constraint is elsewhere: Approval"), ("de", "der Engpass ist woanders: Freigabe")):
        lines = whatif_lines(found, load_plant(data_file("umsatzwerk.toml")), Language(lang, "Europe/Berlin", "EUR"))
        assert any(reason in line for line in lines)
        assert lines[-3].endswith("Third.")


def test_what_cannot_be_asked_is_said(tmp_path: Path) -> None:
    assert factoryview("whatif").status == 2
    assert factoryview("whatif", "demo").status == 2
    assert factoryview("whatif", "demo", "--set", "Approval.people").status == 2
    assert factoryview("whatif", "demo", "--set", "Approval.people+=1", "--runs", "3").status == 2
    assert factoryview("whatif", "demo", "--set", "Approval.people+=1", "--days", "3").status == 2
    assert factoryview("whatif", "demo", "--scenario", str(tmp_path / "none.toml")).status == 3
    assert "properties" in json.loads(factoryview("whatif", "--schema").out)


def test_what_is_drawn_is_called_by_what_is_changed_unless_it_has_a_name() -> None:
    shown, one = studied("piled"), parse_set(["Approval.people-=1"])
    assert titles_of(one, shown) == ("as is", "Approval −1 person")
    assert titles_of(one.model_copy(update={"name": "One less"}), shown) == ("as is", "One less")


def test_both_futures_are_drawn_one_above_the_other_and_as_a_difference(tmp_path: Path) -> None:
    pair, difference = tmp_path / "pair.png", tmp_path / "difference.png"
    asked = ("whatif", "demo", "--at", "2025-07-15", "--set", "Approval.people+=2", "-640x480", *RUNS)
    for output, more in ((pair, ()), (difference, ("--difference",))):
        said = factoryview(*asked, "-o", str(output), *more)
        assert said.status == 0, said.err
        assert pygame.image.load(output).get_size() == (640, 480)
    picture = pygame.image.load(pair)
    halves = [pygame.image.tobytes(picture.subsurface((0, top, 640, 230)), "RGB") for top in (0, 480 - 230)]
    assert halves[0] != halves[1]
    file = tmp_path / "scenarios.toml"
    file.write_text('[[scenario]]\nname = "A"\nwork = [{ stage = "Offer", factor = 0.5 }]\n', encoding="utf-8")
    for wrong, why in ((("-o", "x.doc"), ".png"), (("-o", "x.mp4", "--difference"), ".png"), (("--difference",), "-o"),
                       (("-o", "x.png", "--scenario", str(file)), "one scenario")):  # fmt: skip
        said = factoryview(*asked, *wrong)
        assert said.status != 0, wrong
        assert why in said.err, (wrong, said.err)
