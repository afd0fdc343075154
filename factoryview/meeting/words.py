"""What the panel of a meeting says at each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from factoryview.export.notes_files import parts_of
from factoryview.flow.change.sentences import stage_label
from factoryview.language import Language
from factoryview.meeting.course import VOTES, Card, Course
from factoryview.plant.models import Plant
from factoryview.plant.notes import LONGEST_TEXT, Note
from factoryview.scene.chrome.board_panel import Board, Item
from factoryview.scene.ui.node import Action
from factoryview.view.reel import Cut

_HIDDEN, _BETWEEN = "•", " · "


@dataclass(frozen=True)
class Typing:
    """What is in the hands of whoever sits at the keyboard."""

    typed: str = ""
    row: int = 0
    person: int = 1
    held: int | None = None
    """The card that is carried."""

    @property
    def author(self) -> str:
        return f"keyboard{self.person}"


def board_of(
    course: Course, typing: Typing, cuts: Sequence[Cut], items: Sequence[tuple[Note, str]], clock: str,
    plant: Plant, language: Language,
) -> Board:  # fmt: skip
    """The panel. items: what was agreed, with what became of it in words. clock: what is left of the time."""
    say = language.text
    number = {"n": course.steps.index(course.step) + 1, "of": len(course.steps)}
    title = f"{say('meeting.number', **number)} {say(f'meeting.{course.step}')}"
    hint = "" if course.step == "rounds" else say(f"meeting.{course.step}_hint")  # whose turn it is, is said there
    buttons = [
        ("back", say("meeting.back"), Action("meeting", (-1,))),
        ("on", say("meeting.on"), Action("meeting", (1,))),
    ]
    rows: list[Item] = []
    none, entry = "", None
    if course.step in ("last_time", "written"):
        rows, none = [_item(note, told, plant, language) for note, told in items], say("meeting.none_agreed")
    elif course.step == "moments":
        rows = [Item(str(k), cut.title, cut.detail, chosen=k == course.at) for k, cut in enumerate(cuts)]
        none = say("meeting.no_moments")
    if course.step in ("moments", "write"):
        entry = (_HIDDEN * len(typing.typed), say("meeting.entry", n=typing.person))
        hint = f"{hint} {language.count('meeting.cards', len(course.cards))}"
        if course.step == "write":
            rows = [Item(str(card.number), _HIDDEN * 12) for card in course.cards]
    if course.step in ("group", "vote", "agree"):
        rows, none = [_card(card, course, typing, k) for k, card in enumerate(course.heads)], say("meeting.no_cards")
    if course.step == "vote":
        hint = f"{hint} {say('meeting.keyboard', n=typing.person, left=course.left_of(typing.author), of=VOTES)}"
    if course.step == "agree":
        entry = (typing.typed, say("noting.hint"))
    if course.step == "written":
        buttons = [("end", say("meeting.end"), Action("quit"))]
    return Board(title, clock if course.step in ("write", "group", "vote") else "", hint, tuple(rows), none, entry,
                 tuple(buttons))  # fmt: skip


def packed(texts: Sequence[str]) -> list[str]:
    """The texts of a group as those of notes, as many together as have room in one.

    >>> packed(["Hire one", "Shorter form"])
    ['Hire one · Shorter form']
    """
    found: list[str] = []
    for part in (line for text in texts for line in wrap(text, LONGEST_TEXT)):
        if found and len(found[-1]) + len(_BETWEEN) + len(part) <= LONGEST_TEXT:
            found[-1] += _BETWEEN + part
        else:
            found.append(part)
    return found


def _item(note: Note, told: str, plant: Plant, language: Language) -> Item:
    stage = stage_label(note.stage, plant, language) if note.stage else None
    more = " · ".join(parts_of(note, language, stage))
    return Item(note.id, note.text, f"{more} — {told}" if told else more)


def _card(card: Card, course: Course, typing: Typing, place: int) -> Item:
    under = " · ".join(each.text for each in course.under(card.number))
    agreed = " · ".join(part for part in (card.who, card.due, card.expected) if part)
    sign = ""
    if course.step == "vote":
        sign = "●" * course.votes_of(card.number, typing.author)
    elif course.step == "agree":
        sign = str(course.votes_of(card.number) or "")
    elif typing.held == card.number:
        sign = "↕"
    words = f"{place + 1}  {card.text}" if course.step == "vote" else card.text
    more = " — ".join(part for part in (under, agreed) if part)
    action = Action("meeting_row", (place,))
    return Item(str(card.number), words, more, sign, typing.row == place, action)


def told(items: Sequence[Note], became: Mapping[str, str]) -> list[tuple[Note, str]]:
    """The action items, those due first in front, with what became of them."""
    chosen = [note for note in items if note.is_item and note.state != "dropped"]
    chosen.sort(key=lambda note: (note.state == "done", str(note.due or "9999"), note.id))
    return [(note, became.get(note.id, "")) for note in chosen]
