"""Logs of any size, made up as fast as they can be written."""

from __future__ import annotations

import gzip
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

_STAGES = ("Enquiry", "Qualify", "First call", "Offer", "Approval", "Order", "Planning", "Delivery", "Paid")
_LIKELY = (1.0, 0.95, 0.9, 0.85, 0.8, 0.72, 0.7, 0.68, 0.66)
"""How likely a case comes as far as each stage."""
_CHANNELS = ("organic", "ads", "partner")
_XES_STAGES = (
    "Submitted",
    "Accepted",
    "Completeness checked",
    "Offer created",
    "Offer sent",
    "Validated",
    "Pending",
    "Done",
)


def write_csv(path: Path, events: int, seed: int = 7, *, told: bool = False) -> int:
    """A CSV of so many events in order of time, about seven for each case; returns the number of cases.

    told: a case that does not come to the last stage ends as lost; else it stops without a word.
    """
    random = np.random.default_rng(seed)
    reach = random.random(events // 5)
    steps = (reach[:, None] < np.array(_LIKELY)).sum(axis=1)
    ends = np.cumsum(steps)
    cases = int(np.searchsorted(ends, events)) + 1
    steps = steps[:cases]
    steps[-1] -= int(ends[cases - 1]) - events
    case = np.repeat(np.arange(cases), steps)
    stage = np.arange(events) - np.repeat(np.cumsum(steps) - steps, steps)
    year = 365 * 86_400
    waits = random.exponential(2.5 * 86_400, events)
    waits[stage == 0] = random.random(cases) * year
    elapsed = np.cumsum(waits)
    begin = np.repeat(elapsed[stage == 0] - waits[stage == 0], steps)
    seconds = (elapsed - begin).astype(np.int64) + 1_735_689_600
    again = np.flatnonzero((stage > 1) & (random.random(events) < 0.02))
    stage[again] -= 2
    if told:
        stage[np.cumsum(steps)[steps < len(_STAGES)] - 1] = len(_STAGES)
    order = np.argsort(seconds, kind="stable")
    channels, resources = random.integers(0, 3, cases), random.integers(0, 60, events)
    hours = np.where(((seconds - 1_735_689_600) // 86_400 % 365 >= 88) & (seconds // 86_400 % 365 < 299), 2, 1)
    written = np.datetime_as_string((seconds + hours * 3_600).astype("datetime64[s]"))
    names = (*_STAGES, "Lost")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("case_id,activity,timestamp,resource,channel\n")
        file.writelines(
            f"A-{case[i]:06d},{names[stage[i]]},{written[i]}+0{hours[i]}:00,"
            f"user {resources[i]:02d},{_CHANNELS[channels[case[i]]]}\n"
            for i in order
        )
    return cases


def write_xes(path: Path, events: int, seed: int = 7) -> None:
    """A gzipped XES file with ten attributes per event and five per trace, about eight events each."""
    rng = random.Random(seed)
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    left, case = events, 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=4) as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n'
        )
        file.write('<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>\n')
        while left:
            steps = min(left, rng.randint(1, 15))
            moment = begin + timedelta(minutes=rng.randrange(500_000))
            file.write(
                f'<trace>\n<string key="concept:name" value="Application_{case}"/>\n'
                f'<string key="LoanGoal" value="Goal {case % 11}"/>\n'
                '<string key="ApplicationType" value="New credit"/>\n'
                f'<float key="RequestedAmount" value="{rng.randrange(90_000)}.0"/>\n'
                '<boolean key="Known" value="true"/>\n'
            )
            for step in range(steps):
                moment += timedelta(seconds=rng.randrange(200_000))
                file.write(
                    f'<event>\n<string key="concept:name" value="{_XES_STAGES[step % 8]}"/>\n'
                    f'<date key="time:timestamp" value="{moment.isoformat(timespec="milliseconds")}"/>\n'
                    f'<string key="lifecycle:transition" value="complete"/>\n'
                    f'<string key="org:resource" value="User_{rng.randrange(140)}"/>\n'
                    f'<string key="Action" value="statechange"/>\n<string key="EventOrigin" value="Application"/>\n'
                    f'<string key="EventID" value="App_{left}_{step}"/>\n'
                    f'<int key="NumberOfTerms" value="{step * 12}"/>\n'
                    f'<float key="OfferedAmount" value="{rng.randrange(50_000)}.5"/>\n'
                    f'<boolean key="Accepted" value="false"/>\n</event>\n'
                )
            file.write("</trace>\n")
            left -= steps
            case += 1
        file.write("</log>\n")
