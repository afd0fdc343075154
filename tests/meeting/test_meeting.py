"""A meeting at the keyboard, from last time's items to the files of the new ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from http.client import HTTPConnection
from pathlib import Path

import pytest

from factoryview.meeting.course import Card
from factoryview.meeting.holding import Meeting
from factoryview.meeting.screen import MeetingScreen
from factoryview.output import creating
from factoryview.plant import noting
from factoryview.plant.notes import Note, read_notes
from factoryview.scene.ui.node import Action
from factoryview.view.model import Model
from tests.kit.pilot import Pilot
from tests.meeting.kit import LAST_TIME, TOKEN, made, meeting

Room = tuple[Pilot, Meeting]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return made(tmp_path_factory.mktemp("meeting"))


@pytest.fixture
def room(model: Model) -> Iterator[Room]:
    with meeting(model) as found:
        yield found


def kept(model: Model) -> dict[str, Note]:
    """What lies beside the plant."""
    assert model.factory.notes_folder is not None
    return {note.text: note for note in read_notes(model.factory.notes_folder).note}


def items(pilot: Pilot) -> list[str]:
    return [node.label for node in pilot.tree.walk() if node.id.startswith("meeting/item/")]


def asked(held: Meeting, path: str, body: object = None, token: str = TOKEN) -> tuple[int, dict[str, object]]:
    connection = HTTPConnection("127.0.0.1", int(held.code.address.rpartition(":")[2]), timeout=10)
    said = {"Authorization": f"Bearer {token}", "X-Author": "phone0000001", "Content-Type": "application/json"}
    connection.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body), said)
    answer = connection.getresponse()
    status, text = answer.status, answer.read()
    connection.close()
    return status, json.loads(text)


def test_a_whole_meeting_at_the_keyboard(room: Room, model: Model) -> None:
    pilot, _ = room
    assert "What was agreed" in pilot.label("meeting/title")
    [item] = items(pilot)
    assert LAST_TIME.text in item
    assert "operations" in item
    assert "Check: shorter" in item, "what became of it"
    pilot.press("return").wait(1)
    assert len(items(pilot)) == 2
    assert pilot.session.playhead.playing
    first = pilot.session.playhead.at
    pilot.type("Forms are long").press("return").press("pagedown").wait(1)
    assert pilot.session.playhead.at > first
    pilot.press("pagedown").wait(0.1)
    assert "Everybody writes" in pilot.label("meeting/title")
    assert pilot.label("meeting/clock") in ("2:00", "1:59")
    pilot.type("More people").press("return", "tab").type("Shorter form").press("return")
    seen = " ".join(node.label for node in pilot.tree.walk())
    assert not any(words in seen for words in ("More people", "Shorter form", "Forms are long")), "hidden"
    pilot.press("pagedown").wait(0.1)
    assert [text.split(" · ")[0] for text in items(pilot)] == ["Forms are long", "More people", "Shorter form"]
    pilot.press("up", "space", "down", "space").wait(0.1)
    assert [text.split(" · ")[0] for text in items(pilot)] == ["Forms are long", "More people"]
    assert "Shorter form" in items(pilot)[0]
    pilot.press("pagedown").wait(0.1).press("2", "2", "1", "1", "tab", "2")
    assert [room[1].room.course.votes_of(n) for n in (1, 2)] == [1, 3]
    pilot.press("pagedown").wait(0.1)
    assert items(pilot)[0].startswith("More people")
    pilot.type("@head of sales !2025-08-31 =two days less").press("return")
    pilot.press("return").wait(0.1)
    assert "Written" in pilot.label("meeting/title")
    notes = kept(model)
    assert set(notes) == {LAST_TIME.text, "More people", "Forms are long · Shorter form"}
    agreed = notes["More people"]
    assert (agreed.who, agreed.due, agreed.expected, agreed.votes) == (
        "head of sales", date(2025, 8, 31), "two days less", 3,
    )  # fmt: skip
    assert notes["Forms are long · Shorter form"].at.date() == date(2025, 2, 15)
    assert any("More people" in text for text in items(pilot))
    assert "quit" in pilot.press("escape").screen.wishes


def test_a_day_that_is_none_is_said_and_nothing_is_written(room: Room, model: Model) -> None:
    pilot, held = room
    while held.room.course.step != "write":
        pilot.press("pagedown").wait(0.02)
    pilot.type("x").press("return")
    for _ in range(3):
        pilot.press("pagedown").wait(0.02)
    pilot.type("!soon").press("return")
    assert "no day" in pilot.label("notice")
    assert held.room.course.step == "agree"
    assert set(kept(model)) == {LAST_TIME.text}


def test_an_item_without_a_card_is_one_of_its_own(room: Room, model: Model) -> None:
    pilot, held = room
    while held.room.course.step != "agree":
        pilot.press("pagedown").wait(0.02)
    pilot.type("@sales").press("return")
    assert held.room.course.cards == ()
    assert pilot.label("notice")
    pilot.press("escape").type("Hire one @sales").press("return").wait(0.02)
    assert "Hire one" in items(pilot)[0]
    pilot.press("pagedown").wait(0.02)
    assert {text: note.who for text, note in kept(model).items() if text != LAST_TIME.text} == {"Hire one": "sales"}


def test_no_word_of_a_group_is_lost(room: Room, model: Model) -> None:
    _, held = room
    texts = [f"Idea {k}: " + "long words of a person in the room " * 5 for k in range(4)]
    held.room.change(lambda course: replace(course, step="write"))
    for text in texts:
        held.room.change(lambda course, text=text: course.noted("phone0000001", text))  # type: ignore[misc]
    held.room.change(lambda course: replace(course, step="group"))
    for number in (2, 3, 4):
        held.room.change(lambda course, number=number: course.grouped(number, 1))  # type: ignore[misc]
    held.room.change(lambda course: replace(course, step="agree").agreed(1, {"who": "sales"}))
    screen = room[0].screen
    assert isinstance(screen, MeetingScreen)
    screen.run(Action("meeting", (1,)), room[0].tree)
    assert held.room.course.step == "written"
    notes = [note for text, note in kept(model).items() if text != LAST_TIME.text]
    assert [" ".join(text.split()) for text in texts] == sorted(note.text for note in notes)
    assert [note.who for note in sorted(notes, key=lambda note: note.text)] == ["sales", "", "", ""]


def test_a_second_try_writes_nothing_twice(room: Room, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full after the first note."""
    pilot, held = room
    cards = tuple(Card(k, "phone0000001", f"Idea {k}", who="sales") for k in (1, 2, 3))
    held.room.change(lambda course: replace(course, step="agree", cards=cards))
    written = []

    def full(path: Path) -> AbstractContextManager[Path]:
        if written:
            raise OSError(28, "No space left on device")
        written.append(path)
        return creating(path)

    with monkeypatch.context() as patched:
        patched.setattr(noting, "creating", full)
        pilot.press("pagedown").wait(0.02)
    assert held.room.course.step == "agree"
    assert "no space left" in pilot.label("notice")
    pilot.press("pagedown").wait(0.02)
    assert held.room.course.step == "written"
    assert model.factory.notes_folder is not None
    notes = read_notes(model.factory.notes_folder).note
    assert sorted(note.text for note in notes if note.id != LAST_TIME.id) == ["Idea 1", "Idea 2", "Idea 3"]


def test_the_buttons_go_on_and_back(room: Room) -> None:
    pilot, held = room
    pilot.click("meeting/on").wait(0.02)
    assert held.room.course.step == "moments"
    pilot.click("meeting/back").wait(0.02)
    assert held.room.course.step == "last_time"


def test_a_phone_knows_nothing_of_others_before_it_is_revealed(room: Room) -> None:
    pilot, held = room
    assert asked(held, "/meeting", token="x" * 20)[0] == 401
    assert asked(held, "/say", {"author": "phone0000001", "do": "write", "text": "early", "moment": -1})[0] == 409
    while held.room.course.step != "write":
        pilot.press("pagedown").wait(0.02)
    pilot.type("secret of the keyboard").press("return")
    mine = {"author": "phone0000001", "do": "write", "text": "mine", "moment": 0}
    status, seen = asked(held, "/say", mine)
    assert (status, [card["text"] for card in seen["mine"]]) == (200, ["mine"])  # type: ignore[index,union-attr]
    assert "secret" not in json.dumps(seen)
    assert seen["count"] == 2
    for wrong in ({**mine, "author": "A B"}, {**mine, "more": 1}, {**mine, "text": ""}, [], {"do": "vote"},
                  {**mine, "text": "a\u202eb"}, {"author": "phone0000001", "do": "vote", "card": "1"}):  # fmt: skip
        assert asked(held, "/say", wrong)[0] == 400, wrong
    pilot.press("pagedown", "pagedown").wait(0.02)
    _, seen = asked(held, "/meeting")
    assert {group["text"] for group in seen["groups"]} == {"mine", "secret of the keyboard"}  # type: ignore[attr-defined]
    assert "keyboard1" not in json.dumps(seen)
    vote = {"author": "phone0000001", "do": "vote", "card": 2}
    assert [asked(held, "/say", vote)[0] for _ in range(4)] == [200, 200, 200, 409]
    assert asked(held, "/say", {"author": "phone0000001", "do": "take back"})[1]["left"] == 3


def test_it_looks_well_in_small_and_upright(model: Model) -> None:
    with meeting(model, (640, 900), "de") as (pilot, _held):
        box = pilot.node("meeting").rect
        for node in pilot.node("meeting").walk():
            assert box.contains(node.rect), node.id
