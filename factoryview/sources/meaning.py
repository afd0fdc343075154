"""What the timestamps of a log mean: entry, completion or interval, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from factoryview.errors import UsageError
from factoryview.language.said import said
from factoryview.sources.columns import headers, vocabulary
from factoryview.sources.columns.roles import Roles, listed
from factoryview.sources.table import RAW

Shape = Literal["stamp", "interval", "pairs"]


@dataclass(frozen=True)
class MeaningChoice:
    """What the times mean, how events are to be made of the rows, and why."""

    meaning: Literal["entry", "completion", "interval"]
    shape: Shape
    sure: bool
    why: str
    time: str = "time"
    """Role whose column is the moment of the event; `start` for a history of validity."""
    undated: bool = False
    """Whether a row without a time is kept, as a stay whose beginning is not known."""


def decide(roles: Roles, wish: str | None) -> MeaningChoice:
    """The first rule that holds; `wish` is what the user said with --times."""
    known = roles.table.known
    if known is not None and known.why:
        return MeaningChoice("entry", "stamp", True, known.why, undated=known.undated)
    found = _detect(roles)
    if wish is None:
        return found
    if wish == "interval":
        if found.shape == "pairs":
            return MeaningChoice("interval", "pairs", True, said("reading.as_said"))
        if "start" not in roles.index:
            raise UsageError(said("error.interval_start", file=roles.table.file, names=listed(roles.table.names)))
        return MeaningChoice("interval", "interval", True, said("reading.as_said"))
    shape: Shape = "stamp"
    time = "start" if wish == "entry" and "start" in roles.index and "start" in roles.named else "time"
    meaning: Literal["entry", "completion"] = "entry" if wish == "entry" else "completion"
    return MeaningChoice(meaning, shape, True, said("reading.as_said"), time)


def _detect(roles: Roles) -> MeaningChoice:
    index = roles.index
    time_name, stage_name = roles.name("time"), roles.name("stage")
    if "start" in index and headers.is_validity(roles.name("start"), time_name):
        why = said("reading.validity", names=roles.name("start"), time_name=time_name)
        return MeaningChoice("entry", "stamp", True, why, "start")
    if "from" in index:
        return MeaningChoice(
            "entry", "stamp", True, said("reading.stage_change", names=roles.name("from"), stage_name=stage_name)
        )
    if "start" in index:
        both, ordered, equal = _spans(roles)
        if both and equal >= 0.95 * both:
            why = said("reading.equal_times", names=roles.name("start"), time_name=time_name, n=equal / both)
            return MeaningChoice("completion", "stamp", False, why)
        if both and (
            ordered >= 0.99 * both or "start" in roles.given or ("start" in roles.named and ordered >= 0.9 * both)
        ):
            sure = ordered >= 0.99 * both
            why = said("reading.ordered_times", names=roles.name("start"), time_name=time_name, n=ordered / both)
            return MeaningChoice("interval", "interval", sure, why)
    if "lifecycle" in index:
        verdict = _lifecycle(roles)
        if verdict is not None:
            return verdict
    if headers.sounds_like_completion(time_name):
        return MeaningChoice("completion", "stamp", True, said("reading.sounds_finished", time_name=time_name))
    if headers.sounds_like_entry(stage_name, time_name):
        sure = "since" in time_name.lower() or "enter" in time_name.lower() or "eingetreten" in time_name.lower()
        return MeaningChoice(
            "entry", "stamp", sure, said("reading.sounds_entered", stage_name=stage_name, time_name=time_name)
        )
    return MeaningChoice("completion", "stamp", False, said("reading.usually_completed"))


def _spans(roles: Roles) -> tuple[int, int, int]:
    """Rows with both moments, of these with start ≤ end, and with start = end."""
    start, end = roles.style("start"), roles.style("time")
    if start is None or end is None:
        return 0, 0, 0
    found = roles.table.connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE s <= t), count(*) FILTER (WHERE s = t) FROM (SELECT "
        f"{start.sql(roles.column('start'))} AS s, {end.sql(roles.column('time'))} AS t FROM {RAW}) "
        "WHERE s IS NOT NULL AND t IS NOT NULL"
    ).fetchone()
    return (int(found[0]), int(found[1]), int(found[2])) if found else (0, 0, 0)


def _lifecycle(roles: Roles) -> MeaningChoice | None:
    column = roles.column("lifecycle")
    begun, ended = turns(roles)
    found = roles.table.connection.execute(
        f"SELECT count(*), count(*) FILTER (WHERE l IN {begun}), count(*) FILTER (WHERE l = 'schedule'), "
        f"count(*) FILTER (WHERE l IN {ended}) FROM (SELECT lower(trim({column})) AS l FROM {RAW})"
    ).fetchone()
    total, starts, schedules, ends = found or (0, 0, 0, 0)
    if total and starts and starts + schedules > 0.05 * total:
        return MeaningChoice("interval", "pairs", True, said("reading.pairs", names=roles.name("lifecycle")))
    if total and ends >= 0.95 * total:
        sure = "instance" in roles.index or headers.sounds_like_completion(roles.name("time"))
        return MeaningChoice("completion", "stamp", sure, said("reading.says_complete", names=roles.name("lifecycle")))
    return None


def turns(roles: Roles) -> tuple[str, str]:
    """Lists in SQL of the words for beginning and for ending an activity."""
    begin, end = ([], []) if roles.turns is None else ([roles.turns[0]], [roles.turns[1]])
    return _listed([*vocabulary.BEGUN, *begin]), _listed([*vocabulary.ENDED, *end])


def _listed(words: list[str]) -> str:
    quoted = ("'" + word.replace("'", "''") + "'" for word in words)
    return f"({', '.join(quoted)})"
