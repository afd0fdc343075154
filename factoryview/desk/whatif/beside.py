"""The plant as it is beside the one that would be: the same future, once without what is changed, played in step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pygame

from factoryview.app.plant_screen import over
from factoryview.desk.whatif.ahead import Ahead
from factoryview.desk.whatif.futures import Known
from factoryview.language import Language
from factoryview.plant.models import Plant
from factoryview.plant.scenario_file import Scenario
from factoryview.scene.art.raster import opaque
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.ghosts import GhostSign
from factoryview.scene.floor.twin import TwinLook
from factoryview.scene.painter import Painter
from factoryview.scene.ui.composition import Composition, composed
from factoryview.scene.ui.node import Node
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.view.state import State

_RIM = 10
"""u between a sign and the edge of its half."""


class Beside:
    """The half of the screen on which the plant goes on as it is."""

    def __init__(self) -> None:
        self._ahead = Ahead()
        self._shown: Presentation | None = None
        self._painter: Painter | None = None
        self._surface = opaque((1, 1))
        self._painted: Node | None = None
        self._number = 0

    def ask(self, whole: Model, known: Known | None, scenario: Scenario | None, futures: int) -> Model | None:
        """The future without the scenario that the plant with it is shown in; None: it is being made."""
        if known is None or scenario is None or known.refusal(scenario) is not None:
            return None
        return self._ahead.ask(whole, known, None, futures, like=scenario)

    @property
    def at_hand(self) -> Model | None:
        """What was asked for last, once it has come."""
        return self._ahead.shown

    def settle(self) -> None:
        """Wait until what was asked for has come."""
        self._ahead.settle()

    def node(
        self, model: Model, state: State, shown: Presentation, painter: Painter, camera: Camera,
        composition: Composition, smallest: float, words: str = "",
        signs: Callable[[Node], Sequence[Node]] = lambda _root: (),
    ) -> Node:  # fmt: skip
        """The plant as it is, from where the other one is seen, painted as that one is.

        smallest: em in pixels of text on the floor; words: what it is called; signs: what more is to be seen on it.
        """
        presentation, mine = self._made(model, shown, painter)
        box = composition.beside
        if self._surface.get_size() != box.size:
            self._surface, self._painted = opaque(box.size), None
        view = composition.view.move(-composition.floor.x, -composition.floor.y)
        moment, there = presentation.wording.moment(state), replace(composed(box.size), u=composition.u)
        plain = mine.tree(moment, replace(camera, view=view), there, chrome=(), smallest=smallest)
        tree = over(plain, signs(plain))
        if tree is not self._painted:
            mine.compositor.paint(self._surface, tree, mine.art)
            self._painted, self._number = tree, self._number + 1
        words = words or shown.language.text("whatif.as_is")
        return Node("beside/floor", box, TwinLook(self._number, self._surface), "image", words)

    def _made(self, model: Model, shown: Presentation, painter: Painter) -> tuple[Presentation, Painter]:
        """What paints it; another plant, language or look is painted anew."""
        if self._shown is None or self._shown.model is not model or self._shown.language is not shown.language:
            self._shown, self._painter = Presentation(model, shown.language), None
        mine = self._painter
        if mine is None or mine.art.theme != painter.art.theme or mine.low_motion != painter.low_motion:
            mine = Painter(self._shown.facts, painter.art.theme, low_motion=painter.low_motion)
            self._painter, self._painted = mine, None
        return self._shown, mine


def beside_nodes(floor: Node | None, words: tuple[str, str], composition: Composition) -> Iterator[Node]:
    """Both halves with their signs; floor: that of the plant as it is, None: it is being made."""
    box, u = composition.beside, composition.u
    parts = [] if floor is None else [floor]
    rim = round(_RIM * u)
    for name, said, half in zip(("as_is", "to_be"), words, (box, composition.floor), strict=True):
        look = GhostSign(said, (), u, "ghost" if name == "to_be" else "text")
        sign = pygame.Rect((half.x + rim, half.y + rim), look.size(max(1, half.w - 2 * rim)))
        parts.append(Node(f"beside/{name}", sign, look, "text", said))
    yield Node("beside", composition.beside.union(composition.floor), None, "group", "", None, tuple(parts))


def counted(model: Model, state: State, since: int, what: str, plant: Plant, language: Language) -> str:
    """What a half says: whose it is, how many are in progress, how many were done well since the future began."""
    wip = sum(stage.here.wip for stage in state.stages)
    good = {outcome.name for outcome in plant.outcomes if outcome.kind == "won"}
    totals = [model.counts.totals.outcomes(at) for at in (state.at, since)]
    done = [sum(count for name, count in each.items() if name in good or not good) for each in totals]
    number = language.number
    return language.text("beside.counted", what=what, wip=number(wip), done=number(done[0] - done[1]))
