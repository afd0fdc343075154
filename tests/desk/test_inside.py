"""Into a machine that holds several activities: a double click opens its own floor, Esc leads out again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from factoryview.factory.factory import Opening
from factoryview.factory.inside import opens
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.store.selection import Through
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.desk_pilot import DeskPilot

STEPS = ("Receive", "Scan", "Check", "Ask", "Recheck", "Decide", "Sign", "Post")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Presentation:
    """Three machines of eight activities."""
    path, random = tmp_path_factory.mktemp("log") / "office.csv", Random(4)
    lines = ["case,stage,time"]
    for k in range(200):
        at = datetime(2025, 3, 3) + timedelta(hours=5 * k)
        for step in STEPS:
            if step in ("Ask", "Recheck") and random.random() < 0.5:
                continue
            lines.append(f"c{k},{step},{at}")
            at += timedelta(hours=random.gammavariate(2, 12))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    model = Model(open_factory(path, Opening(ends=("Post",), times="entry", machines=3)))
    model.study()
    return Presentation(model, Language("en"))


def holding(model: Model) -> str:
    return next(stage for stage in model.topology.stages if opens(model.factory, stage))


@pytest.fixture
def pilot(shown: Presentation) -> DeskPilot:
    model = shown.model
    return DeskPilot(shown, (1366, 768), paused=True, start=model.first + (model.last - model.first) // 2)


def inner_counts(pilot: DeskPilot) -> int:
    model = pilot.screen.model
    return sum(
        int(pilot.label(f"stage/{each}/count")) for each in model.topology.stages if each not in model.topology.depots
    )


def test_a_double_click_opens_the_floor_inside_and_escape_leads_out(pilot: DeskPilot) -> None:
    machine, home, at = holding(pilot.screen.model), pilot.session.camera, pilot.session.playhead.at
    count = int(pilot.label(f"stage/{machine}/count"))
    assert count > 2
    outer = set(pilot.screen.model.topology.stages)
    pilot.double(f"stage/{machine}/hall").wait(0)
    pilot.wait(0)
    inner = set(pilot.screen.model.topology.stages)
    assert machine in inner
    assert len(inner) > 1
    assert not inner & (outer - {machine})
    assert pilot.session.playhead.at == at
    assert inner_counts(pilot) == count, "all that is at the machine is inside"
    assert machine in pilot.label("title")
    pilot.run("seek", 0.7)
    at = pilot.session.playhead.at
    inside = inner_counts(pilot)
    pilot.press("escape").wait(0)
    assert set(pilot.screen.model.topology.stages) == outer
    assert pilot.session.playhead.at == at
    assert int(pilot.label(f"stage/{machine}/count")) == inside
    assert (pilot.session.camera.k, pilot.session.depth) == (home.k, 0)
    assert list(pilot.screen.wishes) == []


def test_by_keys_in_both_languages_and_of_the_cases_that_are_looked_at(pilot: DeskPilot) -> None:
    machine = holding(pilot.screen.model)
    other = next(stage for stage in pilot.screen.model.topology.stages if stage != machine)
    pilot.press("f2").run("filter", Through("Decide")).wait(0)
    count = int(pilot.label(f"stage/{machine}/count"))
    pilot.run("select", f"stage/{machine}").press("h").wait(0)
    pilot.wait(0)
    assert pilot.session.depth == 1
    assert inner_counts(pilot) == count
    assert pilot.session.filters == ()
    pilot.press("escape").wait(0)
    pilot.wait(0)
    assert pilot.session.filters == (Through("Decide"),)
    assert pilot.session.selection == f"stage/{machine}"
    assert int(pilot.label(f"stage/{machine}/count")) == count
    pilot.press("/").type(f"{machine} hineinsehen").press("return").wait(0)
    pilot.wait(0)
    assert pilot.session.depth == 1
    pilot.press("escape")
    if not opens(pilot.screen.model.factory, other):
        pilot.run("select", f"stage/{other}").press("h")
        assert "nur eine" in pilot.label("notice")
        pilot.double(f"stage/{other}/hall")
        assert pilot.session.depth == 0, "it is flown to"


def test_a_film_that_ended_inside_is_over_outside_too(
    pilot: DeskPilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("av", reason="films need the package av")
    monkeypatch.chdir(tmp_path)
    machine = holding(pilot.screen.model)
    pilot.press("ctrl+f9")
    assert pilot.session.filming
    pilot.run("select", f"stage/{machine}").press("h").wait(0)
    pilot.wait(0)
    assert (pilot.session.depth, pilot.session.filming) == (1, True)
    pilot.run("film_off")
    assert not pilot.session.filming
    pilot.press("escape").wait(0)
    assert (pilot.session.depth, pilot.session.filming) == (0, False)
    pilot.press("ctrl+f9")
    assert pilot.session.filming, "another one can be begun"
    pilot.run("film_off")
    assert not pilot.session.filming
