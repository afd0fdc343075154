"""What a run leaves in a log, by what the log's times mean, and how it is written."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from factoryview.demo.simulator import SimulatedRun
from factoryview.demo.worktime import WorkingTime

Meaning = Literal["entry", "completion", "interval"]
Row = dict[str, str]


def rows_of(run: SimulatedRun, work: WorkingTime, meaning: Meaning) -> list[Row]:
    """The log of a run, ordered by time, ties in the order in which they happened.

    entry: one row per stay, `time` = entered; the resource is whoever worked on it, if anybody did yet.
    completion: one row per completed stay, `time` = left. Whoever gives up while waiting completes nothing.
    interval: one row per completed stay, `start` and `end` of the work.
    All three have one more row per finished case, naming its outcome, with the reason of a loss.
    """
    keyed: list[tuple[int, int, Row]] = []
    for visit in run.visits:
        case = visit.case
        stamps: dict[str, int]
        if meaning == "entry":
            stamps = {"time": visit.entered}
        elif visit.started is None or visit.left is None:
            continue
        elif meaning == "completion":
            stamps = {"time": visit.left}
        else:
            stamps = {"start": visit.started, "end": visit.left}
        row = {"case": case.id, "stage": visit.station} | {name: work.text(at) for name, at in stamps.items()}
        row |= {"channel": case.channel, "resource": visit.resource, "value": str(case.value), "reason": ""}
        keyed.append((next(iter(stamps.values())), visit.order, row))
    names = ("start", "end") if meaning == "interval" else ("time",)
    for end in run.ends:
        case = end.case
        row = {"case": case.id, "stage": end.outcome} | dict.fromkeys(names, work.text(end.time))
        row |= {"channel": case.channel, "resource": "", "value": str(case.value), "reason": end.reason}
        keyed.append((end.time, end.order, row))
    keyed.sort(key=lambda entry: entry[:2])
    return [row for _, _, row in keyed]


def csv_text(rows: Sequence[Row]) -> str:
    """Comma-separated, with a header, lines ending in a newline alone."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_gzip(path: Path, text: str) -> None:
    """Compressed without name or date, so that the same text gives the same bytes."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode())
