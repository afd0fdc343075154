"""The geometry of one tile of belt in whole pixels, so that rails are crisp at every size."""

from __future__ import annotations

from typing import NamedTuple


class Rails(NamedTuple):
    """Where the rails of a belt lie within a tile of `px` pixels; all lengths are pixels."""

    px: int
    margin: int
    """Clear floor beside the belt."""
    width: int
    """Breadth of a rail."""

    @classmethod
    def of(cls, px: int) -> Rails:
        """The rails for a tile of that size.

        >>> Rails.of(32)
        Rails(px=32, margin=1, width=3)
        """
        return cls(px, max(1, round(px / 24)), max(1, px // 10))

    @property
    def inner(self) -> int:
        """The first pixel of the moving part."""
        return self.margin + self.width

    @property
    def shine(self) -> int:
        """Breadth of the light on a rail's upper and left side, 0 where the rail is too narrow to show it."""
        return max(1, self.width // 3) if self.width > 1 else 0

    @property
    def drop(self) -> int:
        """How far a rail's shadow falls, to the right and down."""
        return max(1, round(self.px / 20))

    @property
    def overscan(self) -> int:
        """How far a drawing runs on beyond each side of the tile."""
        return self.px // 2

    @property
    def frame(self) -> int:
        """Side of the drawing with its overscan."""
        return self.px + 2 * self.overscan

    def lengths(self) -> dict[str, float | str]:
        """The placeholders of `assets/belt/*.svg`."""
        lo = self.margin + self.width / 2
        hi = self.px - lo
        inner_radius, outer_radius = lo / 2, round(self.px * 0.42)
        hood = self.px - round(self.px / 5)
        return {
            "tile": self.px,
            "half": self.px / 2,
            "frame": self.frame,
            "before": -self.overscan,
            "after": self.px + self.overscan,
            "lo": lo,
            "hi": hi,
            "lo_r": lo - inner_radius,
            "hi_r": hi + inner_radius,
            "lo_R": lo + outer_radius,
            "hi_R": hi - outer_radius,
            "r": inner_radius,
            "R": outer_radius,
            "rail_width": self.width,
            "in_lo": self.inner,
            "in_hi": self.px - self.inner,
            "out_lo": self.margin - 1,
            "out_hi": self.px - self.margin + 1,
            "hood": hood,
            "hood_in": hood + self.width,
            "stripe": self.px / 12,
            "diagonals": self._diagonals(),
        }

    def _diagonals(self) -> str:
        """Lines at 45°, four to a tile, at the same places in every tile."""
        start, end = -self.overscan, self.px + self.overscan
        count = range(2 * start * 4 // self.px, 2 * end * 4 // self.px + 1)
        sums = [(step + 0.5) * self.px / 4 for step in count]
        return "".join(f"M{start} {total - start:g}L{total - start:g} {start}" for total in sums)
