"""What no single field shows: whether the names in a plant file fit together, and its dates and hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Any

from factoryview.plant.feeds import COUNT_ROLES
from factoryview.plant.models import EXTRA_ROLES, ROLES
from factoryview.plant.toml_lines import Path


@dataclass(frozen=True)
class Misfit:
    """Something that does not fit, at a path into the file's tables."""

    path: Path
    found: str
    cure: str


def find_misfits(data: dict[str, Any]) -> list[Misfit]:
    """Every misfit in the tables of a plant file, as `tomllib` reads them.

    Values of a wrong type are passed over: the models report those. Stages are compared only if the file lists
    any; else they come from the log.
    """
    return [
        *_repeated(data),
        *_unknown(data),
        *_spans(data),
        *_hours(data),
        *_roles(data),
        *_tables(data),
        *_live(data),
    ]


def near(name: str, known: list[str]) -> str:
    """`Did you mean "…"?` if one of the known names is like it, else what there is to choose from."""
    folded = {candidate.casefold(): candidate for candidate in reversed(known)}
    found = get_close_matches(name.casefold(), list(folded), 1)
    if found:
        return f'Did you mean "{folded[found[0]]}"?'
    shown = ", ".join(f'"{candidate}"' for candidate in known[:12]) + (", …" if len(known) > 12 else "")
    return f"There are: {shown}." if known else ""


def entries(data: dict[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
    """The tables of a list of tables with their positions; what is no table is left out."""
    listed = data.get(key)
    return (
        [(position, entry) for position, entry in enumerate(listed) if isinstance(entry, dict)]
        if isinstance(listed, list)
        else []
    )


def _names(data: dict[str, Any], key: str, field: str = "name") -> list[str]:
    return [entry[field] for _, entry in entries(data, key) if isinstance(entry.get(field), str)]


def _repeated(data: dict[str, Any]) -> Iterator[Misfit]:
    keys = {
        "departments": ("name",),
        "stages": ("name",),
        "sources": ("name",),
        "outcomes": ("name",),
        "reasons": ("name",),
        "feeds": ("name",),
    }
    for key, fields in {**keys, "belts": ("origin", "target"), "targets": ("of",)}.items():
        seen: dict[tuple[Any, ...], int] = {}
        for position, entry in entries(data, key):
            values = tuple(entry.get(field) for field in fields)
            if not all(isinstance(value, str) for value in values):
                continue
            if values in seen:
                shown = " → ".join(f'"{value}"' for value in values)
                yield Misfit(
                    (key, position, fields[0]),
                    f"{shown} is already {key}[{seen[values] + 1}].",
                    "Remove one of the two, or rename it." if fields == ("name",) else "Remove one of the two.",
                )
            seen.setdefault(values, position)


def _unknown(data: dict[str, Any]) -> Iterator[Misfit]:
    departments = _names(data, "departments")
    for position, stage in entries(data, "stages"):
        name = stage.get("department")
        if isinstance(name, str) and name not in departments:
            cure = near(name, departments) or f'Add [[departments]] with name = "{name}".'
            yield Misfit(("stages", position, "department"), f'There is no department "{name}".', cure)
    stages = _names(data, "stages")
    if not stages:
        return
    outcomes, sources = _names(data, "outcomes"), _names(data, "sources")
    log = data.get("log")
    ends = log.get("ends") if isinstance(log, dict) else None
    record = data.get("record")
    for said in (ends, record.get("ends") if isinstance(record, dict) else None):
        outcomes += [end for end in said if isinstance(end, str)] if isinstance(said, list) else []
    for key, field, known, what in (
        ("workers", "stage", stages, "stage"),
        ("belts", "origin", stages + sources, "stage or source"),
        ("belts", "target", stages + outcomes, "stage or outcome"),
        ("targets", "of", stages + outcomes, "stage or outcome"),
    ):
        for position, entry in entries(data, key):
            name = entry.get(field)
            if isinstance(name, str) and name and name not in known:
                yield Misfit((key, position, field), f'There is no {what} "{name}".', near(name, known))


def _spans(data: dict[str, Any]) -> Iterator[Misfit]:
    for position, worker in entries(data, "workers"):
        since, until = _day(worker.get("since")), _day(worker.get("until"))
        if since and until and until < since:
            yield Misfit(
                ("workers", position, "until"),
                f"until {until} is before since {since}.",
                "Swap the two dates, or correct one.",
            )


def _hours(data: dict[str, Any]) -> Iterator[Misfit]:
    calendar = data.get("calendar")
    if not isinstance(calendar, dict):
        return
    start, end = _hour(calendar.get("start", "00:00")), _hour(calendar.get("end", "00:00"))
    if start is None or end is None:
        return
    if start == end and start != time(0):
        yield Misfit(
            ("calendar", "end"),
            f"The working day starts and ends at {end:%H:%M}.",
            "Correct one of the two, or leave both out for the whole day.",
        )
    elif end < start and end != time(0):
        yield Misfit(
            ("calendar", "end"),
            f"The working day ends at {end:%H:%M}, before it starts at {start:%H:%M}.",
            "Swap the two; hours past midnight cannot be given, leave both out for the whole day.",
        )
    elif (start, end) != (time(0), time(0)) and not calendar.get("days"):
        yield Misfit(
            ("calendar", "start" if "start" in calendar else "end"),
            "There are working hours, but no working days, so the plant would run around the clock.",
            'Add days = ["mon", "tue", "wed", "thu", "fri"].',
        )


def _roles(data: dict[str, Any]) -> Iterator[Misfit]:
    log = data.get("log")
    columns = log.get("columns") if isinstance(log, dict) else None
    for role in columns if isinstance(columns, dict) else ():
        if role not in ROLES:
            yield Misfit(("log", "columns", role), f'A column cannot be "{role}".', near(role, list(ROLES)))
    warehouse = data.get("warehouse")
    columns = warehouse.get("columns") if isinstance(warehouse, dict) else None
    for role in columns if isinstance(columns, dict) else ():
        if role not in (*ROLES, "row"):
            yield Misfit(("warehouse", "columns", role), f'A column cannot be "{role}".', near(role, [*ROLES, "row"]))
    if isinstance(warehouse, dict):
        if ("url" in warehouse) == ("path" in warehouse):
            found = (
                "It is not said where the events are." if "url" not in warehouse else "It is said twice where they are."
            )
            yield Misfit(("warehouse",), found, "Say url of a server, or path of files.")
        elif "url" in warehouse and "table" not in warehouse:
            yield Misfit(("warehouse",), "It is not said in which table the events are.", 'Add table = "…".')
    if warehouse is not None and any(key in data for key in ("log", "feeds")):
        yield Misfit(("warehouse",), "The data are said twice.", "Keep one of [warehouse], [log] and [[feeds]].")


def _tables(data: dict[str, Any]) -> Iterator[Misfit]:
    log = data.get("log")
    for position, rule in entries(log, "tables") if isinstance(log, dict) else ():
        path: Path = ("log", "tables", position)
        stages = [key for key in ("stage", "stage_column") if key in rule]
        if "date" in rule and len(stages) != 1:
            found = "This table has dates and no stage." if not stages else "The stage is said twice."
            yield Misfit((*path, "date"), found, 'Say stage = "NAME" or stage_column = "COLUMN".')
        elif "date" not in rule and stages:
            yield Misfit((*path, stages[0]), "This table has a stage and no date.", 'Add date = "COLUMN".')
        elif "date" not in rule and not rule.get("columns"):
            yield Misfit(path, "This table says nothing.", 'Add date = "COLUMN" and stage = "NAME", or columns.')
        columns = rule.get("columns")
        for role in columns if isinstance(columns, dict) else ():
            if role not in EXTRA_ROLES:
                cure = near(role, list(EXTRA_ROLES))
                yield Misfit((*path, "columns", role), f'A column of a joined table cannot be "{role}".', cure)


def _live(data: dict[str, Any]) -> Iterator[Misfit]:
    roles = [*ROLES, "id", *COUNT_ROLES]
    for position, feed in entries(data, "feeds"):
        columns = feed.get("columns")
        for role in columns if isinstance(columns, dict) else ():
            if role not in roles:
                yield Misfit(("feeds", position, "columns", role), f'A field cannot be "{role}".', near(role, roles))
        if (
            feed.get("kind") == "webhook"
            and not is_loopback(str(feed.get("host", "127.0.0.1")))
            and "token" not in feed
        ):
            yield Misfit(
                ("feeds", position, "host"),
                "Other computers may send to this webhook, and it has no token.",
                'Add token = "${NAME}", with NAME in the environment.',
            )
    if data.get("feeds") and data.get("log"):
        yield Misfit(
            ("log",),
            "This plant has a log and live sources.",
            'Make the log a source: [[feeds]] with kind = "file" and its path.',
        )
    record = data.get("record")
    ends = isinstance(record, dict) and record.get("ends")
    if isinstance(record, dict) and "keep" in record and not ends and not data.get("outcomes"):
        yield Misfit(
            ("record", "keep"),
            "Only cases that are done are forgotten, and nothing says where cases are done.",
            'Add ends = ["…"] to [record], or [[outcomes]].',
        )


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this computer alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _day(value: object) -> date | None:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if type(value) is date else None


def _hour(value: object) -> time | None:
    if isinstance(value, str):
        try:
            value = time.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, time) and value.tzinfo is None else None
