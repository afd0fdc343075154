"""Views of a wall that are no floor: goals, one goal hour by hour, losses, the lead-time ladder, read from afar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile

import pygame

from factoryview.flow.hours import GoalHour, PlannedHour, goal_hours, hours_to_come
from factoryview.flow.ratios import goal_ratios
from factoryview.language import Code, Language
from factoryview.plant.models import Plant, label_of
from factoryview.plant.notes import HourReason
from factoryview.scene.chrome.large import (
    STACKED,
    CalmNotice,
    GoalBar,
    GoalLine,
    LineLook,
    LossLine,
    Phrase,
    RungLine,
    goal_columns,
    goals_width,
    loss_width,
    row_height,
    rungs_shown,
    takt_width,
)
from factoryview.scene.picture import GoalRow, LossRow, Moment
from factoryview.scene.text import lines_for, width
from factoryview.scene.ui.look import Look
from factoryview.scene.ui.node import Node
from factoryview.view.presentation import Presentation
from factoryview.view.ticks import micros
from factoryview.wall.layout import WallLayout

_LARGEST = 1.9
"""How much larger than the strip a board with few rows is written."""
_LABEL = 0.5
"""The most that names of a ladder take of its width; longer ones stand above their bars."""
_LARGER_HOURS, _LARGER_LOSSES = 1.3, 3.0
"""The same of a board of hours, whose rows leave room for reasons, and of one of losses."""
_STRETCHED = 1.45
"""How much higher than its letters need a row of a board with few rows is."""


@dataclass(frozen=True)
class Board:
    """Where a board stands, and what besides the plant it shows."""

    layout: WallLayout
    goal: str = ""
    """Hour by hour: the stage or outcome whose goal is meant; empty: the plant's first."""
    reasons: tuple[HourReason, ...] = ()
    """Why hours brought what they brought, as people said."""


def _goals(board: Board, moment: Moment, presentation: Presentation) -> Iterator[Node]:
    """Goals by now, like a score."""
    rows = [row for board in moment.floor.boards for row in board.rows if isinstance(row, GoalRow)]
    title = next((board.title for board in moment.floor.boards if board.rows and isinstance(board.rows[0], GoalRow)),
                 presentation.language.text("kiosk.no_goals"))  # fmt: skip
    wide, stacked = _inner(board.layout).w, _stacked(board.layout)
    bars = 2 * len(rows) <= _room_for(board.layout, row_height(board.layout.em, stacked=stacked))
    room = len(rows) * (1 + bars) + (len(rows) > 1)  # for how goals go together
    em = _board_em(board.layout, room, lambda size: goals_width(rows, size, stacked=stacked), stacked=stacked)
    columns = goal_columns(rows, em)
    if goals_width(rows, em, stacked=stacked) > wide:
        columns = (*columns[:3], 0)
    looks: list[tuple[str, Look, str]] = []
    least = board.layout.em
    takt = takt_width(rows, 2 * wide if stacked else wide, least)
    plant, code = presentation.model.factory.plant, presentation.language.code
    whose = departments_of(plant, code)
    for i, (row, name) in enumerate(zip(rows, presentation.model.counts.goals, strict=True)):
        of = whose.get(name, "")
        said = (row.label, of, row.actual, row.plan, row.difference, row.forecast)
        scale = row.scale if bars else None
        looks.append((f"goal/{i}", GoalLine(row, columns, em, scale is None, of), " ".join(filter(None, said))))
        if scale is not None:
            looks.append((f"goal/{i}/scale", GoalBar(row, scale, takt, em, least), row.takt if takt else ""))
    high, words = row_height(em, stacked=stacked), _ratio(moment.at, presentation)
    lines = 2 if stacked else 1
    fits = lines_for(words, wide, board.layout.em, lines, "Medium") is not None
    if words and fits and len(looks) < _room_for(board.layout, high):
        looks.append(("ratio", LineLook((Phrase(words, muted=True),), Phrase(""), board.layout.em, lines), words))
    yield from _rows(board, title, looks, high)


def departments_of(plant: Plant, code: Code) -> dict[str, str]:
    """Stage with a goal → what the department whose goal it is is called; of a plant with one department nothing."""
    called = {each.name: label_of(each, code) for each in plant.departments}
    stages = {stage.name: stage.department for stage in plant.stages}
    found = {target.of: called.get(stages.get(target.of) or "", "") for target in plant.targets}
    return found if len(called) > 1 else {}


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


def _hours(board: Board, moment: Moment, presentation: Presentation) -> Iterator[Node]:
    """One goal hour by hour: what came, the plan, the difference, the sum of it, and why, as people said."""
    language, counts = presentation.language, presentation.model.counts
    targets = {target.of: target for target in counts.factory.plant.targets}
    target = targets.get(board.goal, next(iter(targets.values()), None))
    if target is None:
        yield from _rows(board, language.text("kiosk.no_goals"), [], row_height(board.layout.em))
        return
    stacked = _stacked(board.layout)
    room = _room_for(board.layout, row_height(board.layout.em, stacked=stacked))
    goal = counts.goals[target.of]
    hours, coming = goal_hours(goal, moment.at), list(hours_to_come(goal, moment.at))
    if not hours:  # where work begins, the first tells
        coming = list(dropwhile(lambda hour: round(hour.plan, 1) == 0, coming)) or coming
    coming = coming[: max(room - len(hours), room // 3)]
    hours = hours[-max(1, room - len(coming)) :]
    why = {(one.day, one.hour): one.text for one in board.reasons if micros(one.said, language) <= moment.at}

    def label(hour: GoalHour | PlannedHour) -> str:
        local = language.moment(hour.since)
        return language.text("kiosk.hour", since=local.hour, until=language.moment(hour.until).hour)

    def plan(hour: GoalHour | PlannedHour) -> str:
        return language.text("goal.plan", n=language.number(hour.plan, 1))

    rows = []
    for hour in hours:
        local = language.moment(hour.since)
        name = " · ".join(filter(None, (label(hour), why.get((local.date(), local.hour), ""))))
        rows.append(
            GoalRow(name, language.number(hour.actual), plan(hour), _signed(hour.difference, language),
                    hour.difference >= 0, language.text("kiosk.total", n=_signed(hour.total_difference, language)))
        )  # fmt: skip
    ahead = [GoalRow(label(hour), "", plan(hour)) for hour in coming]
    plain = [replace(row, label=label(hour)) for row, hour in zip(rows, hours, strict=True)] + ahead
    em = _board_em(board.layout, len(plain), lambda size: goals_width(plain, size, stacked=stacked), stacked=stacked,
                   most=_LARGER_HOURS)  # fmt: skip
    columns = goal_columns(plain, em)
    looks: list[tuple[str, Look, str]] = [
        (
            f"hour/{i}",
            GoalLine(row, columns, em),
            " ".join((row.label, row.actual, row.plan, row.difference, row.forecast)),
        )
        for i, row in enumerate(rows)
    ]
    looks += [
        (f"ahead/{i}", GoalLine(row, columns, em, ahead=True), f"{row.label} {row.plan}") for i, row in enumerate(ahead)
    ]
    title = language.text("kiosk.hours", name=label_of(target, language.code))
    empty = "" if looks else language.text("kiosk.no_hours")
    yield from _rows(board, title, looks, row_height(em, stacked=stacked), empty)


def _signed(value: float, language: Language) -> str:
    """`+1.5`, `−2`, `±0`."""
    digits = 0 if abs(value) >= 9.95 or round(value, 1) == round(value) else 1
    shown = round(value, digits)
    return f"{'+' if shown > 0 else '−' if shown < 0 else '±'}{language.number(abs(shown), digits)}"


def _leaks(board: Board, moment: Moment, presentation: Presentation) -> Iterator[Node]:
    """What is lost where, and why most of it."""
    rows = [row for board in moment.floor.boards for row in board.rows if isinstance(row, LossRow)]
    title = next((board.title for board in moment.floor.boards if board.rows and isinstance(board.rows[0], LossRow)),
                 presentation.language.text("kiosk.no_leaks"))  # fmt: skip
    stacked = _stacked(board.layout)
    em = _board_em(
        board.layout, len(rows), lambda size: max((loss_width(row, size, stacked=stacked) for row in rows), default=0),
        stacked=stacked, most=_LARGER_LOSSES,
    )  # fmt: skip
    looks: list[tuple[str, Look, str]] = [
        (f"loss/{i}", LossLine(row, em), " ".join(filter(None, (row.label, row.share, row.reason))))
        for i, row in enumerate(rows)
    ]
    yield from _rows(board, title, looks, row_height(em, stacked=stacked))


def _ladder(board: Board, moment: Moment, presentation: Presentation) -> Iterator[Node]:
    """Lead time as waiting and work."""
    ladder, layout = moment.ladder, board.layout
    if ladder is None or not ladder.rungs:
        yield from _rows(board, presentation.language.text("kiosk.no_ladder"), [], row_height(layout.em))
        return
    title, wide = f"{ladder.title}: {ladder.total}", _inner(layout).w
    stacked = _stacked(layout) or max(width(rung.label, layout.em) for rung in ladder.rungs) > wide * _LABEL
    heads = len(_heads(board, title, ladder.work))
    rungs = rungs_shown(ladder, _room_for(layout, row_height(layout.em, stacked=stacked), heads))
    hidden = len(ladder.rungs) - len(rungs)
    more = (presentation.language.text("kiosk.shorter", n=hidden), f"+{hidden}") if hidden else ()
    em = _board_em(layout, len(rungs), lambda _size: 0, stacked=stacked, most=1.3, heads=heads)
    longest = max(rung.waiting + rung.work for rung in rungs)
    label = min(round(wide * _LABEL), max(width(rung.label, em) for rung in rungs))
    looks: list[tuple[str, Look, str]] = [
        (f"rung/{i}", RungLine(rung, longest, label, em), f"{rung.label} {rung.text}") for i, rung in enumerate(rungs)
    ]
    yield from _rows(board, title, looks, row_height(em, stacked=stacked), ladder.work, more)


Make = Callable[[Board, Moment, Presentation], Iterator[Node]]
BOARDS: dict[str, Make] = {"goals": _goals, "hours": _hours, "leaks": _leaks, "ladder": _ladder}
"""Views that are no floor: what stands in the body. A new kind is a name in `wall_file.Kind` and a line here."""


def empty_boards(moment: Moment, presentation: Presentation) -> frozenset[str]:
    """The kinds of boards that have nothing to show."""
    rows = [row for board in moment.floor.boards for row in board.rows]
    found = {"goals", "hours"} if not presentation.model.counts.goals else set()
    if not any(isinstance(row, LossRow) for row in rows):
        found.add("leaks")
    if moment.ladder is None or not moment.ladder.rungs:
        found.add("ladder")
    return frozenset(found)


def _inner(layout: WallLayout) -> pygame.Rect:
    return layout.body.inflate(-round(48 * layout.u), -round(12 * layout.u))


def _stacked(layout: WallLayout) -> bool:
    """So narrow that words stand above numbers."""
    return _inner(layout).w < STACKED * layout.em


def _room_for(layout: WallLayout, high: int, heads: int = 1) -> int:
    """Rows of that height that find room under a title of so many lines."""
    return max(1, (_inner(layout).h - heads * row_height(layout.em)) // high)


def _board_em(
    layout: WallLayout, count: int, wide: Callable[[int], int], *, stacked: bool = False, most: float = _LARGEST,
    heads: int = 1,
) -> int:  # fmt: skip
    """As large as so many rows find room, at least what can be read. wide: pixels of the widest row at a size."""
    inner = _inner(layout)
    sizes = range(round(layout.em * most), layout.em, -max(1, layout.em // 16))
    room = inner.h - heads * row_height(layout.em)
    fitting = (em for em in sizes if row_height(em, stacked=stacked) * count <= room and wide(em) <= inner.w)
    return next(fitting, layout.em)


def _heads(board: Board, title: str, beside: str) -> list[list[str]]:
    """The lines of a title: one, or where that finds no room two."""
    said = [words for words in (title, beside) if words]
    return [said] if _wide(said, board.layout.em) <= _inner(board.layout).w else [[words] for words in said]


def _wide(said: list[str], em: int) -> int:
    """Pixels of words beside each other."""
    return sum(width(words, em, "Medium") for words in said) + em * (len(said) - 1)


def _rows(
    board: Board, title: str, looks: list[tuple[str, Look, str]], high: int, beside: str = "",
    more: tuple[str, ...] = (),
) -> Iterator[Node]:  # fmt: skip
    """A title and as many rows as find room, few of them wider apart; how many are left is said beside the title, as is
    what belongs to it. Without rows what it says stands large in the middle. more: what is left already, in as many
    words as find room, the most first."""
    layout, inner, lines = board.layout, _inner(board.layout), _heads(board, title, beside)
    if not looks:
        words = " · ".join(filter(None, (title, beside)))
        yield Node("board/title", inner, CalmNotice(title, beside, layout.head), "status", words)
        return
    most = _room_for(layout, high, len(lines))
    more = (f"+{len(looks) - most}",) if len(looks) > most else more
    top, line = inner.y, row_height(layout.em)
    ways = [(words, said) for words in more for said in reversed(lines)]
    fitting = (way for way in ways if _wide([*way[1], way[0]], layout.em) <= inner.w)
    left_off, where = next(fitting, (more[-1] if more else "", lines[-1]))
    for node, said in zip(("board/title", "board/beside"), lines, strict=False):
        last = left_off if said is where else ""
        head = LineLook(tuple(Phrase(part, muted=True) for part in said), Phrase(last, muted=True), layout.em)
        words = " · ".join(part for part in (*said, last) if part)
        yield Node(node, pygame.Rect(inner.x, top, inner.w, line), head, "text", words)
        top += line
    room, shown = inner.bottom - top, looks[:most]
    high = max(high, min(room // len(shown), round(_STRETCHED * high)))
    top += (room - high * len(shown)) // 3
    for i, (name, look, words) in enumerate(shown):
        yield Node(name, pygame.Rect(inner.x, top + i * high, inner.w, high), look, "item", words)
