"""The floor of each department, the borders between, and a place for each name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

from .compose import Composer
from .plan import Belt, Block, Point, Rect, Sign, Yard, Zone

_LABEL, _LETTER = 22, 11
"""Height of a department's name and width of its letters."""


class Ground:
    """Borders of slots, and with them zones, for composed blocks and belts."""

    def __init__(
        self, composer: Composer, blocks: dict[str, Block], belts: Sequence[Belt], yards: Sequence[Yard],
        signs: Sequence[Sign], gates: Sequence[Rect],
    ) -> None:  # fmt: skip
        self.mesh, self.found, self.rings = composer.mesh, composer.found, composer.rings
        self.columns, self.rows = self.mesh.columns, self.mesh.rows
        self.solid = [part for block in blocks.values() for part in block.parts()]
        self.solid += [yard.rect for yard in yards] + [sign.rect for sign in signs] + list(gates)
        self.rising = [block.rising for block in blocks.values() if block.rising]
        self.upright: list[Rect] = []
        self.level: list[Rect] = []
        for belt in belts:
            for (a, b), strip in zip(pairwise(belt.points), belt.strips(), strict=True):
                (self.upright if a.x == b.x else self.level).append(strip)
        self.owner = self.mesh.owner
        self.x, self.y = self._edges()

    def _edges(self) -> tuple[list[int], list[int]]:
        """Where columns and rows of slots end: `x[c]` is the left edge of column c, the last the floor's width."""
        found = self.found
        split = len({self.owner.get((0, r)) for r in range(self.rows)}) > 1
        x = [
            found.left if split else 0,
            *(self._middle(found.hall_x[c - 1] + 236, found.hall_x[c]) for c in range(1, self.columns)),
        ]
        y = [0, *(self._middle(found.hall_y[r - 1] + 172, found.hall_y[r]) for r in range(1, self.rows))]
        x.append(found.width)
        y.append(found.height)
        for r in range(1, self.rows):
            columns = [c for c in range(self.columns) if self.owner.get((c, r - 1)) != self.owner.get((c, r))]
            if columns:
                low, high = self._between_rings(r, columns)
                spans = [(self._outer(c - 1), self._outer(c, right=True)) for c in columns]
                blocks = [
                    (o.y, o.bottom) for o in (*self.level, *self.solid)
                    if any(o.x < b and a < o.right for a, b in spans)
                ]  # fmt: skip
                y[r] = _widest(low, high, blocks)
        for c in range(1, self.columns):
            rows = [r for r in range(self.rows) if self.owner.get((c - 1, r)) != self.owner.get((c, r))]
            if rows:
                low, high = found.hall_x[c - 1] + 236, found.hall_x[c]
                blocks = [
                    (o.x, o.right) for o in (*self.upright, *self.solid)
                    if any(o.y < y[r + 1] and y[r] < o.bottom for r in rows)
                ]  # fmt: skip
                x[c] = _widest(low, high, blocks)
        return x, y

    def _between_rings(self, row: int, columns: Sequence[int]) -> tuple[int, int]:
        """Where a border above a row may lie: yards stay on the side of their machines."""
        low, high = self.found.hall_y[row - 1] + 172, self.found.hall_y[row]
        for ring in self.rings:
            if ring.gap == row and not set(columns).isdisjoint(ring.columns):
                run = self.found.y[ring.nodes[0] // self.mesh.nx]
                low, high = (low, min(high, run)) if ring.standing else (max(low, run), high)
        return low, high

    def _outer(self, column: int, right: bool = False) -> int:
        """The hall's edge that lies beyond the gap beside a column."""
        if right:
            return self.found.hall_x[column + 1] if column + 1 < self.columns else self.found.width
        return self.found.hall_x[column] + 236 if column >= 0 else self.found.left

    @staticmethod
    def _middle(a: int, b: int) -> int:
        return (a + b) // 2

    def slots(self) -> tuple[tuple[Rect, ...], ...]:
        """The floor around each slot."""
        return tuple(tuple(self._slot(c, r) for r in range(self.rows)) for c in range(self.columns))

    def _slot(self, c: int, r: int) -> Rect:
        return Rect(self.x[c], self.y[r], self.x[c + 1] - self.x[c], self.y[r + 1] - self.y[r])

    def borders(self) -> tuple[tuple[Point, Point], ...]:
        """Straight lines between slots of different departments."""
        made = []
        for c in range(1, self.columns):
            apart = [self.owner.get((c - 1, r)) != self.owner.get((c, r)) for r in range(self.rows)]
            made += [(Point(self.x[c], self.y[a]), Point(self.x[c], self.y[b])) for a, b in _runs(apart)]
        for r in range(1, self.rows):
            apart = [self.owner.get((c, r - 1)) != self.owner.get((c, r)) for c in range(self.columns)]
            made += [(Point(self.x[a], self.y[r]), Point(self.x[b], self.y[r])) for a, b in _runs(apart)]
        return tuple(made)

    def zones(self, departments: Sequence[str]) -> tuple[Zone, ...]:
        """The floor of every department that has slots."""
        made = []
        for department in sorted(set(self.owner.values())):
            rects = self._merged(department)
            name = departments[department] if department < len(departments) else ""
            made.append(Zone(department, tuple(rects), self._label(rects, len(name))))
        return tuple(made)

    def _merged(self, department: int) -> list[Rect]:
        """Runs of slots in columns, joined with those beside them that span the same rows."""
        open_: dict[tuple[int, int], int] = {}
        made = []
        for c in range(self.columns + 1):
            runs = (
                set(_runs([self.owner.get((c, r)) == department for r in range(self.rows)]))
                if c < self.columns
                else set()
            )
            for run in list(open_):
                if run not in runs:
                    first = open_.pop(run)
                    top, bottom = self.y[run[0]], self.y[run[1]]
                    made.append(Rect(self.x[first], top, self.x[c] - self.x[first], bottom - top))
            for run in sorted(runs):
                open_.setdefault(run, c)
        return sorted(made, key=lambda rect: (rect.x, rect.y))

    def _label(self, rects: list[Rect], letters: int) -> Rect:
        """A free place along the upper edge, else further down, the first that is long enough; else the longest."""
        need = max(60, letters * _LETTER + 12)
        best = Rect(rects[0].x + 6, rects[0].y + 4, 0, _LABEL)
        standing = (*self.upright, *self.level, *self.solid, *self.rising)
        for depth, rect in product((0, 1), rects):
            first, last = rect.y + 4 + 36 * depth, rect.y + (240 if depth else 40)
            for top in range(first, min(last, rect.bottom - _LABEL), 4):
                row = Rect(rect.x + 6, top, rect.w - 12, _LABEL)
                inside = [(o.x - 3, o.right + 3) for o in standing if o.meets(row)]
                for a, b in _free(row.x, row.right, inside):
                    if b - a >= need:
                        return Rect(a, top, min(b - a, need), _LABEL)
                    if b - a > best.w:
                        best = Rect(a, top, b - a, _LABEL)
        return best


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs of true flags as half-open ranges.

    >>> _runs([True, True, False, True])
    [(0, 2), (3, 4)]
    """
    made, begin = [], -1
    for i, flag in enumerate((*flags, False)):
        if flag and begin < 0:
            begin = i
        elif not flag and begin >= 0:
            made.append((begin, i))
            begin = -1
    return made


def _free(low: int, high: int, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a range without the taken parts.

    >>> _free(0, 10, [(2, 4), (3, 5)])
    [(0, 2), (5, 10)]
    """
    made, at = [], low
    for a, b in sorted(taken):
        if a > at:
            made.append((at, min(a, high)))
        at = max(at, b)
    if at < high:
        made.append((at, high))
    return [(a, b) for a, b in made if b > a]


def _widest(low: int, high: int, taken: Sequence[tuple[int, int]]) -> int:
    """The middle of the widest free part; of the range where nothing is free."""
    free = _free(low, high, taken)
    a, b = max(free, key=lambda span: (span[1] - span[0], -span[0])) if free else (low, high)
    return (a + b) // 2
