"""The screen of a workshop: groups change one thing a round and play on, see what flows, compare, vote and agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pygame

from factoryview.app.options import PlantOptions
from factoryview.app.plant_screen import over
from factoryview.app.playback import Playback
from factoryview.desk.filtering import Filtering
from factoryview.desk.signs import chosen_ring
from factoryview.desk.whatif.beside import Beside, beside_nodes
from factoryview.desk.whatif.futures import Futures, Known
from factoryview.desk.whatif.ghosts import ghost_nodes
from factoryview.desk.whatif.offers import Press, of_channel, of_stage
from factoryview.desk.whatif.page import believed
from factoryview.errors import FactoryviewError, InputError
from factoryview.meeting.course import WORKSHOP, Card, Course, Step
from factoryview.meeting.games import Games
from factoryview.meeting.room import Room
from factoryview.meeting.screen import MeetingScreen
from factoryview.meeting.words import Typing
from factoryview.meeting.workshop_words import (
    compare_board,
    expected_words,
    flow_nodes,
    offers_board,
    plan_words,
    played_board,
    today_board,
    turn_words,
)
from factoryview.plant.scenario_edits import with_change
from factoryview.plant.scenario_file import Scenario
from factoryview.plant.words import PlantModel
from factoryview.plant.workshop_file import Group, Round, Workshop, load_workshop, merged, round_of, save_workshop
from factoryview.scene.chrome.board_panel import Board, CodeNodes
from factoryview.scene.ui.composition import Composition, with_beside
from factoryview.scene.ui.node import Action, Node
from factoryview.time import utc
from factoryview.view.reel import Cut
from factoryview.view.state import State
from factoryview.wall.code import PhoneCode
from factoryview.whatif.rounds import Game, playable

GROUP = "group."
"""What the author of a card begins with that is the plan of a group."""


class WorkshopScreen(MeetingScreen):
    """A plant that groups change in rounds. All they do is kept in one file, what is agreed beside the plant."""

    def __init__(
        self, playback: Playback, size: tuple[int, int], options: PlantOptions, room: Room, at: int, minutes: float,
        code: PhoneCode | None, workshop: Workshop, path: Path,
    ) -> None:  # fmt: skip
        """at: from which moment on it is played, µs UTC."""
        self.workshop, self.at, self._path = workshop.model_copy(update={"at": utc(at)}), at, path
        self._kept = workshop
        """As it was last read from the file or written to it."""
        self.futures, self.games = Futures(days=workshop.days * workshop.rounds), Games()
        self._known: Known | None = None
        self._pending: PlantModel | None = None
        """What is to be changed in this round, before it is played."""
        self._turn: tuple[Step, int] = ("as_is", -1)
        self._filtering, self._beside = Filtering(), Beside()
        turns = workshop.rounds * len(workshop.group)
        room.change(lambda _: Course("as_is", turns, steps=WORKSHOP))
        super().__init__(playback, size, options, room, playback.model.first, at, minutes, code)
        room.change(lambda course: replace(course, moments=turns))

    def _moments(self, since: int, until: int) -> list[Cut]:  # noqa: ARG002
        return []

    def settle(self) -> None:
        """Wait until all has come that was asked for."""
        self.futures.settle()
        self.games.settle()

    def close(self) -> None:
        """Nothing is played any more."""
        self.futures.leave()
        self.games.close()

    @property
    def composition(self) -> Composition:
        whole = super().composition
        return with_beside(whole) if self._pair() is not None else whole

    @property
    def place(self) -> tuple[int, int]:
        """The round and the group whose turn it is, from 0."""
        return divmod(self.course.at, len(self.workshop.group))

    @property
    def group(self) -> Group:
        """Whose turn it is."""
        return self.workshop.group[self.place[1]]

    @property
    def is_played(self) -> bool:
        """Whether this turn has been played."""
        return len(self.group.round) > self.place[0]

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        course = self.course
        if (course.step, course.at) != self._turn:
            self._turn, self._pending = (course.step, course.at), None
            self.session = replace(self.session, selection="")
        self._known = self.futures.ask(self.playback.model.factory, self.at, self.workshop.plans)
        plan = self._shown_plan()
        plans = () if plan is None else (plan,)
        if self.session.scenarios != plans:
            self.session = replace(self.session, scenarios=plans, scenario=plan.name if plan is not None else "")

    def run(self, action: Action, tree: Node) -> None:
        if action.command == "play_round":
            self._play()
        else:
            super().run(action, tree)

    def _shown_plan(self) -> Scenario | None:
        """What the ghosts on the floor stand for: the plan of the group whose turn it is, or that is looked at."""
        course, groups = self.course, self.workshop.group
        if course.step == "rounds":
            number, place = self.place
            rounds = self.group.round[: number + (1 if self.is_played else 0)]
            made = (*rounds, round_of(self._pending)) if self._pending is not None else rounds
            return groups[place].model_copy(update={"round": made}).plan
        if course.step == "compare":
            return groups[self._typing.row % len(groups)].plan
        if course.step in ("vote", "agree") and course.heads:
            author = self._chosen(course).author
            return next((group.plan for group in groups if GROUP + group.name == author), None)
        return None

    def _pair(self) -> Scenario | None:
        """The plan that stands beside the one that is looked at, while plans are compared: that of the next group."""
        if self.course.step != "compare":
            return None
        groups, row = self.workshop.group, self._typing.row
        plans = [groups[(row + k) % len(groups)].plan for k in range(len(groups))]
        return next((plan for plan in plans[1:] if plan is not None), None) if plans[0] is not None else None

    def _offers(self) -> list[Press]:
        """What may be changed now: at the machine that is chosen, else of what comes."""
        model, chosen = self.playback.model, self.session.selection
        if not chosen.startswith("stage/"):
            return list(of_channel(None))
        choices, before = self._filtering.choices(model), self.group.plan
        offers = of_stage(chosen.removeprefix("stage/"), model, choices, self._known, before, self.workshop.days)
        return [each for each in offers if before is None or with_change(before, each.change, again=True) != before]

    def _key(self, key: str, letters: str) -> None:
        course, typing = self.course, self._typing
        rows = len(self._offers()) if course.step == "rounds" else len(self.workshop.group)
        match key:
            case "up" | "down" if course.step in ("rounds", "compare"):
                self._typing = replace(typing, row=(typing.row + (1 if key == "down" else -1)) % max(1, rows))
            case "space" if course.step == "rounds":
                self._row(typing.row)
            case "escape" if course.step == "rounds" and (self.session.selection or self._pending is not None):
                self._pending = None
                self.session = replace(self.session, selection="")
            case _ if course.step == "rounds" and letters.isdecimal() and letters != "0":
                self._row(int(letters) - 1)
            case _:
                super()._key(key, letters)

    def _enter(self, course: Course, typing: Typing) -> None:
        if course.step == "rounds" and not self.is_played:
            self._play()
        else:
            super()._enter(course, typing)

    def _row(self, row: int) -> None:
        course = self.course
        if course.step == "compare":
            self._typing = replace(self._typing, row=row)
        elif course.step != "rounds":
            super()._row(row)
        elif not self.is_played and 0 <= row < len(offers := self._offers()) and believed(self._known):
            offer = offers[row]
            self._typing = replace(self._typing, row=row)
            if not offer.why_not:
                self._pending = None if self._pending == offer.change else offer.change

    def _play(self) -> None:
        """The round is played with what was chosen, or without a change."""
        number, place = self.place
        made = Round() if self._pending is None else round_of(self._pending)
        if self._known is not None and self._known.lab is not None:
            try:
                playable(self._known.lab, [each.scenario for each in (*self.group.round[:number], made)])
            except InputError as error:
                self.say(error.inside(self.presentation.language.code))
                return
        self.workshop, self._pending = self.workshop.with_round(place, number, made), None
        self.session = replace(self.session, selection="")
        self._save()

    def _walk(self, by: int) -> None:
        if self.course.step == "compare" and by > 0:
            shown, language = self.presentation, self.presentation.language
            for group, plan in ((group, group.plan) for group in self.workshop.group):
                if plan is not None:
                    text, expected = plan_words(group, shown), expected_words(self._known, plan, language)
                    self.room.change(lambda now, a=GROUP + group.name, t=text, e=expected: now.offered(a, t, e))  # type: ignore[misc]
        super()._walk(by)

    def _write(self) -> bool:
        course, workshop = self.course, self.workshop
        votes = {card.author: course.votes_of(card.number) for card in course.heads}
        before = {} if course.votes else {GROUP + group.name: group.votes for group in workshop.group}
        groups = (
            group.model_copy(update={"votes": (before or votes).get(GROUP + group.name, 0)}) for group in workshop.group
        )
        self.workshop = workshop.model_copy(update={"group": tuple(groups)})
        return self._save() and super()._write()

    def _save(self) -> bool:
        mine = self.workshop
        try:
            if self._path.exists():
                self.workshop = merged(self._kept, mine, load_workshop(self._path))
            save_workshop(self.workshop, self._path)
        except InputError as error:
            self.say(error.inside(self.presentation.language.code))
            return False
        self._kept = self.workshop
        if any(a.round[: len(b.round)] != b.round for a, b in zip(self._kept.group, mine.group, strict=True)):
            self.say(self.presentation.language.text("workshop.played_elsewhere"))
        return True

    def _pinned(self, card: Card) -> tuple[int, str]:
        plan = next((group.plan for group in self.workshop.group if GROUP + group.name == card.author), None)
        stages = plan.stages if plan is not None else ()
        return self.at, stages[0] if len(stages) == 1 else ""

    def _game(self) -> Game | FactoryviewError | None:
        """What the group whose turn it is has played up to this round; None: it is being played."""
        known = self._known
        if known is None or known.lab is None:
            return known.trouble if known is not None else None
        try:
            return self.games.ask(known.lab, self.group.round[: self.place[0] + 1], self.workshop.days)
        except FactoryviewError as error:
            return error

    def _found(self) -> object:
        playing = self._game() if self.course.step == "rounds" and self.is_played else None
        return super()._found(), self._known, playing, self._pending, self.workshop

    def _board(self) -> Board:
        course, shown, known = self.course, self.presentation, self._known
        board = super()._board()
        if course.step == "as_is":
            return today_board(board, known, shown)
        if course.step == "compare":
            return compare_board(board, self.workshop, known, self._typing.row, shown)
        if course.step != "rounds":
            return board
        board = replace(board, hint=turn_words(self.workshop, self.place, shown.language), clock=self._clock())
        if self.is_played:
            return played_board(board, self.group.round[self.place[0]], self.place[0], self._game(), shown)
        return offers_board(board, self._offers(), self._typing.row, self._pending, known, self.session, shown)

    def _below(self) -> CodeNodes | None:
        game = self._game() if self.course.step == "rounds" and self.is_played else None
        if not isinstance(game, Game):
            return super()._below()
        days, u, language = self.workshop.days, self.composition.u, self.presentation.language
        total = self.workshop.rounds
        return lambda rect: flow_nodes(game, days, total, rect, u, language)

    def _with_signs(self, root: Node, state: State) -> Node:
        session, shown, composition = self.session, self.presentation, self.composition
        signs = [*ghost_nodes(root, session, shown, composition), *chosen_ring(root, session, composition)]
        root, pair = over(root, signs), self._pair()
        if pair is not None:
            root = over(root, self._halves(pair, state))
        return super()._with_signs(root, state)

    def _halves(self, pair: Scenario, state: State) -> Sequence[Node]:
        """Both plants with the ghosts of their plans."""
        session, shown, composition = self.session, self.presentation, self.composition
        other = replace(session, scenarios=(pair,), scenario=pair.name)
        box = composition.beside
        there = replace(composition, rect=pygame.Rect((0, 0), box.size), floor=pygame.Rect((0, 0), box.size))
        camera = replace(session.camera, view=composition.view.move(-composition.floor.x, -composition.floor.y))

        def signs(plain: Node) -> Sequence[Node]:
            return list(ghost_nodes(plain, replace(other, camera=camera), shown, there))

        smallest = self.options.smallest_text * min(composition.rect.size) / 0.7
        floor = self._beside.node(
            self.model, state, shown, self.painter, session.camera, composition, smallest, pair.name, signs
        )
        mine = session.scenarios[0].name if session.scenarios else ""
        return list(beside_nodes(floor, (pair.name, mine), composition))
