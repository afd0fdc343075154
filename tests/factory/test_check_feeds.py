"""What `check` says of live sources and of what was recorded of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factoryview.factory.check import check_input
from factoryview.factory.check_feeds import check_feeds, check_store
from factoryview.factory.factory import Opening
from factoryview.plant.feeds import FileFeed
from factoryview.plant.files import load_plant
from factoryview.plant.words import Times
from factoryview.sources.feeds.feed import messages_of
from factoryview.sources.feeds.records import Interpreter
from factoryview.store.journal.journal import Journal

PLANT = """
name = "Shop"
[[feeds]]
name = "CRM"
kind = "file"
path = "crm.jsonl"
[[feeds]]
name = "Orders"
kind = "redis"
url = "redis://:${FACTORYVIEW_TEST_PASSWORD}@127.0.0.1:1"
stream = "orders"
"""
NOON = 1_774_958_400_000_000


def told(path: Path) -> list[str]:
    return [str(remark) for remark in check_input(path, Opening()).remarks]


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    path = tmp_path / "shop.toml"
    path.write_text(PLANT, encoding="utf-8")
    return path


def record(path: Path, *bodies: object, times: Times = "entry") -> None:
    journal = Journal.create_or_open(path, 'name = "Shop"\n', times)
    feed = FileFeed(name="CRM", kind="file", path="x")
    messages = [message for body in bodies for message in messages_of(json.dumps(body))]
    journal.commit("CRM", Interpreter(feed, times, "UTC")(messages, NOON), "here", NOON)
    journal.close()


def test_every_source_is_named_and_a_missing_variable_is_an_error(plant: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACTORYVIEW_TEST_PASSWORD", raising=False)
    assert not check_input(plant, Opening()).usable
    lines = told(plant)
    assert any("it has 2 live sources" in line for line in lines)
    assert 'info: shop.toml, feed "CRM": a live source of the kind file; its settings can be used.' in lines
    assert any(line.startswith('error: shop.toml, feed "Orders"') and "NOT" not in line for line in lines)


def test_what_was_recorded_is_checked_too(plant: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("redis")
    monkeypatch.setenv("FACTORYVIEW_TEST_PASSWORD", "geheim")
    event = {"case": "1", "stage": "Offer", "time": "2026-03-31T10:00Z", "event_id": 1}
    record(plant.with_suffix(".store"), event, event, {"stage": "Offer"})
    lines = told(plant)
    assert 'info: shop.store, feed "CRM": 1 events recorded, 1 came twice, 1 set aside.' in lines
    assert 'warning: shop.store, feed "CRM": set aside: no case: {"stage": "Offer"}' in lines
    assert any("Recognised as stays from entry times" in line for line in lines)
    assert not any("geheim" in line for line in lines)


def test_a_store_is_recognised_whatever_it_is_called(tmp_path: Path) -> None:
    store = tmp_path / "anything.csv"
    record(store, {"case": "1", "stage": "Offer", "time": "2026-03-31T10:00Z"})
    assert any('feed "CRM": 1 events recorded' in line for line in told(store))


def test_many_messages_set_aside_are_told_in_part(tmp_path: Path) -> None:
    store = tmp_path / "shop.store"
    good = {"case": "1", "stage": "Offer", "time": "2026-03-31T10:00Z"}
    record(store, good, *({"case": str(k)} for k in range(30)))
    lines = [line for line in told(store) if line.startswith("warning")]
    assert len(lines) == 21
    assert "More was set aside" in lines[-1]


def test_before_anything_is_recorded_the_store_is_announced_by_its_name(
    plant: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTORYVIEW_TEST_PASSWORD", "geheim")
    *settings, last = check_feeds(plant, load_plant(plant))
    assert [remark.severity for remark in settings] == ["info"] * 2
    assert "shop.store will hold it" in last.text


def test_a_store_that_is_none_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "shop.store"
    path.write_bytes(b"no database" * 100)
    [remark] = check_store(path)
    assert (remark.severity, remark.place) == ("error", str(path))
