"""Following a crate: its case, looked up on a worker thread; where it is, and the way that it went and will go."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise

from factoryview.flow.moment.standing import Standing
from factoryview.layout.plan import Plan
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.paths import PathLook
from factoryview.scene.ui.node import Node
from factoryview.store.database import Store
from factoryview.view.crates import Journey, Visited, journey, place_of
from factoryview.view.model import Model

Point = tuple[float, float]
NOBODY = -1


class Following:
    """The case that is followed, by the id of one of its stays."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "follow")
        self._asked: tuple[tuple[Store, int], Future[Journey | None]] | None = None
        self._searched: tuple[tuple[Store, str], Future[tuple[tuple[str, int], ...]]] | None = None

    def way(self, model: Model, stay: int) -> Journey | None:
        """The way of the case of a stay; None while it is looked up, or where it is not told."""
        if stay == NOBODY:
            return None
        factory = (model.within or model).factory
        if self._asked is None or self._asked[0] != (factory.store, stay):
            self._asked = (factory.store, stay), self._worker.submit(journey, factory, stay)
        return self._asked[1].result() if self._asked[1].done() else None

    def search(self, model: Model, words: str) -> tuple[tuple[str, int], ...]:
        """Cases whose ids hold a text, each with a stay; none where ids may not be shown, or while they are sought."""
        factory = (model.within or model).factory
        if not factory.gate.case_ids or len(words) < 2:
            return ()
        if self._searched is None or self._searched[0] != (factory.store, words):
            self._searched = (factory.store, words), self._worker.submit(_cases, model, words)
        return self._searched[1].result() if self._searched[1].done() else ()

    def at_hand(self) -> object:
        """What has come."""
        asked = self._asked is not None and self._asked[1].done(), self._asked and self._asked[0]
        return asked, self._searched is not None and self._searched[1].done(), self._searched and self._searched[0]

    def settle(self) -> None:
        """Wait until all has come that was asked for."""
        for asked in (self._asked, self._searched):
            if asked is not None:
                asked[1].exception()


def _cases(model: Model, words: str) -> tuple[tuple[str, int], ...]:
    store = (model.within or model).factory.store
    return tuple((str(case), int(stay)) for case, stay in store.rows("series/cases_like", words=words))


def where(way: Journey, at: int, plan: Plan, standing: Standing) -> Point | None:
    """Where the crate of a case is, in u of the plan; None before it comes."""
    known = [stay for stay in way.stays if stay.entered <= at]
    if not known:
        return None
    last = known[-1]
    for belt, on in zip(plan.belts, standing.belts, strict=False):
        if (place := place_of(belt, on, last.id)) is not None:
            return place
    block = plan.blocks.get(last.stage)
    return None if block is None else (block.hall.centre.x, block.hall.centre.y)


def path_node(way: Journey, at: int, plan: Plan, camera: Camera, u: float, *, ahead: bool) -> Node:
    """The way that a case went, and if it is known (ahead) the way that it will go."""
    past = [stay for stay in way.stays if stay.entered <= at]
    gone, coming = _line(past, plan), _line(way.stays[max(0, len(past) - 1) :], plan) if ahead else ()
    pixels = [tuple(tuple(camera.point(x, y) for x, y in leg) for leg in legs) for legs in (gone, coming)]
    look = PathLook(pixels[0], pixels[1], u)
    return Node("path", camera.view, None, "group", "", None, (Node("path/line", camera.view, look, "image"),))


def _line(stays: tuple[Visited, ...] | list[Visited], plan: Plan) -> tuple[tuple[Point, ...], ...]:
    """From stage to stage along the belt between them, else straight."""
    belts = {(belt.origin, belt.target): belt for belt in plan.belts}
    legs = []
    for one, other in pairwise(stays):
        belt = belts.get((one.stage, other.stage))
        if belt is not None:
            legs.append(tuple((float(point.x), float(point.y)) for point in belt.points))
        elif one.stage in plan.blocks and other.stage in plan.blocks and one.stage != other.stage:
            ends = (plan.blocks[stage].hall.centre for stage in (one.stage, other.stage))
            legs.append(tuple((float(end.x), float(end.y)) for end in ends))
    return tuple(legs)
