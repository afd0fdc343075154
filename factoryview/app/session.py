"""Where somebody is in a plant: frozen, so that every step can be kept and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from factoryview.language import Code
from factoryview.scene.floor.camera import Camera
from factoryview.scene.theme import ThemeName
from factoryview.view.playhead import Playhead

Effect = Literal["quit", "fullscreen", "picture", "undo", "redo", "settings", "press", "focus_next", "focus_previous"]
"""What a command asks for that needs more than a session: the window, the sessions before, the tree that is shown."""
Dialog = Literal["", "help", "legend", "palette"]


@dataclass(frozen=True)
class Session:
    """Everything that somebody who looks at a plant has chosen. What is shown is a function of it and the plant."""

    playhead: Playhead
    camera: Camera
    home: Camera
    """The camera that sees everything."""
    step: int
    """µs by which one goes back and on."""
    live: bool = False
    """The plant goes on while one looks."""
    theme: ThemeName = "night"
    language: Code = "en"
    low_motion: bool = False
    """Only crates move."""
    lens: str = "channel"
    """What the hues of crates mean."""
    selection: str = ""
    """The id of the node that was chosen."""
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

    def seen_from(self, before: Session) -> Session:
        """This moment with the view of an earlier session: what undo brings back. A camera of another size does not."""
        camera = before.camera if before.camera.view == self.home.view else self.home
        return replace(
            self, camera=camera, theme=before.theme, language=before.language, low_motion=before.low_motion,
            lens=before.lens, selection=before.selection,
        )  # fmt: skip
