"""The verifier finds every kind of mistake planted on a good plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random

import pytest

from factoryview.layout.engine import plan_floor
from factoryview.layout.plan import Belt, Block, Crossing, Join, Plan, Point, Rect, Yard
from factoryview.layout.verifier import faults
from tests.kit.floors import random_request, sales_request

REQUEST = sales_request()


@cache
def good() -> Plan:
    return plan_floor(REQUEST)


def test_the_good_plan_is_good_and_has_everything_to_go_wrong() -> None:
    plan = good()
    assert faults(plan, REQUEST) == []
    assert min(len(plan.yards), len(plan.borders), len(plan.signs), len(plan.boards)) > 0
    assert any(belt.thin for belt in plan.belts)
    assert any(belt.join for belt in plan.belts)
    assert any(block.siding for block in plan.blocks.values())


def moved(rect: Rect, dx: int, dy: int) -> Rect:
    return Rect(rect.x + dx, rect.y + dy, rect.w, rect.h)


def with_block(name: str, **parts: object) -> Plan:
    plan = good()
    return replace(plan, blocks={**plan.blocks, name: replace(plan.blocks[name], **parts)})  # type: ignore[arg-type]


def block(name: str) -> Block:
    return good().blocks[name]


def index(origin: str, target: str) -> int:
    return next(i for i, belt in enumerate(good().belts) if (belt.origin, belt.target) == (origin, target))


def belt(origin: str, target: str) -> Belt:
    return good().belts[index(origin, target)]


def with_belt(origin: str, target: str, **parts: object) -> Plan:
    plan = good()
    belts = list(plan.belts)
    at = index(origin, target)
    belts[at] = replace(belts[at], **parts)  # type: ignore[arg-type]
    return replace(plan, belts=tuple(belts))


def with_yard(**parts: object) -> Plan:
    plan = good()
    return replace(plan, yards=(replace(plan.yards[0], **parts),))  # type: ignore[arg-type]


def shifted(points: tuple[Point, ...], dx: int, dy: int) -> tuple[Point, ...]:
    return tuple(Point(p.x + dx, p.y + dy) for p in points)


def yard() -> Yard:
    return good().yards[0]


def chain(origin: str = "Delivery", target: str = "Paid") -> tuple[Point, ...]:
    return belt(origin, target).points


PLANTED: list[tuple[str, Callable[[], Plan]]] = [
    ("blocks are", lambda: replace(good(), blocks={k: b for k, b in good().blocks.items() if k != "Paid"})),
    ("the belts are not those", lambda: replace(good(), belts=good().belts[1:])),
    ("is unrouted", lambda: replace(good(), unrouted=(("Offer", "Decision"),))),
    ("has another share", lambda: with_belt("Delivery", "Paid", share=0.5)),
    ("has another share or kind", lambda: with_belt("Delivery", "Paid", rework=True)),
    ("is thin with a share", lambda: with_belt("Delivery", "Paid", thin=True)),
    ("is wide with a share", lambda: with_belt("Approval", "Offer", thin=False)),
    ("the signs are not one for each", lambda: replace(good(), signs=good().signs[1:])),
    ("not what was asked for", lambda: replace(good(), width=good().width + 40)),
    ("not what was asked for", lambda: replace(good(), scale=good().scale * 1.1)),
    ("yards are of []", lambda: replace(good(), yards=())),
    ("two blocks stand in slot", lambda: with_block("Paid", cell=block("Order").cell)),
    ("stands outside slot", lambda: with_block("Paid", cell=block("Inquiry").cell)),
    ("is drawn as a stage", lambda: with_block("Paid", kind="stage")),
    ("people where none work", lambda: with_block("Order", people=None)),
    ("do not stand on the hall", lambda: with_block("Order", people=moved(block("Order").people, 0, -5))),  # type: ignore[arg-type]
    ("people have no room", lambda: with_block("Order", people=Rect(*block("Order").people[:2], 90, 28))),  # type: ignore[index]
    ("bin missing or too many", lambda: with_block("Offer", bin=None)),
    ("siding missing or too many", lambda: with_block("Order", siding=Rect(0, 0, 96, 52))),
    ("bin does not hang", lambda: with_block("Offer", bin=moved(block("Offer").bin, 0, 9))),  # type: ignore[arg-type]
    ("bin is not under", lambda: with_block("Offer", bin=moved(block("Offer").bin, 40, 0))),  # type: ignore[arg-type]
    ("no way out between", lambda: with_block("Approval", siding=moved(block("Approval").siding, 20, 0))),  # type: ignore[arg-type]
    ("factor is 1.0", lambda: with_block("Approval", factor=1.0)),
    ("factor is 1.2", lambda: with_block("Offer", factor=1.2)),
    ("hall is 230", lambda: with_block("Paid", hall=Rect(*block("Paid").hall[:2], 230, 172))),
    ("sign Ads is", lambda: replace(good(), signs=tuple(
        replace(s, rect=Rect(*s.rect[:2], 90, s.rect.h)) if s.source == "Ads" else s for s in good().signs))),
    ("overlaps sign Ads", lambda: replace(good(), signs=tuple(
        replace(s, rect=good().signs[1].rect) for s in good().signs))),
    ("has only 3 places", lambda: with_yard(places=yard().places[:3])),
    ("has places outside", lambda: with_yard(places=tuple(moved(p, 60, 0) for p in yard().places))),
    ("has places that overlap", lambda: with_yard(places=(*yard().places, yard().places[0]))),
    ("no belt leads round", lambda: with_yard(belt=None)),
    ("leads elsewhere", lambda: with_yard(belt=index("Delivery", "Paid"))),
    ("is not beside it", lambda: with_yard(rect=moved(yard().rect, -700, 0), places=())),
    ("overlaps yard of Approval", lambda: with_yard(rect=yard().rect.grown(40))),
    ("is not on the floor", lambda: with_yard(rect=moved(yard().rect, 0, 600))),
    ("overlaps", lambda: replace(good(), boards=(Rect(300, 100, 300, 300), *good().boards))),
    ("has no area", lambda: replace(good(), boards=(Rect(9, 9, 0, 30),))),
    ("has no way", lambda: with_belt("Delivery", "Paid", points=chain()[:1])),
    ("is slanted", lambda: with_belt("Delivery", "Paid", points=(chain()[0], Point(chain()[-1].x + 7, chain()[-1].y)))),
    ("has no corner", lambda: with_belt("Delivery", "Paid", points=(chain()[0], *(
        Point((a.x + b.x) // 2, (a.y + b.y) // 2) for a, b in [chain()[:2]]), *chain()[1:]))),
    ("leaves the floor", lambda: with_belt("Delivery", "Paid", points=shifted(chain(), 0, 700))),
    ("does not begin at Delivery", lambda: with_belt("Delivery", "Paid", points=shifted(chain(), 3, 3))),
    ("does not end at Paid", lambda: with_belt("Delivery", "Paid", points=shifted(chain(), -3, -3))),
    ("joins nothing", lambda: with_belt("Delivery", "Paid", join=Join(99, 5, 5))),
    ("joins outside its way", lambda: with_belt("Delivery", "Paid", join=Join(0, 9999, 5))),
    ("joins belt", lambda: with_belt("Delivery", "Paid", join=Join(index("Offer", "Decision"), 5, 5))),
    ("the ports of Paid", lambda: with_block("Paid", ports=())),
    ("do not agree where they cross", lambda: with_belt("Delivery", "Paid", crossings=(
        replace(_crossing(), belt=index("Order", "Planning")),))),
    ("the zones do not cover", lambda: replace(good(), zones=good().zones[:-1])),
    ("is not on the floor of its department", lambda: replace(good(), zones=tuple(
        replace(z, department=(z.department + 1) % 3) for z in good().zones))),
    ("name of department 0 is not on its floor", lambda: replace(good(), zones=tuple(
        replace(z, label=moved(z.label, 900, 0)) for z in good().zones))),
    ("name of department 0 has no room", lambda: replace(good(), zones=tuple(
        replace(z, label=Rect(*z.label[:2], 30, 22)) for z in good().zones))),
    ("is behind the machine of Offer", lambda: replace(good(), zones=tuple(
        replace(z, label=Rect(block("Offer").hall.x, block("Offer").hall.y - 30, 60, 22)) for z in good().zones))),
    ("a border runs through", lambda: replace(good(), borders=(
        (Point(block("Offer").hall.x + 9, 0), Point(block("Offer").hall.x + 9, good().height)),))),
    ("a border is slanted", lambda: replace(good(), borders=((Point(5, 5), Point(9, 9)),))),
    ("a border runs along", lambda: replace(good(), borders=(_along(),))),
    ("the slots do not cover", lambda: replace(good(), slots=good().slots[:-1])),
]  # fmt: skip


def _crossing() -> Crossing:
    return Crossing(Point(0, 0), 0, True)


def _along() -> tuple[Point, Point]:
    points = belt("Offer", "Approval").points
    a, b = max(pairwise(points), key=lambda run: abs(run[0].x - run[1].x) + abs(run[0].y - run[1].y))
    return a, b


@pytest.mark.parametrize(("sentence", "plant"), PLANTED, ids=[f"{i}-{s}" for i, (s, _) in enumerate(PLANTED)])
def test_a_planted_mistake_is_found(sentence: str, plant: Callable[[], Plan]) -> None:
    found = faults(plant(), REQUEST)
    assert any(sentence in one for one in found), found


def damaged(plan: Plan, random: Random) -> Plan:
    """The plan with one thing moved by 12 to 60 u: a hall, a belt, a run of a belt, a yard or a sign."""
    dx, dy = random.choice(((1, 0), (0, 1), (-1, 0), (0, -1)))
    by = random.randint(12, 60)
    dx, dy = dx * by, dy * by
    kind = random.choice(["hall", "belt", "run", *(["yard"] if plan.yards else []), *(["sign"] if plan.signs else [])])
    if kind == "hall":
        name = random.choice([name for name, block in plan.blocks.items() if block.ports])
        hurt = plan.blocks[name]
        parts = {
            part: moved(rect, dx, dy)
            for part in ("hall", "people", "bin", "siding")
            if (rect := getattr(hurt, part)) is not None
        }
        return replace(plan, blocks={**plan.blocks, name: replace(hurt, **parts)})
    if kind == "yard":
        first, *rest = plan.yards
        places = tuple(moved(place, dx, dy) for place in first.places)
        return replace(plan, yards=(replace(first, rect=moved(first.rect, dx, dy), places=places), *rest))
    if kind == "sign":
        first_sign, *signs = plan.signs
        far = 5 if first_sign.gate is None else 15
        return replace(plan, signs=(replace(first_sign, rect=moved(first_sign.rect, far * dx, far * dy)), *signs))
    at = random.randrange(len(plan.belts))
    points = list(plan.belts[at].points)
    if kind == "belt":
        points = list(shifted(tuple(points), dx, dy))
    else:
        i = random.randrange(len(points) - 1)
        level = points[i].y == points[i + 1].y
        points[i : i + 2] = shifted(tuple(points[i : i + 2]), 0 if level else by, by if level else 0)
    belts = list(plan.belts)
    belts[at] = replace(belts[at], points=tuple(points))
    return replace(plan, belts=tuple(belts))


@pytest.mark.parametrize("seed", range(12))
def test_random_damage_is_found(seed: int) -> None:
    """A run in the middle of a belt may be moved without harm; everything else must be seen."""
    request = random_request(200 + seed)
    plan = plan_floor(request)
    if not plan.belts:
        return
    random = Random(seed)
    for _ in range(25):
        hurt = damaged(plan, random)
        if not faults(hurt, request):
            changed = [(a, b) for a, b in zip(plan.belts, hurt.belts, strict=True) if a != b]
            assert len(changed) == 1
            before, after = changed[0]
            assert (before.points[0], before.points[-1]) == (after.points[0], after.points[-1])
