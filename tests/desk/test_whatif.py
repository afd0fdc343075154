"""What would be, at the desk: a press changes a machine, and the panel says what the command line says."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

import pygame
import pytest

from factoryview.app.settings import Settings
from factoryview.cli.options import InputOptions, Playing
from factoryview.cli.playing import PlayRequest, open_plant
from factoryview.desk.screen import Desk
from factoryview.desk.whatif import futures as futures_module
from factoryview.desk.whatif.futures import Futures
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.plant.models import Privacy
from factoryview.plant.scenario_file import ChangePeople, ChangeRetirements, ChangeRoute, load_scenarios, parse_set
from factoryview.scene.chrome.rows import TableRow, alike
from factoryview.store.selection import Through
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.whatif.document import NAMES, WhatIf
from factoryview.whatif.sentences import difference_words, written
from factoryview.whatif.trust import Compared, Trust
from tests.kit.command import factoryview
from tests.kit.desk_pilot import DeskPilot
from tests.kit.small_plants import FIRST, kept, piled, presentation_of, simulate, studied

SIZE = (1366, 768)
PERSON = ChangePeople(stage="Approval", add=1)


class QuickPilot(DeskPilot):
    """Sits at a desk that is content with few futures."""

    def wait(self, seconds: float, frame: float = 1 / 60) -> DeskPilot:
        self.desk._whatif.first, self.desk._whatif.every, self.desk._whatif.days = 20, 30, 28
        return super().wait(seconds, frame)


def sits(name: str = "piled", shown: Presentation | None = None) -> QuickPilot:
    presentation = shown or studied(name)
    pilot = QuickPilot(presentation, SIZE, paused=True, start=presentation.model.last)
    pilot.run("select", "stage/Approval").press("b")
    return pilot


def figures(pilot: DeskPilot) -> dict[str, str]:
    return {name: text for name, text in pilot.says().items() if name.startswith("panel/figure/")}


def test_a_press_says_what_the_command_line_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small = piled()
    rows = ["case,stage,time,channel"]
    for event in simulate(small.line):
        assert event.time is not None
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=event.time)
        rows.append(f"{event.case},{event.stage},{moment.isoformat()},{event.channel}")
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    factory = open_factory(tmp_path / "log.csv")
    pilot = QuickPilot(Presentation(Model(factory), Language("en")), SIZE, paused=True, start=factory.store.span()[1])
    pilot.run("select", "stage/Approval").press("b").click("panel/try/person").click("panel/try/work")
    pilot.press("ctrl+s")
    (file,) = tmp_path.glob("*.toml")
    assert file.name in pilot.label("notice")
    assert [list(each.changes()) for each in load_scenarios(file).scenario] == [
        [*parse_set(["Approval.work*=0.8", "Approval.people+=1"]).changes()]
    ]
    asked = PlayRequest(
        Path("log.csv"), InputOptions(), Playing(scenario=file), (960, 540), None, "en", "night", Settings()
    )
    again = open_plant(asked, lambda _share, _doing: None).screen((960, 540))
    assert isinstance(again, Desk)
    assert again.session.scenarios == pilot.session.scenarios
    said = factoryview("whatif", "log.csv", "--scenario", file.name, "--runs", "30", "--days", "28", "--json")
    found = WhatIf.model_validate_json(said.out)
    known = pilot.desk._known
    assert known is not None
    here = known.of(pilot.session.scenarios[0])
    assert here is not None
    assert here.model_copy(update={"at": found.at}) == found
    english = pilot.screen.presentation.language
    shown = figures(pilot)
    for name in NAMES:
        figure = found.scenarios[0].figures[name]
        if name != "losses":
            cells = shown[f"panel/figure/{name}"].split(" · ")[1:]
            assert cells == [
                written(name, figure.as_is, english), written(name, figure.to_be, english),
                difference_words(name, figure.difference, english),
            ]  # fmt: skip
    assert found.trust is not None
    assert found.trust.as_is_hours is not None
    assert english.duration(found.trust.as_is_hours * 3.6e9) in pilot.label("panel/trust/0")


def test_people_of_others_help_and_people_retire() -> None:
    pilot = sits()
    pilot.click("panel/try/route").click("panel/try/retire")
    [scenario] = pilot.session.scenarios
    known = pilot.desk._known
    assert known is not None
    assert known.lab is not None
    calibration = known.lab.setting.calibration
    worked, alone = {}, calibration.log.delay
    for stage, name in enumerate(calibration.log.stages):
        if alone is not None and alone[stage]:  # nobody is seen to work there
            continue
        place, pool = next((k, each) for k, each in enumerate(calibration.pools) if stage in each.stages)
        here = (calibration.pool == place) & calibration.log.over  # what was done after hours took none of them
        span = pool.calendar.worked([calibration.log.since, calibration.log.now])
        worked[name] = calibration.work[here].sum() / (pool.servers * (span[1] - span[0]))
    least = min((name for name in worked if name != "Approval"), key=worked.__getitem__)
    assert [*scenario.changes()] == [
        ChangeRoute(stage="Approval", by=least, share=0.5), ChangeRetirements(stage="Approval", per_year=4)
    ]  # fmt: skip
    assert figures(pilot)


def test_undo_gives_the_plant_back_as_it_is() -> None:
    pilot = sits()
    before, seen = figures(pilot), pilot.hover("floor", (0.001, 0.001)).seen
    assert before
    pilot.run("intervene", PERSON)
    assert pilot.session.scenarios
    assert figures(pilot) != before
    pilot.press("ctrl+z")
    assert not pilot.session.scenarios
    assert figures(pilot) == before
    assert pilot.seen == seen
    pilot.press("ctrl+y")
    assert [list(each.changes()) for each in pilot.session.scenarios] == [[PERSON]]
    pilot.click("panel/change/0")
    assert not pilot.session.scenarios
    assert figures(pilot) == before
    pilot.press("escape")
    assert pilot.tree.find("panel") is None


def test_time_stands_still_while_somebody_asks_and_goes_on_at_their_wish() -> None:
    pilot = sits()
    pilot.press("escape").run("seek", 0.8).press("space")
    assert pilot.session.playhead.playing
    pilot.run("select", "stage/Approval").press("b")
    assert not pilot.session.playhead.playing
    first = pilot.desk._known
    assert first is not None
    assert first.at == pilot.session.playhead.at
    pilot.press("space").wait(0.2)
    assert pilot.desk._known is first, "what was found out stays while it plays"
    pilot.press("home")
    assert pilot.desk._known is None or pilot.desk._known.at <= pilot.session.playhead.at


def test_a_changed_machine_has_a_ghost_that_says_what_is_tried() -> None:
    pilot = sits()
    assert pilot.tree.find("ghosts") is None
    pilot.run("intervene", PERSON).run("intervene", PERSON).press("escape")
    ghost, hall = pilot.node("ghost/stage/Approval"), pilot.node("stage/Approval/hall")
    assert ghost.label == "+2 people"
    assert pilot.node("ghost/stage/Approval/outline").rect.contains(hall.rect)
    pilot.hover("ghost/stage/Approval")
    assert pilot.label("card/title") == "Approval +2 people"
    assert pilot.label("card").count("+2 people") == 1, "its title says so"
    painted = [node.id for node in pilot.tree.walk()]
    assert painted.index("card") > painted.index("ghost/stage/Approval"), "the card lies on what it is of"
    pilot.press("/").type("More").press("return").hover("ghost/stage/Approval")
    assert pilot.label("card/title") == "More"
    assert "+2 people" in pilot.label("card"), "a name does not say it"
    assert pilot.hover("stage/Approval/hall", (0.5, 0.8)).label("card/title") == "Approval", "the machine still answers"
    pilot.click("ghost/stage/Approval")
    assert pilot.session.selection == "stage/Approval"
    pilot.run("scenario", "")
    assert pilot.tree.find("ghost/stage/Approval") is None


def test_a_source_is_changed_by_its_belt() -> None:
    pilot = sits()
    pilot.run("select", "belt/→ web/Inquiry").press("b").click("panel/try/more")
    assert [list(each.changes()) for each in pilot.session.scenarios] == [
        [*parse_set(["web.arrivals*=1.25"]).changes()]
    ]
    known = pilot.desk._known
    assert known is not None
    found = known.of(pilot.session.scenarios[0])
    assert found is not None
    wip = found.scenarios[0].figures["wip"].difference
    assert wip is not None
    assert wip.median > 0
    pilot.press("escape")
    assert pilot.label("ghost/source/→ web") == "arrivals +25%"


def test_front_and_table_show_every_scenario_and_open_what_is_pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    pilot = sits()
    for said in ("Approval.people+=1", "Inquiry.work*=0.8", "arrivals*=0.75"):
        pilot.run("scenario", "")
        for change in parse_set([said]).changes():
            pilot.run("intervene", change)
    names = [each.name for each in pilot.session.scenarios]
    pilot.press("s")
    rows = [pilot.label(f"panel/table/{k}") for k in (1, 2, 3)]
    assert [row.split(" · ")[1] for row in rows] == [
        "Approval +1 person",
        "Inquiry work −20%",
        "All channels arrivals −25%",
    ]
    looks = [pilot.node(f"panel/table/{k}").key for k in (1, 2, 3)]
    assert len({look.sizes for look in looks if isinstance(look, TableRow)}) == 1, "each column is of one size"
    pilot.click("panel/table/1")
    assert pilot.session.scenario == names[0]
    dots = [node for node in pilot.tree.walk() if node.id.startswith("panel/front/")]
    assert [dot.id for dot in dots] == ["panel/front/2", "panel/front/3"], "what the first costs nobody said"
    pilot.click("panel/front/3")
    assert pilot.session.scenario == names[2]
    taken: list[str] = []
    monkeypatch.setattr(pygame.scrap, "put_text", taken.append)
    pilot.press("ctrl+c")
    table = [line.split("\t") for line in taken[-1].splitlines()]
    for row in rows:
        assert row.split(" · ") in [[cell.lstrip("'") for cell in each] for each in table]
    pilot.click("panel/drop/2")
    assert [each.name for each in pilot.session.scenarios] == [names[0], names[2]]
    pilot.press("ctrl+k").type("the third").press("up", "return")
    pilot.press("escape")


def test_a_column_is_as_large_as_the_cell_that_fits_the_least() -> None:
    numbers = ["+1", "−193,000 €"]
    rows = [TableRow(("1", "Offer", each), (0.1, 0.7, 0.2), 1.0, words=2) for each in numbers]
    wide, high = 400, 33
    alone = [row.fitting(pygame.Rect(0, 0, wide, high))[2] for row in rows]
    assert alone[0] > alone[1]
    assert {row.sizes[2] for row in alike(rows, wide, high)} == {alone[1]}
    assert alike([], wide, high) == []


def test_a_scenario_gets_its_name_by_the_palette() -> None:
    pilot = sits()
    pilot.run("intervene", PERSON).press("/").type("One more")
    pilot.press("return")
    assert [each.name for each in pilot.session.scenarios] == ["One more"]
    assert pilot.label("panel/scenario") == "One more"


def test_what_cannot_be_tried_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(futures_module, "trusted", lambda _: Trust(Compared(1.0, 1.0, 2.0, 99), None, True))
    pilot = sits("calm")
    button = pilot.node("panel/try/person")
    assert button.action is None
    assert "nobody of the plant" in button.label
    pilot.run("intervene", PERSON)
    assert "nobody of the plant can be seen to work" in pilot.label("panel/refused")
    assert not figures(pilot)


def test_filters_change_nothing_and_that_is_said() -> None:
    pilot = sits()
    before = figures(pilot)
    assert pilot.tree.find("panel/all") is None
    pilot.run("filter", Through("Offer"))
    assert "all cases" in pilot.label("panel/all")
    assert figures(pilot) == before


def test_a_model_that_is_not_to_be_relied_on_is_greyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(futures_module, "trusted", lambda _: Trust(None, None, True))
    pilot = sits()
    assert pilot.label("panel/doubt").startswith("Too few cases")
    buttons = [node for node in pilot.tree.walk() if node.id.startswith("panel/try/")]
    assert buttons
    assert all(node.action is None and "not to be relied on" in node.label for node in buttons)
    pilot.run("intervene", PERSON)
    rows = [node.key for node in pilot.tree.walk() if node.id.startswith("panel/figure/")]
    assert rows
    assert {ink for row in rows for ink in row.inks} == {"text_muted"}  # type: ignore[union-attr]


def test_a_source_of_too_few_cases_has_no_button() -> None:
    small = piled()
    cases = {event.case: event.channel for event in simulate(small.line)}
    fewest = min(list(cases.values()).count(name) for name in ("web", "partner"))
    plant = small.plant.model_copy(update={"privacy": Privacy(smallest_group=fewest + 1)})
    pilot = sits(shown=presentation_of(replace(small, plant=plant)))
    pilot.press("s")
    names = {node.id for node in pilot.tree.walk() if node.id.startswith("panel/try/")}
    assert names == {f"panel/try/{name}/{press}" for name in ("all", "web") for press in ("more", "less")}


def test_what_nobody_waits_for_any_more_stops() -> None:
    factory = kept("piled").model.factory
    asked = Futures(20, 2000, 30)
    begun = asked.ask(factory, kept("piled").model.last, [parse_set(["Approval.people+=1"])])
    assert begun.lab is None, "it answers at once"
    while asked.known is None or len(asked.known.found) < 2:
        sleep(0.005)
        asked.ask(factory, kept("piled").model.last, [parse_set(["Approval.people+=1"])])
    other = parse_set(["Approval.work*=0.8"])
    asked.ask(factory, kept("piled").model.last, [other])
    while asked.known is None or asked.known.of(other) is None:
        assert asked._broken is None
        sleep(0.005)
    asked.leave()
    asked.settle()
    assert {found.futures for found in asked.known.found.values()} == {20}
    nothing = Futures(20, 30, 30)
    nothing.ask(factory, FIRST, [])
    nothing.settle()
    assert nothing.known is not None
    assert nothing.known.trouble is not None


def test_the_document_names_no_case() -> None:
    pilot = sits()
    pilot.run("intervene", PERSON)
    known = pilot.desk._known
    assert known is not None
    found = known.of(pilot.session.scenarios[0])
    assert found is not None
    assert "case " not in json.dumps(found.model_dump())
    assert not [text for text in pilot.says().values() if text.startswith("case ")]


def test_a_scenario_becomes_an_action_item_with_what_is_expected_of_it(tmp_path: Path) -> None:
    pilot = sits(shown=presentation_of(piled()))
    pilot.screen.model.factory.notes_folder = tmp_path / "notes"
    pilot.run("intervene", PERSON)
    pilot.click("panel/act")
    assert pilot.session.dialog == "note"
    pilot.type("@sales !2026-07-31").press("return")
    (note,) = pilot.screen.model.factory.notes.note
    shown = figures(pilot)
    difference = {name: shown[f"panel/figure/{name}"].split(" · ")[-1] for name in ("throughput", "lead_time")}
    assert (note.text, note.who, str(note.due), note.stage) == ("Approval +1 person", "sales", "2026-07-31", "Approval")
    assert note.expected == f"done/week {difference['throughput']}, lead time {difference['lead_time']}"
    pilot.press("u").wait(0)
    assert pilot.session.future_from is not None
    assert pilot.tree.find("panel/act") is None, "nothing is noted at a moment that has not come"
    assert pilot.press("e").session.dialog == ""


def test_the_program_waits_for_the_step_that_is_done_when_it_ends_and_begins_no_other() -> None:
    code = """
from threading import Event, main_thread
from time import sleep
from factoryview.desk.whatif import futures
from tests.kit.small_plants import kept

begun = Event()

def prepare() -> None:
    begun.set()
    while main_thread().is_alive():
        sleep(0.01)
    print("step done", flush=True)

futures.prepare, futures.trusted = prepare, lambda _: print("another step", flush=True)
model = kept("piled").model
futures.Futures().ask(model.factory, model.last, [])
begun.wait()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stdout.splitlines()[-1], ended.stderr) == (0, "step done", "")
