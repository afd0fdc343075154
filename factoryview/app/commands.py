"""Everything that can be done, in one registry. Keys, pointer, palette, help and the README's table are views of it.

A command makes a session of a session and touches nothing else. Its title is the catalogue's text `command.NAME`.

It is long, for it is a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from factoryview.app.intervening import (
    asking_whatif,
    dropped,
    intervened,
    into_future,
    listing_scenarios,
    renamed,
    taken_back,
)
from factoryview.app.session import PAGES, SPANS, TYPED, Dialog, Effect, Session
from factoryview.language import Language
from factoryview.scene.text import drawable
from factoryview.scene.themes import THEMES
from factoryview.store.selection import RouteIs, Selection
from factoryview.view.figures_over_time import FIGURES
from factoryview.view.pacing import PACES

Section = Literal["time", "view", "window", "dialog", "pointer"]
ZOOM = 1.15
"""How much nearer a turn of the wheel brings."""
RIBBON_ZOOM = 1.25
"""How much nearer a turn of the wheel brings the timeline."""
_SHORTEST = 12
"""Steps that the timeline shows at least."""
_PART = 0.42
"""Share of the view that what one flies to takes."""
_LONGEST = 240
"""Letters that can be typed into a dialog."""


@dataclass(frozen=True)
class Command:
    """Something that can be done. Commands of the same key are asked in the registry's order; the first that is
    enabled does it.
    """

    name: str
    section: Section
    """Those of a dialog and of the pointer need it and are not offered elsewhere."""
    keys: tuple[str, ...]
    """As `factoryview.app.keys` names them."""
    run: Callable[..., Session]
    enabled: Callable[[Session], bool] = lambda _session: True
    undoable: bool = False
    """Whether what it changes can be taken back."""
    leaves: bool = False
    """Whether the place where one was is remembered."""

    def title(self, language: Language) -> str:
        """What it does, in words."""
        return language.text(f"command.{self.name}")


def _plain(session: Session) -> bool:
    return not session.dialog


def _not_filming(session: Session) -> bool:
    return not session.filming and not session.dialog


def _in_entry(session: Session) -> bool:
    return session.dialog in TYPED


def _in_notes(session: Session) -> bool:
    return session.dialog == "notes"


def _chosen(session: Session) -> bool:
    return bool(session.selection) and not session.dialog


def _of_what_happened(session: Session) -> bool:
    return not session.dialog and session.future_from is None


def _with_scenario(session: Session) -> bool:
    return bool(session.scenario)


def _to_compare(session: Session) -> bool:
    return session.future_from is not None and bool(session.scenario) and not session.dialog


def _focused(session: Session) -> bool:
    return bool(session.focus)


def _pressable(session: Session) -> bool:
    return _focused(session) or _in_entry(session)


def _seek(session: Session, share: float) -> Session:
    """A share of what the timeline shows."""
    head = session.playhead
    first, last = session.ribbon or (head.first, head.last)
    return replace(session, playhead=head.sought(first + round(share * (last - first))))


def _edge(session: Session, at: int) -> Session:
    return replace(session, playhead=session.playhead.sought(at), ribbon=None)


def _ribbon_zoomed(session: Session, turns: float, share: float | None = None) -> Session:
    """The timeline nearer around a share of it; without one around the playhead."""
    head = session.playhead
    since, until = session.ribbon or (head.first, head.last)
    about = head.at if share is None else since + round(share * (until - since))
    long = max(_SHORTEST * session.step, round((until - since) / RIBBON_ZOOM**turns))
    if long >= head.last - head.first:
        return replace(session, ribbon=None)
    part = min(1.0, max(0.0, (about - since) / max(1, until - since)))
    return _ribbon_at(session, about - round(part * long), long)


def _ribbon_panned(session: Session, share: float = 0.0) -> Session:
    """The timeline moved by a share of what it shows."""
    if session.ribbon is None:
        return session
    since, until = session.ribbon
    return _ribbon_at(session, since - round(share * (until - since)), until - since)


def _ribbon_at(session: Session, since: int, long: int) -> Session:
    head = session.playhead
    begin = min(max(since, head.first), head.last - long)
    return replace(session, ribbon=(begin, begin + long))


def _at_note(session: Session, at: int, node: str) -> Session:
    """At the moment of a note and, if it has one, its stage."""
    return replace(_to(session, at), selection=node)


def _looped(session: Session) -> Session:
    """A span that plays again and again: its begin, then its end, then none."""
    head = session.playhead
    if head.within is not None:
        return replace(session, playhead=replace(head, within=None), loop_from=None)
    if session.loop_from is None:
        return replace(session, loop_from=head.at)
    begin, end = sorted((session.loop_from, head.at))
    if begin == end:
        return replace(session, loop_from=None)
    return replace(session, playhead=replace(head, within=(begin, end), at=begin, live=False), loop_from=None)


def _stepped(session: Session, steps: int) -> Session:
    head = session.playhead
    return replace(session, playhead=head.sought(head.at + steps * session.step))


def _to(session: Session, at: int) -> Session:
    return replace(session, playhead=session.playhead.sought(at))


def _zoomed(session: Session, turns: float, about: tuple[int, int] | None = None) -> Session:
    view = session.camera.view
    middle = about or (view.x + view.w // 2, view.y + view.h // 2)
    return replace(session, camera=session.camera.zoomed(ZOOM**turns, middle))


def _panned(session: Session, pixels: tuple[int, int]) -> Session:
    return replace(session, camera=session.camera.panned(pixels))


def _within(session: Session, since: int, until: int, share: float) -> Session:
    return _to(session, since + round(share * (until - since)))


def _flown(session: Session, node: str, middle: tuple[int, int], wide: int) -> Session:
    """As near as makes so many pixels a good part of the view, with that pixel's point in its middle."""
    view = session.camera.view
    factor = _PART * view.w / max(1, wide)
    near = session.camera.zoomed(factor, middle)
    camera = near.panned((view.centerx - middle[0], view.centery - middle[1]))
    return replace(session, camera=camera, selection=node, made_room=None)


def _filtered(session: Session, condition: Selection) -> Session:
    """With one more condition, or without it if it was there."""
    others = tuple(each for each in session.filters if each != condition)
    return replace(session, filters=others if len(others) < len(session.filters) else (*others, condition))


def _routed(session: Session, condition: RouteIs) -> Session:
    """With one route in the place of any other, or without it if it was there."""
    others = tuple(each for each in session.filters if not isinstance(each, RouteIs))
    return replace(session, filters=others if condition in session.filters else (*others, condition))


def _kept(session: Session, name: str) -> Session:
    """With the filters that hold under a name, in the place of others of that name."""
    others = tuple(each for each in session.kept if each[0] != name)
    return replace(session, kept=tuple(sorted((*others, (name, session.filters)), key=lambda each: each[0])))


def _forgotten(session: Session, name: str) -> Session:
    return replace(session, kept=tuple(each for each in session.kept if each[0] != name))


def _joined(session: Session, conditions: tuple[Selection, ...]) -> Session:
    """With more conditions beside those that hold."""
    return replace(session, filters=tuple(dict.fromkeys((*session.filters, *conditions))))


def _next(names: tuple[Any, ...], field: str) -> Callable[[Session], Session]:
    def change(session: Session) -> Session:
        at = names.index(getattr(session, field)) + 1
        return replace(session, **{field: names[at % len(names)]})

    return change


def _other_theme(session: Session) -> Session:
    names = list(THEMES)
    return replace(session, theme=names[(names.index(session.theme) + 1) % len(names)]).asking("settings")


def _other_language(session: Session) -> Session:
    return replace(session, language="en" if session.language == "de" else "de").asking("settings")


def _other_motion(session: Session) -> Session:
    return replace(session, low_motion=not session.low_motion).asking("settings")


def _other_text(session: Session) -> Session:
    return replace(session, large_text=not session.large_text).asking("settings")


def _opened(dialog: Dialog) -> Callable[[Session], Session]:
    return lambda session: replace(session, dialog=dialog, typed="", row=0, focus="")


def _closed(session: Session) -> Session:
    return replace(session, dialog="", typed="", row=0)


def _typed(session: Session, letters: str) -> Session:
    return replace(session, typed=(session.typed + drawable(letters))[:_LONGEST], row=0)


def _erased(session: Session) -> Session:
    return replace(session, typed=session.typed[:-1], row=0)


def _moved(rows: int) -> Callable[[Session], Session]:
    return lambda session: replace(session, row=session.row + rows)


def _asking(effect: Effect) -> Callable[[Session], Session]:
    return lambda session: session.asking(effect)


def _playing(change: Callable[[Any], Any]) -> Callable[[Session], Session]:
    return lambda session: replace(session, playhead=change(session.playhead))


_ALL = (
    Command("close", "dialog", ("escape",), _closed, lambda session: bool(session.dialog)),
    Command("type", "dialog", (), _typed, _in_entry),
    Command("choose", "pointer", (), lambda session, row: replace(session, row=row).asking("press"), _in_entry),
    Command("erase", "dialog", ("backspace",), _erased, _in_entry),
    Command("row_up", "dialog", ("up",), _moved(-1), _in_entry),
    Command("row_down", "dialog", ("down",), _moved(1), _in_entry),
    Command("note_state", "dialog", ("tab",), _asking("note_state"), _in_notes),
    Command("unfocus", "dialog", ("escape",), lambda session: replace(session, focus=""), _focused),
    Command("unfollow", "dialog", ("escape",), lambda session: replace(session, followed=-1),
            lambda session: session.followed >= 0 and not session.dialog),
    Command("deselect", "dialog", ("escape",), lambda session: replace(session, selection=""), _chosen,
            undoable=True, leaves=True),
    Command("leave_future", "dialog", ("escape",), into_future,
            lambda session: session.future_from is not None and not session.dialog),
    Command("leave_inside", "dialog", ("escape",), _asking("leave_inside"),
            lambda session: session.depth > 0 and not session.dialog),
    Command("press", "dialog", ("return",), _asking("press"), _pressable),
    Command("play", "time", ("space",), _playing(lambda head: head.toggled()), _plain),
    Command("faster", "time", ("+", "="), _playing(lambda head: head.faster()), _plain),
    Command("slower", "time", ("-",), _playing(lambda head: head.faster(-1)), _plain),
    Command("back", "time", ("left",), lambda session: _stepped(session, -1), _plain),
    Command("on", "time", ("right",), lambda session: _stepped(session, 1), _plain),
    Command("first", "time", ("home",), lambda session: _edge(session, session.playhead.first), _plain),
    Command(
        "now", "time", ("l", "end"), _playing(lambda head: head.to_live()),
        lambda session: session.live and _of_what_happened(session),
    ),
    Command("last", "time", ("end",), lambda session: _edge(session, session.playhead.last), _plain),
    Command("next_change", "time", ("n",), _asking("next_change"), _plain),
    Command("previous_change", "time", ("v",), _asking("previous_change"), _plain),
    Command("loop_span", "time", ("o",), _looped, _plain),
    Command("pace_by", "time", ("g",), lambda session: _next(PACES, "pacing")(session).asking("pacing"), _plain),
    Command(
        "skip_free", "time", ("k",),
        lambda session: replace(session, skipping=not session.skipping).asking("pacing"), _plain,
    ),
    Command("ribbon_nearer", "time", (".",), lambda session: _ribbon_zoomed(session, 2), _plain),
    Command("ribbon_farther", "time", (",",), lambda session: _ribbon_zoomed(session, -2), _plain),
    Command("ribbon_zoom", "pointer", (), _ribbon_zoomed),
    Command("ribbon_pan", "pointer", (), _ribbon_panned),
    Command("seek", "pointer", (), _seek),
    Command("to", "pointer", (), _to),
    Command("within", "pointer", (), _within),
    Command(
        "whole", "view", ("0",), lambda session: replace(session, camera=session.home), _plain,
        undoable=True, leaves=True,
    ),
    Command("go_back", "view", ("alt+left",), lambda session: session.went(back=True), _plain),
    Command("go_on", "view", ("alt+right",), lambda session: session.went(back=False), _plain),
    Command("nearer", "view", ("pageup",), lambda session: _zoomed(session, 1), _plain, undoable=True),
    Command("farther", "view", ("pagedown",), lambda session: _zoomed(session, -1), _plain, undoable=True),
    Command("zoom", "pointer", (), _zoomed, undoable=True),
    Command("pan", "pointer", (), _panned, undoable=True),
    Command(
        "select", "pointer", (), lambda session, node: replace(session, selection=node), undoable=True, leaves=True
    ),
    Command("fly", "pointer", (), _flown, undoable=True, leaves=True),
    Command("enter", "pointer", (), _flown, undoable=True, leaves=True),
    Command("inside", "view", ("h",), _asking("inside"), _plain),
    Command("open_inside", "pointer", (), lambda session, stage: replace(session, opening=stage), _of_what_happened),
    Command("filter", "pointer", (), _filtered, undoable=True),
    Command(
        "clear_filters", "view", ("x",), lambda session: replace(session, filters=()), _plain, undoable=True
    ),
    Command("follow", "pointer", (), lambda session, stay: replace(session, followed=stay)),
    Command("follow_crate", "view", ("f",), _asking("follow"), _plain),
    Command("routes", "view", ("r",), lambda session: replace(session, selection="plant/routes"), _plain,
            undoable=True, leaves=True),
    Command("forecast", "view", ("d",), lambda session: replace(session, selection="plant/forecast"), _plain,
            undoable=True, leaves=True),
    Command("route", "pointer", (), _routed, undoable=True),
    Command("filters", "pointer", (), _joined, undoable=True),
    Command("keep", "pointer", (), _kept, lambda session: bool(session.filters), undoable=True),
    Command("forget", "pointer", (), _forgotten, undoable=True),
    Command("lens", "pointer", (), lambda session, name: replace(session, lens=name), undoable=True),
    Command("lens_next", "view", ("c",), _asking("lens_next"), _plain),
    Command("whatif", "view", ("b",), asking_whatif, _plain, undoable=True, leaves=True),
    Command("scenarios", "view", ("s",), listing_scenarios, _plain, undoable=True, leaves=True),
    Command("future", "view", ("u",), into_future, _plain),
    Command("beside", "view", ("z",),
            lambda session: replace(session, beside=not session.beside, camera=session.home, made_room=None),
            _to_compare),
    Command("intervene", "pointer", (), intervened, undoable=True),
    Command("take_back", "pointer", (), taken_back, undoable=True),
    Command("scenario", "pointer", (), lambda session, name: replace(session, scenario=name), undoable=True),
    Command("name_scenario", "pointer", (), renamed, _with_scenario, undoable=True),
    Command("drop_scenario", "pointer", (), dropped, undoable=True),
    Command("page", "pointer", (), lambda session, page: replace(session, page=page)),
    Command("span", "pointer", (), lambda session, span: replace(session, span=span)),
    Command("tray", "view", ("a",), lambda session: replace(session, tray=not session.tray), _plain),
    Command("page_next", "view", ("p",), _next(PAGES, "page"), _plain),
    Command("span_next", "view", ("w",), _next(SPANS, "span"), _plain),
    Command("figure_next", "view", ("y",), _next(FIGURES, "figure"), _plain),
    Command("hover", "pointer", (), lambda session, node: replace(session, hover=node)),
    Command("focus", "pointer", (), lambda session, node: replace(session, focus=node)),
    Command("focus_next", "view", ("tab",), _asking("focus_next"), _plain),
    Command("focus_previous", "view", ("shift+tab",), _asking("focus_previous"), _plain),
    Command("theme", "view", ("t",), _other_theme, _plain, undoable=True),
    Command("language", "view", ("f2",), _other_language, _plain, undoable=True),
    Command("low_motion", "view", ("m",), _other_motion, _plain, undoable=True),
    Command("large_text", "view", ("f3",), _other_text, _plain, undoable=True),
    Command("undo", "view", ("ctrl+z",), _asking("undo"), _plain),
    Command("redo", "view", ("ctrl+y", "ctrl+shift+z"), _asking("redo"), _plain),
    Command("palette", "window", ("ctrl+k", "/"), _opened("palette"), _plain),
    Command("note", "window", ("e",), _opened("note"), _of_what_happened),
    Command("act_on", "pointer", (), lambda session, line: replace(_opened("note")(session), typed=line[:_LONGEST]),
            _of_what_happened),
    Command("notes", "window", ("j",), _opened("notes"), _plain),
    Command("note_at", "pointer", (), _at_note, leaves=True),
    Command("help", "window", ("?", "f1"), _opened("help"), _plain),
    Command("legend", "window", ("i",), _opened("legend"), _plain),
    Command("fullscreen", "window", ("f11", "alt+return"), _asking("fullscreen")),
    Command("picture", "window", ("f12",), _asking("picture")),
    Command("film", "window", ("f9",), _asking("film"), _not_filming),
    Command("film_gif", "window", ("shift+f9",), _asking("film_gif"), _not_filming),
    Command("film_pictures", "window", ("ctrl+f9",), _asking("film_pictures"), _not_filming),
    Command("film_off", "window", ("f9", "escape"), _asking("film_off"),
            lambda session: session.filming and not session.dialog),
    Command("copy", "window", ("ctrl+c",), _asking("copy"), _plain),
    Command("export", "window", ("ctrl+e",), _asking("export"), _plain),
    Command("save_scenarios", "window", ("ctrl+s",), _asking("save_scenarios"),
            lambda session: bool(session.scenarios) and not session.dialog),
    Command("quit", "window", ("escape", "q"), _asking("quit"), _plain),
)  # fmt: skip

COMMANDS: Mapping[str, Command] = {command.name: command for command in _ALL}
"""Name → command."""


def of_key(key: str, session: Session) -> Command | None:
    """What a key does now."""
    return next((command for command in _ALL if key in command.keys and command.enabled(session)), None)


def offered(session: Session) -> Iterator[Command]:
    """What palette and menus offer: all that needs nothing more, and can be done where the dialog is closed."""
    free = replace(session, dialog="")
    return (command for command in listed() if command.enabled(free))


def listed() -> Iterator[Command]:
    """What help and README list."""
    return (command for command in _ALL if command.section in ("time", "view", "window"))


def found(session: Session, language: Language) -> list[Command]:
    """What is offered and has every typed word in its title, in the registry's order."""
    words = session.typed.casefold().split()
    return [
        command for command in offered(session)
        if all(word in f"{command.title(language)} {command.name}".casefold() for word in words)
    ]  # fmt: skip
