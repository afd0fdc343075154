"""The real logs give the counts that were counted by independent means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factoryview.sources import EventLog, read

DEALS = ["sales_pipeline.csv"] + [f"variants/{n}_sales_pipeline.csv" for n in ("ThomasKieny", "ikebude", "kisaraF")]


def expected(real: Path, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((real / "expected.json").read_text(encoding="utf-8"))[key]
    return found


def counts(log: EventLog, where: str = "true") -> dict[str, int]:
    return dict(log.connection.execute(f"SELECT stage, count(*) FROM events WHERE {where} GROUP BY 1").fetchall())


@pytest.mark.parametrize("name", ["receipt.csv.gz", "receipt.xes.gz"])
def test_permits(name: str, real: Path) -> None:
    log, truth = read(real / "permits" / name), expected(real, "permits")
    assert (log.meaning, log.rows, log.rejected) == ("completion", truth["rows"], 0)
    assert counts(log) == truth["stays_per_stage"]
    found = log.connection.execute('SELECT count(DISTINCT "case"), min(time), max(time) FROM events').fetchone()
    assert found is not None
    assert found[0] == truth["cases"]
    assert found[1].isoformat() + "+00:00" == truth["first_event_utc"]
    assert found[2].isoformat() + "+00:00" == truth["last_event_utc"]


def test_permits_as_xes_and_csv_are_the_same_events(real: Path) -> None:
    query = 'SELECT * EXCLUDE (row) FROM events ORDER BY "case", row'
    both = [
        read(real / "permits" / f"receipt.{kind}.gz").connection.execute(query).fetchall() for kind in ("csv", "xes")
    ]
    assert both[0] == both[1]


@pytest.mark.parametrize("name", DEALS)
def test_deals(name: str, real: Path) -> None:
    log, truth = read(real / "crm" / name), expected(real, "crm")
    assert (log.meaning, log.rows, log.rejected) == ("entry", truth["rows"], 0)
    assert set(log.explicit_ends) == {"Won", "Lost"}
    dated, undated = counts(log, "time IS NOT NULL"), counts(log, "time IS NULL")
    assert dated | {f"{stage} (undated)": n for stage, n in undated.items()} == truth["stays_per_stage"]
    won = log.connection.execute("SELECT sum(value) FROM events WHERE stage = 'Won'").fetchone()
    assert won == (truth["won_value_total"],)
    for moment, there in truth["open"].items():
        arrived = counts(log, f"time <= TIMESTAMP '{moment[:-1]}'")
        assert {end: arrived[end] for end in ("Won", "Lost")} == there["arrived_by_then"]
        assert arrived["Engaging"] - arrived["Won"] - arrived["Lost"] == there["Engaging"]


def test_production(real: Path) -> None:
    log, truth = read(real / "production" / "Production.csv.gz"), expected(real, "production")
    assert (log.meaning, log.rows, log.rejected) == ("interval", truth["rows"], 0)
    assert counts(log) == truth["duplicates_kept"]["stays_per_stage"]
    found = log.connection.execute(
        'SELECT count(DISTINCT "case"), sum(epoch(time - start)) / 60 FROM events'
    ).fetchone()
    assert found == (truth["duplicates_kept"]["cases"], truth["duplicates_kept"]["work_minutes_total"])
    assert any("51 rows are exact duplicates" in finding.text for finding in log.findings)
