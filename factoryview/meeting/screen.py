"""The screen of a meeting: the plant, and beside it what the meeting is at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pygame

from factoryview.app.keys import name_of
from factoryview.app.notes import note_of, typed_note
from factoryview.app.options import PlantOptions
from factoryview.app.plant_screen import PlantScreen, over
from factoryview.app.playback import Playback
from factoryview.errors import InputError
from factoryview.export.filming import CLOSE_UP
from factoryview.export.frames import camera_at, whole_floor
from factoryview.flow.change.sentences import became_sentences
from factoryview.language.said import said
from factoryview.meeting.course import Card, Course
from factoryview.meeting.room import Room
from factoryview.meeting.words import Typing, board_of, packed, told
from factoryview.plant.notes import Note, parsed, read_notes
from factoryview.plant.noting import new_name, take_notes
from factoryview.scene.chrome.board_panel import Board, CodeNodes, board_node
from factoryview.scene.floor.camera import eased
from factoryview.scene.text import drawable
from factoryview.scene.ui.composition import Composition, with_panel
from factoryview.scene.ui.node import Action, Node
from factoryview.time import utc
from factoryview.view.reel import Cut, cuts
from factoryview.view.state import State
from factoryview.wall.code import PhoneCode

_GLIDE = 1.2
"""Seconds in which the camera goes to a stage."""
_LONGEST = 240


class MeetingScreen(PlantScreen):
    """A plant for people who talk about it. What they write is kept in `room`, and at the end beside the plant."""

    def __init__(
        self, playback: Playback, size: tuple[int, int], options: PlantOptions, room: Room, since: int, until: int,
        minutes: float, code: PhoneCode | None,
    ) -> None:  # fmt: skip
        """since, until: what is talked about, µs UTC. minutes: for each of writing, grouping and voting."""
        self.room, self._minutes, self._code = room, minutes, code
        self._typing = Typing()
        self._shown: tuple[str, int] = ("", -1)
        self._glided = 0.0
        self._names: dict[tuple[int, int], tuple[str, datetime]] = {}
        """What the notes of a card are called, and when they were first to be written."""
        super().__init__(playback, size, options)
        self.cuts = self._moments(since, until)
        room.titles = tuple(cut.title for cut in self.cuts)
        room.change(lambda course: replace(course, moments=len(self.cuts)))
        self._go_home()
        self.session = replace(self.session, playhead=replace(self.session.playhead.sought(until), playing=False))

    def _moments(self, since: int, until: int) -> list[Cut]:
        """What is looked at before anybody writes."""
        return [cut for cut in cuts(self.presentation, since, until) if cut.title]

    @property
    def composition(self) -> Composition:
        """With the panel."""
        return with_panel(self._whole)

    @property
    def course(self) -> Course:
        """Of the meeting, as it is now."""
        return self.room.course

    def advance(self, seconds: float) -> None:
        self.room.change(lambda course: course.later(seconds))
        super().advance(seconds)
        course = self.course
        if (course.step, course.at) != self._shown:
            self._shown, self._glided = (course.step, course.at), 0.0
            self._typing = replace(self._typing, typed="", row=0, held=None, person=1)
            self._look_at(course)
        self._glide(course, seconds)

    def handle(self, event: pygame.Event, tree: Node) -> None:
        if event.type != pygame.KEYDOWN:
            super().handle(event, tree)
            return
        key, letters = name_of(event), getattr(event, "unicode", "")
        if key in ("f11", "alt+return", "f12", "ctrl+c"):
            super().handle(event, tree)
        else:
            self._key(key, letters)

    def run(self, action: Action, tree: Node) -> None:
        if action.command == "meeting":
            self._walk(int(str(action.arguments[0])))
        elif action.command == "meeting_row":
            self._row(int(str(action.arguments[0])))
        else:
            super().run(action, tree)

    def _look_at(self, course: Course) -> None:
        """Play the moment that is talked about."""
        head = self.session.playhead
        if course.step == "moments" and self.cuts:
            cut = self.cuts[course.at]
            pace = (cut.until - cut.since) / cut.seconds
            head = replace(head.sought(cut.since), pace=max(1e6, pace), playing=True)
        else:
            head = replace(head, playing=False)
        self.session = replace(self.session, playhead=head)

    def _glide(self, course: Course, seconds: float) -> None:
        home = whole_floor(self.presentation.facts, self.composition)
        camera = home
        if course.step == "moments" and self.cuts:
            cut, head = self.cuts[course.at], self.session.playhead
            if head.playing and head.at >= cut.until:
                self.session = replace(self.session, playhead=replace(head, playing=False))
            self._glided = min(_GLIDE, self._glided + seconds)
            if cut.stage in self.presentation.facts.floor.plan.blocks:
                near = camera_at(self.presentation.facts, self.composition, CLOSE_UP, cut.stage)
                camera = home.towards(near, eased(self._glided / _GLIDE))
        if camera != self.session.camera:
            self.session = replace(self.session, camera=camera, home=home)

    def _key(self, key: str, letters: str) -> None:
        course, typing = self.course, self._typing
        types = course.step in ("moments", "write", "agree")
        match key:
            case "pagedown" | "pageup":
                self._walk(1 if key == "pagedown" else -1)
            case "escape":
                if typing.typed or typing.held is not None:
                    self._typing = replace(typing, typed="", held=None)
                else:
                    self.wishes.append("quit")
            case "return":
                self._enter(course, typing)
            case "backspace" if types:
                self._typing = replace(typing, typed=typing.typed[:-1])
            case "tab":
                self._typing = replace(typing, typed="", person=typing.person + 1)
            case "shift+tab":
                self._typing = replace(typing, typed="", person=max(1, typing.person - 1))
            case "up" | "down":
                rows = max(1, len(course.heads))
                self._typing = replace(typing, row=(typing.row + (1 if key == "down" else -1)) % rows)
            case "delete" if course.step == "group" and course.heads:
                number = self._chosen(course).number
                for card in course.under(number):
                    self.room.change(lambda now, number=card.number: now.grouped(number, number))  # type: ignore[misc]
            case "delete" if course.step == "vote":
                self.room.change(lambda now: now.unvoted(typing.author))
            case "space" if course.step == "group":
                self._row(typing.row)
            case _ if course.step == "vote" and letters.isdecimal() and letters != "0":
                self._row(int(letters) - 1)
            case _ if types and letters and letters.isprintable() and not key.startswith(("ctrl+", "alt+")):
                self._typing = replace(typing, typed=(typing.typed + drawable(letters))[:_LONGEST])

    def _enter(self, course: Course, typing: Typing) -> None:
        """What was typed is written; with nothing typed, the row is taken, or the meeting goes on."""
        line = typing.typed.strip()
        if course.step == "vote" or (course.step == "group" and typing.held is not None):
            self._row(typing.row)
        elif not line:
            self._walk(1)
        elif course.step == "agree":
            self._agree(course, typing, line)
        else:
            about = course.at if course.step == "moments" else -1
            if self.room.change(lambda now: now.noted(typing.author, line, about)):
                self._typing = replace(typing, typed="")

    def _row(self, row: int) -> None:
        """A row was pressed: a card is picked up or put down, or gets a vote."""
        course, typing = self.course, self._typing
        if not 0 <= row < len(course.heads):
            return
        number = course.heads[row].number
        typing = replace(typing, row=row)
        if course.step == "group" and typing.held is None:
            typing = replace(typing, held=number)
        elif course.step == "group":
            held = typing.held
            if held is not None and held != number:
                self.room.change(lambda now: now.grouped(held, number))
            typing = replace(typing, held=None, row=0)
        elif course.step == "vote":
            self.room.change(lambda now: now.voted(typing.author, number))
        self._typing = typing

    def _agree(self, course: Course, typing: Typing, line: str) -> None:
        """What was typed belongs to the chosen card; where there is none, it is a new one."""
        fields, number = typed_note(line), self._chosen(course).number if course.heads else None
        try:
            note_of(line if fields["text"] or number is None else f"x {line}", self.model.last, "", datetime.now(UTC))
        except InputError as error:
            self.say(error.inside(self.presentation.language.code))
            return
        self.room.change(lambda now: now.agreed(number, fields, typing.author))
        self._typing = replace(typing, typed="", row=max(0, min(typing.row + 1, len(course.heads) - 1)))

    def _chosen(self, course: Course) -> Card:
        return course.heads[min(self._typing.row, len(course.heads) - 1)]

    def _walk(self, by: int) -> None:
        if self.course.step == "agree" and by > 0 and not self._write():
            return
        self.room.change(lambda course: course.moved(by))

    def _write(self) -> bool:
        """Write what was agreed beside the plant; whether that could be done. A second try adds what is missing."""
        folder = self.model.factory.notes_folder
        try:
            notes = self._agreed()
            if folder is None and notes:
                raise InputError(said("error.no_place_for_notes"))
            if folder is not None:
                take_notes(folder, notes)
                self._take(read_notes(folder))
        except InputError as error:
            self.say(error.inside(self.presentation.language.code))
            return False
        return True

    def _agreed(self) -> list[Note]:
        """The groups that somebody voted for or takes on; without any votes, all. Raises InputError.

        What has no room in one note is said in further ones.
        """
        course, heads = self.course, self.course.heads
        voted = any(course.votes_of(card.number) for card in heads)
        found: list[Note] = []
        for card in heads:
            votes = course.votes_of(card.number)
            if voted and not votes and not card.who and not card.due:
                continue
            at, stage = self._pinned(card)
            texts = packed([card.text, *(each.text for each in course.under(card.number))])
            fields = {"who": card.who, "due": card.due or None, "expected": card.expected, "votes": votes}
            for place, text in enumerate(texts):
                name, now = self._names.setdefault((card.number, place), (new_name(), datetime.now(UTC)))
                tables = {"id": name, "at": utc(at), "stage": stage, "text": text, "said": now.replace(microsecond=0)}
                found += parsed({"note": [tables if place else {**tables, **fields}]}, "").note
        return found

    def _pinned(self, card: Card) -> tuple[int, str]:
        """The moment (µs UTC) and the stage to which what is agreed of a card is pinned; no stage: the whole plant."""
        cut = self.cuts[card.moment] if 0 <= card.moment < len(self.cuts) else None
        return (cut.caption_at, cut.stage) if cut is not None else (self.model.last, "")

    def _found(self) -> object:
        return super()._found(), replace(self.course, seconds=0.0), self._typing, self._clock()

    def _clock(self) -> str:
        left = max(0, math.ceil(60 * self._minutes - self.course.seconds))
        return f"{left // 60}:{left % 60:02d}"

    def _items(self) -> Sequence[tuple[Note, str]]:
        factory, lookback = self.model.factory, self.model.lookback
        found = lookback.became if lookback is not None else {}
        became = {name: " ".join(became_sentences(each, factory.plant, self.presentation.language))
                  for name, each in found.items()}  # fmt: skip
        return told(factory.notes.note, became)

    def _board(self) -> Board:
        """What the panel says."""
        return board_of(
            self.course, self._typing, self.cuts, self._items(), self._clock(), self.model.factory.plant,
            self.presentation.language,
        )  # fmt: skip

    def _below(self) -> CodeNodes | None:
        """What stands in the lower part of the panel: the code for phones."""
        code = self._code if self.course.step in ("last_time", "as_is", "write") else None
        em = round(20 * self.composition.u)
        return None if code is None else partial(code.nodes, em=em, language=self.presentation.language)

    def _with_signs(self, root: Node, state: State) -> Node:
        panel = board_node(self._board(), self.composition, self._below())
        return super()._with_signs(over(root, [panel]), state)
