"""Ten thousand broken requests at the wall's remote, its rates not limited: it still serves, and how long it took."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest

from factoryview.serving.rates import TokenBucket
from tests.wall.remote.fuzzing import fuzz
from tests.wall.remote.phone import opened

REQUESTS = 10_000


def run() -> dict[str, object]:
    """How many answers of which status, how many were wrong, and whether health is answered afterwards."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TokenBucket, "allows", lambda _: True)
        with opened(Path(folder)) as phone:
            begin = time.perf_counter()
            statuses, wrong = fuzz(phone, REQUESTS, seed=7)
            seconds = time.perf_counter() - begin
            phone.beat()
            health = phone.ask("/health")[0]
    return {
        "requests": REQUESTS,
        "seconds": round(seconds, 1),
        "statuses": {str(status): statuses[status] for status in sorted(statuses)},
        "wrong": len(wrong),
        "health_afterwards": health,
    }
