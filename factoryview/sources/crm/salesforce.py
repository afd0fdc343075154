"""Salesforce: OpportunityHistory, OpportunityFieldHistory, and copies of opportunities with the time they held."""

from __future__ import annotations

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.crm.change_log import ChangeLog, entries, fields_of, missing
from factoryview.sources.crm.table import Export, blank, sounds_final
from factoryview.sources.table import RAW, Known, TextTable

_COMPANIONS = ("close date", "probability", "forecast category", "created by id", "expected revenue", "is closed")


def recognise(export: Export) -> TextTable | None:
    """The entries of a history of opportunities; None for any other table."""
    return _field_history(export) or _stage_history(export)


def _field_history(export: Export) -> TextTable | None:
    case = export.find("opportunity id", "parent id", "lead id", "case id")
    field, old, new = export.find("field"), export.find("old value"), export.find("new value")
    time = export.find("created date", "edit date")
    if case is None or field is None or old is None or new is None or time is None:
        return None
    what = said("reading.salesforce_fields")
    stages = tuple(name for name in fields_of(export, field) if name in ("stagename", "stage", "status"))
    if not stages and case != export.find("opportunity id"):
        return None
    if not stages:
        raise InputError(missing(export, what, field), where=export.table.file, cure=said("error.salesforce_history"))
    log = ChangeLog(what, case, field, new, time, stages, old=old, created=("created", "opportunitycreatedfromlead"))
    return entries(export, log)


def _stage_history(export: Export) -> TextTable | None:
    """OpportunityHistory, which has a row for every change of stage, amount, probability or close date."""
    stage = export.find("stage name")
    held = export.find("fivetran start")
    case = export.find("opportunity id") if held is None else export.find("opportunity id", "id")
    time = export.find("created date") if held is None else held
    if stage is None or case is None or time is None or export.find(*_COMPANIONS) is None:
        return None
    table, con = export.table, export.table.connection
    carried = export.carried(case, stage, time)
    moment = export.moment(time) or "NULL::TIMESTAMP"
    flagged = export.flagged(stage, "is closed")
    category = export.find("forecast category", "forecast category name")
    if not flagged and category is not None:
        found = con.execute(
            f"SELECT trim(c{stage}) AS s FROM {RAW} WHERE NOT {blank(f'c{stage}')} GROUP BY s "
            f"HAVING bool_and(lower(trim(coalesce(c{category}, ''))) IN ('closed', 'omitted')) ORDER BY min(rowid)"
        ).fetchall()
        flagged = tuple(str(row[0]) for row in found)
    names = con.execute(
        f"SELECT trim(c{stage}) AS s FROM {RAW} WHERE NOT {blank(f'c{stage}')} GROUP BY s ORDER BY min(rowid)"
    ).fetchall()
    ends = flagged + tuple(row[0] for row in names if sounds_final(row[0]) and row[0] not in flagged)
    query = (
        f'SELECT *, r AS place FROM (SELECT rowid AS r, {table.line} AS line, c{case} AS "case", c{stage} AS stage, '
        f"c{time} AS time{export.carry(carried)}, {moment} AS moment, lag(c{stage}) OVER (PARTITION BY c{case} "
        f"ORDER BY {moment}, rowid) AS before FROM {RAW}) "
        "WHERE moment IS NULL OR before IS DISTINCT FROM stage"
    )
    kept = con.execute(f"SELECT count(*) FROM ({query})").fetchone()
    within = table.rows - (kept[0] if kept else 0)
    text = said("reading.history_rows", rows=table.rows, within=within)
    what = "OpportunityHistory" if held is None else said("reading.copies")
    known = Known(
        said("reading.salesforce_history", what=what),
        {"case": table.names[case], "stage": table.names[stage], "time": table.names[time]},
        said("reading.says_since_when", n=table.names[time], n2=table.names[stage]),
        ends,
    )
    return export.rewrite(query, (case, stage, time), carried, known, [export.finding(text)])
