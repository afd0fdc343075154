"""The desk: a plant that plays, and answers what is pointed at or chosen.

It is long, for it ties to one session all that a desk can answer with; what each of these is stands in its own module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pygame

from factoryview.app.intervening import into_future, open_scenario
from factoryview.app.options import PlantOptions
from factoryview.app.plant_screen import PlantScreen, over
from factoryview.app.playback import Playback, Replay
from factoryview.app.relaying import Relaying
from factoryview.app.session import Effect, Session
from factoryview.desk.cards import crate_card
from factoryview.desk.daily import Daily
from factoryview.desk.filtering import BesideRoutes, Conditions, Filtering, Narrowed, trouble
from factoryview.desk.following import Following, path_node, where
from factoryview.desk.forecast import FORECAST, outlook_at
from factoryview.desk.insides import Insides, Outside, entered
from factoryview.desk.insides import trouble as trouble_inside
from factoryview.desk.kept import kept_of, tables_of
from factoryview.desk.lenses import Lenses
from factoryview.desk.palette import palette_rows
from factoryview.desk.panel import panel_node
from factoryview.desk.pointing import CRATE, card_of, crate_node, crate_under, way_of
from factoryview.desk.routes import ROUTES
from factoryview.desk.sheet import Question
from factoryview.desk.signs import chips, chosen_ring, corner, legend
from factoryview.desk.stage_logs import StageLogs
from factoryview.desk.taking_away import copied, exported, scenarios_saved
from factoryview.desk.whatif.ahead import Ahead
from factoryview.desk.whatif.beside import Beside, beside_nodes, counted
from factoryview.desk.whatif.futures import Futures, Known
from factoryview.desk.whatif.ghosts import ghost_nodes
from factoryview.desk.whatif.showing import asked_of, future_signs
from factoryview.desk.whatif.words import scenario_words
from factoryview.errors import FactoryviewError
from factoryview.scene.chrome.card import card_node
from factoryview.scene.chrome.dialog import Row
from factoryview.scene.floor.camera import Camera
from factoryview.scene.picture import Moment
from factoryview.scene.ui.composition import Composition, with_beside, with_filters, with_lens, with_panel
from factoryview.scene.ui.memo import Memo
from factoryview.scene.ui.node import Action, Node
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.lens import CHANNEL
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.view.routes import routes_at
from factoryview.view.state import State

_RIM = 24
"""u between what was chosen and the edge of the view, after the camera has made room for it."""
_UNDER = ("stage/", "belt/", "plant/")
"""What a panel can be opened of."""


class Desk(PlantScreen):
    """A screen of one playback for somebody who asks."""

    def __init__(self, playback: Playback, size: tuple[int, int], options: PlantOptions) -> None:
        self.logs = StageLogs(playback.model)
        self._memo = Memo()
        self._filtering = Filtering()
        self._lenses = Lenses()
        self._routes = Daily("routes", lambda model, at: routes_at(model.counts, at))
        self._outlooks = Daily("forecast", outlook_at)
        self._following = Following()
        self._whatif, self._ahead, self._beside = Futures(), Ahead(), Beside()
        self._insides = Insides()
        self._narrowed: Narrowed | None = None
        """What is shown of some cases; None: all are."""
        self._known: Known | None = None
        """What is known of scenarios, while that is asked."""
        self._held: Conditions = ()
        """The conditions that hold for what is shown."""
        self._beside_routes = BesideRoutes()
        self._routed: Model | None = None
        """Of whose cases the routes are: those that fulfil all conditions but a route; None: nobody looks at them."""
        super().__init__(playback, size, options)
        kept = kept_of(options.settings.filters.get(playback.model.factory.name))
        self.session = replace(self.session, kept=kept, scenarios=options.scenarios)

    @property
    def composition(self) -> Composition:
        """Where its parts stand; with the panel while something is chosen."""
        whole = self._whole
        whole = with_filters(whole) if self.session.filters or self.session.future_from is not None else whole
        whole = with_lens(whole) if self.session.lens != CHANNEL else whole
        whole = with_panel(whole) if self.session.selection.startswith(_UNDER) else whole
        return with_beside(whole) if self._halved else whole

    @property
    def _halved(self) -> bool:
        """The plant as it is stands beside the one that would be."""
        session = self.session
        return session.beside and session.future_from is not None and open_scenario(session) is not None

    def settle(self) -> None:
        """Wait until all has come that was asked for."""
        self._filtering.settle()
        self._lenses.settle()
        self._beside_routes.settle()
        self._routes.settle()
        self._outlooks.settle()
        self._following.settle()
        self._whatif.settle()
        self._ahead.settle()
        self._insides.settle()
        self._beside.settle()
        self.logs.settle()

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        if self.model is not self.playback.model:
            head = self.session.playhead
            self.model.look_ahead(head.at, head.shown_pace)
            if (twin := self._twin()) is not None:
                twin.look_ahead(head.at, head.shown_pace)
        if self.session.opening:
            self._enter(self.session.opening)
        self._known = asked_of(self._whatif, self.session, self.playback.model.factory)
        self._routed = self._of_routes()
        self._go_with_it()

    def run(self, action: Action, tree: Node) -> None:
        """As any plant does; a double click opens the floor of a machine that has one."""
        node = str(action.arguments[0]) if action.command == "enter" else ""
        if node and not self.session.live and self._insides.opens(self._counted(), node):
            action = Action("open_inside", (node.removeprefix("stage/"),))
        super().run(action, tree)

    def _enter(self, stage: str) -> None:
        """Into a machine, once its floor is there."""
        shown, found = self.presentation, self._insides.ask(self._counted(), stage, self.session.language)
        if found is None:
            self.say(shown.language.text("notice.opening", stage=shown.wording.label(stage)))
            return
        if (error := trouble_inside(found)) is not None:
            self.say(error.inside(self.session.language))
            self.session = replace(self.session, opening="")
            return
        inner = found.result()
        before = Outside(self.playback, self.options, replace(self.session, opening=""), self.past, self.future)
        self._insides.outside.append(before)
        kept = kept_of(self.options.settings.filters.get(inner.factory.name))
        self._look_at(Replay(inner, shown.language), None, replace(entered(self.session, inner), kept=kept))
        self.past, self.future = [], []
        self.playback.begin()
        self.say(self.presentation.language.text("notice.inside", stage=shown.wording.label(stage)))

    def _leave(self) -> None:
        """Out of a machine again, to where one was."""
        outside = self._insides.outside.pop()
        self.options = outside.options
        self._look_at(outside.playback, outside.options.title, session := outside.again(self.session))
        self.past, self.future = outside.past, outside.future
        if session.camera.view == self.composition.view:
            self.session = replace(self.session, camera=session.camera, home=session.home)

    def _look_at(self, playback: Playback, title: str | None, session: Session) -> None:
        """Go on with another plant."""
        self.playback, self._relaying = playback, Relaying(playback)
        self._narrowed, self._held = None, ()
        self.session = session
        self.presentation = Presentation(self.model, self.presentation.language, title=title)
        self._renew(playback.model)

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
        if hover.startswith(CRATE):
            self.run(Action("follow", (int(hover.removeprefix(CRATE)),)), tree)
        elif followed >= 0:
            self.run(Action("unfollow"), tree)
        else:
            self.say(self.presentation.language.text("notice.nothing_to_follow"))

    def _open(self, node: str, tree: Node) -> None:
        """The floor of a machine that was chosen."""
        if self._insides.opens(self._counted(), node):
            self.run(Action("open_inside", (node.removeprefix("stage/"),)), tree)
        else:
            self.say(self.presentation.language.text("notice.nothing_inside"))

    def _end_of_log(self) -> int | None:
        return None if self.session.future_from is not None else super()._end_of_log()

    def _health(self) -> FeedHealth:
        return SILENT if self.session.future_from is not None else super()._health()

    def _latest(self) -> Model:
        return self._lenses.seen(self._selected(), self.playback.model, self.session.lens)

    def _simulated(self, since: int) -> Model:
        """What happened until a moment and then a future, once that is simulated; until then what was shown before."""
        whole, known, scenario = self.playback.model, self._known, open_scenario(self.session)
        before = self.model if self.model is self._ahead.shown else whole
        if known is None or known.at != since:
            return before
        try:
            if (trouble := known.refusal(scenario)) is not None:
                raise trouble
            return self._ahead.ask(whole, known, scenario, self._whatif.first) or before
        except FactoryviewError as error:
            self.say(error.inside(self.session.language))
            self._become(into_future(self.session))
            return whole

    def _selected(self) -> Model:
        """Of the cases that fulfil the filters, once they are counted; until then what was shown before."""
        whole, wanted = self.playback.model, self.session.filters
        if self.session.future_from is not None:
            self._narrowed, self._held = None, ()
            return self._simulated(self.session.future_from)
        if not wanted:
            self._narrowed, self._held = None, ()
            return whole
        found = self._filtering.ask(whole, wanted, self.session.playhead.at)
        if found is None:
            return self._narrowed.model if self._narrowed is not None else whole
        error = trouble(found)
        if error is None:
            self._narrowed, self._held = found.result(), wanted
            self._beside_routes.keep(wanted, self._narrowed.model)
            return self._narrowed.model
        self.say(error.inside(self.presentation.language.code))
        self._filtering.forget(whole, wanted)
        self._become(replace(self.session, filters=self._held if self._held != wanted else ()))
        return self._narrowed.model if self._narrowed is not None else whole

    def _counted(self) -> Model:
        """The model of the cases that are shown, whatever their hues say."""
        return self._narrowed.model if self._narrowed is not None else self.playback.model

    def _of_routes(self) -> Model | None:
        """Of whose cases the routes are, while they are looked at."""
        whole = self.playback.model
        if self.session.selection != ROUTES:
            self._beside_routes.leave(whole)
            return None
        return self._beside_routes.ask(whole, self._held) or self._counted()

    def _more(self) -> Sequence[Row]:
        whole, session = self.playback.model, self.session
        cases = self._following.search(self.model, " ".join(session.typed.split()))
        choices, lenses = self._filtering.choices(whole), self._lenses.names(whole)
        return list(palette_rows(session, self.presentation, cases, choices, lenses))

    def _become(self, session: Session) -> None:
        before = self.session
        if session.future_from is not None and (session.filters or session.lens != CHANNEL):
            self.say(self.presentation.language.text("future.no_filter"))
            session = replace(session, filters=(), lens=CHANNEL)
        super()._become(session)
        if self.session.selection != before.selection:
            self._make_room(before)
        whole, was_whole = (each.selection.startswith("plant/") for each in (self.session, before))
        if whole != was_whole and before.camera == before.home:
            self.session = replace(self.session, camera=self.session.home)
        if self.session.kept != before.kept:
            mine = {self.playback.model.factory.name: tables_of(self.session.kept)}
            self._settings = replace(self._settings, filters={**self._settings.filters, **mine})
            self._keep_settings(before)

    def _do(self, effect: Effect, before: Session, tree: Node) -> None:
        if effect == "save_scenarios":
            self.say(scenarios_saved(self.session, self.presentation.language))
        elif effect == "copy":
            self.say(copied(tree.find("panel"), self.presentation.language))
        elif effect == "export" and self.session.future_from is not None:
            self.say(self.presentation.language.text("future.no_export"))
        elif effect == "export":
            self.say(exported(self.model.factory, self.session.playhead.at, self.presentation.language))
        elif effect == "follow":
            self._follow(tree)
        elif effect == "inside":
            self._open(self.session.selection, tree)
        elif effect == "leave_inside":
            self._leave()
        elif effect == "lens_next":
            self.run(Action("lens", (self._lenses.after(self.playback.model, self.session.lens),)), tree)
        else:
            super()._do(effect, before, tree)

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
        whole, camera = self._whole, self.session.camera
        above = (whole, with_filters(whole), with_lens(whole), with_lens(with_filters(whole)))
        panels = [each for plain in above for each in (plain, with_panel(plain))]
        known, halves = ([each.view for each in some] for some in (panels, map(with_beside, panels)))
        if camera.view not in (*known, *halves) or (camera.view in halves) != (home.view in halves):
            return home
        if camera.view.w == home.view.w and camera == self.session.home:
            return home
        return camera.through(home.view)

    def _renew(self, model: Model) -> None:
        was_future, since, at = self.model is self._ahead.shown, self.session.future_from, self.session.playhead.at
        super()._renew(model)
        self.logs.renew(model)
        if was_future or since is not None:
            head = replace(self.session.playhead, last=model.last)
            head = replace(head.sought(at), playing=since is not None and (head.playing or not was_future))
            self.session = replace(self.session, playhead=head, ribbon=None)

    def _mark(self) -> str:
        return self.presentation.language.text("future.word") if self._in_future() else ""

    def _in_future(self) -> bool:
        """What is shown has not happened: a future was asked for, and it has come."""
        return self.session.future_from is not None and self.model is self._ahead.shown

    def _now(self, health: FeedHealth) -> tuple[State, Moment]:
        state, moment = super()._now(health)
        since = self.session.future_from
        if since is None or state.at <= since or not self._in_future():
            return state, moment
        word = self.presentation.language.text("future.word")
        return state, replace(moment, clock=f"{moment.clock} · {word}")

    def _found(self) -> object:
        whole = self.playback.model
        known = self._filtering.choices(whole), self._lenses.names(whole)
        more = self._routes.at_hand(), self._outlooks.at_hand(), self._following.at_hand(), self._insides.at_hand()
        return (
            super()._found(),
            self.logs.at_hand(),
            self._narrowed,
            known,
            more,
            self._known,
            self._twin(),
            self._routed,
        )

    def _twin(self) -> Model | None:
        """The plant as it is that stands beside the one that would be, once it has come."""
        scenario = open_scenario(self.session)
        if not self._halved or not self._in_future() or not self._ahead.shows(scenario):
            return None  # nor is one asked for beside a scenario of which it is not known whether it can be tried
        return self._beside.ask(self.playback.model, self._known, scenario, self._whatif.first)

    def _beside_each_other(self, state: State) -> list[Node]:
        """The plant as it is, and what both halves say."""
        session, shown, composition, since = self.session, self.presentation, self.composition, self.session.future_from
        scenario, twin = open_scenario(session), self._twin()
        if not self._halved or since is None or scenario is None:
            return []
        plant, language, head = self.model.factory.plant, shown.language, session.playhead
        floor, as_is = None, language.text("whatif.simulating")
        if twin is not None:
            there = twin.state(head.at, head.shown_pace, playing=head.playing)
            smallest = self.options.smallest_text * min(composition.rect.size) / 0.7
            floor = self._beside.node(twin, there, shown, self.painter, session.camera, composition, smallest)
            as_is = counted(twin, there, since, language.text("whatif.as_is"), plant, language)
        to_be = language.text("whatif.simulating")
        if self._in_future() and self._ahead.shows(scenario):
            to_be = counted(self.model, state, since, scenario_words(scenario, shown), plant, language)
        return list(beside_nodes(floor, (as_is, to_be), composition))

    def _with_signs(self, root: Node, state: State) -> Node:
        session, shown, composition = self.session, self.presentation, self.composition
        plain, ghosts = root, list(ghost_nodes(root, session, shown, composition))
        root = over(plain, ghosts)
        signs = list(chosen_ring(root, session, composition))
        told = self._told(root, state)
        card = card_of(told, state, shown, session, self.logs) if told is not None else None
        if card is not None and told is not None:
            near = (node for node in root.walk() if node.role == "machine" or node.id.startswith("pile/"))
            avoid = [node.rect for node in near if node.id != told.id]
            signs.append(card_node(card, told.rect, session.camera.view, composition.u, avoid))
        signs += corner(root, state, session, shown, composition)
        if (way := self._following.way(self.model, session.followed)) is not None:
            plan, live = self.model.topology.plan, session.live
            signs.insert(0, path_node(way, state.at, plan, session.camera, composition.u, ahead=not live))
            now = way.until(state.at)
            if card is None and now.stays:
                box = crate_card(now, state.at, shown.wording.label, shown.language)
                spot = pygame.Rect(0, 0, 2, 2)
                spot.center = session.camera.view.center
                signs.append(card_node(box, spot, session.camera.view, composition.u, ()))
        signs += chips(session, shown, composition, self._narrowed, self._held)
        signs += legend(session, shown, composition)
        ahead, there = self._ahead, self._in_future()
        busy = ahead.busy or not ahead.shows(open_scenario(session))
        signs += future_signs(root, session, shown, composition, there=there, busy=busy)
        under, panel = [*ghosts, *self._beside_each_other(state)], self._panel(state)
        every = [*under, *signs, *([panel] if panel is not None else [])]
        return super()._with_signs(over(plain, every), state)

    def _told(self, root: Node, state: State) -> Node | None:
        """What has the pointer or the focus."""
        told, plan = self.session.hover or self.session.focus, self.model.topology.plan
        if told.startswith(CRATE):
            return crate_node(told, plan, state.standing, self.session.camera)
        return root.find(told) if told else None

    def handle(self, event: pygame.Event, tree: Node) -> None:
        """As any plant does; over a belt the crate under the pointer is what is pointed at."""
        super().handle(event, tree)
        if event.type != pygame.MOUSEMOTION or not self.session.hover.startswith(("belt/", CRATE)):
            return
        under = next((node.id for node in tree.hit(event.pos) if node.role == "belt"), "")
        way = way_of(under, self.model.topology)
        if way is None:
            return
        head, camera = self.session.playhead, self.session.camera
        standing = self.model.standing(head.at, head.shown_pace)
        crate = crate_under(event.pos, way, self.model.topology, standing, camera)
        self.run(Action("hover", (crate or under,)), tree)

    def _panel(self, state: State) -> Node | None:
        session = self.session
        if not self.composition.panel.w:
            return None
        offers = self._filtering.choices(self.playback.model)
        # what happened is told of until a simulated future begins, never of what came then
        at = state.at if session.future_from is None else min(state.at, session.future_from)
        asked = Question(
            session, self.presentation, self.composition, state, self.logs.get, self.logs.traits, self._memo, offers,
            self._routes.get(self._routed, at) if self._routed is not None else (), self._known,
            self._outlooks.get(self._counted(), at) if session.selection == FORECAST else None,
        )  # fmt: skip
        return panel_node(asked)

    def _block(self, node: str) -> str | None:
        name = node.removeprefix("stage/")
        return name if node.startswith("stage/") and name in self.presentation.facts.floor.plan.blocks else None
