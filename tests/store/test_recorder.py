"""The recorder: many feeds into one store, with its troubles told and outlived."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.plant.files import dump_plant, read_plant
from factoryview.plant.secrets import redacted
from factoryview.sources.feeds.feed import Message, messages_of
from factoryview.sources.feeds.records import Interpreted, Interpreter
from factoryview.store.journal.journal import Journal, StoreInUse
from factoryview.store.journal.recorder import Recorder, ends_of
from factoryview.store.journal.upkeep import last_upkeep, note_upkeep

PLANT = """
name = "Werk"
[[feeds]]
name = "one"
kind = "file"
path = "one.jsonl"
[[feeds]]
name = "two"
kind = "file"
path = "two.jsonl"
"""


def wait(done: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def line(number: int, case: str = "a", stage: str = "Ask", when: str = "2026-03-01T10:00:00Z") -> str:
    return json.dumps({"event id": str(number), "case": case, "stage": stage, "time": when}) + "\n"


def read_events(text: str) -> Interpreted:
    """What a feed "two" says with such a line, whenever it came."""
    settings = read_plant(PLANT).feeds[1]
    return Interpreter(settings, "entry", "UTC")(messages_of(text), time.time_ns() // 1_000)


def add(path: Path, *lines: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(lines)


@pytest.fixture
def recorder_of(tmp_path: Path) -> Iterator[Callable[[str], Recorder]]:
    """Starts to record a plant into `werk.store`; all recorders are stopped in the end."""
    started: list[Recorder] = []

    def start(plant: str = PLANT) -> Recorder:
        recorder = Recorder(read_plant(plant), tmp_path, tmp_path / "werk.store")
        recorder.start()
        started.append(recorder)
        return recorder

    for name in ("one.jsonl", "two.jsonl"):
        (tmp_path / name).touch()
    yield start
    for recorder in started:
        recorder.stop()


def accepted(recorder: Recorder) -> int:
    return sum(state.accepted for state in recorder.states())


def test_all_feeds_are_recorded_at_once_and_go_on_where_they_were(
    recorder_of: Callable[..., Recorder], tmp_path: Path
) -> None:
    add(tmp_path / "one.jsonl", line(1, "a"), "poison\n", line(1, "a"))
    add(tmp_path / "two.jsonl", line(1, "b"))
    recorder = recorder_of()
    wait(lambda: accepted(recorder) == 2)
    wait(lambda: [state.status for state in recorder.states()] == ["live", "live"])
    recorder.stop()
    assert [state.status for state in recorder.states()] == ["stopped", "stopped"]
    add(tmp_path / "two.jsonl", line(2, "c"))
    recorder = recorder_of()
    wait(lambda: accepted(recorder) == 3)
    states = recorder.states()
    assert [(state.name, state.accepted, state.duplicates, state.rejected) for state in states] == [
        ("one", 1, 1, 1),
        ("two", 2, 0, 0),
    ]
    with Journal.read(tmp_path / "werk.store") as journal:
        assert Counter(journal.events_after(0)["case"]) == Counter("abc")
        assert [raw.strip() for *_, raw in journal.set_aside()] == ["poison"]


def test_viewers_see_how_the_feeds_are(recorder_of: Callable[..., Recorder], tmp_path: Path) -> None:
    recorder = recorder_of()
    with Journal.read(tmp_path / "werk.store") as journal:
        wait(lambda: [state.status for state in journal.states()] == ["live", "live"])
        heard = journal.states()[0].heard
        wait(lambda: (journal.states()[0].heard or 0) > (heard or 0))
        recorder.stop()
        assert [state.status for state in journal.states()] == ["stopped", "stopped"]


def test_a_store_that_cannot_be_written_is_told_and_nothing_is_lost(
    recorder_of: Callable[..., Recorder], tmp_path: Path
) -> None:
    recorder = recorder_of()
    store, aside = tmp_path / "werk.store", tmp_path / "aside"
    add(tmp_path / "one.jsonl", line(1))
    wait(lambda: accepted(recorder) == 1)
    assert (recorder.trouble, recorder.trouble_since) == ("", 0)
    began = time.time_ns() // 1_000
    store.rename(aside)
    add(tmp_path / "one.jsonl", line(2), "poison\n")
    wait(lambda: "cannot be opened" in recorder.trouble and "cannot be opened" in recorder.states()[0].trouble)
    assert began <= recorder.trouble_since <= time.time_ns() // 1_000
    assert recorder.states()[0].status == "live"
    aside.rename(store)
    wait(lambda: accepted(recorder) == 2 and not recorder.trouble)
    recorder.stop()
    with Journal.read(store) as journal:
        assert journal.last_row == len(journal.events_after(0)["row"]) == 2
        assert len(journal.set_aside()) == 1


def test_what_is_long_done_is_forgotten_while_recording(recorder_of: Callable[..., Recorder], tmp_path: Path) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=40)).isoformat()
    add(tmp_path / "one.jsonl", line(1, "open", "Ask", long_ago))
    add(tmp_path / "one.jsonl", line(2, "done", "Ask", long_ago), line(3, "done", "Won", long_ago))
    recorder = recorder_of(PLANT + '[record]\nkeep = "30 d"\ncompact = "1 s"\nends = ["Won"]\n')
    wait(lambda: accepted(recorder) == 3)
    with Journal.read(tmp_path / "werk.store") as journal:
        wait(lambda: set(journal.events_after(0)["case"]) == {"open"})
        add(tmp_path / "two.jsonl", line(4, "done", "Check", long_ago), line(5, "new", "Ask", long_ago))
        wait(lambda: recorder.states()[1].rejected == 1)
        assert set(journal.events_after(0)["case"]) == {"open", "new"}


def told(recorder: Recorder) -> str:
    """What is wrong with the recording, or else beside it: of these only the first may stop the picture."""
    return recorder.trouble or recorder.upkeep_trouble


@pytest.mark.parametrize(
    "broken", ["factoryview.store.journal.recorder.last_upkeep", "factoryview.store.journal.journal.feed_id"]
)
def test_what_nobody_thought_of_is_trouble_while_it_lasts_and_ends_no_thread(
    recorder_of: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("not thought of")

    with monkeypatch.context() as now:
        now.setattr(broken, fails)
        recorder = recorder_of(PLANT + '[record]\ncompact = "1 s"\n')
        wait(lambda: told(recorder) == "RuntimeError: not thought of")
        assert bool(recorder.upkeep_trouble) == broken.endswith("last_upkeep")
    wait(lambda: not told(recorder))


def test_the_store_is_let_go_of_whatever_goes_wrong_in_the_end(
    recorder_of: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("not thought of")

    recorder = recorder_of()
    with monkeypatch.context() as now:
        now.setattr(Journal, "write_states", fails)
        recorder.stop()
    assert recorder.trouble == "RuntimeError: not thought of"
    recorder_of().stop()


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_a_file_whose_name_is_no_utf_8_is_recorded_like_any_other(
    recorder_of: Callable[..., Recorder], tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    plant = 'name = "W"\n[[feeds]]\nname = "one"\nkind = "file"\npath = "in"\n'
    odd = folder / os.fsdecode(b"auftr\xe4ge.jsonl")
    add(odd, line(1))
    recorder = recorder_of(plant)
    wait(lambda: accepted(recorder) == 1)
    recorder.stop()
    add(odd, line(2))
    recorder = recorder_of(plant)
    wait(lambda: accepted(recorder) == 2)
    assert recorder.states()[0].duplicates == 0


MINUTE, DAY = 60_000_000, 86_400_000_000
KEEPING = '[record]\nkeep = "30 d"\ncompact = "1 s"\nends = ["Won"]\n'


def test_while_this_computers_clock_is_behind_nothing_is_recorded_or_set_aside(
    recorder_of: Callable[..., Recorder], tmp_path: Path
) -> None:
    last = time.time_ns() // 1_000 + 11 * MINUTE
    with Journal.create_or_open(tmp_path / "werk.store", PLANT, "entry") as journal:
        journal.commit("two", read_events(line(1)), "", last)
    add(tmp_path / "one.jsonl", line(2), "poison\n")
    recorder = recorder_of()
    wait(lambda: "clock is wrong" in recorder.states()[0].trouble)
    assert "clock is wrong" in recorder.trouble
    recorder.stop()
    with Journal.read(tmp_path / "werk.store") as journal:
        assert (journal.last_row, journal.set_aside(), journal.position("one")) == (1, [], None)
        assert journal.states()[1].rejected == 0


def test_a_clock_that_was_set_back_a_little_is_no_trouble(recorder_of: Callable[..., Recorder], tmp_path: Path) -> None:
    last = time.time_ns() // 1_000 + 9 * MINUTE
    with Journal.create_or_open(tmp_path / "werk.store", PLANT, "entry") as journal:
        journal.commit("two", read_events(line(1)), "", last)
    add(tmp_path / "one.jsonl", line(2))
    recorder = recorder_of()
    wait(lambda: recorder.states()[0].accepted == 1)
    assert not recorder.trouble


@pytest.mark.parametrize("noted", [-2 * DAY, 2 * DAY])
def test_after_a_week_without_news_the_clock_is_not_trusted_to_forget(
    recorder_of: Callable[..., Recorder], tmp_path: Path, noted: int
) -> None:
    """The clock may have leapt: then all would be old. Upkeep noted by a clock that ran ahead is due again."""
    now = time.time_ns() // 1_000
    with Journal.create_or_open(tmp_path / "werk.store", PLANT, "entry") as journal:
        with journal.writing() as con:
            con.execute("update about set value = ? where key = 'created'", (str(now - 50 * DAY),))
        journal.commit("two", read_events(line(1, "done", "Won", "2020-01-01T10:00Z")), "", now - 8 * DAY)
        note_upkeep(journal, now + noted)
    recorder = recorder_of(PLANT + KEEPING)
    journal = recorder.journal
    wait(lambda: now <= last_upkeep(journal) < now + DAY)
    add(tmp_path / "one.jsonl", line(2, "new"))
    wait(lambda: accepted(recorder) == 1)
    again = last_upkeep(journal)
    wait(lambda: last_upkeep(journal) > again)
    assert set(journal.events_after(0)["case"]) == {"done", "new"}


def test_a_clock_that_leaps_ahead_while_news_come_costs_nothing(
    recorder_of: Callable[..., Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what is kept, nor what comes once the clock is right again."""
    plant = PLANT + KEEPING
    lately = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    add(tmp_path / "one.jsonl", line(1, "done", "Won", lately))
    recorder = recorder_of(plant)
    wait(lambda: accepted(recorder) == 1)
    recorder.stop()
    leapt = time.time_ns() // 1_000 + 365 * DAY
    with monkeypatch.context() as clock:
        for module in ("store.journal.recorder", "sources.feeds.follower"):
            clock.setattr(f"factoryview.{module}.now_micros", lambda: time.time_ns() // 1_000 + 365 * DAY)
        recorder = recorder_of(plant)
        add(tmp_path / "two.jsonl", line(2, "meanwhile"))
        wait(lambda: accepted(recorder) == 2)
        since = last_upkeep(recorder.journal)
        wait(lambda: last_upkeep(recorder.journal) > max(since, leapt))
        assert set(recorder.journal.events_after(0)["case"]) == {"done", "meanwhile"}
        recorder.stop()
    recorder = recorder_of(plant)
    add(tmp_path / "two.jsonl", line(3, "after"))
    wait(lambda: accepted(recorder) == 3)
    assert not recorder.trouble
    assert set(recorder.journal.events_after(0)["case"]) == {"done", "meanwhile", "after"}


def test_what_waited_for_the_clock_is_recorded_once_it_is_set(
    recorder_of: Callable[..., Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time_ns() // 1_000
    with Journal.create_or_open(tmp_path / "werk.store", PLANT, "entry") as journal:
        journal.commit("two", read_events(line(1)), "", now)
    add(tmp_path / "one.jsonl", line(2))
    with monkeypatch.context() as clock:
        clock.setattr("factoryview.sources.feeds.follower.now_micros", lambda: now - DAY)
        recorder = recorder_of()
        wait(lambda: "clock is wrong" in recorder.states()[0].trouble)
    wait(lambda: recorder.states()[0].accepted == 1)
    assert not recorder.trouble


def test_a_message_that_ends_the_interpreter_is_set_aside_and_stops_nothing(
    recorder_of: Callable[..., Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Interpreter.__call__

    def choking(self: Interpreter, messages: Sequence[Message], arrived: int) -> Interpreted:
        if any(message.fields.get("case") == "poison" for message in messages):
            raise KeyError("not thought of")
        return real(self, messages, arrived)

    monkeypatch.setattr(Interpreter, "__call__", choking)
    add(tmp_path / "one.jsonl", line(1), line(2, "poison"), line(3, "b"), line(4, "poison"))
    recorder = recorder_of()
    wait(lambda: recorder.states()[0].accepted + recorder.states()[0].rejected == 4)
    set_aside = recorder.journal.set_aside()
    assert [reason for *_, reason, _ in set_aside] == ["cannot be read: KeyError: 'not thought of'"] * 2
    assert [raw.strip() for *_, raw in set_aside] == [line(4, "poison").strip(), line(2, "poison").strip()]
    assert set(recorder.journal.events_after(0)["case"]) == {"a", "b"}
    assert not recorder.trouble
    assert not recorder.states()[0].trouble


@pytest.mark.parametrize(
    "url",
    ["host=db user=x password=geheim dbname=y", "host=db password=geheim://x", "password=x://geheim", "geheim"],
)
def test_the_store_tells_nothing_of_an_address_without_a_scheme(url: str) -> None:
    feed = f'[[feeds]]\nname = "p"\nkind = "postgres"\nurl = "{url}"\ntable = "events"\n'
    told = dump_plant(redacted(read_plant(f'name = "W"\n{feed}')))
    assert "geheim" not in told
    assert "password" not in told
    assert [feed.name for feed in read_plant(told).feeds] == ["p"]


def test_the_ends_are_the_plants_outcomes_unless_it_says_otherwise() -> None:
    outcomes = PLANT + '[[outcomes]]\nname = "Won"\n'
    assert ends_of(read_plant(PLANT)) == ()
    assert ends_of(read_plant(outcomes)) == ("Won",)
    assert ends_of(read_plant(outcomes + '[record]\nends = ["Done"]\n')) == ("Done",)


@pytest.mark.parametrize("pattern", ["*", "*.store*", "wal*"])
def test_a_folder_feed_reads_neither_the_store_nor_what_belongs_to_it(
    recorder_of: Callable[..., Recorder], tmp_path: Path, pattern: str
) -> None:
    """By identity, also through links."""
    plant = f'name = "W"\n[[feeds]]\nname = "f"\nkind = "file"\npath = "."\npattern = "{pattern}"\n'
    recorder = recorder_of(plant)
    wait(lambda: recorder.states()[0].status == "live")
    store = tmp_path / "werk.store"
    (tmp_path / "wal-linked.store.csv").symlink_to(store.with_name("werk.store-wal"))
    os.link(store, tmp_path / "wal-hard.store.csv")
    os.link(store.with_name("werk.store-shm"), tmp_path / "wal-index.store.csv")
    (tmp_path / "plant.toml").write_text(plant + "token = 'secret'\n", encoding="utf-8")
    add(tmp_path / "wal-events.store.csv", "event id,case,stage,time\n", "1,a,Ask,2026-03-01T10:00:00Z\n")
    wait(lambda: accepted(recorder) == 1)
    heard = recorder.states()[0].heard or 0
    wait(lambda: (recorder.states()[0].heard or 0) > heard + 1_500_000)
    assert recorder.journal.set_aside() == []
    assert [state.rejected for state in recorder.states()] == [0]


def test_a_feed_that_names_the_store_itself_is_told(recorder_of: Callable[..., Recorder]) -> None:
    recorder = recorder_of('name = "W"\n[[feeds]]\nname = "f"\nkind = "file"\npath = "werk.store"\n')
    wait(lambda: "into this file is recorded" in recorder.states()[0].trouble)


def test_stages_beyond_the_limit_are_set_aside(
    recorder_of: Callable[..., Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factoryview.store.journal.rows.MOST_STAGES", 3)
    add(tmp_path / "one.jsonl", *(line(n, stage=f"S{n}") for n in range(5)), line(9, stage="S1"))
    recorder = recorder_of()
    wait(lambda: recorder.states()[0].rejected == 2)
    assert accepted(recorder) == 4
    recorder.stop()
    recorder = recorder_of()
    add(tmp_path / "two.jsonl", line(1, stage="S7"), line(2, stage="S2"))
    wait(lambda: recorder.states()[1].rejected == 1)
    assert sorted(recorder.journal.events_after(0)["stage"]) == ["S0", "S1", "S1", "S2", "S2"]
    assert {reason for _, _, reason, _ in recorder.journal.set_aside()} == {
        "there are 3 stages already; is this the name of one?"
    }


def test_only_one_program_records(recorder_of: Callable[..., Recorder], tmp_path: Path) -> None:
    recorder_of()
    with pytest.raises(StoreInUse):
        Recorder(read_plant(PLANT), tmp_path, tmp_path / "werk.store")


def test_a_plant_without_feeds_or_with_a_variable_nobody_set_is_told_and_leaves_no_store(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no live source"):
        Recorder(read_plant('name = "Werk"'), tmp_path, tmp_path / "werk.store")
    plant = 'name = "W"\n[[feeds]]\nname = "f"\nkind = "redis"\nurl = "redis://:${NOT_THERE}@h/0"\nstream = "s"\n'
    with pytest.raises(InputError, match="no NOT_THERE"):
        Recorder(read_plant(plant), tmp_path, tmp_path / "werk.store")
    assert not list(tmp_path.iterdir())


@pytest.mark.parts
def test_the_store_tells_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("confluent_kafka")
    pytest.importorskip("redis")
    monkeypatch.setenv("INNER", "hushed-of-the-environment")
    plant = read_plant("""
name = "Werk"
[[feeds]]
name = "a"
kind = "http"
url = "http://user:hushed-in-url@127.0.0.1:9/?key=hushed-in-query"
headers = {Authorization = "hushed-in-header"}
[[feeds]]
name = "b"
kind = "webhook"
port = 0
token = "hushed-token"
[[feeds]]
name = "c"
kind = "kafka"
servers = "127.0.0.1:9"
topic = "t"
settings = {"sasl.password" = "hushed-setting"}
[[feeds]]
name = "d"
kind = "redis"
url = "redis://:${INNER}@127.0.0.1:9/0"
stream = "s"
""")
    recorder = Recorder(plant, tmp_path, tmp_path / "werk.store")
    recorder.start()
    recorder.stop()
    for file in tmp_path.iterdir():
        assert b"hushed" not in file.read_bytes()
    with Journal.read(tmp_path / "werk.store") as journal:
        assert [feed.name for feed in read_plant(journal.plant).feeds] == ["a", "b", "c", "d"]
