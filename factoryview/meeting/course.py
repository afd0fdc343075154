"""The course of a meeting, as plain data: whatever somebody does makes another meeting of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Step = Literal["last_time", "as_is", "moments", "write", "group", "rounds", "compare", "vote", "agree", "written"]
STEPS: tuple[Step, ...] = ("last_time", "moments", "write", "group", "vote", "agree", "written")
WORKSHOP: tuple[Step, ...] = ("as_is", "write", "rounds", "compare", "vote", "agree", "written")
"""Of a meeting, and of a workshop."""
_TURNS = ("moments", "rounds")
_HIDDEN = ("last_time", "as_is", "moments", "write")
VOTES = 3
"""Each has so many."""
MOST_CARDS, MOST_PEOPLE, LONGEST = 120, 40, 240
"""Notes in a meeting, people who take part, letters of a note."""


@dataclass(frozen=True)
class Card:
    """A note that somebody wrote; hidden until all are revealed."""

    number: int
    author: str
    """Who wrote it, as a word that says nothing of the person."""
    text: str
    moment: int = -1
    """The moment of the reel it is of; −1: none."""
    onto: int | None = None
    """The card under which it was put."""
    who: str = ""
    due: str = ""
    expected: str = ""
    """What is agreed of it, as typed."""


@dataclass(frozen=True)
class Course:
    """A meeting. Cards keep their number for good."""

    step: Step = "last_time"
    moments: int = 0
    """How many moments there are to look at; of a workshop how many turns: rounds times groups."""
    at: int = 0
    """Which is looked at."""
    steps: tuple[Step, ...] = STEPS
    """What it goes through."""
    cards: tuple[Card, ...] = ()
    votes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Author → numbers of the cards; a card twice has two votes."""
    seconds: float = 0.0
    """How long this step has taken."""

    @property
    def revealed(self) -> bool:
        """Whether all may read what was written."""
        return self.step not in _HIDDEN

    @property
    def heads(self) -> tuple[Card, ...]:
        """The cards that lie on top, each a group of its own; once there were votes, those with most first."""
        heads = [card for card in self.cards if card.onto is None]
        voted = self.step in ("agree", "written")
        return tuple(sorted(heads, key=lambda card: (-self.votes_of(card.number) if voted else 0, card.number)))

    def under(self, number: int) -> tuple[Card, ...]:
        """The cards that were put under one."""
        return tuple(card for card in self.cards if card.onto == number)

    def votes_of(self, number: int, author: str | None = None) -> int:
        """How many votes a group has, those for the cards under it among them. author: only those of somebody."""
        group = {number, *(card.number for card in self.under(number))}
        all_chosen = self.votes.values() if author is None else [self.votes.get(author, ())]
        return sum(each in group for chosen in all_chosen for each in chosen)

    def left_of(self, author: str) -> int:
        """How many votes somebody has left."""
        return VOTES - len(self.votes.get(author, ()))

    def later(self, seconds: float) -> Course:
        return replace(self, seconds=self.seconds + seconds)

    def moved(self, by: int) -> Course:
        """One step on (1) or back (−1); in the moments one moment. What is written stays written."""
        if self.step == "written":
            return self
        if self.step in _TURNS and 0 <= self.at + by < self.moments:
            return replace(self, at=self.at + by, seconds=0.0)
        place = max(0, self.steps.index(self.step) + by)
        at = self.at if self.steps[place] not in _TURNS or by < 0 else 0
        return replace(self, step=self.steps[place], at=at, seconds=0.0)

    def noted(self, author: str, text: str, moment: int = -1) -> Course:
        """With one more card; unchanged where none may be written now, or there are too many."""
        words = " ".join(text.split())[:LONGEST]
        people = {card.author for card in self.cards} | {author}
        full = len(self.cards) >= MOST_CARDS or len(people) > MOST_PEOPLE
        if self.step not in ("moments", "write") or not words or full:
            return self
        about = moment if 0 <= moment < self.moments else -1
        return replace(self, cards=(*self.cards, Card(len(self.cards) + 1, author, words, about)))

    def offered(self, author: str, text: str, expected: str) -> Course:
        """With the plan of a group as a card that has what is expected of it; it takes the place of an earlier one."""
        if self.step != "compare":
            return self
        mine = next((card for card in self.cards if card.author == author), None)
        if mine is not None:
            return self._with(mine.number, text=text, expected=expected)
        return replace(self, cards=(*self.cards, Card(len(self.cards) + 1, author, text, expected=expected)))

    def grouped(self, number: int, onto: int) -> Course:
        """With a card, and all under it, put under another; onto itself: taken out again."""
        known = {card.number: card for card in self.cards}
        if self.step != "group" or number not in known or onto not in known:
            return self
        top = known[onto].onto or onto
        if number == onto:
            return self._with(number, onto=None)
        moved = {number, *(card.number for card in self.under(number))} - {top}
        if top in {card.number for card in self.under(number)}:
            return self
        return replace(
            self, cards=tuple(replace(card, onto=top) if card.number in moved else card for card in self.cards)
        )

    def voted(self, author: str, number: int) -> Course:
        """With one more vote of somebody, if there is one left."""
        if self.step != "vote" or number not in {card.number for card in self.heads} or self.left_of(author) < 1:
            return self
        if author not in self.votes and len(self.votes) >= MOST_PEOPLE:
            return self
        return replace(self, votes={**self.votes, author: (*self.votes.get(author, ()), number)})

    def unvoted(self, author: str) -> Course:
        """Without the votes of somebody."""
        if self.step != "vote":
            return self
        return replace(self, votes={name: chosen for name, chosen in self.votes.items() if name != author})

    def agreed(self, number: int | None, fields: Mapping[str, str], author: str = "") -> Course:
        """With who, until when and what is expected; an empty text leaves the card's own.

        number: of a card; None: a new one, written by `author`.
        """
        if self.step != "agree":
            return self
        kept = {name: fields[name] for name in ("text", "who", "due", "expected") if fields.get(name)}
        if number is None:
            number = len(self.cards) + 1
            return replace(self, cards=(*self.cards, Card(number, author, "")))._with(number, **kept)
        return self._with(number, **kept)

    def _with(self, number: int, **changed: object) -> Course:
        cards = (replace(card, **changed) if card.number == number else card for card in self.cards)  # type: ignore[arg-type]  # fields of a card
        return replace(self, cards=tuple(cards))
