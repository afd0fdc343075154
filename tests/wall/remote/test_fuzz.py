"""Broken requests over raw sockets: the remote goes on, nothing is steered by accident, nothing secret is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from factoryview.serving.rates import TokenBucket
from factoryview.wall import control
from tests.wall.remote.fuzzing import fuzz
from tests.wall.remote.phone import TOKEN, opened


def test_the_remote_serves_on_after_broken_requests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(TokenBucket, "allows", lambda _: True)
    with opened(tmp_path) as phone:
        statuses, wrong = fuzz(phone, 1_200)
        assert wrong == []
        assert {200, 400, 401, 404, 405, 415} <= set(statuses), statuses
        assert set(map(type, phone.steering.take())) >= {control.Next, control.Answer}
        phone.beat()
        assert phone.ask("/health")[0] == 200
        assert TOKEN not in caplog.text
        assert [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []
