"""`/health`: how the wall is, for people who look after many of them and for the phone page."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from factoryview.time import utc
from factoryview.wall.control import AlarmReport, HealthReport, PlantReport

STANDS_AFTER = 10.0
"""Seconds without a finished frame from which on the loop stands."""


def is_well(report: HealthReport) -> bool:
    """Whether frames are being finished."""
    age = report.age()
    return age is not None and age <= STANDS_AFTER


def report_of(report: HealthReport) -> dict[str, object]:
    """A health report as JSON; moments in ISO 8601, UTC."""
    age = report.age()
    return {
        "health": "starting" if age is None else "ok" if is_well(report) else "stands",
        "version": report.version,
        "now": datetime.now(UTC).isoformat(timespec="seconds"),
        "frame": _moment(report.frame_at) if report.frames else None,
        "frame_age_seconds": None if age is None else round(age, 3),
        "frames": report.frames,
        "view": report.view,
        "views": list(report.views),
        "pinned": report.pinned or None,
        "paused": report.paused,
        "brightness": report.brightness,
        "events": {source: _moment(at) for source, at in report.events.items()},
        "memory_mb": round(report.memory_mb, 1),
        "alarms": [_alarm(each) for each in report.alarms],
        "plants": [_plant(each) for each in report.plants],
    }


def local_moment(plant: PlantReport) -> datetime:
    """The moment of a plant's data on its own clock."""
    return utc(plant.at).astimezone(ZoneInfo(plant.timezone))


def _moment(at: int) -> str:
    return utc(at).isoformat(timespec="seconds")


def _alarm(alarm: AlarmReport) -> dict[str, object]:
    return {
        "id": alarm.id,
        "plant": alarm.plant,
        "stage": alarm.stage,
        "kind": alarm.kind,
        "state": alarm.state,
        "since": _moment(alarm.since),
        "text": alarm.text,
        "role": alarm.role,
        "measure": alarm.measure,
        "until": None if alarm.until is None else alarm.until.isoformat(),
    }


def _plant(plant: PlantReport) -> dict[str, object]:
    now = local_moment(plant)
    return {"name": plant.name, "at": _moment(plant.at), "day": now.date().isoformat(), "hour": now.hour}
