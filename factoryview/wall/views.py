"""The views of a wall: each one tree of nodes, made of the floor that is there anyway and of what is read from afar.

It is long, for the kinds of view share the parts of which each is put together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pygame

from factoryview.flow.hours import goal_hours
from factoryview.flow.ratios import goal_ratios
from factoryview.language import Language
from factoryview.language.said import in_language
from factoryview.layout.plan import Block
from factoryview.plant.models import label_of
from factoryview.plant.wall_file import View, Wall
from factoryview.scene.art.art import Art
from factoryview.scene.chrome.confetti import Confetti
from factoryview.scene.chrome.ladder import ladder_node
from factoryview.scene.chrome.large import (
    STACKED,
    CalmNotice,
    GoalBar,
    GoalLine,
    LineLook,
    LossLine,
    Phrase,
    RungLine,
    Veil,
    goal_columns,
    goals_width,
    loss_width,
    row_height,
    rungs_shown,
    takt_width,
)
from factoryview.scene.chrome.loading import Blank
from factoryview.scene.chrome.timeline import Foot
from factoryview.scene.floor.camera import Camera
from factoryview.scene.picture import Banner, GoalRow, LossRow, Moment
from factoryview.scene.text import width
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Look
from factoryview.scene.ui.node import Node, group
from factoryview.time import WEEK
from factoryview.view.presentation import Presentation
from factoryview.view.state import State
from factoryview.view.ticks import micros
from factoryview.wall.alarms import alarm_lines, alarm_nodes, alarms_high
from factoryview.wall.cheers import SECONDS, Cheer, cheers_at
from factoryview.wall.director import area_camera, drifted, near_camera, subject_of
from factoryview.wall.layout import WallLayout, wall_layout
from factoryview.wall.plants import PlantOnWall
from factoryview.wall.strip import Strip, strip_node, strip_of

_VEIL = 208
"""How much of the last picture a notice of loss covers, of 255."""
_LARGEST = 1.9
"""How much larger than the strip a board with few rows is written."""
_LABEL = 0.34
"""The most that names of a ladder take of its width."""


BOARD_EVERY = 0.2
"""Seconds for which a board stands as it is."""


@dataclass(frozen=True)
class Now:
    """The moment of a frame."""

    seconds: float
    """On the clock that never jumps."""
    micros: int
    """The wall's own clock, µs UTC."""
    corner: str = ""
    """What is wrong with the wall's files."""
    over: tuple[Node, ...] = ()
    """What lies over the view for a while: a code for phones."""


class Scene:
    """One view, or a shot of it, on a display of a size; a pure function of plant and moment but for its beginning."""

    def __init__(self, plant: PlantOnWall, wall: Wall, view: View, size: tuple[int, int], *, stage: str = "",
                 seconds: float = 0.0) -> None:  # fmt: skip
        """stage: what a shot of the whole plant is near at. seconds: how long it will stand."""
        self.plant, self.view, self.stage = plant, view, stage
        self.layout: WallLayout = wall_layout(size, wall.screen, wall.distance_of(view))
        self.edition = plant.edition
        self.began: float | None = None
        self.seen_by: Camera | None = None
        """Where it looked when its tree was last made; None: it shows no floor."""
        self.moment: Moment | None = None
        """What its tree was last made of."""
        self._wall, self._seconds = wall, seconds or wall.seconds_of(view)
        self._lapse_end = self._alarms = 0
        self._board: tuple[float, tuple[object, ...], Node] | None = None
        """When a board was last written, with what besides its numbers, and its tree."""

    @property
    def art(self) -> Art:
        return self.plant.art

    @property
    def floor(self) -> bool:
        """Whether it shows the floor, so that a camera can come and go."""
        return self.plant.presentation is not None and self.view.kind in ("whole", "department", "constraint")

    def holds(self) -> bool:
        """Whether what it was laid out of is still so."""
        return self.edition == self.plant.edition

    def begin(self, seconds: float) -> None:
        """It is seen from now on."""
        self.began = seconds

    def camera(self, moment: Moment, elapsed: float) -> Camera:
        """Where it looks."""
        presentation = self.plant.presentation
        assert presentation is not None
        plan = presentation.facts.floor.plan
        composition = self._composition()
        home = Camera.fit(plan, composition.view)
        kind, low = self.view.kind, self._wall.low_motion
        if kind == "department":
            names = [department.name for department in presentation.model.factory.plant.departments]
            zones = [
                zone for zone in plan.zones if names[zone.department : zone.department + 1] == [self.view.department]
            ]
            return area_camera(plan, home, [rect for zone in zones for rect in zone.rects]) if zones else home
        stage = self.stage
        if kind == "constraint":
            stage = self.view.stage or subject_of(moment, plan) or _fullest(moment, plan.blocks)
        if stage in plan.blocks:
            share = drifted(elapsed, self._seconds, low_motion=low)
            return near_camera(plan, home, stage, self.layout.least, share)
        return home

    def tree(self, now: Now) -> Node:
        """All of it. Nothing moves on a board, so that it is written anew a few times a second only."""
        of = now.corner, now.over, self.edition, self.plant.reasons
        kept = self._board
        if kept is not None and kept[0] <= now.seconds < kept[0] + BOARD_EVERY and kept[1] == of:
            return kept[2]
        tree = self._tree(now)
        still = self.view.kind in BOARDS or self.plant.presentation is None
        self._board = (now.seconds, of, tree) if still else None
        return tree

    def _tree(self, now: Now) -> Node:
        presentation = self.plant.presentation
        if presentation is None:
            return self._waiting(now)
        elapsed = 0.0 if self.began is None else now.seconds - self.began
        at, pace, playing, lapse = self._moment_of(elapsed)
        health = self.plant.health()
        state = presentation.model.state(at, pace, playing=playing, health=health)
        moment, language = presentation.wording.moment(state), presentation.language
        self.moment = moment
        cheers = () if lapse else cheers_at(presentation, at, pace)
        strip = strip_of(
            moment, health, language, title=presentation.facts.title, wall_now=now.micros,
            lapse=language.text("kiosk.lapse") if lapse else "",
            cheers=tuple(cheer.banner for cheer in cheers[:1]),
        )  # fmt: skip
        overlay = (*self._rain(cheers), *self._loss(now), *self._corner(now), *now.over)
        make = BOARDS.get(self.view.kind)
        if make is None:
            return self._floor(state, moment, strip, overlay, now, elapsed)
        body = Node("board", self.layout.body, Veil(), "list", children=tuple(make(self, moment, presentation)))
        return self._screen((strip_node(strip, self.layout, now.seconds), body), overlay)

    def _moment_of(self, elapsed: float) -> tuple[int, float, bool, bool]:
        """Moment, pace, whether it plays, and whether it is a time lapse: of the last week as known when it began."""
        head = self.plant.head
        if self.view.kind != "timelapse":
            return head.at, head.shown_pace, head.playing, False
        if not self._lapse_end or self.began is None:
            self._lapse_end = head.at
        pace = WEEK / self._seconds
        presentation = self.plant.presentation
        first = presentation.model.first if presentation is not None else 0
        at = max(first, self._lapse_end - WEEK + round(min(elapsed, self._seconds) * pace))
        if presentation is not None:
            presentation.model.look_ahead(at, pace)
        return at, pace, True, True

    def _composition(self) -> Composition:
        kind = self.view.kind
        below = alarms_high(self._alarms, self.layout) if kind == "constraint" else 0
        return self.layout.floor(ladder=kind in ("whole", "timelapse"), below=below)

    def _floor(
        self, state: State, moment: Moment, strip: Strip, overlay: tuple[Node, ...], now: Now, elapsed: float
    ) -> Node:
        presentation, painter, layout = self.plant.presentation, self.plant.painter, self.layout
        assert presentation is not None
        assert painter is not None
        plan = presentation.facts.floor.plan
        labels = {name: station.label for name, station in zip(plan.blocks, moment.floor.stations, strict=True)}
        alarms = alarm_lines(state, labels, presentation.language) if self.view.kind == "constraint" else ()
        self._alarms = len(alarms)
        composition = self._composition()
        chrome = [strip_node(strip, layout, now.seconds)]
        if composition.ladder.h:
            chrome.append(ladder_node(moment.ladder, composition))
        if self.view.kind == "constraint":
            chrome.append(alarm_nodes(alarms, composition, layout, presentation.language))
        foot = Foot(presentation.facts.notes, moment.feeds, layout.u)
        words = " · ".join([*presentation.facts.notes, *(feed.text for feed in moment.feeds)])
        rim = round(12 * layout.u)
        chrome.append(Node("foot", composition.timeline, Veil(), children=(
            Node("foot/sources", composition.timeline.inflate(-2 * rim, 0), foot, "text", words),)))  # fmt: skip
        camera = self.seen_by = self.camera(moment, elapsed)
        return painter.tree(moment, camera, composition, overlay, chrome=tuple(chrome), smallest=layout.least)

    def _waiting(self, now: Now) -> Node:
        """Before there is anything to show: since when, and what is known of why."""
        language, layout, plant = self.plant.language, self.layout, self.plant
        title = language.text("kiosk.waiting", time=language.date(plant.since, "date.time"))
        none, clock = language.text("feed.no_data_yet"), language.date(now.micros, "date.time")
        strip = Strip((Banner("calm", title),), language.text("kiosk.no_clock"), none, False, plant.name, clock)
        detail = in_language(plant.trouble, language.code) or plant.doing or plant.name
        notice = CalmNotice(title, detail, layout.em)
        body = Node("notice", layout.body, notice, "status", f"{title}: {notice.detail}")
        over = (*self._corner(now), *now.over)
        return self._screen((strip_node(strip, layout, now.seconds), body), over)

    def _rain(self, cheers: tuple[Cheer, ...]) -> Iterator[Node]:
        """Over the floor, where motion is welcome."""
        if cheers and self.floor and not self._wall.low_motion:
            yield Node("cheer", self.layout.body, Confetti(cheers[0].elapsed, SECONDS), "image")

    def _loss(self, now: Now) -> Iterator[Node]:
        """Over the last picture, where nothing of it is known to be true any more."""
        since = self.plant.lost_since()
        presentation = self.plant.presentation
        if since is None or presentation is None:
            return
        language, layout = presentation.language, self.layout
        if since:
            title = language.text("kiosk.lost", time=presentation.wording.news.as_of(since, now.micros))
        else:
            title = language.text("kiosk.waiting", time=language.date(self.plant.since, "date.time"))
        health = self.plant.health()
        names = ", ".join(feed.name for feed in health.feeds(self.plant.head.at))
        detail = in_language(health.trouble, language.code) or names
        high = min(layout.body.h, round(layout.em * 6))
        box = pygame.Rect(layout.body.x, layout.body.centery - high // 2, layout.body.w, high)
        said = Node("loss/words", box, CalmNotice(title, detail, layout.em), "alert", f"{title}: {detail}")
        yield Node("loss", layout.body, Veil(_VEIL), children=(said,))

    def _corner(self, now: Now) -> Iterator[Node]:
        if not now.corner:
            return
        layout = self.layout
        high = round(layout.em * 1.3)
        box = pygame.Rect(layout.body.x, layout.body.bottom - high, layout.body.w, high)
        line = LineLook((Phrase(now.corner, "slow"),), Phrase(""), layout.em)
        inner = box.inflate(-layout.em // 2, 0)
        yield Node("corner", box, Veil(), children=(Node("corner/words", inner, line, "alert", now.corner),))

    def _screen(self, chrome: tuple[Node, ...], overlay: tuple[Node, ...]) -> Node:
        whole = self.layout.whole
        ground = Node("ground", whole, Blank(), "image")
        empty = group("floor", whole, ())
        return Node("screen", whole, children=(ground, empty, group("chrome", whole, chrome),
                                               group("overlay", whole, overlay)))  # fmt: skip


Boards = Callable[[Scene, Moment, Presentation], Iterator[Node]]


def _goals(scene: Scene, moment: Moment, presentation: Presentation) -> Iterator[Node]:
    """Goals by now, like a score."""
    rows = [row for board in moment.floor.boards for row in board.rows if isinstance(row, GoalRow)]
    title = next((board.title for board in moment.floor.boards if board.rows and isinstance(board.rows[0], GoalRow)),
                 presentation.language.text("kiosk.no_goals"))  # fmt: skip
    wide, stacked = _inner(scene.layout).w, _stacked(scene.layout)
    bars = 2 * len(rows) <= _room_for(scene.layout, row_height(scene.layout.em, stacked=stacked))
    room = len(rows) * (1 + bars) + (len(rows) > 1)  # for how goals go together
    em = _board_em(scene.layout, room, lambda size: goals_width(rows, size, stacked=stacked), stacked=stacked)
    columns = goal_columns(rows, em)
    if goals_width(rows, em, stacked=stacked) > wide:
        columns = (*columns[:3], 0)
    looks: list[tuple[str, Look, str]] = []
    least = scene.layout.em
    takt = takt_width(rows, wide, least)
    for i, row in enumerate(rows):
        said = (row.label, row.actual, row.plan, row.difference, row.forecast)
        scale = row.scale if bars else None
        looks.append((f"goal/{i}", GoalLine(row, columns, em, scale is None), " ".join(filter(None, said))))
        if scale is not None:
            looks.append((f"goal/{i}/scale", GoalBar(row, scale, takt, em, least), row.takt if takt else ""))
    high, words = row_height(em, stacked=stacked), _ratio(moment.at, presentation)
    if words and width(words, scene.layout.em, "Medium") <= wide and len(looks) < _room_for(scene.layout, high):
        looks.append(("ratio", LineLook((Phrase(words, muted=True),), Phrase(""), scene.layout.em), words))
    yield from _rows(scene, title, looks, high)


def _ratio(at: int, presentation: Presentation) -> str:
    """`First calls : Orders = 6.5 : 1 · today 52 : 16`, of the goal of which most go with one of the last."""
    language, counts = presentation.language, presentation.model.counts
    found = goal_ratios(counts.goals, at)
    if not found:
        return ""
    ratio = max(found, key=lambda each: each.needed)
    labels = {target.of: label_of(target, language.code) for target in counts.factory.plant.targets}
    digits = 0 if ratio.needed >= 9.95 else 1
    return language.text(
        "kiosk.ratio", n=language.number(ratio.needed, digits), of=labels[ratio.of], per=labels[ratio.per],
        today=language.number(ratio.today), today_per=language.number(ratio.today_per),
    )  # fmt: skip


def _hours(scene: Scene, moment: Moment, presentation: Presentation) -> Iterator[Node]:
    """One goal hour by hour: what came, the plan, the difference, the sum of it, and why, as people said."""
    language, counts = presentation.language, presentation.model.counts
    targets = {target.of: target for target in counts.factory.plant.targets}
    target = targets.get(scene.view.goal or "", next(iter(targets.values()), None))
    if target is None:
        yield from _rows(scene, language.text("kiosk.no_goals"), [], row_height(scene.layout.em))
        return
    stacked = _stacked(scene.layout)
    hours = goal_hours(counts.goals[target.of], moment.at)
    hours = hours[-_room_for(scene.layout, row_height(scene.layout.em, stacked=stacked)) :]
    why = {(one.day, one.hour): one.text for one in scene.plant.reasons if micros(one.said, language) <= moment.at}
    rows = []
    for hour in hours:
        local = language.moment(hour.since)
        label = language.text("kiosk.hour", since=local.hour, until=language.moment(hour.until).hour)
        label = " · ".join(filter(None, (label, why.get((local.date(), local.hour), ""))))
        plan = language.text("goal.plan", n=language.number(hour.plan, 1))
        rows.append(
            GoalRow(label, language.number(hour.actual), plan, _signed(hour.difference, language),
                    hour.difference >= 0, language.text("kiosk.total", n=_signed(hour.total_difference, language)))
        )  # fmt: skip
    columns = goal_columns(rows, scene.layout.em)
    looks: list[tuple[str, Look, str]] = [
        (f"hour/{i}", GoalLine(row, columns, scene.layout.em),
         " ".join((row.label, row.actual, row.plan, row.difference, row.forecast)))
        for i, row in enumerate(rows)
    ]  # fmt: skip
    title = language.text("kiosk.hours", name=label_of(target, language.code))
    empty = "" if rows else language.text("kiosk.no_hours")
    yield from _rows(scene, title, looks, row_height(scene.layout.em, stacked=stacked), empty)


def _signed(value: float, language: Language) -> str:
    """`+1.5`, `−2`, `±0`."""
    digits = 0 if abs(value) >= 9.95 or round(value, 1) == round(value) else 1
    shown = round(value, digits)
    return f"{'+' if shown > 0 else '−' if shown < 0 else '±'}{language.number(abs(shown), digits)}"


def _leaks(scene: Scene, moment: Moment, presentation: Presentation) -> Iterator[Node]:
    """What is lost where, and why most of it."""
    rows = [row for board in moment.floor.boards for row in board.rows if isinstance(row, LossRow)]
    title = next((board.title for board in moment.floor.boards if board.rows and isinstance(board.rows[0], LossRow)),
                 presentation.language.text("kiosk.no_leaks"))  # fmt: skip
    stacked = _stacked(scene.layout)
    em = _board_em(
        scene.layout, len(rows), lambda size: max((loss_width(row, size, stacked=stacked) for row in rows), default=0),
        stacked=stacked,
    )  # fmt: skip
    looks: list[tuple[str, Look, str]] = [
        (f"loss/{i}", LossLine(row, em), " ".join(filter(None, (row.label, row.share, row.reason))))
        for i, row in enumerate(rows)
    ]
    yield from _rows(scene, title, looks, row_height(em, stacked=stacked))


def _ladder(scene: Scene, moment: Moment, presentation: Presentation) -> Iterator[Node]:
    """Lead time as waiting and work."""
    ladder, layout = moment.ladder, scene.layout
    if ladder is None or not ladder.rungs:
        yield from _rows(scene, presentation.language.text("kiosk.no_ladder"), [], row_height(layout.em))
        return
    title, stacked = f"{ladder.title}: {ladder.total}", _stacked(layout)
    rungs = rungs_shown(ladder, _room_for(layout, row_height(layout.em, stacked=stacked)))
    em, wide = _board_em(layout, len(rungs), lambda _size: 0, stacked=stacked, most=1.3), _inner(layout).w
    longest = max(rung.waiting + rung.work for rung in rungs)
    label = min(round(wide * _LABEL), max(width(rung.label, em) for rung in rungs))
    looks: list[tuple[str, Look, str]] = [
        (f"rung/{i}", RungLine(rung, longest, label, em), f"{rung.label} {rung.text}") for i, rung in enumerate(rungs)
    ]
    yield from _rows(scene, title, looks, row_height(em, stacked=stacked), ladder.work)


BOARDS: dict[str, Boards] = {"goals": _goals, "hours": _hours, "leaks": _leaks, "ladder": _ladder}
"""Views that are no floor: what stands in the body. A new kind is a name in `wall_file.Kind` and a line here."""


def _inner(layout: WallLayout) -> pygame.Rect:
    return layout.body.inflate(-round(48 * layout.u), -round(12 * layout.u))


def _stacked(layout: WallLayout) -> bool:
    """So narrow that words stand above numbers."""
    return _inner(layout).w < STACKED * layout.em


def _room_for(layout: WallLayout, high: int) -> int:
    """Rows of that height that find room under a title."""
    return max(1, (_inner(layout).h - row_height(layout.em)) // high)


def _board_em(
    layout: WallLayout, count: int, wide: Callable[[int], int], *, stacked: bool = False, most: float = _LARGEST
) -> int:
    """As large as so many rows find room, at least what can be read. wide: pixels of the widest row at a size."""
    inner = _inner(layout)
    sizes = range(round(layout.em * most), layout.em, -max(1, layout.em // 16))
    room = inner.h - row_height(layout.em)
    fitting = (em for em in sizes if row_height(em, stacked=stacked) * count <= room and wide(em) <= inner.w)
    return next(fitting, layout.em)


def _rows(scene: Scene, title: str, looks: list[tuple[str, Look, str]], high: int, beside: str = "") -> Iterator[Node]:
    """A title and as many rows as find room; how many are left is said beside the title, as is what belongs to it."""
    layout, inner = scene.layout, _inner(scene.layout)
    head = pygame.Rect(inner.x, inner.y, inner.w, row_height(layout.em))
    most = _room_for(layout, high)
    more = f"+{len(looks) - most}" if len(looks) > most else ""
    said = tuple(Phrase(words, muted=True) for words in (title, beside) if words)
    line = LineLook(said, Phrase(more), layout.em)
    yield Node("board/title", head, line, "text", " · ".join(words.text for words in said))
    for i, (name, look, words) in enumerate(looks[:most]):
        yield Node(name, pygame.Rect(inner.x, head.bottom + i * high, inner.w, high), look, "item", words)


def _fullest(moment: Moment, blocks: Mapping[str, Block]) -> str:
    """Where nothing jams: the machine before which most crates stand."""
    machines = [(name, station) for (name, _), station in zip(blocks.items(), moment.floor.stations, strict=True)
                if station.dress != "depot"]  # fmt: skip
    crates = [(len(moment.floor.piles.get(name, b"")) + station.inside, name) for name, station in machines]
    return max(crates, default=(0, ""))[1]
