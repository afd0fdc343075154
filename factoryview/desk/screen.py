"""The desk: a plant that plays, and answers what is pointed at or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pygame

from factoryview.app.plant_screen import PlantOptions, PlantScreen, over
from factoryview.app.playback import Playback
from factoryview.app.session import Effect, Session
from factoryview.desk.alarms import alarm_rows
from factoryview.desk.cards import belt_card, bin_card, crate_card, depot_card, stage_card
from factoryview.desk.conditions import Offer, of_plant, of_stage, words
from factoryview.desk.filtering import Conditions, Filtering, Narrowed, trouble
from factoryview.desk.following import Following, path_node, where
from factoryview.desk.kept import kept_of, tables_of
from factoryview.desk.lenses import Lenses, hue_words, lens_words
from factoryview.desk.panel import panel_node
from factoryview.desk.routes import ROUTES, Routes
from factoryview.desk.sheet import Question
from factoryview.desk.stage_logs import StageLogs
from factoryview.desk.table import rows_of, tsv
from factoryview.errors import FactoryviewError
from factoryview.export.tables import write_table
from factoryview.flow.kpis import kpis
from factoryview.output import check_output
from factoryview.scene.chrome.card import Card, card_node, ring_node
from factoryview.scene.chrome.chips import filters_node, lens_node
from factoryview.scene.chrome.dialog import Row
from factoryview.scene.chrome.tray import map_node, map_width, tray_node
from factoryview.scene.floor.camera import Camera
from factoryview.scene.ui.composition import Composition, composed, with_filters, with_lens, with_panel
from factoryview.scene.ui.memo import Memo
from factoryview.scene.ui.node import Action, Node
from factoryview.view.crates import crate_at, place_of
from factoryview.view.databox import belt_box, bin_box, stage_box
from factoryview.view.lens import CHANNEL
from factoryview.view.model import Model
from factoryview.view.series import StageLog
from factoryview.view.state import State

_RIM = 24
"""u between what was chosen and the edge of the view, after the camera has made room for it."""
_CRATE, _HALF_CRATE = "crate/", 10
"""What the id of a crate begins with, and half its side in u."""
_UNDER = ("stage/", "belt/", "plant/")
"""What a panel can be opened of."""


class Desk(PlantScreen):
    """A screen of one playback for somebody who asks."""

    def __init__(self, playback: Playback, size: tuple[int, int], options: PlantOptions) -> None:
        self.logs = StageLogs(playback.model)
        self._memo = Memo()
        self._filtering = Filtering()
        self._lenses = Lenses()
        self._routes = Routes()
        self._following = Following()
        self._narrowed: Narrowed | None = None
        """What is shown of some cases; None: all are."""
        self._held: Conditions = ()
        """The conditions that hold for what is shown."""
        super().__init__(playback, size, options)
        kept = kept_of(options.settings.filters.get(playback.model.factory.name))
        self.session = replace(self.session, kept=kept)

    @property
    def composition(self) -> Composition:
        """Where its parts stand; with the panel while something is chosen."""
        whole = composed(self._size)
        whole = with_filters(whole) if self.session.filters else whole
        whole = with_lens(whole) if self.session.lens != CHANNEL else whole
        return with_panel(whole) if self.session.selection.startswith(_UNDER) else whole

    def settle(self) -> None:
        """Wait until all has come that was asked for."""
        self._filtering.settle()
        self._lenses.settle()
        self._routes.settle()
        self._following.settle()
        self.logs.settle()

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        if self.model is not self.playback.model:
            head = self.session.playhead
            self.model.look_ahead(head.at, head.shown_pace)
        self._go_with_it()

    def _go_with_it(self) -> None:
        """The camera with the crate that is followed."""
        session, head = self.session, self.session.playhead
        way = self._following.way(self.model, session.followed)
        if way is None:
            return
        place = where(way, head.at, self.model.topology.plan, self.model.standing(head.at, head.shown_pace))
        if place is not None:
            view, (x, y) = session.camera.view, session.camera.point(*place)
            if (x, y) != view.center:
                camera = session.camera.panned((view.centerx - x, view.centery - y))
                self.session = replace(session, camera=camera)

    def _follow(self, tree: Node) -> None:
        """The crate under the pointer, or none any more."""
        hover, followed = self.session.hover, self.session.followed
        if hover.startswith(_CRATE):
            self.run(Action("follow", (int(hover.removeprefix(_CRATE)),)), tree)
        elif followed >= 0:
            self.run(Action("unfollow"), tree)
        else:
            self.say(self.presentation.language.text("notice.nothing_to_follow"))

    def _latest(self) -> Model:
        return self._lenses.seen(self._selected(), self.playback.model, self.session.lens)

    def _selected(self) -> Model:
        """Of the cases that fulfil the filters, once they are counted; until then what was shown before."""
        whole, wanted = self.playback.model, self.session.filters
        if not wanted:
            self._narrowed, self._held = None, ()
            return whole
        found = self._filtering.ask(whole, wanted, self.session.playhead.at)
        if found is None:
            return self._narrowed.model if self._narrowed is not None else whole
        error = trouble(found)
        if error is None:
            self._narrowed, self._held = found.result(), wanted
            return self._narrowed.model
        self.say(str(error))
        self._filtering.forget(whole, wanted)
        self.session = replace(self.session, filters=self._held if self._held != wanted else ())
        return self._narrowed.model if self._narrowed is not None else whole

    def _more(self) -> Sequence[Row]:
        shown, session = self.presentation, self.session
        say = shown.language.text
        rows = [
            Row(f"go/{name}", say("palette.go_to", stage=shown.wording.label(name)), "",
                Action("select", (f"stage/{name}",)))
            for name in shown.facts.floor.plan.blocks
        ]  # fmt: skip
        rows += [
            Row(f"go/{belt.origin}/{belt.target}", say("palette.go_to", stage=shown.wording.belt(name)), "",
                Action("select", (f"belt/{name}",)))
            for belt in self.model.topology.plan.belts[: len(self.model.topology.ways)]
            for name in [f"{belt.origin}/{belt.target}"]
        ]  # fmt: skip
        typed = " ".join(session.typed.split())
        rows += [
            Row(f"case/{stay}", say("palette.follow", case=case), "", Action("follow", (stay,)))
            for case, stay in self._following.search(self.model, typed)
        ]  # fmt: skip
        rows += [
            Row(f"kept/{name}", say("kept.use", name=name), "", Action("filters", (conditions,)))
            for name, conditions in session.kept
        ]  # fmt: skip
        rows += [
            Row(f"forget/{name}", say("kept.forget", name=name), "", Action("forget", (name,)))
            for name, _ in session.kept
        ]  # fmt: skip
        offers = [*of_plant(shown, session.playhead.at, self._filtering.choices(self.playback.model))]
        for name in self.model.topology.stages:
            offers += [Offer(f"{offer.name}/{name}", offer.condition) for offer in of_stage(name)]
        rows += [
            Row(f"lens/{name}", say("lens.look", lens=lens_words(name, shown.language)), "", Action("lens", (name,)))
            for name in self._lenses.names(self.playback.model)
        ]  # fmt: skip
        rows += [
            Row(f"only/{offer.name}", say("only.add", what=words(offer.condition, shown)), "",
                Action("filter", (offer.condition,)))
            for offer in offers
        ]  # fmt: skip
        if session.filters and typed:
            rows.append(Row("keep", say("kept.keep", name=typed), "", Action("keep", (typed,))))
        return rows

    def _become(self, session: Session) -> None:
        before = self.session
        super()._become(session)
        if self.session.selection != before.selection:
            self._make_room(before)
        if (self.session.selection == ROUTES) != (before.selection == ROUTES) and before.camera == before.home:
            self.session = replace(self.session, camera=self.session.home)
        if self.session.kept != before.kept:
            mine = {self.playback.model.factory.name: tables_of(self.session.kept)}
            self._settings = replace(self._settings, filters={**self._settings.filters, **mine})
            self._keep_settings(before)

    def _do(self, effect: Effect, before: Session, tree: Node) -> None:
        if effect == "copy":
            self._copy(tree)
        elif effect == "export":
            self._export()
        elif effect == "follow":
            self._follow(tree)
        elif effect == "lens_next":
            self.run(Action("lens", (self._lenses.after(self.playback.model, self.session.lens),)), tree)
        else:
            super()._do(effect, before, tree)

    def _copy(self, tree: Node) -> None:
        """The panel's table, as text that a spreadsheet takes apart."""
        panel, text = tree.find("panel"), self.presentation.language.text
        if panel is None:
            self.say(text("notice.nothing_to_copy"))
            return
        rows = rows_of(panel)
        try:
            pygame.scrap.put_text(tsv(rows))
        except pygame.error as error:
            self.say(text("notice.not_copied", why=str(error)))
        else:
            self.say(text("notice.copied", n=self.presentation.language.number(len(rows))))

    def _export(self) -> None:
        """The key figures of the cases that are shown, week by week, as a file in the present folder."""
        factory, text = self.model.factory, self.presentation.language.text
        path = Path(f"factoryview-{self.session.playhead.at // 1_000_000}.csv")
        try:
            check_output(path)
            write_table(kpis(factory.store, bucket="week", timezone=factory.plant.timezone, gate=factory.gate), path)
        except FactoryviewError as error:
            self.say(text("notice.not_saved", name=path.name, why=str(error)))
        else:
            self.say(text("notice.table_saved", name=path.name))

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
        whole, camera = composed(self._size), self.session.camera
        above = (whole, with_filters(whole), with_lens(whole), with_lens(with_filters(whole)))
        known = (each.view for plain in above for each in (plain, with_panel(plain)))
        if camera.view not in tuple(known):
            return home
        if camera.view.w == home.view.w and camera == self.session.home:
            return home
        return camera.through(home.view)

    def _renew(self, model: Model) -> None:
        super()._renew(model)
        self.logs.renew(model)

    def _found(self) -> object:
        whole = self.playback.model
        known = self._filtering.choices(whole), self._lenses.names(whole)
        more = self._routes.at_hand(), self._following.at_hand()
        return super()._found(), self.logs.at_hand(), self._narrowed, known, more

    def _with_signs(self, root: Node, state: State) -> Node:
        session, composition, signs = self.session, self.composition, []
        chosen = root.find(session.selection) if session.selection else None
        if chosen is not None and chosen.role == "machine":
            hall = root.find(f"{chosen.id}/hall") or chosen
            ring = ring_node(hall.rect, composition)
            signs.append(Node("chosen/view", session.camera.view, children=(ring,)))
        told = self._told(root, state)
        card = self._card(told, state) if told is not None else None
        if card is not None and told is not None:
            near = (node for node in root.walk() if node.role == "machine" or node.id.startswith("pile/"))
            avoid = [node.rect for node in near if node.id != told.id]
            signs.append(card_node(card, told.rect, session.camera.view, composition.u, avoid))
        signs += self._corner(root, state)
        if (way := self._following.way(self.model, session.followed)) is not None:
            plan, live = self.model.topology.plan, session.live
            signs.insert(0, path_node(way, state.at, plan, session.camera, composition.u, ahead=not live))
            now = way.until(state.at)
            if card is None and now.stays:
                box = crate_card(now, state.at, self.presentation.wording.label, self.presentation.language)
                spot = pygame.Rect(0, 0, 2, 2)
                spot.center = session.camera.view.center
                signs.append(card_node(box, spot, session.camera.view, composition.u, ()))
        signs += self._chips()
        signs += self._legend()
        panel = self._panel(state)
        return super()._with_signs(over(root, [*signs, panel] if panel is not None else signs), state)

    def _corner(self, root: Node, state: State) -> Sequence[Node]:
        """In the lower left corner: the plant in small while not all of it is seen, and alarms while they are open."""
        session, u, text = self.session, self.composition.u, self.presentation.language.text
        plan, view, found = self.presentation.facts.floor.plan, session.camera.view, []
        halls = [session.camera.rect(block.hall) for block in plan.blocks.values()]
        out = not all(view.contains(hall) for hall in halls)
        if out:
            dresses = self.presentation.wording.dresses(state)
            found.append(map_node(plan, dresses, session.camera, text("map.title"), u))
        if session.tray:
            rows = alarm_rows(state, self.presentation, root)
            found.append(tray_node(rows, text("tray.title"), view, map_width(u) if out else 0, u))
        return found

    def _chips(self) -> Sequence[Node]:
        """The filters, and how many cases fit."""
        filters, composition, shown = self.session.filters, self.composition, self.presentation
        if not filters:
            return ()
        say, number = shown.language.text, shown.language.number
        count = say("only.counting")
        if self._narrowed is not None and self._held == filters:
            count = say("only.count", n=number(self._narrowed.cases), of=number(self._narrowed.of))
            if self._narrowed.part is not None:
                count = say("only.judging", count=count)
        named = ((each, words(each, shown)) for each in filters)
        chips = [(said, say("only.remove", what=said), Action("filter", (each,))) for each, said in named]
        return (filters_node(chips, count, composition.filters, composition.u),)

    def _legend(self) -> Sequence[Node]:
        """What the hues say, while that is not the channel."""
        session, language, composition = self.session, self.presentation.language, self.composition
        if session.lens == CHANNEL:
            return ()
        lens, title = self.model.lens, lens_words(session.lens, language)
        hues = list(hue_words(lens, language)) if lens is not None and lens.name == session.lens else []
        meaning = language.text("lens.remove", lens=title)
        return (lens_node(title, meaning, hues, composition.lens, composition.u),)

    def _told(self, root: Node, state: State) -> Node | None:
        """What has the pointer or the focus; a crate has no node of its own in the picture, and gets one here."""
        session = self.session
        if not session.hover.startswith(_CRATE):
            return root.find(session.hover or session.focus) if session.hover or session.focus else None
        stay, plan, camera = int(session.hover.removeprefix(_CRATE)), self.model.topology.plan, session.camera
        for belt, on in zip(plan.belts, state.standing.belts, strict=False):
            place = place_of(belt, on, stay)
            if place is not None:
                half = max(2, round(_HALF_CRATE * camera.k))
                rect = pygame.Rect(0, 0, 2 * half, 2 * half)
                rect.center = camera.point(*place)
                return Node(session.hover, rect, None, "item")
        return None

    def handle(self, event: pygame.Event, tree: Node) -> None:
        """As any plant does; over a belt the crate under the pointer is what is pointed at."""
        super().handle(event, tree)
        if event.type != pygame.MOUSEMOTION or not self.session.hover.startswith(("belt/", _CRATE)):
            return
        under = next((node.id for node in tree.hit(event.pos) if node.role == "belt"), "")
        place = self._belt(under)
        if place is None or place >= len(self.model.topology.ways):
            return
        head = self.session.playhead
        on = self.model.standing(head.at, head.shown_pace).belts[place]
        x, y = self.session.camera.floor_at(event.pos)
        stay = crate_at(self.model.topology.plan.belts[place], on, x, y)
        self.run(Action("hover", (under if stay is None else f"{_CRATE}{stay}",)), tree)

    def _panel(self, state: State) -> Node | None:
        session = self.session
        if not self.composition.panel.w:
            return None
        offers = self._filtering.choices(self.playback.model)
        asked = Question(
            session, self.presentation, self.composition, state, self._log, self.logs.traits, self._memo, offers,
            self._routes.get(self.playback.model, state.at) if session.selection == ROUTES else (),
        )  # fmt: skip
        return panel_node(asked)

    def _card(self, node: Node, state: State) -> Card | None:
        """What there is to say of a node of the floor; nothing of most."""
        counts, language, wording = self.model.counts, self.presentation.language, self.presentation.wording
        _, _, name = node.id.partition("/")
        if node.id.startswith(_CRATE):
            way = self.logs.journey(int(name))
            return None if way is None else crate_card(way.until(state.at), state.at, wording.label, language)
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
            if place is None or place >= len(self.model.topology.ways) or node.id == self.session.selection:
                return None
            target = self.model.topology.plan.belts[place].target
            return belt_card(wording.belt(name), belt_box(counts, state, place, self._log(target)), language)
        if node.role not in ("machine", "pile") or f"stage/{name}" == self.session.selection:
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
