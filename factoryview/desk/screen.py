"""The desk: a plant that plays, and answers what is pointed at or chosen."""

from __future__ import annotations

from dataclasses import replace

from factoryview.app.plant_screen import PlantOptions, PlantScreen, over
from factoryview.app.playback import Playback
from factoryview.app.session import Session
from factoryview.desk.cards import belt_card, bin_card, depot_card, stage_card
from factoryview.desk.panel import panel_node
from factoryview.desk.sheet import Question
from factoryview.desk.stage_logs import StageLogs
from factoryview.scene.chrome.card import Card, card_node, ring_node
from factoryview.scene.floor.camera import Camera
from factoryview.scene.ui.composition import Composition, composed, with_panel
from factoryview.scene.ui.memo import Memo
from factoryview.scene.ui.node import Node
from factoryview.view.databox import belt_box, bin_box, stage_box
from factoryview.view.model import Model
from factoryview.view.series import StageLog
from factoryview.view.state import State

_RIM = 24
"""u between what was chosen and the edge of the view, after the camera has made room for it."""
_UNDER = ("stage/", "belt/")
"""What a panel can be opened of."""


class Desk(PlantScreen):
    """A screen of one playback for somebody who asks."""

    def __init__(self, playback: Playback, size: tuple[int, int], options: PlantOptions) -> None:
        self.logs = StageLogs(playback.model)
        self._memo = Memo()
        super().__init__(playback, size, options)

    @property
    def composition(self) -> Composition:
        """Where its parts stand; with the panel while something is chosen."""
        whole = composed(self._size)
        return with_panel(whole) if self.session.selection.startswith(_UNDER) else whole

    def settle(self) -> None:
        """Wait until all has come that was asked for."""
        self.logs.settle()

    def _become(self, session: Session) -> None:
        before = self.session
        super()._become(session)
        if self.session.selection != before.selection:
            self._make_room(before)

    def _make_room(self, before: Session) -> None:
        """Move the floor as little as shows all of a machine that was chosen; back when the panel closes."""
        session, block = self.session, self._block(self.session.selection)
        if not session.selection:
            was = before.made_room
            back = was is not None and before.camera == was[1] and was[0].view == session.camera.view
            camera = was[0] if was is not None and back else session.camera
            self.session = replace(session, camera=camera, made_room=None)
        elif block is not None:
            plan = self.presentation.facts.floor.plan
            room = plan.blocks[block].room
            camera = session.camera.showing(room, round(_RIM * self.composition.u))
            first = before.made_room
            origin = first[0] if first is not None and before.camera == first[1] else before.camera
            self.session = replace(session, camera=camera, made_room=(origin, camera))

    def _through(self, home: Camera) -> Camera:
        whole = composed(self._size)
        known = any(self.session.camera.view == each.view for each in (whole, with_panel(whole)))
        return self.session.camera.through(home.view) if known else home

    def _renew(self, model: Model) -> None:
        super()._renew(model)
        self.logs.renew(model)

    def _found(self) -> object:
        return super()._found(), self.logs.at_hand()

    def _with_signs(self, root: Node, state: State) -> Node:
        session, composition, signs = self.session, self.composition, []
        chosen = root.find(session.selection) if session.selection else None
        if chosen is not None and chosen.role == "machine":
            hall = root.find(f"{chosen.id}/hall") or chosen
            ring = ring_node(hall.rect, composition)
            signs.append(Node("chosen/view", session.camera.view, children=(ring,)))
        told = root.find(session.hover or session.focus) if session.hover or session.focus else None
        card = self._card(told, state) if told is not None else None
        if card is not None and told is not None:
            near = (node for node in root.walk() if node.role == "machine" or node.id.startswith("pile/"))
            avoid = [node.rect for node in near if node.id != told.id]
            signs.append(card_node(card, told.rect, session.camera.view, composition.u, avoid))
        panel = self._panel(state)
        return super()._with_signs(over(root, [*signs, panel] if panel is not None else signs), state)

    def _panel(self, state: State) -> Node | None:
        session = self.session
        if not self.composition.panel.w:
            return None
        asked = Question(session, self.presentation, self.composition, state, self._log, self._memo)
        return panel_node(asked)

    def _card(self, node: Node, state: State) -> Card | None:
        """What there is to say of a node of the floor; nothing of most."""
        counts, language, wording = self.model.counts, self.presentation.language, self.presentation.wording
        _, _, name = node.id.partition("/")
        if node.role == "bin":
            stage = name.removesuffix("/bin")
            log, lost = self._log(stage), next((each for each in state.bins if each.id[1] == stage), None)
            if log is None or lost is None:
                return None
            box = bin_box(state, log, lost.left, counts.factory.gate)
            period = state.window.until - state.window.since
            return bin_card(wording.label(stage), box, period, counts.factory.plant, language)
        if node.role == "belt":
            place = self._belt(node.id)
            if place is None or place >= len(self.model.topology.ways):
                return None
            target = self.model.topology.plan.belts[place].target
            return belt_card(wording.belt(name), belt_box(counts, state, place, self._log(target)), language)
        if node.role != "machine" or node.id == self.session.selection:
            return None
        if name in self.model.topology.stages and name not in self.model.topology.depots:
            log = self._log(name)
            return stage_card(wording.label(name), stage_box(counts, state, name, log, self.model.studied), language)
        depot = next((each for each in state.outcomes if each.id[1] == name), None)
        if depot is None:
            return None
        all_of = sum(counts.totals.outcomes(state.at).values())
        return depot_card(wording.label(name), depot, depot.total / all_of if all_of else None, state.rate, language)

    def _log(self, stage: str) -> StageLog | None:
        return self.logs.get(stage) if stage in self.model.topology.stages else None

    def _belt(self, node: str) -> int | None:
        """The place on the plan of a belt's node."""
        belts = self.model.topology.plan.belts
        return next((i for i, belt in enumerate(belts) if node == f"belt/{belt.origin}/{belt.target}"), None)

    def _block(self, node: str) -> str | None:
        name = node.removeprefix("stage/")
        return name if node.startswith("stage/") and name in self.presentation.facts.floor.plan.blocks else None
