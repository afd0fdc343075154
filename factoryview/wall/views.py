"""The views of a wall: each one tree of nodes, made of the floor that is there anyway and of what is read from afar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pygame

from factoryview.language.said import in_language
from factoryview.layout.plan import Block, Plan, Rect
from factoryview.plant.wall_file import View, Wall
from factoryview.scene.art.art import Art
from factoryview.scene.chrome.boards import LEAST_TEXT, board_box
from factoryview.scene.chrome.confetti import Confetti
from factoryview.scene.chrome.ladder import ladder_node
from factoryview.scene.chrome.large import (
    LINE,
    CalmNotice,
    LineLook,
    Phrase,
    Veil,
)
from factoryview.scene.chrome.timeline import Foot
from factoryview.scene.floor.camera import Camera
from factoryview.scene.picture import Banner, Moment
from factoryview.scene.theme import CALM
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.node import Node, group
from factoryview.time import WEEK
from factoryview.view.presentation import Presentation
from factoryview.view.state import State
from factoryview.wall.alarms import alarm_lines, alarm_nodes, alarms_high
from factoryview.wall.boards import BOARDS, Board
from factoryview.wall.cheers import SECONDS, Cheer, cheers_at
from factoryview.wall.director import area_camera, beside, drifted, near_camera, subject_of
from factoryview.wall.layout import WallLayout, wall_layout
from factoryview.wall.plants import PlantOnWall
from factoryview.wall.strip import Strip, strip_node, strip_of

_VEIL = 226
"""How much of the last picture a notice of loss covers, of 255."""
_OUTSIDE = 150
"""How much what lies beside a department is covered, of 255."""


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

    def at_hand(self) -> bool:
        """Whether it can be drawn without waiting for the log; else what it needs is fetched on a worker thread."""
        presentation = self.plant.presentation
        if presentation is None:
            return True
        at, pace, _, _ = self._moment_of(0.0)
        if presentation.model.has_window(at):
            return True
        presentation.model.look_ahead(at, pace)
        return False

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
            rects = self._department(presentation)
            return area_camera(plan, home, rects) if rects else home
        stage = self.stage
        if kind == "constraint":
            stage = self.view.stage or subject_of(moment, plan) or _fullest(moment, plan.blocks)
        if stage in plan.blocks:
            share = drifted(elapsed, self._seconds, low_motion=low)
            return near_camera(plan, home, stage, self.layout.least, share)
        return home

    def _department(self, presentation: Presentation) -> list[Rect]:
        """Where the department of this view stands on the plan; nothing: there is none of that name."""
        names = [department.name for department in presentation.model.factory.plant.departments]
        zones = presentation.facts.floor.plan.zones
        mine = [zone for zone in zones if names[zone.department : zone.department + 1] == [self.view.department]]
        return [rect for zone in mine for rect in zone.rects]

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
        moment, language = presentation.marked(presentation.wording.moment(state)), presentation.language
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
        board = Board(self.layout, self.view.goal or "", self.plant.reasons)
        body = Node("board", self.layout.body, Veil(), "list", children=tuple(make(board, moment, presentation)))
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
        camera = self.seen_by = self.camera(moment, elapsed)
        chrome = [strip_node(strip, layout, now.seconds)]
        if self.view.kind == "department" and (rects := self._department(presentation)):
            shade = [Node(f"beside/{i}", box, Veil(_OUTSIDE)) for i, box in enumerate(beside(camera, rects))]
            chrome.insert(0, group("beside", composition.view, tuple(shade)))
        if composition.ladder.h:
            chrome.append(ladder_node(moment.ladder, composition, layout.least))
        if self.view.kind == "constraint":
            lasts = next((banner.lasts for banner in moment.banners if banner.dress not in CALM), "")
            chrome.append(alarm_nodes(alarms, composition, layout, presentation.language, lasts))
        foot = Foot((), moment.feeds, layout.u)  # what was guessed of a log is for whoever sits at a desk
        words = " · ".join(feed.text for feed in moment.feeds)
        rim = round(12 * layout.u)
        chrome.append(Node("foot", composition.timeline, Veil(), children=(
            Node("foot/sources", composition.timeline.inflate(-2 * rim, 0), foot, "text", words),)))  # fmt: skip
        seen = _without_cut_boards(moment, camera, plan, layout.least)
        return painter.tree(seen, camera, composition, overlay, chrome=tuple(chrome), smallest=layout.least)

    def _waiting(self, now: Now) -> Node:
        """Before there is anything to show: since when, and what is known of why."""
        language, layout, plant = self.plant.language, self.layout, self.plant
        title = language.text("kiosk.waiting", time=language.date(plant.since, "date.time"))
        none, clock = language.text("feed.no_data_yet"), language.date(now.micros, "date.time")
        strip = Strip((Banner("calm", title),), language.text("kiosk.no_clock"), none, False, plant.name, clock, clock)
        detail = in_language(plant.trouble, language.code) or plant.doing or plant.name
        notice = CalmNotice(title, detail, layout.head)
        words = Node("notice/words", self._notice_box(), notice)
        body = Node("notice", layout.body, Veil(), "status", f"{title}: {notice.detail}", children=(words,))
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
        said = Node(
            "loss/words", self._notice_box(), CalmNotice(title, detail, layout.head), "alert", f"{title}: {detail}"
        )
        yield Node("loss", layout.body, Veil(_VEIL), children=(said,))

    def _notice_box(self) -> pygame.Rect:
        """Where a sentence stands in the middle, with a rim at both sides."""
        body, em = self.layout.body, self.layout.head
        high = min(body.h, round(em * 6))
        return pygame.Rect(body.x + em // 2, body.centery - high // 2, body.w - em, high)

    def _corner(self, now: Now) -> Iterator[Node]:
        if not now.corner:
            return
        layout = self.layout
        rows = 2 if layout.upright else 1
        high = round(layout.em * (0.28 + LINE * rows))
        box = pygame.Rect(layout.body.x, layout.body.bottom - high, layout.body.w, high)
        line = LineLook((Phrase(now.corner, "slow"),), Phrase(""), layout.em, rows)
        inner = box.inflate(-layout.em // 2, 0)
        yield Node("corner", box, Veil(), children=(Node("corner/words", inner, line, "alert", now.corner),))

    def _screen(self, chrome: tuple[Node, ...], overlay: tuple[Node, ...]) -> Node:
        whole = self.layout.whole
        ground = Node("ground", whole, Veil(), "image")
        empty = group("floor", whole, ())
        return Node("screen", whole, children=(ground, empty, group("chrome", whole, chrome),
                                               group("overlay", whole, overlay)))  # fmt: skip


def _without_cut_boards(moment: Moment, camera: Camera, plan: Plan, smallest: int) -> Moment:
    """Without the boards at the edge of what the camera sees, of which half a word would be left. smallest: as the
    painter's."""
    u, view = max(camera.k, smallest / LEAST_TEXT), camera.view.inflate(2, 2)
    whole = [
        view.contains(board_box(camera.rect(room), board, u))
        for board, room in zip(moment.floor.boards, plan.boards, strict=False)
    ]
    if all(whole):
        return moment
    shown = zip(moment.floor.boards, whole, strict=False)
    boards = tuple(board if seen else replace(board, rows=()) for board, seen in shown)
    return replace(moment, floor=replace(moment.floor, boards=boards))


def _fullest(moment: Moment, blocks: Mapping[str, Block]) -> str:
    """Where nothing jams: the machine before which most crates stand."""
    machines = [(name, station) for (name, _), station in zip(blocks.items(), moment.floor.stations, strict=True)
                if station.dress != "depot"]  # fmt: skip
    crates = [(len(moment.floor.piles.get(name, b"")) + station.inside, name) for name, station in machines]
    return max(crates, default=(0, ""))[1]
