"""Where the camera looks: the whole plant, a department, or near at what limits it; it drifts, and it comes back.

A story (whole, near, whole again) is told inside the time of one view, so that nothing cuts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import pygame

from factoryview.layout.plan import Plan, Rect
from factoryview.scene.floor.camera import Camera, eased
from factoryview.scene.picture import Moment
from factoryview.scene.theme import CALM

STORY = (0.42, 0.36, 0.22)
"""Shares of a view's time: the whole, near, the whole again."""
SHORTEST_STORY = 18.0
"""Seconds below which a view tells none."""
GLIDE = 1.4
"""Seconds in which the camera comes nearer or goes back."""
NAME = 42.0
"""Em of a machine's name in u of the plan."""
_NEARER = 1.7
"""How much nearer a close-up is at least."""
_DRIFT = 0.7
"""Share of a close-up in which the camera drifts from the queue to its machine."""
_STEP = 1 / 64


@dataclass(frozen=True)
class Shot:
    """What the camera does for some seconds. stage: empty, the whole plant."""

    stage: str
    seconds: float


def shots_of(seconds: float, subject: str, *, low_motion: bool) -> tuple[Shot, ...]:
    """The shots of a view of the whole plant that stands so long. subject: what has just changed or is worst."""
    if not subject or low_motion or seconds < SHORTEST_STORY:
        return (Shot("", seconds),)
    first, near, last = STORY
    return Shot("", seconds * first), Shot(subject, seconds * near), Shot("", seconds * last)


def subject_of(moment: Moment, plan: Plan, told: str = "") -> str:
    """The machine of which something is to be told: that of the first headline; of two the one not told before."""
    stages = [banner.stage for banner in moment.banners if banner.stage in plan.blocks and banner.dress not in CALM]
    return next((stage for stage in stages if stage != told), stages[0] if stages else "")


def near_camera(plan: Plan, home: Camera, stage: str, em: int, share: float = 1.0) -> Camera:
    """Near a machine, so that names of em pixels can be read. share: how far it has drifted from the queue to it."""
    block = plan.blocks[stage]
    k = max(home.k * _NEARER, em / NAME)
    k = -int(-k // _STEP) * _STEP
    x, y = map(float, block.hall.centre)
    yard = next((yard.rect for yard in plan.yards if yard.stage == stage), None)
    if yard is not None:
        queue = yard.centre
        x, y = (x * 0.62 + queue.x * 0.38, y * 0.62 + queue.y * 0.38) if _apart(x, queue.x, home, k) else (x, y)
        x, y = queue.x + (x - queue.x) * share, queue.y + (y - queue.y) * share
    return inside(plan, Camera(x, y, k, home.view), block.room)


def drifted(elapsed: float, seconds: float, *, low_motion: bool) -> float:
    """How far a close-up has drifted, 0 to 1, in steps that move whole pixels."""
    return 1.0 if low_motion or seconds <= 0 else eased(elapsed / (seconds * _DRIFT))


def area_camera(plan: Plan, home: Camera, rects: Iterable[Rect]) -> Camera:
    """See these parts of the plan."""
    found = list(rects)
    left, top = min(rect.x for rect in found), min(rect.y for rect in found)
    right, bottom = max(rect.right for rect in found), max(rect.bottom for rect in found)
    view = home.view
    k = max(home.k, min(view.w / max(1, right - left), view.h / max(1, bottom - top)))
    k = int(k / _STEP) * _STEP if k > home.k else home.k
    return inside(plan, replace(home, x=(left + right) / 2, y=(top + bottom) / 2, k=k), None)


def beside(camera: Camera, rects: Iterable[Rect]) -> list[pygame.Rect]:
    """What of the view lies beside these parts of the plan, in boxes that do not overlap."""
    view = camera.view
    seen = [camera.rect(rect).clip(view) for rect in rects]
    edges = sorted({view.top, view.bottom, *(y for box in seen for y in (box.top, box.bottom))})
    found = []
    for top, bottom in pairwise(edges):
        x = view.left
        across = [box for box in seen if box.top <= top and box.bottom >= bottom and box.w]
        for box in sorted(across, key=lambda box: box.x):
            found.append(pygame.Rect(x, top, box.left - x, bottom - top))
            x = max(x, box.right)
        found.append(pygame.Rect(x, top, view.right - x, bottom - top))
    return [box for box in found if box.w > 0 and box.h > 0]


def inside(plan: Plan, camera: Camera, keep: Rect | None) -> Camera:
    """The camera moved so far that it sees no more than the plan, as far as that is possible; `keep` stays in sight. It
    stands on a whole pixel, so that a slow drift is no new picture in every frame.
    """
    half_w, half_h = camera.view.w / camera.k / 2, camera.view.h / camera.k / 2
    x = min(max(camera.x, half_w), plan.width - half_w) if plan.width > 2 * half_w else plan.width / 2
    y = min(max(camera.y, half_h), plan.height - half_h) if plan.height > 2 * half_h else plan.height / 2
    if keep is not None:
        x = min(max(x, keep.right - half_w), keep.x + half_w)
        y = min(max(y, keep.bottom - half_h), keep.y + half_h)
    return replace(camera, x=round(x * camera.k) / camera.k, y=round(y * camera.k) / camera.k)


def seen_part(wide: Camera, near: Camera, share: float) -> pygame.Rect:
    """The part of the picture of `wide` that fills the view on the way to `near`: at share 0 all of it, at 1 what
    `near` sees. Clipped to the view of `wide`.
    """
    left, top = near.floor_at(near.view.topleft)
    right, bottom = near.floor_at(near.view.bottomright)
    x0, y0 = wide.point(left, top)
    x1, y1 = wide.point(right, bottom)
    view = wide.view
    edges = [a + (b - a) * share for a, b in ((view.left, x0), (view.top, y0), (view.right, x1), (view.bottom, y1))]
    part = pygame.Rect(round(edges[0]), round(edges[1]), round(edges[2] - edges[0]), round(edges[3] - edges[1]))
    return part.clip(view)


def _apart(x: float, other: float, home: Camera, k: float) -> bool:
    """Whether both still stand in one picture."""
    return abs(x - other) < 0.7 * home.view.w / k
