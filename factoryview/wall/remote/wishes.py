"""Doing what a phone asks: the loop is steered by orders; what is to be kept is on disk before it is confirmed."""

from __future__ import annotations

import logging
from datetime import timedelta

from factoryview.plant.notes import Answer as AlarmAnswer
from factoryview.plant.notes import HourReason
from factoryview.plant.noting import add_answer, add_reason
from factoryview.serving.bodies import Refused
from factoryview.time import utc
from factoryview.wall import control
from factoryview.wall.control import HealthReport, PlantReport
from factoryview.wall.remote.orders import AnswerAlarm, GiveReason, PinView, Plain, SetBrightness, Wish
from factoryview.wall.remote.report import local_moment

OLDEST_REASON = timedelta(days=31)
"""Of days further back nothing is said on the phone any more."""
_log = logging.getLogger(__name__)

_PLAIN: dict[str, control.Order] = {
    "next": control.Next(),
    "previous": control.Previous(),
    "pause": control.Pause(),
    "resume": control.Resume(),
    "unpin": control.Unpin(),
    "code": control.ShowCode(),
}


class Wishes:
    """Grants wishes and logs each: what was asked, never the words somebody wrote."""

    def __init__(self, steering: control.Steering, health: control.Health) -> None:
        self._steering, self._health = steering, health

    def grant(self, wish: Wish) -> str:
        """Do it; its name. Raises Refused, and InputError where the notes cannot be written."""
        report = self._health.snapshot()
        match wish:
            case AnswerAlarm():
                order: control.Order = _answered(wish, report)
                _log.info("remote: answer to %s: %s", wish.alarm, wish.state)
            case GiveReason():
                order = _explained(wish, report)
                _log.info("remote: reason for %s %02d:00", wish.day, wish.hour)
            case PinView():
                if wish.view not in report.views:
                    raise Refused(404, "there is no such view")
                order = control.Pin(wish.view)
                _log.info("remote: pin %s", wish.view)
            case SetBrightness():
                order = control.Brightness(wish.value)
                _log.info("remote: brightness %.2f", wish.value)
            case Plain():
                order = _PLAIN[wish.order]
                _log.info("remote: %s", wish.order)
        self._steering.put(order)
        return wish.order


def _answered(wish: AnswerAlarm, report: HealthReport) -> control.Answer:
    alarm = next((each for each in report.alarms if each.id == wish.alarm), None)
    if alarm is None:
        raise Refused(404, "that alarm does not go on any more")
    plant = _plant(alarm.plant, report)
    if wish.until is not None and wish.until < local_moment(plant).date():
        raise Refused(400, "this is no order: until is past")
    add_answer(
        plant.notes,
        AlarmAnswer.model_validate(
            {
                "stage": alarm.stage, "kind": alarm.kind, "state": wish.state, "said": utc(plant.at),
                "role": wish.role, "measure": wish.measure, "until": wish.until,
            }
        ),
    )  # fmt: skip
    return control.Answer(wish.alarm, wish.state, wish.measure, wish.role, wish.until)


def _explained(wish: GiveReason, report: HealthReport) -> control.Reason:
    plant = _plant(wish.plant, report)
    now = local_moment(plant)
    if (wish.day, wish.hour) > (now.date(), now.hour) or wish.day < now.date() - OLDEST_REASON:
        raise Refused(400, "this is no order: that hour is not shown")
    add_reason(plant.notes, HourReason(day=wish.day, hour=wish.hour, text=wish.text, said=utc(plant.at)))
    return control.Reason(wish.plant, wish.day, wish.hour, wish.text)


def _plant(name: str, report: HealthReport) -> PlantReport:
    plant = next((each for each in report.plants if each.name == name), None)
    if plant is None:
        raise Refused(404, "there is no such plant on this wall")
    return plant
