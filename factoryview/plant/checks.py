"""What no single field shows: whether the names in a plant file fit together, and its dates and hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Any

from factoryview.language.said import said
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
        return said("error.did_you_mean", name=folded[found[0]])
    shown = ", ".join(f'"{candidate}"' for candidate in known[:12]) + (", …" if len(known) > 12 else "")
    return said("error.there_are", names=shown) if known else ""


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
                    said("error.already_is", shown=shown, key=key, number=seen[values] + 1),
                    said("error.remove_or_rename") if fields == ("name",) else said("error.remove_one"),
                )
            seen.setdefault(values, position)


def _unknown(data: dict[str, Any]) -> Iterator[Misfit]:
    departments = _names(data, "departments")
    for position, stage in entries(data, "stages"):
        name = stage.get("department")
        if isinstance(name, str) and name not in departments:
            cure = near(name, departments) or said("error.add_departments", name=name)
            yield Misfit(("stages", position, "department"), said("error.no_department", name=name), cure)
    stages = _names(data, "stages")
    if not stages:
        return
    outcomes, sources = _names(data, "outcomes"), _names(data, "sources")
    log = data.get("log")
    ends = log.get("ends") if isinstance(log, dict) else None
    record = data.get("record")
    for named in (ends, record.get("ends") if isinstance(record, dict) else None):
        outcomes += [end for end in named if isinstance(end, str)] if isinstance(named, list) else []
    for key, field, known, missing in (
        ("workers", "stage", stages, "error.no_stage_here"),
        ("belts", "origin", stages + sources, "error.no_stage_or_source"),
        ("belts", "target", stages + outcomes, "error.no_stage_or_outcome"),
        ("targets", "of", stages + outcomes, "error.no_stage_or_outcome"),
    ):
        for position, entry in entries(data, key):
            name = entry.get(field)
            if isinstance(name, str) and name and name not in known:
                yield Misfit((key, position, field), said(missing, name=name), near(name, known))


def _spans(data: dict[str, Any]) -> Iterator[Misfit]:
    for position, worker in entries(data, "workers"):
        since, until = _day(worker.get("since")), _day(worker.get("until"))
        if since and until and until < since:
            yield Misfit(
                ("workers", position, "until"),
                said("error.until_before_since", until=until, since=since),
                said("error.swap_dates"),
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
            said("error.same_hours", end=end),
            said("error.correct_hours"),
        )
    elif end < start and end != time(0):
        yield Misfit(
            ("calendar", "end"),
            said("error.end_before_start", end=end, start=start),
            said("error.swap_hours"),
        )
    elif (start, end) != (time(0), time(0)) and not calendar.get("days"):
        yield Misfit(
            ("calendar", "start" if "start" in calendar else "end"),
            said("error.hours_without_days"),
            said("error.add_days"),
        )


def _roles(data: dict[str, Any]) -> Iterator[Misfit]:
    log = data.get("log")
    columns = log.get("columns") if isinstance(log, dict) else None
    for role in columns if isinstance(columns, dict) else ():
        if role not in ROLES:
            yield Misfit(("log", "columns", role), said("error.no_column_role", role=role), near(role, list(ROLES)))
    warehouse = data.get("warehouse")
    columns = warehouse.get("columns") if isinstance(warehouse, dict) else None
    for role in columns if isinstance(columns, dict) else ():
        if role not in (*ROLES, "row"):
            yield Misfit(
                ("warehouse", "columns", role), said("error.no_column_role", role=role), near(role, [*ROLES, "row"])
            )
    if isinstance(warehouse, dict):
        url = warehouse.get("url")
        if url is None and "path" not in warehouse:
            yield Misfit(("warehouse",), said("error.events_nowhere"), said("error.url_or_path"))
        elif "path" in warehouse and (str(url).startswith("postgres") or (url is not None and "table" in warehouse)):
            yield Misfit(("warehouse",), said("error.events_twice"), said("error.url_or_path"))
        elif url is not None and not {"table", "path"} & warehouse.keys():
            yield Misfit(("warehouse",), said("error.which_table"), said("error.add_table"))
    if warehouse is not None and any(key in data for key in ("log", "feeds")):
        yield Misfit(("warehouse",), said("error.data_twice"), said("error.keep_one_source"))


def _tables(data: dict[str, Any]) -> Iterator[Misfit]:
    log = data.get("log")
    for position, rule in entries(log, "tables") if isinstance(log, dict) else ():
        path: Path = ("log", "tables", position)
        stages = [key for key in ("stage", "stage_column") if key in rule]
        if "date" in rule and len(stages) != 1:
            found = said("error.dates_no_stage") if not stages else said("error.stage_twice")
            yield Misfit((*path, "date"), found, said("error.stage_or_column"))
        elif "date" not in rule and stages:
            yield Misfit((*path, stages[0]), said("error.stage_without_date"), said("error.add_date"))
        elif "date" not in rule and not rule.get("columns"):
            yield Misfit(path, said("error.says_nothing"), said("error.add_date_stage"))
        columns = rule.get("columns")
        for role in columns if isinstance(columns, dict) else ():
            if role not in EXTRA_ROLES:
                cure = near(role, list(EXTRA_ROLES))
                yield Misfit((*path, "columns", role), said("error.no_joined_role", role=role), cure)


def _live(data: dict[str, Any]) -> Iterator[Misfit]:
    roles = [*ROLES, "id", *COUNT_ROLES]
    for position, feed in entries(data, "feeds"):
        columns = feed.get("columns")
        for role in columns if isinstance(columns, dict) else ():
            if role not in roles:
                yield Misfit(
                    ("feeds", position, "columns", role), said("error.no_field_role", role=role), near(role, roles)
                )
        if (
            feed.get("kind") == "webhook"
            and not is_loopback(str(feed.get("host", "127.0.0.1")))
            and "token" not in feed
        ):
            yield Misfit(
                ("feeds", position, "host"),
                said("error.open_webhook"),
                said("error.add_token"),
            )
    if data.get("feeds") and data.get("log"):
        yield Misfit(
            ("log",),
            said("error.log_and_feeds"),
            said("error.log_as_feed"),
        )
    record = data.get("record")
    ends = isinstance(record, dict) and record.get("ends")
    if isinstance(record, dict) and "keep" in record and not ends and not data.get("outcomes"):
        yield Misfit(
            ("record", "keep"),
            said("error.keep_without_ends"),
            said("error.add_ends"),
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
