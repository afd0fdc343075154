"""Pipedrive: the export of deals, which knows the last stage only, and the flow of a deal, which knows them all."""

from __future__ import annotations

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.crm.change_log import ChangeLog, entries, fields_of, missing
from factoryview.sources.crm.table import Export, blank
from factoryview.sources.table import RAW, Known, TextTable

WON, LOST, BEFORE = "Won", "Lost", "Deal created"
"""Stages of a deal that is over, and of one that has moved on from where it was made."""


def recognise(export: Export) -> TextTable | None:
    """The entries of a flow or an export of deals; None for any other table."""
    return _flow(export) or _deals(export)


def _flow(export: Export) -> TextTable | None:
    case, field = export.find("item id", "deal id"), export.find("field key")
    old, new, time = export.find("old value"), export.find("new value"), export.find("log time", "time")
    if case is None or field is None or old is None or new is None or time is None:
        return None
    what = said("reading.pipedrive_flow")
    if "stage_id" not in fields_of(export, field):
        raise InputError(missing(export, what, field), where=export.table.file, cure=said("error.pipedrive_flow"))
    log = ChangeLog(
        what, case, field, new, time, ("stage_id",), old=old,
        old_label=export.find("additional data.old value formatted", "additional data old value formatted"),
        new_label=export.find("additional data.new value formatted", "additional data new value formatted"),
        created=("add_time",), status="status",
    )  # fmt: skip
    return entries(export, log)


def _deals(export: Export) -> TextTable | None:
    case, stage = export.find("deal id", "id"), export.find("deal stage", "stage id", "stage name")
    status, made = export.find("deal status", "status"), export.find("deal deal created", "deal created", "add time")
    won, lost = export.find("deal won time", "won time"), export.find("deal lost time", "lost time")
    if case is None or stage is None or status is None or made is None or won is None or lost is None:
        return None
    table, con = export.table, export.table.connection
    moved = export.find("deal last stage change", "stage change time", "last stage change")
    closed = export.find("deal deal closed on", "deal closed on", "close time")
    used = [i for i in (case, stage, status, made, won, lost, moved, closed) if i is not None]
    carried = export.carried(*used)
    state = f"lower(trim(c{status}))"
    base = f'rowid AS r, {table.line} AS line, c{case} AS "case", '
    keep = export.carry(carried)
    since = f"c{made}"
    parts = []
    if moved is not None:
        since = f"CASE WHEN {blank(f'c{moved}')} THEN c{made} ELSE c{moved} END"
        first, then = export.moment(made, moved), export.moment(moved, made)
        if first is not None and then is not None:
            parts.append(
                f"SELECT {base}'{BEFORE}' AS stage, c{made} AS time, 0 AS k{keep} FROM {RAW} WHERE {then} > {first}"
            )
    parts.append(
        f"SELECT {base}c{stage} AS stage, {since} AS time, 1 AS k{keep} FROM {RAW} WHERE {state} <> 'deleted' "
        f"OR {blank(f'c{status}')}"
    )
    for name, column in ((WON, won), (LOST, lost)):
        end = f"c{column}" if closed is None else f"CASE WHEN {blank(f'c{column}')} THEN c{closed} ELSE c{column} END"
        parts.append(
            f"SELECT {base}'{name}' AS stage, {end} AS time, 2 AS k{keep} FROM {RAW} WHERE {state} = '{name.lower()}'"
        )
    query = f"SELECT *, r * 3 + k AS place FROM ({' UNION ALL '.join(parts)})"
    counts = con.execute(
        f"SELECT count(*) FILTER (WHERE {state} = 'open'), count(*) FILTER (WHERE {state} = 'won'), "
        f"count(*) FILTER (WHERE {state} = 'lost'), count(*) FILTER (WHERE {state} = 'deleted') FROM {RAW}"
    ).fetchone()
    is_open, is_won, is_lost, gone = counts or (0, 0, 0, 0)
    text = said("reading.deals", n=table.rows, open=is_open, won=is_won, lost=is_lost)
    if gone:
        text = said("reading.deals_some_deleted", n=table.rows, open=is_open, won=is_won, lost=is_lost, gone=gone)
    findings = [
        export.finding(text),
        export.finding(
            said("reading.last_stage_only", before=BEFORE),
            said("reading.read_flow"),
            warning=True,
        ),
    ]
    known = Known(
        said("reading.pipedrive_deals"),
        {"case": table.names[case], "stage": table.names[stage], "time": table.names[made if moved is None else moved]},
        said("reading.pipedrive_times"),
        tuple(name for name, number in ((WON, is_won), (LOST, is_lost)) if number),
        last_only=True,
        undated=True,
    )
    return export.rewrite(query, used, carried, known, findings)
