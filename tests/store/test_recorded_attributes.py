"""What messages say beside their roles: recorded, selected by, and kept up to date while more comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factoryview.plant.feeds import FileFeed
from factoryview.sources.feeds.feed import Message
from factoryview.sources.feeds.records import Interpreted, Interpreter
from factoryview.sources.limits import LONGEST_ATTRIBUTE, MOST_ATTRIBUTES
from factoryview.store.database import Store
from factoryview.store.journal.attributes import RecordedAttributes
from factoryview.store.journal.following import Following
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.recorded import read_recorded
from factoryview.store.journal.upkeep import forget
from factoryview.store.selection import AttributeBetween, AttributeIn
from tests.store.test_selection import tables

NOW = 1_800_000_000_000_000
HOUR = 3_600_000_000
INTERPRETER = Interpreter(FileFeed(name="CRM", kind="file", path="x"), "entry", "UTC")


def read(*messages: dict[str, object]) -> Interpreted:
    return INTERPRETER([Message(fields, json.dumps(fields, default=str)) for fields in messages], NOW)


def said(**fields: object) -> dict[str, object]:
    """What one event says beside its roles."""
    reading = read({"case": "a", "stage": "Ask", "time": "2026-01-01T08:00:00Z", **fields})
    assert not reading.rejected
    [event] = reading.events
    return json.loads(event.attributes) if event.attributes is not None else {}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.create_or_open(tmp_path / "werk.store", 'name = "x"\n', "entry") as found:
        yield found


def test_fields_without_a_role_are_attributes() -> None:
    assert said(region=" Nord ", pages=3, share=0.25, whole=7.0, rush=True, blank="", none=None) == {
        "region": "Nord", "pages": 3, "share": 0.25, "whole": 7, "rush": "true",
    }  # fmt: skip
    assert said(product={"kind": "gold", "deep": {"er": 1}}, tags=["a"]) == {"product.kind": "gold"}
    assert said(value=5, channel="web", reason="price", weight=1, id="x7") == {"weight": 1}


def test_who_works_is_none_of_them() -> None:
    assert said(user="Ada", approver="Bo", **{"second agent": "Cy", "Bearbeiter 2": "Di"}) == {}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("x" * 5_000, "x" * LONGEST_ATTRIBUTE),
        ("half \ud800 character\0", "half  character"),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        (-1e13, None),
        ("\u200b", None),
    ],
)
def test_what_no_database_holds_does_not_stop_the_event(value: object, kept: object) -> None:
    assert said(odd=value) == ({} if kept is None else {"odd": kept})


def test_their_number_is_bounded(journal: Journal) -> None:
    many = said(**{f"field {k:03}": k for k in range(MOST_ATTRIBUTES + 50)})
    assert len(many) == MOST_ATTRIBUTES
    for batch in range(3):
        fields = {f"f{batch}-{k:02}": k for k in range(60)}
        message = {"case": f"c{batch}", "stage": "Ask", "time": "2026-01-01T08:00:00Z", **fields}
        journal.commit("CRM", read(message), str(batch), NOW)
    assert len(journal.attributes()) == MOST_ATTRIBUTES


def test_odd_names_can_be_asked_for(journal: Journal) -> None:
    names = ['say "hi"', "a.b", "$x[0]", "Größe", "back\\slash", "it's", "--", "x" * 400]
    message = {"case": "a", "stage": "Ask", "time": "2026-01-01T08:00:00Z", **dict.fromkeys(names, "yes")}
    journal.commit("CRM", read(message), "1", NOW)
    shown = sorted({name.replace('"', "'").replace("\\", "/")[:LONGEST_ATTRIBUTE] for name in names})
    assert sorted(journal.attributes()) == shown
    for name in shown:
        assert [text for _, _, text in journal.said_of(name)] == ["yes"], name


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["Ask", "Offer", "Won"]),
        st.integers(0, 20),
        st.sampled_from([None, "Nord", "Süd"]),
        st.sampled_from([None, 5, 70.5]),
    ),
    min_size=1,
    max_size=14,
)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, cuts=st.lists(st.integers(0, 14), max_size=3))
def test_a_selection_of_a_store_that_grows_is_the_store_of_its_cases(
    tmp_path_factory: pytest.TempPathFactory,
    events: list[tuple[int, str, int, str | None, float | None]],
    cuts: list[int],
) -> None:
    messages = [
        {
            "case": f"case {case}",
            "stage": stage,
            "time": f"2026-01-{hour // 24 + 1:02}T{hour % 24:02}:00:{k:02}Z",
            "region": region,
            "pages": pages,
        }
        for k, (case, stage, hour, region, pages) in enumerate(events)
    ]
    north = {m["case"] for m in messages if m["region"] == "Nord"}
    long = {m["case"] for m in messages if m["pages"] is not None and m["pages"] >= 70}  # type: ignore[operator]
    path = tmp_path_factory.mktemp("store") / "werk.store"
    with Journal.create_or_open(path, 'name = "x"\n', "entry") as journal, Journal.read(path) as reader:
        bounds = [0, *sorted(min(cut, len(messages)) for cut in cuts), len(messages)]
        store: Store | None = None
        for since, until in pairwise(bounds):
            journal.commit("CRM", read(*messages[since:until]), str(until), NOW)
            if store is None:
                recorded = read_recorded(reader)
                store = Store.build(recorded.log, ends=("Won",), attributes=recorded.attributes)
                following = Following(reader, store, recorded.mark)
                views = [store.where(AttributeIn("region", ("Nord",)))] if "region" in store.attributes() else []
            while following.advance() is not None:
                pass
            for view in views:
                view.rows("stays/stages")
        views += [
            store.where(condition)
            for name, condition in (
                ("region", AttributeIn("region", ("Nord",))),
                ("pages", AttributeBetween("pages", low=70)),
            )
            if name in store.attributes()
        ]
        for view in views:
            wanted = long if "AttributeBetween" in repr(view._chosen.selection) else north  # type: ignore[union-attr]
            alone = path.with_name("alone.store")
            alone.unlink(missing_ok=True)
            with Journal.create_or_open(alone, 'name = "x"\n', "entry") as part:
                part.commit("CRM", read(*(m for m in messages if m["case"] in wanted)), "1", NOW)
                expected = tables(Store.build(read_recorded(part).log, ends=("Won",)))
            assert tables(view) == expected


def test_what_is_forgotten_is_no_longer_selected(journal: Journal) -> None:
    rows = [
        {"case": case, "stage": stage, "time": f"2026-01-0{day}T08:00:00Z", "region": "Nord"}
        for case, day in (("old", 1), ("new", 5))
        for stage in ("Ask", "Won")
    ]
    journal.commit("CRM", read(*rows), "1", NOW)
    recorded = read_recorded(journal)
    store = Store.build(recorded.log, ends=("Won",), attributes=recorded.attributes)
    following = Following(journal, store, recorded.mark)
    view = store.where(AttributeIn("region", ("Nord",)))
    assert {row[0] for row in tables(view)[0]} == {"old", "new"}
    assert isinstance(recorded.attributes, RecordedAttributes)
    assert forget(journal, ["Won"], 1_767_398_400_000_000) == 1  # 3 January 2026
    assert following.advance() is not None
    assert {row[0] for row in tables(view)[0]} == {"new"}
    assert store.values("region") == [("Nord", 1)]
