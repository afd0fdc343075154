"""A plant from a log: what the log shows, under whatever a plant file already says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from factoryview.plant.ends import Ends
from factoryview.plant.fold import choose_milestones, hidden_in
from factoryview.plant.labels import short_labels
from factoryview.plant.models import Department, Outcome, Plant, Source, Stage, WantedBelt
from factoryview.plant.profile import LogProfile

CHANNELS = 6
"""So many channels become sources of their own."""
OTHER_CHANNELS = "other"
"""The source of all other channels."""
BELT_SHARE = 0.02
"""A belt carries at least this share of all moves, or is the strongest into or out of a stage."""
_MORE = {"de": "und {n} weitere", "en": "and {n} more"}
"""Behind the name of a machine that holds the work of others above all."""
MOST_HIDDEN = 12
"""So many of the activities that a machine holds are named; of the others only how many they are."""
KEPT_ENDS = 4
"""So many guessed ends are sure of a machine when activities are folded,"""
KEPT_SHARE = 0.02
"""if so many of all cases reach them."""

_LANES = (r"\s*:+\s*", r"\s*\|\s*", r"\s*[>»→]\s*", r"\s+[-–—]\s+", r"\s*/\s*", r"(?<=\w)\.(?=[^\W\d])")
_LANE_SHARE = 0.8
"""So many of the stages must carry a lane before lanes become departments."""


def name_of(path: Path) -> str:
    """What to call a plant of which only its file is known.

    >>> name_of(Path("data/building_permits.csv.gz")), name_of(Path(".deals.csv"))
    ('Building permits', 'Deals')
    """
    words = " ".join(path.name.lstrip(".").split(".")[0].replace("_", " ").split())
    shown = "".join(letter if letter.isprintable() else "?" for letter in words)
    return (shown[:1].upper() + shown[1:] if shown.islower() else shown) or "Plant"


def discover(
    profile: LogProfile,
    *,
    name: str,
    meaning: str,
    most: int = 12,
    ends: Ends,
    base: Plant | None = None,
    departments: Mapping[str, str] | None = None,
) -> Plant:
    """The plant a log shows.

    name: what to call it if `base` does not say. meaning: what the log's times mean: ends of an entry log or a
    snapshot are outcomes only; in other logs the work that ends a case has a machine too. most: machines at most,
    0: one for every activity. base: what it sets is taken as it is, list by list; the rest is discovered, the
    stages that it does not list too, where there is room for them.
    departments: of stages, as a column of the log says; absent: lanes in their names are departments.
    Names of stages, channels and outcomes are the log's own, letter by letter; labels leave off technical prefixes.
    """
    said: dict[str, Any] = {key: getattr(base, key) for key in base.model_fields_set} if base else {"name": name}
    no_machines = frozenset(ends.names if meaning == "entry" else ())
    listed = {stage.name: stage for stage in said.get("stages", ())}
    if not most or len(listed) < most:
        taken = no_machines | {outcome.name for outcome in said.get("outcomes", ()) if no_machines}
        names = _stage_names(profile, most, ends, taken.difference(listed), meaning, tuple(listed))
        added = [name for name in names if name not in listed]
        known = tuple(department.name for department in said.get("departments", ()))
        lanes = {name: departments[name] for name in added if name in departments} if departments else _lanes(names)
        lanes = {stage: lane for stage, lane in lanes.items() if stage not in listed}
        if "departments" in said:
            lanes = {stage: lane for stage, lane in lanes.items() if lane in known}
        labels = {name: dict.fromkeys(("de", "en"), label) for name, label in short_labels(names, lanes).items()}
        for stage, others in _groups(profile, names, no_machines, meaning).items():
            own = labels.get(stage, {}).get("en", stage)
            labels[stage] = {code: f"{own} … {words.format(n=others)}" for code, words in _MORE.items()}
        found = {name: Stage(name=name, department=lanes.get(name), label=labels.get(name, {})) for name in added}
        said["stages"] = tuple((listed | found)[name] for name in _among(tuple(listed), names))
        said.setdefault("departments", tuple(Department(name=lane) for lane in dict.fromkeys(lanes.values())))
    places = tuple(stage.name for stage in said["stages"])
    folds = len(places) < len(profile.activities)
    hidden = hidden_in(profile, _kept(places, no_machines | {""}), meaning) if folds else {}
    said["stages"] = tuple(_holding(stage, hidden.get(stage.name, ())) for stage in said["stages"])
    shown = {stage.name: stage.label for stage in said["stages"]}
    for name, label in short_labels((*places, *sorted(no_machines.difference(places))), {}).items():
        shown.setdefault(name, dict.fromkeys(("de", "en"), label))
    rest = {
        "sources": _sources(profile),
        "outcomes": tuple(
            Outcome(name=end.name, kind=end.kind, label=shown.get(end.name, {}))
            for end in ends.ends
            if end.name and (no_machines or end.name in places)
        ),
        "belts": _belts(profile, places, tuple(no_machines.difference(places))),
    }
    return Plant(**(rest | said))


def _among(listed: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """The listed stages in their order, each of the other names after the one that is before it in process order.

    >>> _among(("Offer", "Planned"), ("Lead", "Offer", "Approval", "Won"))
    ('Lead', 'Offer', 'Approval', 'Won', 'Planned')
    """
    order, place = list(listed), 0
    for name in names:
        if name in listed:
            place = order.index(name) + 1
        else:
            order.insert(place, name)
            place += 1
    return tuple(order)


def _kept(places: tuple[str, ...], ends: frozenset[str]) -> tuple[str, ...]:
    """What is not folded into anything."""
    return (*places, *(end for end in sorted(ends) if end not in places))


def _holding(stage: Stage, others: tuple[str, ...]) -> Stage:
    """The stage with the names of the activities that its machine holds."""
    held = {"hides": others[:MOST_HIDDEN], "hides_more": max(0, len(others) - MOST_HIDDEN)}
    return stage if (stage.hides, stage.hides_more) == tuple(held.values()) else stage.model_copy(update=held)


def _groups(profile: LogProfile, names: tuple[str, ...], ends: frozenset[str], meaning: str) -> dict[str, int]:
    """The machines whose own name would mislead, as more time is spent at others that they hide; how many these are."""
    spent = profile.spent(meaning)
    hidden = hidden_in(profile, _kept(names, ends), meaning)
    return {
        stage: len(others)
        for stage, others in hidden.items()
        if stage in names and sum(spent[other] for other in others) > spent[stage]
    }


def _stage_names(
    profile: LogProfile, most: int, ends: Ends, taken: frozenset[str], meaning: str, listed: tuple[str, ...]
) -> tuple[str, ...]:
    sure = [
        end.name
        for end in ends.ends
        if end.name in profile.activities and (ends.explicit or profile.activities[end.name].share >= KEPT_SHARE)
    ]
    keep = (*listed, *(sure if ends.explicit else sure[:KEPT_ENDS]))
    others = sum(name not in profile.activities for name in listed)
    return choose_milestones(
        profile, max(1, most - others) if most else 0, keep=keep, without=taken | {""}, meaning=meaning
    )


def _sources(profile: LogProfile) -> tuple[Source, ...]:
    channels = [channel for channel in profile.channels if channel]
    sources = [Source(name=channel) for channel in channels[:CHANNELS]]
    if len(channels) > CHANNELS and OTHER_CHANNELS not in channels[:CHANNELS]:
        sources.append(Source(name=OTHER_CHANNELS, label={"de": "Übrige", "en": "Other"}))
    return tuple(sources)


def _belts(profile: LogProfile, stages: tuple[str, ...], outcomes: tuple[str, ...]) -> tuple[WantedBelt, ...]:
    """The belts worth drawing, in process order; moves to `outcomes` count as flow but need no belt."""
    known = tuple(stage for stage in stages if stage in profile.activities)
    reached = tuple(outcome for outcome in outcomes if outcome in profile.activities)
    if not known:
        return ()
    every = profile.flow_between(known + reached)
    flow = every[: len(known), : len(known)]
    between = flow - np.diag(np.diag(flow))
    drawn = flow >= BELT_SHARE * max(every.sum(), 1)
    rows = range(len(known))
    drawn[rows, between.argmax(axis=1)] |= between.max(axis=1) > 0.5
    drawn[between.argmax(axis=0), rows] |= between.max(axis=0) > 0.5
    return tuple(
        WantedBelt(origin=known[origin], target=known[target])
        for origin in rows
        for target in sorted(np.flatnonzero(drawn[origin]), key=lambda target: -flow[origin, target])
    )


def _lanes(stages: tuple[str, ...]) -> dict[str, str]:
    """Stage → lane, if the names carry one: `Sales: Offer`, `Sales | Order`. Empty if they do not.

    >>> _lanes(("Sales: Offer", "Sales: Order", "Works: Plan", "Works: Ship"))["Works: Plan"]
    'Works'
    """
    for separator in _LANES:
        lanes = {}
        for stage in stages:
            lane, *rest = re.split(separator, stage, maxsplit=1)
            if rest and rest[0].strip() and any(map(str.isalpha, lane)):
                lanes[stage] = lane.strip()
        several = len(Counter(lanes.values()))
        if len(lanes) >= _LANE_SHARE * len(stages) and several >= 2 and len(lanes) >= 1.5 * several:
            return lanes
    return {}
