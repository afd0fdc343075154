"""What is wrong with a wall: its file, its round, and whatever cannot be read from where its viewers stand.

Sizes are measured: every view is drawn at the worst moment of its plant, and what was really written is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path

from factoryview.app.playback import Replay
from factoryview.errors import InputError, PlantError
from factoryview.factory.check import check_input
from factoryview.factory.factory import Factory, Opening
from factoryview.factory.remark import Remark
from factoryview.language import Code
from factoryview.language.said import also, said
from factoryview.plant.checks import near
from factoryview.plant.wall_file import View, Wall, load_wall
from factoryview.scene.art.raster import opaque
from factoryview.scene.legibility import LEAST
from factoryview.scene.text import Page, Written, recording
from factoryview.scene.ui.compositor import Compositor
from factoryview.scene.ui.node import Node
from factoryview.view.model import Model
from factoryview.wall.layout import viewing_of
from factoryview.wall.plants import PlantOnWall, Speaking, aspect_for, path_of
from factoryview.wall.rotation import names_of, nobody_at, spans_of
from factoryview.wall.screen_care import theme_at
from factoryview.wall.views import Now, Scene

LONGEST_ROUND = 120.0
"""Seconds that a round of all views may take."""
IN_SIGHT = 0.5
"""Share of the time for which a plant's headline has to be in sight."""
_READ = ("strip/", "goal/", "hour/", "ahead/", "loss/", "rung/", "board/title", "alarm/", "notice", "corner")
"""Nodes whose every word has to be read from where the viewers stand."""
_FARTHEST = ("strip/headline/", "loss/words", "notice/words")
"""Nodes that are read by all who look at the screen, however near the view."""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SLACK = 0.05
"""Minutes of arc by which rounding to whole pixels may fall short."""


@dataclass(frozen=True)
class CheckedWall:
    """What was found."""

    remarks: tuple[Remark, ...]
    wall: Wall | None

    @property
    def usable(self) -> bool:
        return self.wall is not None and all(remark.severity != "error" for remark in self.remarks)


def check_wall(path: Path, system: Code) -> CheckedWall:
    """Everything that is wrong with a wall file. system: the language where nobody says one."""
    try:
        wall = load_wall(path)
    except PlantError as error:
        return CheckedWall(
            tuple(Remark("error", problem.place, problem.found, problem.cure) for problem in error.problems), None
        )
    remarks = [_told(path, wall), *_rounds(path, wall), *_headlines(path, wall), *_hours(path, wall)]
    for each in wall.plant:
        file = path_of(each, path.parent)
        try:
            checked = check_input(file, Opening())
        except InputError as error:
            remarks.append(Remark("error", error.where or str(file), error.what, error.cure))
            continue
        remarks += [remark for remark in checked.remarks if remark.severity == "error"]
        if checked.factory is None:
            if checked.usable:
                text = said("check.wall_no_data", plant=each.name)
                remarks.append(Remark("warning", str(file), text, said("check.wall_record")))
            continue
        views = [view for view in wall.view if wall.plant_of(view) is each]
        remarks += _names(path, wall, views, checked.factory)
        remarks += _legible(path, wall, views, checked.factory, system)
    return CheckedWall(tuple(remarks), wall)


def _told(path: Path, wall: Wall) -> Remark:
    longest = max(_length(wall, span.views) for span in spans_of(wall))
    told = said(
        "check.wall_has", n=len(wall.plant), views=len(wall.view), seconds=longest,
        inches=wall.screen.inches, metres=wall.screen.distance_m,
    )  # fmt: skip
    return Remark("info", str(path), told)


def _length(wall: Wall, views: Iterable[int]) -> float:
    return sum(wall.seconds_of(wall.view[view]) for view in views)


def _rounds(path: Path, wall: Wall) -> Iterator[Remark]:
    for views in dict.fromkeys(span.views for span in spans_of(wall)):
        seconds = _length(wall, views)
        if seconds > LONGEST_ROUND and len(views) > 1:
            span = next(span for span in spans_of(wall) if span.views == views)
            longest = max(views, key=lambda view: wall.seconds_of(wall.view[view]))
            yield Remark(
                "warning", also([str(path), _when(span.day, span.since)]),
                said("check.wall_round", seconds=seconds, most=LONGEST_ROUND),
                said("check.wall_shorten", seconds=seconds - LONGEST_ROUND, view=names_of(wall)[longest]),
            )  # fmt: skip


def _headlines(path: Path, wall: Wall) -> Iterator[Remark]:
    """The strip stands in every view, so a plant's headline is in sight as long as its views are."""
    for views in dict.fromkeys(span.views for span in spans_of(wall)):
        whole = _length(wall, views)
        shown = {wall.plant_of(wall.view[view]).name for view in views}
        for name in (plant.name for plant in wall.plant if plant.name in shown):
            mine = sum(
                wall.seconds_of(wall.view[view]) for view in views if wall.plant_of(wall.view[view]).name == name
            )
            if mine < IN_SIGHT * whole - 1e-9:
                yield Remark(
                    "warning", str(path),
                    said("check.wall_in_sight", plant=name, share=mine / whole),
                    said("check.wall_give", plant=name, seconds=IN_SIGHT * whole - mine, whole=whole),
                )  # fmt: skip


def _hours(path: Path, wall: Wall) -> Iterator[Remark]:
    alone = next(iter(nobody_at(wall)), None)
    if alone is not None:
        yield Remark(
            "warning", also([str(path), _when(alone.weekday(), alone.time())]),
            said("check.wall_no_hour", view=names_of(wall)[0]), said("check.wall_leave_out"),
        )  # fmt: skip


def _when(day: int, at: time) -> str:
    return said("check.wall_when", day=said(f"check.day.{_DAYS[day]}"), at=at)


def _names(path: Path, wall: Wall, views: list[View], factory: Factory) -> Iterator[Remark]:
    plant = factory.plant
    departments, stages = [one.name for one in plant.departments], factory.store.stages()
    for view in views:
        place = f"{path}, view[{wall.view.index(view) + 1}]"
        if view.department is not None and view.department not in departments:
            cure = near(view.department, departments) or said("check.wall_departments")
            yield Remark("error", f"{place}, department", said("error.no_department", name=view.department), cure)
        if view.stage is not None and view.stage not in stages:
            yield Remark(
                "error", f"{place}, stage", said("error.no_stage_here", name=view.stage), near(view.stage, list(stages))
            )
        goals = [target.of for target in plant.targets]
        if view.goal is not None and view.goal not in goals:
            yield Remark("error", f"{place}, goal", said("check.wall_no_goal", name=view.goal), near(view.goal, goals))
        if view.kind in ("goals", "hours") and not goals:
            cure = said("check.wall_add_targets")
            yield Remark("warning", place, said("check.wall_no_goals", plant=plant.name), cure)


def _legible(path: Path, wall: Wall, views: list[View], factory: Factory, system: Code) -> Iterator[Remark]:
    """What of each view cannot be read from where it is looked at."""
    mine, size = wall.plant_of(views[0]) if views else wall.plant[0], wall.screen.pixels
    speaking = Speaking(wall.language, system, wall.title if len(wall.plant) == 1 else None)
    model = Model(factory, aspect=aspect_for(wall, mine, size))
    model.study(model.worst_moment())
    theme = theme_at(wall.theme, datetime(2024, 1, 1, 12))
    plant = PlantOnWall(mine, path.parent, speaking, theme, low_motion=True, now=0)
    plant.show(Replay(model, speaking.language_of(factory.plant)))
    plant.head = replace(plant.head, at=model.worst_moment())
    names = names_of(wall)
    for place, view in ((wall.view.index(view), view) for view in views):
        scene = Scene(plant, wall, view, size)
        page, tree = _drawn(scene)
        where = f'{path}, view[{place + 1}] "{names[place]}"'
        yield from unread(page, tree, wall, view, size, where)


def _drawn(scene: Scene) -> tuple[Page, Node]:
    """All that is written in a view, and its tree."""
    surface = opaque(scene.layout.whole.size)
    with recording() as page:
        compositor = Compositor()
        scene.begin(0.0)
        compositor.paint(surface, scene.tree(Now(0.0, scene.plant.head.at)), scene.art)
    return page, compositor.root


def unread(page: Page, tree: Node, wall: Wall, view: View, size: tuple[int, int], where: str) -> Iterator[Remark]:
    """Headline, clock, boards and alarms, and counts and names of machines in sight, as far as they cannot be read."""
    distance = wall.distance_of(view)
    viewing = viewing_of(size, wall.screen, distance)
    nodes = [node for node in tree.walk() if node.key is not None and node.id.startswith(_READ)]
    for node in nodes:
        metres = max(distance, wall.screen.distance_m) if node.id.startswith(_FARTHEST) else distance
        inside = [line for line in page.written if node.rect.contains(line.ink) or node.rect.colliderect(line.ink)]
        for line in inside:
            arc = viewing_of(size, wall.screen, metres).arc(line.size, size[1])
            if arc < LEAST - _SLACK:
                yield _small(where, line.text, arc, metres)
        for text, box in page.left_out:
            if node.rect.contains(box) and node.id in ("strip/headline/0", "strip/headline/1", "board/title"):
                yield Remark(
                    "illegible", where, said("check.wall_no_room", text=text, metres=distance), _closer(distance)
                )
    floor = tree.find("floor")
    for machine in floor.children if floor is not None else ():
        if machine.role == "machine" and floor is not None and floor.rect.contains(machine.children[0].rect):
            yield from _machine(machine, page, viewing.arc, size, where, distance)


def _machine(
    machine: Node, page: Page, arc: Callable[[float, int], float], size: tuple[int, int], where: str, distance: float
) -> Iterator[Remark]:
    hall = machine.children[0].rect
    lines = [line for line in page.written if hall.colliderect(line.ink)]
    count = next((node.label for node in machine.children if node.id.endswith("/count")), "")
    name = machine.label
    for unseen, words in (("check.wall_count_unread", count), ("check.wall_name_unread", name)):
        found = [line for line in lines if _is_of(line, words)]
        if not found:
            yield Remark("illegible", where, said(unseen, name=name, metres=distance), _closer(distance))
        for line in found:
            seen = arc(line.size, size[1])
            if seen < LEAST - _SLACK:
                yield _small(where, line.text, seen, distance)


def _is_of(line: Written, words: str) -> bool:
    """Whether a line is a text, or a part of it broken or cut at a word."""
    written = line.text.rstrip("…").strip()
    return bool(written) and (written in words)


def _small(where: str, text: str, arc: float, distance: float) -> Remark:
    found = said("check.wall_small", text=text, arc=arc, metres=distance, least=LEAST)
    return Remark("illegible", where, found, _closer(distance * arc / LEAST))


def _closer(distance: float) -> str:
    return said("check.wall_closer", metres=int(10 * distance) / 10)
