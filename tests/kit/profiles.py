"""The profile of a log counted in plain Python, slowly and by other means than the store's."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import NamedTuple

from factoryview.plant.profile import Activity, LogProfile, Order


class Event(NamedTuple):
    case: str
    stage: str
    time: datetime | None
    start: datetime | None = None
    channel: str | None = None
    resource: str | None = None


NOON = datetime(2026, 1, 5, 12)


def traces(*walks: str, gap: timedelta = timedelta(days=1), channel: str | None = None) -> list[Event]:
    """One case per walk `"A B C"`, an event a day."""
    return [
        Event(f"case {number}", stage, NOON + place * gap, channel=channel)
        for number, walk in enumerate(walks)
        for place, stage in enumerate(walk.split())
    ]


def count(events: list[Event]) -> LogProfile:
    """What `factoryview.store.profile.profile` should find; the events in file order."""
    cases: dict[str, list[Event]] = {}
    for event in events:
        cases.setdefault(event.case, [])
        if event.time is not None:
            cases[event.case].append(event)
    for case in cases.values():
        case.sort(key=lambda event: (event.start or event.time, event.time))
    dated = [case for case in cases.values() if case]
    follows = Counter((a.stage, b.stage) for case in dated for a, b in pairwise(case))
    between: dict[tuple[str, str], float] = {}
    for case in dated:
        for a, b in pairwise(case):
            assert a.time is not None
            assert b.time is not None
            hours = max(0.0, (b.time - a.time).total_seconds() / 3600)
            between[a.stage, b.stage] = between.get((a.stage, b.stage), 0.0) + hours
    both: Counter[tuple[str, str]] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    for case in dated:
        firsts = {stage: [event.stage for event in case].index(stage) for stage in {e.stage for e in case}}
        for one, other in combinations(sorted(firsts), 2):
            both[one, other] += 1
            before[one, other] += firsts[one] < firsts[other]
    activities = {}
    for name, number in sorted(Counter(e.stage for e in events).items(), key=lambda item: (-item[1], item[0])):
        visits = [case for case in dated if any(event.stage == name for event in case)]
        places = [
            place / (len(case) - 1)
            for case in dated
            if len(case) > 1
            for place, event in enumerate(case)
            if event.stage == name
        ]
        visitors = len({event.case for event in events if event.stage == name})
        activities[name] = Activity(
            name=name,
            events=number,
            cases=visitors,
            share=visitors / len(cases),
            first=sum(case[0].stage == name for case in dated),
            last=sum(case[-1].stage == name for case in dated),
            soon=sum(_ends_soon(case, name) for case in visits),
            position=sum(places) / len(places) if places else 0.0,
        )
    moments = [moment for event in events for moment in (event.start, event.time) if moment]
    return LogProfile(
        cases=len(cases),
        events=len(events),
        since=min(moments, default=None),
        until=max((event.time for event in events if event.time), default=None),
        activities=activities,
        follows=dict(follows),
        between=between,
        orders={pair: Order(both[pair], before[pair]) for pair in both},
        channels=_channels(events),
    )


def _ends_soon(case: list[Event], name: str) -> bool:
    over = max(event.time for event in case if event.time)
    duration = over - min(moment for event in case for moment in (event.start or event.time,) if moment)
    left = over - max(event.time for event in case if event.stage == name and event.time)
    hour = min(timedelta(hours=1), duration / 10)
    return case[-1].stage == name or left <= max(hour, duration / 100)


def _channels(events: list[Event]) -> dict[str, int]:
    entered: dict[str, tuple[datetime, str]] = {}
    for event in events:
        moment = event.time or datetime.max
        if event.channel is not None and (event.case not in entered or moment < entered[event.case][0]):
            entered[event.case] = (moment, event.channel)
    counted = Counter(channel for _, channel in entered.values())
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
