"""What only one use needs is imported when it is used: a picture, or an answer, comes up fast."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"pandas", "numba", "openpyxl", "fpdf", "av", "confluent_kafka", "psycopg"}


@pytest.mark.parametrize("module", ["factoryview.cli", "factoryview.cli.play", "factoryview.whatif.kernel"])
def test_what_is_heavy_waits_until_it_is_used(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert module in loaded
    assert HEAVY.isdisjoint(loaded)
