"""The floor below a hall on which a pile stands is free: nothing lies there, runs there or is drawn there."""

from __future__ import annotations

import pytest

from factoryview.layout.plan import BIN, Plan, Rect
from factoryview.scene.floor.aprons import Apron, aprons, skip_of
from factoryview.scene.floor.trays import apron_places
from tests.kit.small_plants import kept

PLANTS = ("calm", "jammed", "piled", "reworked", "tangled")


def plan_of(name: str) -> Plan:
    return kept(name).facts.floor.plan


def standing(plan: Plan) -> list[Rect]:
    """All that is drawn on a floor, each hall as large as it may become."""
    halls = [block.hall.scaled(max(block.factor, 1.1), block.hall.centre) for block in plan.blocks.values()]
    bins = [block.bin for block in plan.blocks.values() if block.bin]
    strips = [strip for belt in plan.belts for strip in belt.strips()]
    return [*halls, *bins, *strips, *(sign.rect for sign in plan.signs), *(yard.rect for yard in plan.yards),
            *plan.boards[:2]]  # fmt: skip


@pytest.mark.parametrize("name", PLANTS)
def test_an_apron_is_clear_of_all_else_and_on_the_floor(name: str) -> None:
    plan = plan_of(name)
    found, others = aprons(plan), standing(plan)
    assert found
    floor = Rect(0, 0, plan.width, plan.height)
    rooms = [(of, room) for of, apron in found.items() for room in apron]
    for of, room in rooms:
        assert not [other for other in others if other.meets(room)]
        assert floor.contains(room)
        assert not [other for whose, other in rooms if whose != of and other.meets(room)]
        hall = plan.blocks[of].hall
        assert room.y >= hall.bottom
        assert min(room.right, hall.right) - max(room.x, hall.x) >= 60, "one sees whose it is"


@pytest.mark.parametrize("name", PLANTS)
def test_stages_with_a_yard_and_depots_have_none(name: str) -> None:
    plan = plan_of(name)
    without = {yard.stage for yard in plan.yards} | {n for n, block in plan.blocks.items() if block.kind == "depot"}
    assert without
    assert not without & set(aprons(plan))


@pytest.mark.parametrize("count", [1, 4, 9, 10, 11, 39, 120, 390])
def test_crates_stand_inside_and_apart_and_as_large_as_can_be(count: int) -> None:
    few, many = Rect(10, 20, 110, 80), Rect(200, 20, 220, 100)
    places = apron_places(few, many, count)
    assert len(places) * 10 >= count
    assert sum(place.meets(other) for i, place in enumerate(places) for other in places[:i]) == 0
    room = few if count < 10 else many
    for place in places:
        assert room.contains(place)
    if count == 10:
        assert (places[0].w, places[0].h) == (120, 48), "two rows of five as large as on a belt"
    if count <= 9:
        assert places[0].h in {22, 47, 72}, "rows of the largest loose crates"


def skips() -> list[tuple[Plan, str, Rect]]:
    """Of all plants the skip of each stage that loses cases, nothing standing before its hall and no board hung."""
    plans = [plan_of(name) for name in PLANTS]
    losing = [(plan, name) for plan in plans for name, block in plan.blocks.items() if block.bin]
    return [(plan, name, skip_of(plan, name, None, ())) for plan, name in losing]


def test_a_skip_stands_at_its_hall_and_covers_nothing() -> None:
    found = skips()
    assert [rect for _, _, rect in found if rect.h > BIN[1]], "most floors have more room than the least that is kept"
    for plan, name, rect in found:
        hall, own = plan.blocks[name].hall, plan.blocks[name].bin
        assert rect.y == hall.bottom
        assert min(rect.right, hall.right) > max(rect.x, hall.x), "one sees whose it is"
        boards = set(plan.boards)
        others = [other for other in standing(plan) if other not in boards and other != own]
        others.remove(hall.scaled(max(plan.blocks[name].factor, 1.1), hall.centre))
        assert not [other for other in others if other.meets(rect)], name


def test_a_skip_makes_room_for_crates_and_for_boards() -> None:
    for plan, name, rect in skips():
        if rect == plan.blocks[name].bin:
            continue
        assert skip_of(plan, name, Apron(rect, rect), ()) != rect
        assert skip_of(plan, name, None, (rect,)) != rect
