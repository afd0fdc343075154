"""The verifier finds every kind of mistake planted on a good floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from factoryview.layout import BeltPath, BeltSpec, Floorplan, FloorRequest, MachinePlace, Rect, StageSpec, violations

REQUEST = FloorRequest(
    ("Left", "Right"),
    ("Web", "Desk"),
    (StageSpec("A", 0, loses=True, pile=True), StageSpec("B", 1), StageSpec("C", 1)),
    (
        BeltSpec("Web", "A", 0.6),
        BeltSpec("Desk", "A", 0.4),
        BeltSpec("A", "B", 0.8),
        BeltSpec("C", "C", 0.1, rework=True),
        BeltSpec("B", "A", 0.1, rework=True),
    ),
)


def machine(x: int, y: int) -> MachinePlace:
    return MachinePlace(Rect(x, y, 4, 4), Rect(x - 1, y - 2, 6, 2), Rect(x, y - 4, 4, 2), Rect(x + 4, y, 4, 2))


def run(x: int, y: int, to: int) -> tuple[tuple[int, int], ...]:
    return tuple((column, y) for column in range(x, to))


def good() -> Floorplan:
    """Two sources that merge, a belt straight over, a self-loop, and rework that dives under the first."""
    a = replace(
        machine(14, 6), pile=Rect(10, 9, 4, 3), bin=Rect(19, 9, 2, 2), bin_text=Rect(21, 9, 4, 2), chute=((18, 9),)
    )
    desk = ((7, 12), (8, 12), (8, 11), (8, 10), (8, 9), *run(8, 8, 14))
    rework = (
        *run(38, 9, 43),
        *((42, y) for y in range(8, 0, -1)),
        *((x, 1) for x in range(41, 29, -1)),
        *((30, y) for y in range(2, 15)),
        *((x, 14) for x in range(29, 15, -1)),
        *((16, y) for y in range(13, 9, -1)),
    )
    return Floorplan(
        width=60,
        height=22,
        zones={"Left": Rect(0, 0, 27, 22), "Right": Rect(28, 0, 32, 22)},
        sources={"Web": Rect(1, 7, 5, 3), "Desk": Rect(1, 11, 5, 3)},
        machines={"A": a, "B": machine(34, 6), "C": machine(48, 6)},
        belts=(
            BeltPath("Web", "A", run(6, 8, 14)),
            BeltPath("Desk", "A", ((6, 12), *desk), merges=6),
            BeltPath("A", "B", run(18, 8, 34)),
            BeltPath("C", "C", ((51, 10), (51, 11), (50, 11), (49, 11), (48, 11), (48, 10)), rework=True),
            BeltPath("B", "A", rework, frozenset({rework.index((30, 8))}), rework=True),
        ),
    )


def test_the_good_floor_is_good() -> None:
    assert violations(good(), REQUEST) == []


def with_machine(name: str, **parts: object) -> Floorplan:
    plan = good()
    return replace(plan, machines={**plan.machines, name: replace(plan.machines[name], **parts)})  # type: ignore[arg-type]


def with_belt(index: int, **parts: object) -> Floorplan:
    plan = good()
    belts = list(plan.belts)
    belts[index] = replace(belts[index], **parts)  # type: ignore[arg-type]
    return replace(plan, belts=tuple(belts))


def moved(tiles: tuple[tuple[int, int], ...], dx: int, dy: int) -> tuple[tuple[int, int], ...]:
    return tuple((x + dx, y + dy) for x, y in tiles)


def without(kind: str, name: str) -> Floorplan:
    plan = good()
    getattr(plan, kind).pop(name)
    return plan


def detour() -> tuple[tuple[int, int], ...]:
    """Web's belt crosses the belt of Desk into the same machine and meets it again."""
    return ((6, 8), (7, 8), (7, 9), (8, 9), (9, 9), *run(9, 8, 14))


PLANTED: list[tuple[str, Callable[[], Floorplan]]] = [
    ("machine B is missing", lambda: without("machines", "B")),
    ("source Web is missing", lambda: without("sources", "Web")),
    ("zone Left is missing", lambda: without("zones", "Left")),
    ("machine X was not asked for", lambda: replace(good(), machines={**good().machines, "X": machine(48, 15)})),
    ("belt A → B is missing", lambda: replace(good(), belts=good().belts[:2] + good().belts[3:])),
    ("belt A → B was not asked for", lambda: replace(good(), belts=(*good().belts, good().belts[2]))),
    ("belt A → B is unrouted", lambda: replace(good(), unrouted=(("A", "B"),))),
    ("source Web is 4×3", lambda: replace(good(), sources={**good().sources, "Web": Rect(1, 7, 4, 3)})),
    ("box of B is 5×4", lambda: with_machine("B", box=Rect(34, 6, 5, 4))),
    ("plate of B is not 6 to 9", lambda: with_machine("B", plate=Rect(33, 4, 10, 2))),
    ("plate of B is not 6 to 9", lambda: with_machine("B", plate=Rect(33, 3, 6, 2))),
    ("plate of B is not over", lambda: with_machine("B", plate=Rect(35, 4, 6, 2))),
    ("badge of B is not directly above", lambda: with_machine("B", badge=Rect(34, 1, 4, 2))),
    ("numbers of B are not at the right", lambda: with_machine("B", numbers=Rect(39, 6, 4, 2))),
    ("pile of A is missing", lambda: with_machine("A", pile=None)),
    ("pile of A is not beside", lambda: with_machine("A", pile=Rect(9, 14, 4, 3))),
    ("bin, bin text or chute of A is missing", lambda: with_machine("A", bin_text=None)),
    ("bin, bin text or chute of B is missing or too many", lambda: with_machine("B", bin=Rect(40, 12, 2, 2))),
    ("chute of A does not lead", lambda: with_machine("A", chute=((19, 13),))),
    ("bin text of A is not beside", lambda: with_machine("A", bin_text=Rect(22, 9, 4, 2))),
    ("plate of C overlaps", lambda: replace(good(), machines={**good().machines, "C": machine(38, 8)})),
    ("is not on the floor", lambda: replace(good(), width=50)),
    ("zone Right is not on the floor", lambda: replace(good(), width=59)),
    ("zone Left overlaps zone Right", lambda: replace(good(), zones={**good().zones, "Left": Rect(0, 0, 29, 22)})),
    ("zone Right has no free strip", lambda: replace(good(), zones={**good().zones, "Right": Rect(28, 2, 32, 9)})),
    ("is not inside zone Right", lambda: replace(good(), zones={**good().zones, "Right": Rect(28, 0, 27, 22)})),
    ("lies on the edge of zone Right", lambda: replace(good(), zones={**good().zones, "Right": Rect(28, 0, 27, 22)})),
    ("belt A → B has no tiles", lambda: with_belt(2, tiles=())),
    ("belt C → C leaves the floor", lambda: with_belt(3, tiles=moved(good().belts[3].tiles, 0, 11))),
    ("belt A → B runs through numbers of A", lambda: with_belt(2, tiles=run(18, 7, 34))),
    ("belt A → B runs through machine B", lambda: with_belt(2, tiles=run(18, 8, 35))),
    ("belt Web → A runs through pile of A", lambda: with_belt(0, tiles=run(6, 9, 14))),
    ("belt A → B is not in one piece", lambda: with_belt(2, tiles=run(18, 8, 25) + run(26, 8, 34))),
    ("runs over itself", lambda: with_belt(2, tiles=(*run(18, 8, 26), (24, 8), *run(25, 8, 34)))),
    ("belt A → B does not begin at A", lambda: with_belt(2, tiles=run(19, 8, 34))),
    ("belt A → B does not end at B", lambda: with_belt(2, tiles=run(18, 8, 33))),
    ("has an underpass outside", lambda: with_belt(2, underpasses=frozenset({99}))),
    ("merges outside its tiles", lambda: with_belt(1, merges=99)),
    ("share tile (8, 8) without a merge", lambda: with_belt(1, merges=None)),
    ("merges with nothing", lambda: with_belt(2, merges=3)),
    ("but not the way on", lambda: with_belt(0, tiles=detour())),
    ("dives at 20, 8 under nothing", lambda: with_belt(2, underpasses=frozenset({2}))),
    ("cross at 30, 8 without an underpass", lambda: with_belt(4, underpasses=frozenset())),
    ("cross at 30, 8 without an underpass", lambda: with_belt(2, underpasses=frozenset({12}))),
    (
        "not straight across",
        lambda: with_belt(2, tiles=(*run(18, 8, 31), (30, 9), (31, 9), *run(31, 8, 34))),
    ),
    (
        "belts into A, B, C meet",
        lambda: with_belt(3, tiles=((51, 10), (51, 11), *((x, 11) for x in range(50, 30, -1)), (30, 8), (48, 10))),
    ),
]


@pytest.mark.parametrize(("sentence", "plant"), PLANTED, ids=[f"{i}-{s}" for i, (s, _) in enumerate(PLANTED)])
def test_a_planted_mistake_is_found(sentence: str, plant: Callable[[], Floorplan]) -> None:
    found = violations(plant(), REQUEST)
    assert any(sentence in one for one in found), found
