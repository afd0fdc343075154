"""The life of an alarm: new, seen, worked on until a day, overdue, mended. What is not answered stays new or stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from factoryview.flow.moment.alarms import Alarm, Kind, Phase
from factoryview.flow.moment.judging import Judged
from factoryview.plant.notes import Answer
from factoryview.time import micros_of, utc

State = Literal["new", "worse", "standing", "seen", "worked on", "overdue", "mended", "ended"]


@dataclass(frozen=True)
class AlarmState:
    """An alarm at a moment."""

    stage: str
    kind: Kind
    state: State
    since: int
    """When it began, µs UTC."""
    role: str = ""
    measure: str = ""
    until: date | None = None

    @property
    def loud(self) -> bool:
        """It asks for somebody: it is news that nobody has answered, or what was promised is overdue."""
        return self.state in ("new", "worse", "overdue")


def alarms_at(jams: Judged, answers: Sequence[Answer], at: int, timezone: str) -> tuple[AlarmState, ...]:
    """The alarms that go on at a moment (µs UTC) or have lately ended, with what had been answered by then."""
    moments, step, zone = jams.levels.moments, jams.levels.at(at), ZoneInfo(timezone)
    today = utc(at).astimezone(zone).date()
    found = []
    for alarm in jams.alarms:
        phase = alarm.phase(step)
        if phase is not None:
            begun, news = (int(moments[day]) for day in (alarm.since, max(d for d in alarm.announced if d <= step)))
            answer = _answer(alarm, [each for each in answers if begun <= _said(each, zone) <= at], zone)
            if answer is not None and _said(answer, zone) < news:  # what got much worse since is not answered
                answer = None
            found.append(_state(alarm, phase, begun, answer, today))
    return tuple(found)


def _said(answer: Answer, zone: ZoneInfo) -> int:
    """When, µs UTC."""
    return micros_of(answer.said if answer.said.tzinfo else answer.said.replace(tzinfo=zone))


def _answer(alarm: Alarm, answers: Sequence[Answer], zone: ZoneInfo) -> Answer | None:
    """The last answer to an alarm; of several said at one moment, the one written last."""
    mine = [each for each in answers if (each.stage, each.kind) == (alarm.stage, alarm.kind)]
    return max(reversed(mine), key=lambda each: _said(each, zone), default=None)


def _state(alarm: Alarm, phase: Phase, begun: int, answer: Answer | None, today: date) -> AlarmState:
    if phase == "ended" or answer is None:
        return AlarmState(alarm.stage, alarm.kind, phase, begun)
    state: State = answer.state
    if state == "worked on" and answer.until is not None and today > answer.until:
        state = "overdue"
    return AlarmState(alarm.stage, alarm.kind, state, begun, answer.role, answer.measure, answer.until)
