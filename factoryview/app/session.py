"""Where somebody is in a plant: frozen, so that every step can be kept and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from factoryview.language import Code
from factoryview.plant.scenario_file import Scenario
from factoryview.scene.floor.camera import Camera
from factoryview.scene.theme import ThemeName
from factoryview.store.selection import Selection
from factoryview.view.figures_over_time import Figure
from factoryview.view.pacing import Pace
from factoryview.view.playhead import Playhead

Effect = Literal[
    "quit",
    "fullscreen",
    "picture",
    "undo",
    "redo",
    "settings",
    "press",
    "focus_next",
    "focus_previous",
    "copy",
    "lens_next",
    "follow",
    "inside",
    "leave_inside",
    "export",
    "next_change",
    "previous_change",
    "pacing",
    "note_state",
    "save_scenarios",
    "film",
    "film_gif",
    "film_pictures",
    "film_off",
]
"""What a command asks for that needs more than a session: the window, the sessions before, the tree that is shown."""
Dialog = Literal["", "help", "legend", "palette", "note", "notes"]
TYPED: tuple[Dialog, ...] = ("palette", "note", "notes")
"""Dialogs with an entry."""
Page = Literal["now", "history", "why", "routes", "cases", "whatif"]
PAGES: tuple[Page, ...] = ("now", "history", "why", "routes", "cases", "whatif")
"""What the panel of something chosen shows."""
Span = Literal["day", "week", "month", "quarter", "all"]
SPANS: tuple[Span, ...] = ("day", "week", "month", "quarter", "all")
"""How much of the past its charts show."""
_MOST_PLACES = 10
"""Places that are remembered."""


@dataclass(frozen=True)
class Viewpoint:
    """Where one was: what was seen, and what was chosen."""

    camera: Camera
    selection: str


@dataclass(frozen=True)
class Session:
    """Everything that somebody who looks at a plant has chosen. What is shown is a function of it and the plant."""

    playhead: Playhead
    camera: Camera
    home: Camera
    """The camera that sees everything."""
    step: int
    """µs by which one goes back and on."""
    ribbon: tuple[int, int] | None = None
    """The span that the timeline shows, µs UTC; None: the whole log."""
    loop_from: int | None = None
    """Where a span begins that is to play again and again; it has no end yet."""
    pacing: Pace = "time"
    """By what display time is spread over the log."""
    skipping: bool = False
    """Nights and free days take no time."""
    live: bool = False
    """The plant goes on while one looks."""
    theme: ThemeName = "night"
    language: Code = "en"
    low_motion: bool = False
    """Only crates move."""
    large_text: bool = False
    """Letters beside the floor are larger."""
    lens: str = "channel"
    """What the hues of crates mean."""
    selection: str = ""
    """The id of the node that was chosen."""
    page: Page = "now"
    """Of the panel of what was chosen."""
    span: Span = "month"
    """Of its charts."""
    figure: Figure = "go"
    """Whose natural limits its chart shows."""
    made_room: tuple[Camera, Camera] | None = None
    """The camera before the panel opened, and as it was moved so that the panel does not cover what was chosen."""
    been: tuple[Viewpoint, ...] = ()
    """The places one came from, the last one last."""
    ahead: tuple[Viewpoint, ...] = ()
    """The places one went back from, the last one last."""
    tray: bool = False
    """The alarms lie open at the foot of the floor."""
    filters: tuple[Selection, ...] = ()
    """Conditions that all cases that are shown fulfil."""
    followed: int = -1
    """A stay of the case with which the camera goes; -1: with none."""
    kept: tuple[tuple[str, tuple[Selection, ...]], ...] = ()
    """Filters that have a name, each with its conditions, in the order of the names."""
    scenarios: tuple[Scenario, ...] = ()
    """What would be changed in the plant."""
    future_from: int | None = None
    """Since when (µs UTC) what is shown is a simulated future; None: it is what happened."""
    beside: bool = False
    """In a simulated future the plant as it would be without the open scenario is seen beside it."""
    scenario: str = ""
    """The name of the one that is open; "": the next change begins another."""
    opening: str = ""
    """The machine whose own floor is asked for; "": none is."""
    depth: int = 0
    """Inside of how many machines one is."""
    filming: bool = False
    """A film is being made."""
    focus: str = ""
    """The id of the node that the keyboard would press."""
    hover: str = ""
    """The id of the node that the pointer is on, if there is more to say of it."""
    dialog: Dialog = ""
    """What lies over the plant."""
    typed: str = ""
    """What was typed into the dialog."""
    row: int = 0
    """Which row of the dialog is chosen."""
    effects: tuple[Effect, ...] = ()
    """What is still to be done for it."""

    def asking(self, effect: Effect) -> Session:
        """The same, with something to be done."""
        return replace(self, effects=(*self.effects, effect))

    @property
    def place(self) -> Viewpoint:
        """Where one is."""
        return Viewpoint(self.camera, self.selection)

    def coming_from(self, before: Session) -> Session:
        """The same, with the way back to where one was; the way ahead is gone."""
        return replace(self, been=(*before.been, before.place)[-_MOST_PLACES:], ahead=())

    def went(self, back: bool) -> Session:
        """At the last place one came from or, if not `back`, went back from; where there is none, here."""
        source, target = (self.been, self.ahead) if back else (self.ahead, self.been)
        if not source:
            return self
        source, target = source[:-1], (*target, self.place)[-_MOST_PLACES:]
        to = (self.been if back else self.ahead)[-1]
        been, ahead = (source, target) if back else (target, source)
        return replace(self, camera=to.camera, selection=to.selection, made_room=None, been=been, ahead=ahead)

    def seen_from(self, before: Session) -> Session:
        """This moment with the view of an earlier session: what undo brings back."""
        return replace(
            self, camera=before.camera, made_room=before.made_room, theme=before.theme, language=before.language,
            low_motion=before.low_motion,
            large_text=before.large_text, lens=before.lens, selection=before.selection, filters=before.filters,
            kept=before.kept, scenarios=before.scenarios, scenario=before.scenario,
        )  # fmt: skip
