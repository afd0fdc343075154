"""The alarms of a plant with their life: one line for each machine, the worst first, three at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pygame

from factoryview.flow.moment.life import AlarmState
from factoryview.language import Language
from factoryview.scene.chrome.large import LineLook, Phrase, Veil
from factoryview.scene.theme import Dress
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.node import Node
from factoryview.view.state import State
from factoryview.wall.control import AlarmReport
from factoryview.wall.layout import WallLayout

MOST = 3
_HIGH = 1.25
"""Height of a line, in em."""
_ORDER = ("overdue", "worse", "new", "standing", "seen", "worked on", "mended")
"""From what asks most for somebody to what asks least; an alarm that has ended is none."""


@dataclass(frozen=True)
class AlarmLine:
    """The alarms of one machine, as written."""

    stage: str
    label: str
    text: str
    dress: Dress


def going(state: State) -> list[AlarmState]:
    """The alarms that go on, the worst first; of those alike the one for which most wait."""
    waiting = {stage.id[1]: stage.here.wip for stage in state.stages}
    alarms = [alarm for alarm in state.alarms if alarm.state in _ORDER]
    return sorted(alarms, key=lambda alarm: (_ORDER.index(alarm.state), -waiting.get(alarm.stage, 0.0), alarm.stage))


def alarm_lines(state: State, labels: Mapping[str, str], language: Language) -> tuple[AlarmLine, ...]:
    """One line for each machine, all of them. labels: machine → what it is called."""
    lines: dict[str, AlarmLine] = {}
    for alarm in going(state):
        if alarm.stage in lines:
            continue
        loud: Dress = "alarm" if alarm.kind == "jam" else "slow"
        lines[alarm.stage] = AlarmLine(
            alarm.stage, labels.get(alarm.stage, alarm.stage), said(alarm, language), loud if alarm.loud else "known"
        )
    return tuple(lines.values())


def said(alarm: AlarmState, language: Language) -> str:
    """What kind of alarm, where it is in its life, since when, and who does what until when."""
    until = "" if alarm.until is None else language.day(alarm.until)
    life = language.text(f"alarm.{alarm.state.replace(' ', '_')}", date=until)
    since = language.text("alarm.since", date=language.date(alarm.since, "date.day"))
    kind = language.text("alarm.kind_jam" if alarm.kind == "jam" else "alarm.kind_left_lying")
    return " · ".join(filter(None, (f"{kind} {since}", life, alarm.role, alarm.measure)))


def reports_of(plant: str, state: State, labels: Mapping[str, str], language: Language) -> tuple[AlarmReport, ...]:
    """The alarms that go on, for the phone page."""
    return tuple(
        AlarmReport(
            plant, alarm.stage, alarm.kind, alarm.state, alarm.since,
            f"{labels.get(alarm.stage, alarm.stage)}: {said(alarm, language)}", alarm.role, alarm.measure, alarm.until,
        )
        for alarm in going(state)
    )  # fmt: skip


def alarms_high(count: int, layout: WallLayout) -> int:
    """Pixels that so many alarms take, or the line that says there is none."""
    lines = min(MOST, count) * _lines(layout)
    return round(layout.em * (_HIGH * max(1, lines) + 0.3))


def _lines(layout: WallLayout) -> int:
    """Of an alarm: on an upright screen its life stands below it."""
    return 2 if layout.upright else 1


def alarm_nodes(
    lines: tuple[AlarmLine, ...], composition: Composition, layout: WallLayout, language: Language, lasts: str = ""
) -> Node:
    """Below the floor: the worst alarms, and how many more there are. lasts: since when what the headline says is so;
    it stands there where it is no alarm, for "no alarm" below a warning reads like a fault.
    """
    floor, em = composition.floor, layout.em
    box = pygame.Rect(floor.x, composition.ladder.bottom, floor.w, alarms_high(len(lines), layout))
    inner = box.inflate(-em, -round(0.3 * em))
    high, nodes = round(_HIGH * em), []
    more = f"+{len(lines) - MOST}" if len(lines) > MOST else ""
    for i, line in enumerate(lines[:MOST]):
        rest = Phrase(more) if i == MOST - 1 else Phrase("")
        first, *others = line.text.split(" · ")
        name, label = Phrase(line.label, line.dress, strong=True), f"{line.label}: {line.text}"
        rect = pygame.Rect(inner.x, inner.y + i * high * _lines(layout), inner.w, high)
        beside, below = ((), others) if layout.upright else (others, ())
        if layout.upright and not LineLook((name, Phrase(first)), rest, em).finds_room(inner.w):
            first, below = "", [first, *others]
        words = (name, *map(Phrase, filter(None, (first, *beside))))
        nodes.append(Node(f"alarm/{i}", rect, LineLook(words, rest, em), "alert", label))
        if below:
            life = LineLook(tuple(map(Phrase, below)), Phrase(""), em)
            nodes.append(Node(f"alarm/{i}/life", rect.move(0, high), life, "text", " · ".join(below)))
    if not lines:
        none = lasts or language.text("alarm.none")
        rect = pygame.Rect(inner.x, inner.y, inner.w, high)
        nodes.append(Node("alarm/none", rect, LineLook((Phrase(none),), Phrase(""), em), "status", none))
    return Node("alarms", box, Veil(), "list", children=tuple(nodes))
