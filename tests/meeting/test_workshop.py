"""A whole workshop at the keyboard: two groups, three rounds, a vote, and the files of what is agreed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pygame
import pytest

from factoryview.app.options import PlantOptions
from factoryview.app.playback import Playback, Replay
from factoryview.errors import InputError
from factoryview.factory.opening import open_factory
from factoryview.language import Code, Language
from factoryview.meeting.holding import Meeting
from factoryview.meeting.workshop import WorkshopScreen
from factoryview.plant.notes import read_notes
from factoryview.plant.noting import add_note
from factoryview.plant.scenario_file import ChangeRetirements, parse_set, read_scenarios
from factoryview.plant.workshop_file import Group, Round, Workshop, begun, load_workshop, round_of, save_workshop
from factoryview.view.model import Model
from factoryview.whatif.rounds import Game
from factoryview.whatif.sentences import difference_words, written
from tests.kit.command import factoryview
from tests.kit.pilot import Pilot
from tests.kit.small_plants import piled, simulate
from tests.meeting.kit import TOKEN
from tests.meeting.test_meeting import asked

DAYS, ROUNDS = 14, 3


def logged(folder: Path) -> Path:
    """The log of a plant with a pile before one of its stages."""
    rows = ["case,stage,time,channel"]
    for event in simulate(piled().line):
        assert event.time is not None
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=event.time)
        rows.append(f"{event.case},{event.stage},{moment.isoformat()},{event.channel}")
    path = folder / "log.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


class Chair(Pilot):
    """Waits until what was asked for is there."""

    held: Meeting

    @property
    def workshop(self) -> WorkshopScreen:
        assert isinstance(self.screen, WorkshopScreen)
        return self.screen

    def wait(self, seconds: float, frame: float = 1 / 60) -> Chair:
        self.workshop.futures.first, self.workshop.futures.every, self.workshop.games.futures = 20, 20, 20
        for _ in range(6):
            super().wait(seconds, frame)
            self.workshop.settle()
        super().wait(0)
        return self

    def items(self) -> dict[str, str]:
        found = (node for node in self.tree.walk() if node.id.startswith("meeting/item/"))
        return {node.id.removeprefix("meeting/item/"): node.label for node in found}


@contextmanager
def chaired(log: Path, file: Path, code: Code = "en", size: tuple[int, int] = (1366, 768)) -> Iterator[Chair]:
    model = Model(open_factory(log))
    held = Meeting("127.0.0.1", 0, TOKEN, code)
    workshop = load_workshop(file) if file.exists() else begun(["Sales", "Operations"], ROUNDS, DAYS)

    def screen(playback: Playback, at: tuple[int, int], options: PlantOptions) -> WorkshopScreen:
        return held.workshop(playback, at, options, workshop=workshop, path=file)

    class Here(Chair):
        SCREEN = staticmethod(screen)  # type: ignore[assignment]  # a screen that needs more than a plant

    try:
        pilot = Here(Replay(model, Language(code, "UTC")), size, paused=True)
        pilot.held = held
        yield pilot
    finally:
        held.close()


def test_a_whole_workshop(tmp_path: Path) -> None:
    log, file = logged(tmp_path), tmp_path / "workshop.toml"
    with chaired(log, file) as pilot:
        screen = pilot.workshop
        assert "The plant as it is" in pilot.label("meeting/title")
        assert "limits" in pilot.items()["limit"]
        assert "groups" not in asked(pilot.held, "/meeting")[1], "nothing is revealed yet"
        pilot.press("return").wait(0.05)
        pilot.type("Ask fewer questions").press("return")
        pilot.press("pagedown").wait(0.05)
        assert "Sales, round 1 of 3" in pilot.label("meeting/hint")
        pilot.run("select", "stage/Approval")
        assert "Approval: +1 person" in pilot.items()["person"]
        pilot.press("1")
        assert pilot.items()["person"].endswith("●")
        assert pilot.tree.find("ghost/stage/Approval") is not None, "a ghost on the floor"
        pilot.press("return").wait(0.05)
        assert "Approval +1 person" in pilot.items()["change"]
        shown_as_played(pilot)
        pilot.press("return").wait(0.05)
        assert "Operations, round 1 of 3" in pilot.label("meeting/hint")
        pilot.press("return").wait(0.05)
        assert "no change" in pilot.items()["change"]
        pilot.press("return").wait(0.05)
        pilot.run("select", "stage/Approval").click("meeting/item/work").click("meeting/play").wait(0.05)
        for _ in range(3):  # Operations in the second and both in the third round leave all as it is
            pilot.press("return").wait(0.02).press("return").wait(0.02)
        assert load_workshop(file) == screen.workshop
        sales, operations = screen.workshop.group
        assert [*sales.plan.changes()] == [*parse_set(["Approval.people+=1", "Approval.work*=0.8"]).changes()]  # type: ignore[union-attr]
        assert operations.plan is None
        assert len(operations.round) == ROUNDS
        pilot.press("pagedown").wait(0.05)
        assert "Compare" in pilot.label("meeting/title")
        known = screen._known
        assert known is not None
        found = known.of(sales.plan)
        assert found is not None
        gain = difference_words("throughput", found.scenarios[0].figures["throughput"].difference, Language("en"))
        assert gain in pilot.items()["Sales"]
        pilot.press("pagedown").wait(0.05)
        plan = next(card.number for card in screen.course.heads if card.author == "group.Sales")
        assert len(screen.course.heads) == 2, "the plan and the idea"
        rows = list(pilot.items().values())
        place = next(k for k, label in enumerate(rows, start=1) if "Sales" in label)
        pilot.press(str(place), str(place))
        status, seen = asked(pilot.held, "/say", {"author": "phone0000001", "do": "vote", "card": plan})
        assert (status, seen["left"]) == (200, 2)
        assert "Sales: Approval" in str(seen["groups"])
        pilot.press("pagedown").wait(0.05)
        assert pilot.items()[str(screen.course.heads[0].number)].startswith("Sales: ")
        pilot.type("@head of sales !2026-08-31").press("return").press("return").wait(0.05)
        assert "Written" in pilot.label("meeting/title")
    folder = log.with_name("log.csv.notes")
    [note] = read_notes(folder).note
    assert (note.who, str(note.due), note.stage, note.votes) == ("head of sales", "2026-08-31", "Approval", 3)
    assert gain in note.expected
    assert load_workshop(file).group[0].votes == 3
    add_note(
        folder, note.model_copy(update={"id": "", "at": note.at - timedelta(days=30), "text": "Of another meeting"})
    )
    told = factoryview("workshop", str(log), str(file), "-o", str(tmp_path / "workshop.md"))
    assert told.status == 0, told.err
    page = (tmp_path / "workshop.md").read_text(encoding="utf-8")
    assert "| 2 | Approval −20%" in page.replace(" work", "").replace("−20 %", "−20%")
    assert "head of sales" in page
    assert "Of another meeting" not in page


def shown_as_played(pilot: Chair) -> None:
    """What the panel says of the round is what the simulation of the same rounds says."""
    screen = pilot.workshop
    game = screen._game()
    assert isinstance(game, Game)
    figure = game.figures[0]["throughput"]
    assert written("throughput", figure.to_be, Language("en")) in pilot.items()["throughput"]
    assert f"{round(game.gone[-1])} are through" in pilot.label("meeting/flow/head")
    assert len(game.came) == DAYS + 1


def test_a_round_has_one_change_and_a_plan_has_them_all(tmp_path: Path) -> None:
    made = begun(["A", "B"], 2, 30)
    more = Round(people=parse_set(["Check.people+=1"]).people)
    longer = Round(hours=parse_set(["A desk with a name that is long.hours=8-20"]).hours)
    made = made.with_round(0, 1, more).with_round(1, 0, longer)
    assert made.group[0].round == (Round(), more)
    save_workshop(made, tmp_path / "w.toml")
    assert load_workshop(tmp_path / "w.toml") == made
    assert [plan.name for plan in made.plans] == ["A", "B"]
    two = 'people = [{stage = "Check", add = 1}]\nwork = [{stage = "Check", factor = 0.8}]'
    (tmp_path / "w.toml").write_text(f'[[group]]\nname = "A"\n[[group.round]]\n{two}\n', encoding="utf-8")
    with pytest.raises(InputError, match="more than one change"):
        load_workshop(tmp_path / "w.toml")


def test_what_two_groups_play_apart_merges(tmp_path: Path) -> None:
    base = Workshop(rounds=3, group=tuple(Group(name=name) for name in ("A", "B", "C")))
    more = Round(people=parse_set(["Check.people+=1"]).people)
    less = Round(work=parse_set(["Check.work*=0.8"]).work)
    paths = {name: tmp_path / name for name in ("base", "ours", "theirs")}
    save_workshop(base, paths["base"])
    save_workshop(base.with_round(0, 0, more), paths["ours"])
    save_workshop(base.with_round(2, 0, less).with_round(1, 0, more), paths["theirs"])
    done = subprocess.run(["git", "merge-file", "-p", *(str(paths[name]) for name in ("ours", "base", "theirs"))],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout
    paths["base"].write_text(done.stdout, encoding="utf-8")
    assert [len(group.round) for group in load_workshop(paths["base"]).group] == [1, 1, 1]


@pytest.mark.parametrize(
    ("said", "why"),
    [((), "--groups"), (("--groups", "A,A"), "A"), (("--groups", "A", "--rounds", "9"), "6"),
     (("--groups", "A", "-o", "x.txt"), ".md")],
)  # fmt: skip
def test_what_cannot_be_played_is_said(tmp_path: Path, said: tuple[str, ...], why: str) -> None:
    log = logged(tmp_path)
    told = factoryview("workshop", str(log), str(tmp_path / "none.toml"), *said)
    assert told.status in (2, 3)
    assert why in told.err
    assert "Traceback" not in told.err


def test_it_looks_well_in_small_and_upright_and_in_german(tmp_path: Path) -> None:
    log = logged(tmp_path)
    with chaired(log, tmp_path / "workshop.toml", "de", (640, 900)) as pilot:
        for _ in range(3):
            box = pilot.node("meeting").rect
            for node in pilot.node("meeting").walk():
                assert box.contains(node.rect), node.id
            pilot.press("pagedown").wait(0.02)


RULES = ("hours=8-20", "priority=shortest first", "by=Offer", "batch=3", "limit=4", "skip=0.3")


@pytest.mark.parametrize("said", RULES)
def test_a_rule_chosen_twice_holds(said: str) -> None:
    wanted = parse_set([f"Check.{said}"])
    [change] = wanted.changes()
    twice = Group(name="A", round=(round_of(change), Round(), round_of(change)))
    assert twice.plan is not None
    assert [*twice.plan.changes()] == [change]
    more = Group(name="A", round=(Round(people=parse_set(["Check.people+=1"]).people),) * 2)
    assert more.plan is not None
    assert more.plan.people[0].add == 2, "people still add up"


def test_the_page_never_takes_the_place_of_the_workshop(tmp_path: Path) -> None:
    log, file = logged(tmp_path), tmp_path / "same.md"
    save_workshop(begun(["A"], 2, 14), file)
    before = file.read_bytes()
    told = factoryview("workshop", str(log), str(file), "-o", str(file))
    assert told.status in (2, 3)
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", ['["a"]', "{a = 1}", "3"])
def test_a_name_that_is_none_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "w.toml").write_text(f"[[group]]\nname = {name}\n", encoding="utf-8")
    with pytest.raises(InputError, match="name"):
        load_workshop(tmp_path / "w.toml")
    with pytest.raises(InputError, match="name"):
        read_scenarios(f"[[scenario]]\nname = {name}\n")


def test_what_was_played_elsewhere_stays(tmp_path: Path) -> None:
    log, file = logged(tmp_path), tmp_path / "workshop.toml"
    more, less = (Round(people=parse_set([f"Approval.people{sign}=1"]).people) for sign in "+-")
    with chaired(log, file) as pilot:
        pilot.press("pagedown").wait(0.02).press("pagedown").wait(0.02)
        save_workshop(pilot.workshop.workshop.with_round(1, 0, more), file)
        pilot.run("select", "stage/Approval").press("1").press("return").wait(0.02)
        assert [group.round for group in load_workshop(file).group] == [(more,), (more,)]
        save_workshop(load_workshop(file).with_round(0, 1, less), file)
        for _ in range(2):
            pilot.press("pagedown").wait(0.02)
        pilot.run("select", "stage/Approval").press("1").press("return").wait(0.02)
        assert load_workshop(file).group[0].round == (more, less), "what both played is as it was first"
        assert "Another window" in pilot.workshop._notice
        file.write_text("days = 9\n[[group]]\nname = 'Z'\n", encoding="utf-8")
        kept = file.read_bytes()
        pilot.press("pagedown").wait(0.02).press("return").wait(0.02)
        assert file.read_bytes() == kept
        assert "workshop file" in pilot.workshop._notice


def test_a_played_turn_stays_and_a_rule_that_holds_is_not_offered(tmp_path: Path) -> None:
    log, file = logged(tmp_path), tmp_path / "workshop.toml"
    with chaired(log, file) as pilot:
        pilot.press("pagedown").wait(0.02).press("pagedown").wait(0.02)
        pilot.run("select", "stage/Approval")
        odd = pygame.Event(pygame.KEYDOWN, {"key": pygame.K_2, "unicode": "²", "mod": pygame.KMOD_RALT})
        pilot.screen.handle(odd, pilot.tree)
        pilot.press(str([*pilot.items()].index("shortest") + 1)).press("return").wait(0.02)
        played = load_workshop(file).group[0].round
        assert played[0].priority
        pilot.press("2").press("space").wait(0.02)
        assert pilot.workshop.is_played
        for _ in range(2):
            pilot.press("return").wait(0.02)
        assert load_workshop(file).group[0].round == played
        if pilot.workshop.place != (1, 0):
            pilot.press("pagedown").wait(0.02)
        assert pilot.workshop.place == (1, 0)
        pilot.run("select", "stage/Approval")
        assert "person" in pilot.items()
        assert "shortest" not in pilot.items()


def test_votes_of_before_stay_where_nobody_votes(tmp_path: Path) -> None:
    log, file = logged(tmp_path), tmp_path / "workshop.toml"
    made = begun(["A"], 1, 14).with_round(0, 0, Round(people=parse_set(["Approval.people+=1"]).people))
    save_workshop(made.with_group(0, made.group[0].model_copy(update={"votes": 5})), file)
    with chaired(log, file) as pilot:
        for _ in range(8):
            pilot.press("pagedown").wait(0.01)
        assert "Written" in pilot.label("meeting/title")
    assert load_workshop(file).group[0].votes == 5


def test_the_page_says_after_which_round_and_of_which_moment(tmp_path: Path) -> None:
    log, file = logged(tmp_path), tmp_path / "w.toml"
    more = Round(people=parse_set(["Approval.people+=1"]).people)
    made = begun(["A <b> | *c*", "B"], 3, 7).with_round(0, 1, more)
    pages = []
    for at in (None, datetime(2131, 1, 1, tzinfo=UTC)):
        save_workshop(made.model_copy(update={"at": at}), file)
        told = factoryview("workshop", str(log), str(file), "-o", str(tmp_path / "w.md"))
        assert told.status == 0, told.err
        pages.append((tmp_path / "w.md").read_text(encoding="utf-8"))
    assert pages[0] == pages[1], "never later than the log"
    assert "## A \\<b\\> \\| \\*c\\*\n" in pages[0]
    assert "<b>" not in pages[0].replace("\\<b\\>", "")
    assert pages[0].count("After round 2 ") == 1
    assert "After round 3" not in pages[0]
    assert "Nothing has been played yet." in pages[0]


@pytest.mark.parametrize("letter", ["\\n", "\\u0000", "\\u001b", "\\u2028"])
def test_a_name_has_one_line(tmp_path: Path, letter: str) -> None:
    (tmp_path / "w.toml").write_text(f'[[group]]\nname = "A{letter}B"\n', encoding="utf-8")
    with pytest.raises(InputError, match="several lines"):
        load_workshop(tmp_path / "w.toml")


@pytest.mark.parametrize("days", [7, 14, 30, 120])
def test_the_first_who_leaves_goes_in_the_first_half_of_a_round(tmp_path: Path, days: int) -> None:
    log, file = logged(tmp_path), tmp_path / "w.toml"
    save_workshop(begun(["A"], 1, days), file)
    with chaired(log, file) as pilot:
        pilot.press("pagedown").wait(0.01).press("pagedown").wait(0.01)
        pilot.run("select", "stage/Approval")
        [leave] = [each.change for each in pilot.workshop._offers() if isinstance(each.change, ChangeRetirements)]
        assert 365.25 / leave.per_year / 2 <= days / 2


def test_a_round_that_cannot_be_made_is_not_played(tmp_path: Path) -> None:
    log, file = logged(tmp_path), tmp_path / "w.toml"
    with chaired(log, file) as pilot:
        pilot.press("pagedown").wait(0.01).press("pagedown").wait(0.01)
        [pilot.workshop._pending] = parse_set(["Approval.people-=400"]).changes()
        pilot.press("return").wait(0.01)
        assert not pilot.workshop.is_played
        assert not file.exists()
        assert "Approval" in pilot.workshop._notice
