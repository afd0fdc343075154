"""What has a colour on the picture, by name; `themes.py` says which.

Grey is the ground state; a saturated colour means that something is abnormal (ISA-101). Three levels of
congestion run neutral → amber → vermilion. Channels wear muted hues after Okabe and Ito that stay apart for
people who confuse red and green, and stay clear of the two alarm colours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from factoryview.scene.colour import Colour, mix

Level = Literal[0, 1, 2, 3]
"""0 flowing, 1 slow (amber), 2 jammed (vermilion), 3 jammed and no news any more (brick)."""


class ByLevel(NamedTuple):
    """One colour for each level of congestion."""

    calm: Colour
    amber: Colour
    red: Colour
    known: Colour


ThemeName = Literal["night", "day", "contrast"]
"""contrast: for eyes that need it; words have at least 7 to 1 (WCAG 2.2, level AAA)."""


@dataclass(frozen=True)
class StationColours:
    """Everything a hall is built of, in one dress."""

    roof_light: Colour
    roof: Colour
    roof_dark: Colour
    wall: Colour
    rib: Colour
    edge_light: Colour
    contour: Colour
    glass: Colour
    glass_edge: Colour
    digits: Colour
    dim: Colour
    sign: Colour
    sign_edge: Colour
    name: Colour
    rates: Colour


Dress = Literal["calm", "longest", "slow", "alarm", "known", "depot"]
"""How a hall looks: as ever; lit, where cases spend most of their time while nothing jams; slow (amber); the constraint
while it is new or unanswered (vermilion); the constraint whose alarm is answered (brick); the end of a line."""


CALM: tuple[Dress, ...] = ("calm", "longest")
"""Nothing jams."""


@dataclass(frozen=True)
class ByDress:
    """One set of colours for each dress."""

    calm: StationColours
    longest: StationColours
    slow: StationColours
    alarm: StationColours
    known: StationColours
    depot: StationColours

    def of(self, dress: Dress) -> StationColours:
        found: StationColours = getattr(self, dress)
        return found


@dataclass(frozen=True)
class Theme:
    """Every colour of the scene, sRGB 0–255. Names ending in `s` hold one colour per department or channel."""

    name: ThemeName
    # the ground, and what is written on it
    floor: Colour
    aisle: Colour
    zones: tuple[Colour, ...]
    zone_edges: tuple[Colour, ...]
    zone_names: tuple[Colour, ...]
    panel: Colour
    panel_edge: Colour
    headline: Colour
    text: Colour
    text_muted: Colour
    shadow: Colour
    # belts and what lies on them
    belt: ByLevel
    chevron: ByLevel
    belt_edge: ByLevel
    rail_shine: ByLevel
    hatch: ByLevel
    hues: tuple[Colour, ...]
    pallet: Colour
    marking: Colour
    """Worn paint on the floor: yards, tracks."""
    light: tuple[float, float, float]
    """Brightness far from the machines, what their pools add, what is taken away at the edges."""
    warmth: float
    """How much warmer light is where there is more of it, and colder where there is less."""
    # stations
    station: ByDress
    steel_light: Colour
    steel_dark: Colour
    paper: Colour
    ink: Colour
    accent: Colour
    accent_dark: Colour
    lamp: Colour
    contour: ByLevel
    body_dark: ByLevel
    # chrome
    banner: Colour
    board: Colour
    brick: Colour
    """History and what is answered: the muted sister of vermilion."""
    brick_text: Colour
    rung: Colour
    on_rung: Colour
    longest: Colour
    """A rung where cases spend most of their time while nothing jams, and what is written on it."""
    on_longest: Colour
    work: Colour
    ghost: Colour
    """What is not there yet: a change that is tried, a future that is simulated."""
    shortfall: Colour
    loss_text: Colour
    dust: Colour
    """A crate on which nobody works any more."""
    dust_text: Colour
    # signals: fills and outlines that must be noticed, and words in the same meaning
    signal: ByLevel
    signal_text: ByLevel
    on_signal: ByLevel
    good: Colour
    # who works at a machine, and the post that nobody holds: alike in every theme
    person: Colour
    robot: Colour
    vacancy: Colour
    """The empty post of a stage where work waits."""
    chair: Colour
    """Any other empty post."""
    lens: str = "channel"
    """What the hues say."""

    def hue(self, channel: int) -> Colour:
        """The hue of the n-th channel (0, 1, …); they repeat when there are more channels than hues."""
        return self.hues[channel % len(self.hues)]

    def seen_through(self, lens: str) -> Theme:
        """The same with the hues of a lens: in an order for ages and values, the zones of buffer management for
        deadlines; else those of channels.
        """
        unknown, (_, blue, sand, *_) = mix(self.hues[0], self.floor, 0.6), self.hues
        grey, amber, red = self.hues[0], self.signal[1], self.signal[2]
        if lens in ("age", "value"):
            hues = unknown, blue, mix(blue, grey, 0.55), grey, sand, mix(sand, amber, 0.75)
            return replace(self, hues=hues, lens=lens)
        if lens == "deadline":
            return replace(self, hues=(unknown, self.good, sand, amber, red, red), lens=lens)
        return replace(self, lens=lens) if lens != self.lens else self
