"""Where data comes from: one reader per kind of file, all yielding the same events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from factoryview.errors import InputError, UsageError
from factoryview.language.said import said
from factoryview.plant.models import TableRule
from factoryview.sources import memory
from factoryview.sources.crm import crm
from factoryview.sources.engine import connect
from factoryview.sources.events import ROLES, EventLog, Finding, Meaning, ReadOptions
from factoryview.sources.files import InputFile, open_source
from factoryview.sources.interpret import interpret
from factoryview.sources.limits import MOST_ROWS
from factoryview.sources.readers import delimited, excel, html, jsonl, ocel, parquet, unsupported, xes
from factoryview.sources.reading import Reading
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import RAW, TextTable, too_many_rows
from factoryview.sources.tables import join_tables

__all__ = ["ROLES", "EventLog", "Finding", "Meaning", "ReadOptions", "read", "read_tables"]

READERS = (parquet, excel, ocel, html, unsupported, xes, jsonl, delimited)
"""Asked in this order whether a file is theirs: `sniff(source)`, then `load(source, connection, rejects, options)`."""


SCRATCH = (
    RAW,
    "factoryview_steps",
    "factoryview_deals",
    "factoryview_entries",
    "factoryview_kpi",
    "factoryview_shape",
    "factoryview_names",
    "factoryview_buckets",
    "factoryview_changes",
    "factoryview_crm",
    "factoryview_only",
)


def read(
    path: Path,
    options: ReadOptions = ReadOptions(),  # noqa: B008  (frozen)
    connection: duckdb.DuckDBPyConnection | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> EventLog:
    """Reads a file of any known kind and creates `events` (or `kpi`) in the connection, in memory by default.

    `progress` is called with the part done (0 to 1) and what is being done.
    Raises UsageError for options that do not exist, InputError for a file that cannot be used.
    """
    path = Path(path)
    _check_zone(options.timezone)
    say = progress or (lambda _part, _text: None)
    say(0.0, "opening")
    source = replace(open_source(path), encoding=options.encoding)
    con = connection if connection is not None else connect()
    zone = con.execute("SELECT current_setting('TimeZone')").fetchone()
    try:
        with memory.bounded(path.name), Rejects(path, source.stem, options.rejects) as rejects:
            con.execute("SET TimeZone = $zone", {"zone": options.timezone})
            say(0.1, "reading")
            table = _load(source, con, rejects, options)
            table = crm.recognise(table, options.columns)
            log = interpret(Reading(source, options, table, rejects, say))
            log.rejected_rows = tuple(rejects.first)
        say(1.0, "read")
        return log
    except OSError as error:
        raise InputError(said("error.unreadable", why=error), where=path.name) from error
    except duckdb.Error as error:
        why = _first_line(error)
        raise InputError(said("error.unreadable", why=why), where=path.name, cure=said("error.export_again")) from error
    finally:
        _tidy(con, zone)
        source.close()


def read_tables(
    folder: Path,
    rules: Sequence[TableRule],
    options: ReadOptions = ReadOptions(),  # noqa: B008  (frozen)
    connection: duckdb.DuckDBPyConnection | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> EventLog:
    """Reads the tables in a folder that tell of the same cases and creates their common `events`, as `rules` say.

    Rejected rows of all of them go to `tables.rejected.csv` in the folder, unless the options say where.
    Raises UsageError for a zone that does not exist, InputError for a file or rule that cannot be used.
    """
    folder = Path(folder)
    _check_zone(options.timezone)
    say = progress or (lambda _part, _text: None)
    if not folder.is_dir():
        raise InputError(said("error.is_no_folder"), where=str(folder), cure=said("error.name_tables"))
    con = connection if connection is not None else connect()
    zone = con.execute("SELECT current_setting('TimeZone')").fetchone()
    with ExitStack() as opened, Rejects(folder / "tables", "tables", options.rejects) as rejects:

        def load(name: str) -> Reading:
            say(0.1, name)
            source = replace(open_source(folder / name), encoding=options.encoding)
            opened.callback(source.close)
            table = _load(source, con, rejects, options)
            table = table.settle(rejects) if table.settle is not None else table
            return Reading(
                source, options, table, rejects, say, findings=list(table.findings), guesses=list(table.guesses)
            )

        try:
            with memory.bounded(str(folder)):
                con.execute("SET TimeZone = $zone", {"zone": options.timezone})
                log = join_tables(rules, load, con, rejects, options.timezone)
                log.rejected_rows = tuple(rejects.first)
                return log
        except OSError as error:
            raise InputError(said("error.unreadable", why=error), where=str(folder)) from error
        except duckdb.Error as error:
            raise InputError(said("error.not_joined", why=_first_line(error)), where=str(folder)) from error
        finally:
            _tidy(con, zone)


def _load(source: InputFile, con: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:
    reader = next((reader for reader in READERS if reader.sniff(source)), None)
    if reader is None:
        raise InputError(
            said("error.unknown_kind"),
            where=source.name,
            cure=said("error.known_kinds"),
        )
    table: TextTable = reader.load(source, con, rejects, options)
    if table.rows > MOST_ROWS:
        raise too_many_rows(source.name)
    return table


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _tidy(con: duckdb.DuckDBPyConnection, zone: tuple[str, ...] | None) -> None:
    """Leave nothing but the events; a database that broke for good has nothing left to tidy."""
    with suppress(duckdb.Error):
        for scratch in SCRATCH:
            con.execute(f"DROP TABLE IF EXISTS {scratch}")
        if zone:
            con.execute("SET TimeZone = $zone", {"zone": zone[0]})


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(said("error.zone_name", name=name)) from None
