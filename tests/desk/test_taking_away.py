"""What is taken away from the desk: the panel's table by the clipboard, and the key figures as a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pygame
import pytest

from factoryview.desk.table import tsv
from factoryview.store.selection import ChannelIn
from tests.kit.desk_pilot import DeskPilot
from tests.kit.plain import visits
from tests.kit.small_plants import piled, simulate, studied


@pytest.fixture
def pilot() -> DeskPilot:
    model = studied("piled").model
    return DeskPilot(studied("piled"), (1366, 768), paused=True, start=model.worst_moment())


def test_the_panel_is_copied_as_a_table(pilot: DeskPilot, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    monkeypatch.setattr(pygame.scrap, "put_text", taken.append)
    pilot.press("ctrl+c")
    assert taken == []
    assert "Choose something" in pilot.label("notice")
    pilot.run("select", "stage/Approval").press("ctrl+c")
    cells = [line.split("\t") for line in taken[-1].splitlines()]
    assert cells[0] == ["Approval"]
    said = {row[0]: row[1] for row in cells if len(row) == 2}
    assert said["In progress"] == pilot.label("panel/box/in_progress")
    assert said["Oldest"] == pilot.label("panel/box/oldest")
    assert pilot.label("notice") == f"Copied: {len(cells)} rows"
    pilot.run("page", "routes").press("ctrl+c")
    assert ["Website", *pilot.label("panel/by/0").split(" · ")[1:]] in [
        line.split("\t") for line in taken[-1].splitlines()
    ]  # fmt: skip


def test_what_a_spreadsheet_would_run_is_defused() -> None:
    assert tsv((("=1+1", "a\tb"), ("plain", "-5 d"))).splitlines()[0] == "'=1+1\ta b"


def test_a_clipboard_that_takes_nothing_is_said(pilot: DeskPilot, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise pygame.error("no clipboard here")

    monkeypatch.setattr(pygame.scrap, "put_text", refuse)
    assert "no clipboard here" in pilot.run("select", "stage/Offer").press("ctrl+c").label("notice")


def test_the_key_figures_of_the_cases_shown_are_kept_as_a_file(
    pilot: DeskPilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pilot.run("filter", ChannelIn(("partner",))).press("ctrl+e")
    [path] = tmp_path.glob("*.csv")
    assert path.name in pilot.label("notice")
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    came = sum(float(row["arrivals"] or 0) for row in table if row["stage"] == "Approval")
    small = piled()
    known = visits(simulate(small.line), small.ends)
    assert came == sum(visit.stage == "Approval" and visit.channel == "partner" for visit in known)
    pilot.press("ctrl+e")
    assert len(list(tmp_path.glob("*.csv"))) == 1
