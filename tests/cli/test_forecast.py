"""`forecast`: in words and as a document."""

from __future__ import annotations

import json
from pathlib import Path

from factoryview.flow.change.document import ForecastPart
from tests.kit.command import factoryview, write_log


def test_the_demo_has_a_forecast_and_nothing_later_is_known() -> None:
    found = ForecastPart.model_validate_json(factoryview("forecast", "demo", "--at", "2025-05-15 12:00", "--json").out)

    assert found.month_end.isoformat() == "2025-05-31"
    assert [each.chance for each in found.expected] == [0.5, 0.85, 0.95]
    assert all(each.month_tested.tries > 5 for each in found.expected)
    assert "85" in factoryview("forecast", "demo", "--at", "2025-05-15 12:00").out


def test_a_log_with_too_little_says_so(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv", cases=9)

    assert factoryview("forecast", log, "--lang", "en").out.count("\n") == 1
    assert factoryview("forecast", log, "--json").status == 3
    assert factoryview("forecast", log, "--at", "1990-01-01").status == 2
    assert factoryview("forecast").status == 2
    assert "properties" in json.loads(factoryview("forecast", "--schema").out)
