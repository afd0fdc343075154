"""A plant that plays: its session, what is seen of it, and what keys and pointer do to it.

One class ties a session to its picture and to what its commands ask for; what these are made of stands beside it.
It is long, for each of these is a few lines that need all of the session; more of one stands in a module of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pygame

from factoryview.app.commands import COMMANDS, of_key
from factoryview.app.dialogs import chosen, dialog_nodes
from factoryview.app.filming import FILMS, Filming
from factoryview.app.focus import focus_signs, next_focus
from factoryview.app.keys import name_of
from factoryview.app.notes import listed_notes, noting_rows, stage_chosen, with_next_state, written
from factoryview.app.options import PlantOptions
from factoryview.app.playback import Playback
from factoryview.app.pointer import Pointer
from factoryview.app.relaying import Relaying
from factoryview.app.ribbon import Ribbon, change_from, counted, following, waiting
from factoryview.app.session import TYPED, Effect, Session
from factoryview.app.taking_away import file_written
from factoryview.errors import FactoryviewError, InputError
from factoryview.export.frames import Frames, whole_floor
from factoryview.export.picture import save_picture
from factoryview.language import Language
from factoryview.language.said import because, in_language
from factoryview.plant.notes import Notes
from factoryview.scene.art.art import Art
from factoryview.scene.chrome.dialog import Row, notice_node
from factoryview.scene.floor.camera import Camera
from factoryview.scene.painter import Painter
from factoryview.scene.picture import Moment
from factoryview.scene.themes import THEMES
from factoryview.scene.ui.composition import LARGE, Composition, composed
from factoryview.scene.ui.node import Action, Node
from factoryview.view.health import FeedHealth
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.view.state import State

_MOST_STEPS = 200
"""Steps that can be taken back."""
_GLIDING = ("pan", "zoom", "nearer", "farther")
"""Commands that make one step together, as long as nothing else is done."""
_NOTICE = 4.0
"""Seconds for which a notice stays at least."""
_READ = 16.0
"""Letters read in a second."""


def over(root: Node, signs: Sequence[Node]) -> Node:
    """The tree with more nodes in its overlay, below what is there."""
    if not signs:
        return root
    *layers, overlay = root.children
    return replace(root, children=(*layers, replace(overlay, children=(*signs, *overlay.children))))


class PlantScreen:
    """A screen of one playback. It knows no window, so that it can be tested."""

    def __init__(self, playback: Playback, size: tuple[int, int], options: PlantOptions) -> None:
        self.wishes: deque[str] = deque()
        self.playback, self.options = playback, options
        self.past: list[Session] = []
        """The sessions that undo goes back to, the latest last."""
        self.future: list[Session] = []
        self._last_command = ""
        self._pointer = Pointer()
        self._notice, self._notice_left = "", 0.0
        self._settings = options.settings
        self._film: Filming | None = None
        self._size = size
        self._relaying = Relaying(playback)
        self._seen: tuple[object, Node] | None = None
        self._ribbon = Ribbon()
        self._pictured: tuple[object, tuple[State, Moment]] | None = None
        model = playback.model
        self.presentation = Presentation(model, playback.language, title=options.title)
        home = whole_floor(self.presentation.facts, composed(size, LARGE if options.large_text else 1.0))
        self.session = Session(
            options.playhead(model, live=playback.now() is not None), home, home, model.counts.history.width,
            live=playback.now() is not None, theme=options.theme, language=playback.language.code,
            low_motion=options.low_motion, large_text=options.large_text,
        )  # fmt: skip
        self.painter = self._painter()

    @property
    def model(self) -> Model:
        """What is shown of the playback."""
        return self.presentation.model

    @property
    def art(self) -> Art:
        return self.painter.art

    @property
    def composition(self) -> Composition:
        """Where its parts stand."""
        return self._whole

    @property
    def _whole(self) -> Composition:
        """Where its parts stand while nothing is open beside the floor."""
        return composed(self._size, LARGE if self.session.large_text else 1.0)

    def advance(self, seconds: float) -> None:
        self._relaying.look(self._whole.aspect)
        if (latest := self._latest()) is not self.model:
            self._renew(latest)
        pacing = self._ribbon.pacing(self.session, self.presentation)
        head = self.session.playhead.advanced(seconds, self._end_of_log(), pacing)
        if head != self.session.playhead:
            self.session = replace(self.session, playhead=head, ribbon=following(self.session.ribbon, head))
        self.playback.look(head.at, head.shown_pace)
        if self._film is not None and self._film.advance():
            self._end_film(self._film)
        self._pointer = self._pointer.later(seconds)
        self._notice_left -= seconds
        if self._notice_left <= 0:
            self._notice = ""
        if head.waits and self.model.counting is not None:
            self._notice = waiting(self.model.counting, self.presentation.language)

    def tree(self, size: tuple[int, int]) -> Node:
        if size != self._size:
            self._resized(size)
        health = self._health()
        shown_of = (self.session, health, size, self._notice, self.presentation, self._found(), self._finding())
        if self._seen is None or self._seen[0] != shown_of:
            state, moment = self._now(health)
            ribbon = self._ribbon.facts(self.session, self.presentation)
            root = self.painter.tree(moment, self.session.camera, self.composition, self._overlay(), ribbon=ribbon)
            self._seen = shown_of, self._with_signs(root, state)
        return self._seen[1]

    def _health(self) -> FeedHealth:
        """How the sources are of what is shown."""
        return self.playback.health()

    def _now(self, health: FeedHealth) -> tuple[State, Moment]:
        """The plant at the playhead; asked again only where that, or what is known of it, is another."""
        head, presentation = self.session.playhead, self.presentation
        of = (head.at, head.shown_pace, head.playing, health, presentation, self.model.studied, self._finding())
        if self._pictured is None or self._pictured[0] != of:
            state = self.model.state(head.at, head.shown_pace, playing=head.playing, health=health)
            self._pictured = of, (state, presentation.wording.moment(state))
        return self._pictured[1]

    def _finding(self) -> object:
        """What has been found out about the moment of the playhead."""
        studied = self.model.studied
        return None if studied is None or studied.findings is None else studied.findings.known(self.session.playhead.at)

    def handle(self, event: pygame.Event, tree: Node) -> None:
        if event.type == pygame.KEYDOWN:
            command = of_key(name_of(event), self.session)
            typed = getattr(event, "unicode", "")
            if command is not None:
                self.run(Action(command.name), tree)
            elif self.session.dialog in TYPED and typed.isprintable():
                self.run(Action("type", (typed,)), tree)
            return
        self._pointer, actions = self._pointer.handled(event, tree)
        for action in actions:
            self.run(action, tree)

    def run(self, action: Action, tree: Node) -> None:
        """Do a command, if it can be done now. tree: what is seen."""
        command, before = COMMANDS[action.command], self.session
        if not command.enabled(before):
            return
        after = command.run(before, *action.arguments)
        effects, after = after.effects, replace(after, effects=())
        if command.leaves and after.place != before.place:
            after = after.coming_from(before)
        if command.undoable and after != before:
            if command.name not in _GLIDING or self._last_command not in _GLIDING:
                self.past = [*self.past[-_MOST_STEPS + 1 :], before]
            self.future = []
        self._last_command = command.name
        self._become(after)
        for effect in effects:
            self._do(effect, before, tree)

    def say(self, words: str) -> None:
        """Show a sentence for a while."""
        self._notice, self._notice_left = words, max(_NOTICE, len(words) / _READ)

    def _become(self, session: Session) -> None:
        """Go on with another session, and show it as it asks."""
        before, self.session = self.session, session
        if session.language != before.language:
            old = self.presentation.language
            language = Language(session.language, old.zone.key, old.currency)
            self.presentation = Presentation(self.model, language, title=self.options.title)
            self.painter.renew(self.presentation.facts)
        if (session.theme, session.low_motion, session.lens) != (before.theme, before.low_motion, before.lens):
            self.painter = self._painter()
        view = self.composition.view
        if self.session.camera.view != view or self.session.home.view != view:
            home = whole_floor(self.presentation.facts, self.composition)
            self.session = replace(self.session, camera=self._through(home), home=home)

    def _through(self, home: Camera) -> Camera:
        """The camera, after the part of the screen has changed through which the floor is seen. home: sees all."""
        return home

    def _end_of_log(self) -> int | None:
        """Up to when there is something to see of a log that grows, µs UTC; None: it does not grow."""
        return self.playback.now()

    def _latest(self) -> Model:
        """The model that is to be shown."""
        return self.playback.model

    def _more(self) -> Sequence[Row]:
        """What the palette finds beside commands."""
        return ()

    def _found(self) -> object:
        """What has been found out beside the picture, and changes it."""
        model, film = self.model, self._film and self._film.share
        return model.studied, model.lookback, model.factory.notes, film, counted(model, self.presentation.language)

    def _to_change(self, forward: bool) -> None:
        """Go to the next change, or the one before, and say what it is."""
        lookback, head, say = self.model.lookback, self.session.playhead, self.presentation.language.text
        if lookback is None:
            self.say(say("notice.looking_back"))
            return
        found = change_from(self.presentation, head, forward=forward)
        if found is None:
            self.say(say("notice.no_change_after" if forward else "notice.no_change_before"))
            return
        at, said = found
        head = head.sought(at)
        self.session = replace(self.session, playhead=head, ribbon=following(self.session.ribbon, head))
        self.say(said)

    def _rows_of_dialog(self) -> Sequence[Row]:
        """What the dialog with an entry finds, beside commands."""
        return self._more() if self.session.dialog == "palette" else noting_rows(self.session, self.presentation)

    def _write_note(self) -> None:
        """Write what was typed; the dialog stays open where that cannot be."""
        shown, session = self.presentation, self.session
        folder, line = shown.model.factory.notes_folder, session.typed
        if not line.strip() or folder is None:
            return
        try:
            self._take(written(folder, line, session.playhead.at, stage_chosen(session, shown)))
        except InputError as error:
            self.say(error.inside(self.presentation.language.code))
            return
        self.session = replace(self.session, dialog="", typed="", row=0)
        self.say(shown.language.text("notice.noted", folder=folder.name))

    def _change_note(self) -> None:
        """The next state of the note on which the list stands."""
        folder, listed = self.model.factory.notes_folder, listed_notes(self.session, self.presentation)
        if folder is None or not listed:
            return
        try:
            self._take(with_next_state(folder, listed[self.session.row % len(listed)][0]))
        except InputError as error:
            self.say(error.inside(self.presentation.language.code))

    def _take(self, notes: Notes) -> None:
        """What is written now is shown."""
        for model in (self.model, self.playback.model):
            model.factory.notes = notes

    def _do(self, effect: Effect, before: Session, tree: Node) -> None:
        """What a command has asked for. before: the session in which it was given."""
        if effect == "undo":
            self._step(self.past, self.future)
        elif effect == "redo":
            self._step(self.future, self.past)
        elif effect == "press":
            self._press(tree)
        elif effect in ("focus_next", "focus_previous"):
            if name := next_focus(tree, self.session.focus, 1 if effect == "focus_next" else -1):
                self.run(Action("focus", (name,)), tree)
        elif effect == "picture":
            self._save_picture()
        elif effect == "settings":
            self._keep_settings(before)
        elif effect in ("next_change", "previous_change"):
            self._to_change(effect == "next_change")
        elif effect in FILMS:
            self._begin_film(FILMS[effect])
        elif effect == "film_off" and self._film is not None:
            self._end_film(self._film)
        elif effect == "note_state":
            self._change_note()
        elif effect == "pacing":
            say = self.presentation.language.text
            free = say("pace.skipping" if self.session.skipping else "pace.not_skipping")
            self.say(f"{say(f'pace.{self.session.pacing}')} · {free}")
        else:
            self.wishes.append(effect)

    def _step(self, source: list[Session], target: list[Session]) -> None:
        if source:
            target.append(self.session)
            self._become(self.session.seen_from(source.pop()))

    def _press(self, tree: Node) -> None:
        if self.session.dialog == "note":
            self._write_note()
            return
        if self.session.dialog in TYPED:
            action = chosen(self.session, self.presentation.language, self._rows_of_dialog())
            self.run(Action("close"), tree)
            if action is not None:
                self.run(action, tree)
            return
        node = tree.find(self.session.focus)
        if node is not None and node.action is not None:
            self.run(node.action, tree)

    def _mark(self) -> str:
        """What a picture that is kept as a file says beside the plant's name; nothing, most of the time."""
        return ""

    def _taken_away(self) -> Presentation:
        """What such a picture is made of."""
        shown, mark = self.presentation, self._mark()
        return Presentation(self.model, shown.language, title=f"{shown.facts.title} · {mark}") if mark else shown

    def _save_picture(self) -> None:
        """What is seen, without dialogs and notices, as a file in the present folder."""
        session, head = self.session, self.session.playhead
        frames = Frames(
            self._taken_away(), self._size, THEMES[session.theme].seen_through(session.lens),
            smallest_text=self.options.smallest_text, low_motion=session.low_motion,
            scale=LARGE if session.large_text else 1.0,
        )  # fmt: skip
        camera = session.camera.instead(session.home, frames.camera)

        def write(path: Path) -> None:
            health = self._health()
            save_picture(frames.at(head.at, head.shown_pace, playing=head.playing, health=health, camera=camera), path)

        name = f"factoryview-{head.at // 1_000_000}.png"
        self.say(file_written(name, write, "notice.saved", self.presentation.language))

    def _begin_film(self, suffix: str) -> None:
        """Of the span that plays again and again, else of the last days, as it is seen now."""
        try:
            seen = self._taken_away(), self.playback, self.session
            self._film = Filming.of(*seen, suffix, self._size, self.options)
        except FactoryviewError as error:
            self.say(error.inside(self.presentation.language.code))
            return
        self.session = replace(self.session, filming=True)

    def _end_film(self, film: Filming) -> None:
        """Finished or given up."""
        self.say(film.ended(self.presentation.language))
        self._film, self.session = None, replace(self.session, filming=False)

    def _keep_settings(self, before: Session) -> None:
        """Keep what has been chosen now; what came from elsewhere is not the user's choice."""
        now = self.session
        for name in ("theme", "language", "low_motion", "large_text"):
            if getattr(now, name) != getattr(before, name):
                self._settings = replace(self._settings, **{name: getattr(now, name)})
        try:
            self.options.keep(self._settings)
        except OSError as error:
            language = self.presentation.language
            self.say(language.text("notice.not_kept", why=in_language(because(error), language.code)))

    def _overlay(self) -> tuple[Node, ...]:
        more = self._rows_of_dialog()
        language, legend = self.presentation.language, self.presentation.facts.legend
        over = dialog_nodes(self.session, language, self.composition, legend, more)
        told = self._notice or (self._film.progress(language) if self._film is not None else "")
        return (*over, notice_node(told, self.composition)) if told else over

    def _with_signs(self, root: Node, state: State) -> Node:  # noqa: ARG002
        """The tree with what is to be said over what is there."""
        return over(root, list(focus_signs(root, self.session, self.presentation.language, self.composition)))

    def _painter(self) -> Painter:
        session = self.session
        theme = THEMES[session.theme].seen_through(session.lens)
        return Painter(
            self.presentation.facts, theme, smallest_text=self.options.smallest_text,
            low_motion=session.low_motion,
        )  # fmt: skip

    def _renew(self, model: Model) -> None:
        """Go on with what has come since; on another floor the camera sees all of it."""
        same, as_before = model.topology.plan == self.model.topology.plan, model.lens is self.model.lens
        self.presentation = self.presentation.of(model)
        head = self.session.playhead.extended(model.first, model.last, model.until)
        self.session = replace(self.session, playhead=head, step=model.counts.history.width)
        if same and as_before:
            self.painter.renew(self.presentation.facts)
        else:
            self.painter = self._painter()
        if not same:
            self._go_home()

    def _resized(self, size: tuple[int, int]) -> None:
        self._size = size
        self._go_home()

    def _go_home(self) -> None:
        home = whole_floor(self.presentation.facts, self.composition)
        self.session = replace(self.session, camera=home, home=home)
