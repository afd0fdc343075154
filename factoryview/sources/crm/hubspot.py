"""HubSpot: deals with one date per stage, and histories of their properties."""

from __future__ import annotations

import re
from dataclasses import dataclass

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.crm.change_log import ChangeLog, entries, fields_of, missing
from factoryview.sources.crm.table import Export, blank, quoted, sounds_final
from factoryview.sources.table import RAW, Known, TextTable

_ENTERED = re.compile(r'date entered ["“”\'](?P<stage>.+?)(?: \((?P<pipeline>[^()]*)\))?["“”\']', re.IGNORECASE)
_ENTERED_API = re.compile(r"(?:.*[._])?hs_(?:v2_)?date_entered_(?P<stage>.+)", re.IGNORECASE)
_EXITED = re.compile(r'date exited ["“”\'].+|(?:.*[._])?hs_(?:v2_)?date_exited_.+', re.IGNORECASE)
_STAGE_FIELDS = ("dealstage", "deal stage", "deal_stage", "hs_pipeline_stage", "property_dealstage")


@dataclass(frozen=True)
class _Column:
    """A column with the date of entering a stage."""

    index: int
    stage: str
    pipeline: str


def recognise(export: Export) -> TextTable | None:
    """The entries of a deal export, a stage table or a history of properties; None for any other table."""
    return _deals(export) or _stage_table(export) or _history(export)


def _columns(names: list[str]) -> list[_Column]:
    found = []
    for index, name in enumerate(names):
        match = _ENTERED.fullmatch(name.strip())
        if match:
            found.append(_Column(index, match["stage"].strip(), (match["pipeline"] or "").strip()))
        elif match := _ENTERED_API.fullmatch(name.strip()):
            found.append(_Column(index, match["stage"], ""))
    return found


def _deals(export: Export) -> TextTable | None:
    table = export.table
    columns = _columns(table.names)
    case = export.find("record id", "deal id", "hs object id", "object id", "id")
    if len(columns) < 2 or case is None:
        return None
    several = len({column.pipeline for column in columns}) > 1
    labels = {c.index: f"{c.stage} ({c.pipeline})" if several and c.pipeline else c.stage for c in columns}
    status = export.find("deal stage", "dealstage", "deal pipeline stage id", "pipeline stage", "hs pipeline stage")
    used = [case, *labels, *([] if status is None else [status])]
    carried = export.carried(*used)
    order = _order(export, labels)
    keep = export.carry(carried)
    parts = [
        f'SELECT rowid AS r, {table.line} AS line, c{case} AS "case", {quoted(labels[index])} AS stage, '
        f"c{index} AS time, {place} AS k{keep} FROM {RAW} WHERE NOT {blank(f'c{index}')}"
        for place, index in enumerate(order)
    ]
    if status is not None:
        own = f"lower(trim(c{status}))"
        same = {
            c.index: {c.stage.lower(), labels[c.index].lower(), f"{c.stage} ({c.pipeline})".lower()} for c in columns
        }
        dated = " OR ".join(
            f"({own} IN ({', '.join(map(quoted, sorted(names)))}) AND NOT {blank(f'c{i}')})"
            for i, names in same.items()
        )
        label = " ".join(
            f"WHEN {own} IN ({', '.join(map(quoted, sorted(names)))}) THEN {quoted(labels[i])}"
            for i, names in same.items()
        )
        parts.append(
            f'SELECT rowid AS r, {table.line} AS line, c{case} AS "case", '
            f"CASE {label} ELSE trim(c{status}) END AS stage, "
            f"'' AS time, {len(order)} AS k{keep} FROM {RAW} WHERE NOT {blank(f'c{status}')} AND NOT ({dated})"
        )
    query = f"SELECT *, r * {len(order) + 1} + k AS place FROM ({' UNION ALL '.join(parts)})"
    flagged = () if status is None else export.flagged(status, "is closed", "hs is closed", "is deal closed")
    flagged += () if status is None else export.flagged(status, "is closed won", "hs is closed won")
    flagged += () if status is None else export.flagged(status, "is closed lost", "hs is closed lost")
    final = {name.lower() for name in flagged}
    ends = [labels[c.index] for c in columns if {c.stage.lower(), labels[c.index].lower()} & final]
    ends += [label for label in labels.values() if sounds_final(label) and label not in ends]
    exits = sum(_EXITED.fullmatch(name.strip()) is not None for name in table.names)
    stages = ", ".join(f'"{table.names[i]}" → {labels[i]}' for i in order[:12])
    findings = [export.finding(said("reading.deals_dates", rows=table.rows, n=len(order), stages=stages))]
    if exits:
        findings.append(export.finding(said("reading.exits", exits=exits)))
    findings.append(
        export.finding(
            said("reading.one_date_per_stage"),
            said("reading.export_property"),
        )
    )
    known = Known(
        said("reading.hubspot_deals"),
        {"case": table.names[case], "stage": "Date entered …", "time": said("reading.entering_date")},
        said("reading.columns_say_when"),
        tuple(dict.fromkeys(ends)),
        undated=True,
    )
    return export.rewrite(query, used, carried, known, findings)


def _order(export: Export, labels: dict[int, str]) -> list[int]:
    """The stages' columns in the order in which deals usually pass them: it settles entries within one minute."""
    moments = {index: moment for index in labels if (moment := export.moment(index)) is not None}
    if not moments:
        return list(labels)
    parts = " UNION ALL ".join(
        f"SELECT rowid AS r, {i} AS i, {moment} AS moment FROM {RAW}" for i, moment in moments.items()
    )
    found = export.table.connection.execute(
        f"SELECT i, avg(p) AS place FROM (SELECT i, rank() OVER (PARTITION BY r ORDER BY moment) - 1.0 AS p, "
        f"count(*) OVER (PARTITION BY r) AS n FROM ({parts}) WHERE moment IS NOT NULL) WHERE n > 1 "
        "GROUP BY i ORDER BY place, i"
    ).fetchall()
    ordered = [int(row[0]) for row in found]
    ordered += [index for index in labels if index not in ordered]
    return sorted(ordered, key=lambda index: sounds_final(labels[index]))


def _stage_table(export: Export) -> TextTable | None:
    """A table with one row per deal and stage: deal, stage, date entered."""
    case, stage, time = export.find("deal id"), export.find("value", "stage id"), export.find("date entered")
    if case is None or stage is None or time is None:
        return None
    table = export.table
    carried = [i for i in export.carried(case, stage, time) if export.folded[i] != "source"]
    query = (
        f'SELECT rowid AS place, {table.line} AS line, c{case} AS "case", c{stage} AS stage, c{time} AS time'
        f"{export.carry(carried)} FROM {RAW}"
    )
    names = {value.strip() for value in table.sample[stage]}
    known = Known(
        said("reading.hubspot_stages"),
        {"case": table.names[case], "stage": table.names[stage], "time": table.names[time]},
        said("reading.says_when", n=table.names[time]),
        tuple(sorted(name for name in names if sounds_final(name))),
    )
    return export.rewrite(query, (case, stage, time), carried, known, [])


def _history(export: Export) -> TextTable | None:
    case = export.find("deal id", "record id", "object id", "ticket id")
    field = export.find("property", "property name", "name")
    value, time = export.find("value", "property value"), export.find("timestamp", "property timestamp")
    source = export.find("source", "source type", "change source")
    if case is None or field is None or value is None or time is None or source is None:
        return None
    known = fields_of(export, field)
    stages = tuple(name for name in known if name in _STAGE_FIELDS) or tuple(known if len(known) == 1 else ())
    what = said("reading.hubspot_history")
    if not stages:
        raise InputError(missing(export, what, field), where=export.table.file, cure=said("error.hubspot_history"))
    return entries(export, ChangeLog(what, case, field, value, time, stages))
