"""What both plant files are written from: tables of names in two languages, staff, dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby

from factoryview.demo.simulator import Employee, Workplace
from factoryview.demo.worktime import WorkingTime
from factoryview.plant.models import Calendar, Department, Mark, Reason, Source, Stage, Worker

Machine = tuple[str, str, int | None, timedelta | None]
"""German label, department, posts, target wait."""


def team(*groups: Employee | tuple[Employee, int]) -> tuple[Employee, ...]:
    """One numbered head for each, or for each of so many alike: people P01, P02, …, robots R1, R2, …"""
    staff: list[Employee] = []
    heads = {False: 0, True: 0}
    for group in groups:
        like, number = (group, 1) if isinstance(group, Employee) else group
        for _ in range(number):
            heads[like.robot] += 1
            name = f"R{heads[True]}" if like.robot else f"P{heads[False]:02d}"
            staff.append(like.named(name))
    return tuple(staff)


def workers(staff: Iterable[Employee]) -> tuple[Worker, ...]:
    """Alike staff side by side become one line with a count."""
    return tuple(
        Worker(
            stage=like.station,
            kind="robot" if like.robot else "person",
            count=len(list(heads)),
            cost_per_hour=like.cost_per_hour,
            since=like.since,
            until=like.until,
        )
        for like, heads in groupby(staff, key=lambda head: head.named(""))
    )


def stages(stations: Iterable[Workplace], machines: Mapping[str, Machine]) -> tuple[Stage, ...]:
    """The machines of the plant file, in the order of the stations."""
    found = []
    for station in stations:
        label, department, posts, wait = machines[station.name]
        found.append(
            Stage(
                name=station.name,
                label={"de": label, "en": station.name},
                department=department,
                posts=posts,
                target_wait=wait,
                kind="queue" if station.staffed else "delay",
            )
        )
    return tuple(found)


def departments(labels: Mapping[str, str]) -> tuple[Department, ...]:
    """English name → German label."""
    return tuple(Department(name=name, label={"de": label, "en": name}) for name, label in labels.items())


def sources(labels: Mapping[str, tuple[str, str]]) -> tuple[Source, ...]:
    """Channel → its German and English label."""
    return tuple(Source(name=name, label={"de": de, "en": en}) for name, (de, en) in labels.items())


def reasons(labels: Mapping[str, tuple[str, str]]) -> tuple[Reason, ...]:
    """Reason → its German and English label."""
    return tuple(Reason(name=name, label={"de": de, "en": en}) for name, (de, en) in labels.items())


def marks(work: WorkingTime, labels: Mapping[date, tuple[str, str]]) -> tuple[Mark, ...]:
    """What happened on the morning of a day, in German and English."""
    return tuple(
        Mark(at=datetime.combine(day, time(8), work.zone), label={"de": de, "en": en})
        for day, (de, en) in labels.items()
    )


def calendar(work: WorkingTime) -> Calendar:
    """The office hours and the holidays within the story."""
    return Calendar(
        days=("mon", "tue", "wed", "thu", "fri"),
        start=work.opens,
        end=work.closes,
        holidays=tuple(sorted(day for day in work.holidays if work.first <= day <= work.last)),
    )
