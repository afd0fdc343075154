"""The machine in a station's bay: one silhouette per kind of work, in a few frames of movement.

`assets/motif/NAME.svg` leaves open colours and a few lengths; `_MOVES` says what each of them is in every frame.
Frame 0 is a machine at rest.
"""

from __future__ import annotations

from typing import NamedTuple

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.art.drawings import Value, placeholders
from factoryview.scene.art.raster import ready
from factoryview.scene.colour import mix
from factoryview.scene.theme import Dress, Theme

FRAMES = 4
"""Pictures of a machine; the first is the one at rest."""
_MOVES: dict[str, tuple[float, float, float, float]] = {
    "move": (0, 5, 14, 7),
    "tilt": (-7, -3, 5, 1),
    "bounce": (0, 1.5, 0, 1),
    "blink": (0.25, 1, 0.3, 1),
    "blink2": (0.25, 0.3, 1, 0.4),
    "scan": (50, 62, 78, 92),
    "drop": (0, 6, 16, 24),
    "turn": (0, 22, 45, 67),
    "press": (0, -4, 0, -2),
}


_OF_ICON = {
    "archive": "cabinet", "assembly": "arm", "boiler": "boiler", "box": "packer", "bulb": "lectern",
    "calendar": "planner", "camera": "tripod", "cart": "till", "chart": "plotter", "chat": "counter",
    "check": "tester", "checklist": "scanner", "clock": "hourglass", "cross": "cabinet", "database": "drums",
    "document": "writer", "envelope": "hopper", "euro": "vault", "factory": "furnace", "flag": "mast",
    "flame": "furnace", "flask": "flasks", "funnel": "sieve", "gear": "gears", "globe": "dish",
    "graduation": "lectern", "grinder": "grinder", "handshake": "seal", "heart": "counter", "hourglass": "hourglass",
    "house": "gate", "inbox": "hopper", "key": "gate", "laser": "laser", "lock": "gate", "machining": "lathe",
    "magnifier": "lens", "meeting": "table", "megaphone": "horn", "paint": "sprayer", "pen": "writer",
    "person": "counter", "phone": "switchboard", "piston": "piston", "printer": "writer", "receipt": "till",
    "rework": "gears", "robot": "arm", "rotor": "rotor", "scales": "scales", "scan": "scanner", "shield": "tester",
    "split": "sieve", "stage": "gears", "stamp": "press", "star": "mast", "target": "mast", "truck": "truck",
    "warning": "lens", "welding": "arm",
}  # fmt: skip


def motif_of(icon: str) -> str:
    """The machine for a stage that wears an icon; wheels where nothing better is known."""
    return _OF_ICON.get(icon, "gears")


class Drawn(NamedTuple):
    """A machine and its hard shadow, of the same size."""

    picture: pygame.Surface
    shadow: pygame.Surface


def motif(art: Art, name: str, size: tuple[int, int], dress: Dress, frame: int) -> Drawn:
    """The machine of a kind in the colours of a dress. frame: 0 at rest, 1 to 3 at work (they repeat)."""
    step = frame % FRAMES
    picture = art.drawn((step, dress), f"motif/{name}", size, lambda: _values(art.theme, name, dress, step))
    shadow = art.keep(("motif shadow", name, size, step, dress), lambda: _shadow(picture))
    return Drawn(picture, shadow)


def _values(theme: Theme, name: str, dress: Dress, step: int) -> dict[str, Value]:
    """The colours of a machine, and where its parts are."""
    accent, dark = (theme.signal.red, theme.body_dark.red) if dress == "alarm" else (theme.accent, theme.accent_dark)
    if dress == "depot":
        accent, dark = mix(theme.good, theme.steel_dark, 0.25), mix(theme.good, (0, 0, 0), 0.45)
    open_ = placeholders(f"motif/{name}")
    colours: dict[str, Value] = {
        "steel_light": theme.steel_light, "steel": mix(theme.steel_light, theme.steel_dark, 0.5),
        "steel_dark": theme.steel_dark, "paper": theme.paper, "ink": theme.ink, "accent": accent, "accent_dark": dark,
        "lamp": theme.lamp if step else mix(theme.lamp, theme.steel_dark, 0.6), "good": theme.good,
        "glass": theme.station.calm.glass_edge, "contour": theme.station.calm.contour,
    }  # fmt: skip
    return {key: value for key, value in colours.items() if key in open_} | {
        key: _MOVES[key][step] for key in open_ if key in _MOVES
    }


def _shadow(picture: pygame.Surface) -> pygame.Surface:
    mask = pygame.mask.from_surface(picture)
    return ready(mask.to_surface(setcolor=(0, 0, 0, 105), unsetcolor=(0, 0, 0, 0)))
