"""A file that grows or a folder of files: every line once, whatever happens to the files and to the feed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.plant.feeds import FileFeed
from factoryview.sources.feeds import open_feed
from factoryview.sources.feeds.feed import Batch, FeedError
from factoryview.sources.feeds.file import growing_file
from factoryview.sources.feeds.file.growing_file import GrowingFile
from factoryview.sources.feeds.file.lines import LONGEST_LINE
from tests.kit.growing import Reader, append, ids, lines
from tests.kit.servers.gathering import EVENTUALLY

Following = Callable[..., "Reader"]


def test_a_line_is_given_when_its_end_is_written(tmp_path: Path) -> None:
    reader, log = Reader(tmp_path), tmp_path / "log.jsonl"
    assert reader.look() == []
    append(log, lines(1) + b'{"id"')
    assert ids(reader.look()) == [1]
    append(log, b": 2}\n")
    assert ids(reader.look()) == [2]
    assert reader.look() == []


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("last", [b"2,b", b'2,"b"', b'2,"b\n c"'])
def test_the_last_row_of_a_file_that_is_still_needs_no_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: bytes
) -> None:
    """As many exports and editors write them; where the line goes on after all, that is told."""
    monkeypatch.setattr(growing_file, "STILL", 0.0)
    reader, log = Reader(tmp_path, "log.csv"), tmp_path / "log.csv"
    append(log, b"id,stage\n1,a\n" + last)
    assert ids(reader.look()) == ["1"]
    assert [ids(reader.look()), ids(reader.look()), reader.look()] == [[], ["2"], []]
    reader.restart()
    assert ids(reader.look()) == []
    append(log, b"\n3,c\n")
    assert ids(reader.look()) == ["3"]
    append(log, b"4,d")
    assert [ids(reader.look()), ids(reader.look()), ids(reader.look())] == [[], [], ["4"]]
    append(log, b"e\n5,f\n")
    [rest, row] = reader.look()
    assert rest.trouble
    assert row.fields == {"id": "5", "stage": "f"}


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(("last", "rest"), [(b"2", b",b\n"), (b'2,"b', b'"\n'), (b'"2', b'",b\n')])
def test_the_last_row_waits_while_it_has_not_all_its_fields(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: bytes, rest: bytes
) -> None:
    monkeypatch.setattr(growing_file, "STILL", 0.0)
    reader, log = Reader(tmp_path, "log.csv"), tmp_path / "log.csv"
    append(log, b"id,stage\n1,a\n" + last)
    assert [ids(reader.look()) for _ in range(4)] == [["1"], [], [], []]
    append(log, rest)
    assert ids(reader.look()) == ["2"]


def test_the_folder_must_be_there(tmp_path: Path) -> None:
    for words in ({"path": "gone/log.csv"}, {"path": "gone/"}, {"path": "gone", "pattern": "*.csv"}):
        feed = open_feed(FileFeed(kind="file", name="f", **words), tmp_path)  # type: ignore[arg-type]
        with pytest.raises(FeedError, match=r"gone.*no such file or directory"):
            feed.start(None)
    (tmp_path / "in").mkdir()
    reader = Reader(tmp_path, "in")
    reader.look()
    (tmp_path / "in").rmdir()
    with pytest.raises(FeedError, match="cannot be read"):
        reader.look()


@pytest.mark.parametrize("position", ["{", "[]", '{"a": 3}', '{"a": {"label": "a", "offset": "x"}}'])
def test_a_position_of_something_else_is_told(tmp_path: Path, position: str) -> None:
    feed = GrowingFile(FileFeed(kind="file", name="f", path="x"), tmp_path)
    with pytest.raises(FeedError, match="cannot be understood"):
        feed.start(position)


def test_a_folder_gives_all_its_files_and_new_ones(tmp_path: Path) -> None:
    reader = Reader(tmp_path, ".", pattern="*.jsonl")
    (tmp_path / "b.jsonl").write_bytes(lines(3))
    (tmp_path / "a.jsonl").write_bytes(lines(1, 2))
    (tmp_path / ".a.jsonl.part").write_bytes(lines(99))
    (tmp_path / "a.txt").write_bytes(lines(99))
    (tmp_path / "c.jsonl").mkdir()
    assert ids(reader.look()) == [1, 2, 3]
    (tmp_path / "0.jsonl").write_bytes(lines(4))
    append(tmp_path / "b.jsonl", lines(5))
    assert ids(reader.look()) == [5, 4]
    reader.restart()
    assert reader.look() == []


def test_a_list_in_a_line_goes_over_several_batches_and_restarts(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    many = list(range(12_000))
    (tmp_path / "log.jsonl").write_bytes(json.dumps([{"id": number} for number in many]).encode() + b"\n" + lines(-1))
    first = next(reader.feed.look())
    assert len(first.messages) < len(many)
    reader.restart(first.position)
    assert ids(first.messages) + ids(reader.look()) == [*many, -1]


def test_a_name_that_is_no_utf8_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    odd = os.fsdecode(os.fsencode(tmp_path / "in") + b"/auftr\xe4ge.jsonl")
    try:
        Path(odd).write_bytes(lines(1) + b"nonsense\n")
    except OSError:
        pytest.skip("this file system has names in UTF-8 only")
    reader = Reader(tmp_path, "in")
    append(tmp_path / "in" / "good.jsonl", lines(2))
    found = reader.look()
    assert found[0].key.startswith("auftr\\udce4ge.jsonl:1@0-")
    assert [message.fields.get("id", "") for message in found] == [1, "", 2]
    position = reader.positions[-1] or ""
    assert position.encode("ascii")
    assert set(json.loads(position)) == {Path(odd).name, "good.jsonl"}
    reader.restart()
    append(Path(odd), lines(3))
    found += reader.look()
    assert ids(found)[3:] == [3]
    for message in found:
        assert (message.key + message.raw + message.trouble).encode()
    with pytest.raises(FeedError, match="cannot be read") as error:
        GrowingFile(FileFeed(kind="file", name="f", path="x/"), Path(odd)).start(None)
    assert "auftr\\udce4ge.jsonl" in str(error.value)


@pytest.mark.parametrize("escaped", [b'{"id": "\\ud800"}', b'[{"id": "\\ud800"}]'])
def test_half_a_character_in_a_line_can_be_shown(tmp_path: Path, escaped: bytes) -> None:
    reader = Reader(tmp_path)
    append(tmp_path / "log.jsonl", escaped + b"\n")
    (message,) = reader.look()
    assert "\\ud800" in message.raw
    assert message.raw.encode()


class TestCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_the_header_tells_the_delimiter(self, tmp_path: Path, delimiter: str) -> None:
        reader = Reader(tmp_path, "log.csv")
        text = 'id,"a ; b, c",stage\n1,"x, y",Ü\n'.replace(",", "\0").replace("\0", delimiter)
        append(tmp_path / "log.csv", b"\xef\xbb\xbf" + text.encode())
        (message,) = reader.look()
        assert list(message.fields) == ["id", f"a ; b{delimiter} c", "stage"]
        assert list(message.fields.values()) == ["1", f"x{delimiter} y", "Ü"]

    def test_what_does_not_fit_is_given_with_its_trouble(self, tmp_path: Path) -> None:
        reader = Reader(tmp_path, "log.csv")
        append(tmp_path / "log.csv", b"sep=;\nid;stage\n1;a\n2\n\n;\nid;stage\n3;b;;\n4;c;d\n5;e\n")
        found = ids(reader.look())
        assert found == ["1", "1 fields instead of 2", "3", "3 fields instead of 2", "5"]

    def test_windows_1252_is_read_unless_utf8_is_sure(self, tmp_path: Path) -> None:
        reader = Reader(tmp_path, "log.csv")
        append(tmp_path / "log.csv", "id;Straße\n1;Köln\n".encode("cp1252") + b"\x81;x\n")
        one, two = reader.look()
        assert one.fields == {"id": "1", "Straße": "Köln"}
        assert two.trouble == "bytes that are no text in UTF-8"
        append(tmp_path / "log.csv", "2;Köln\n".encode() + "3;Köln\n".encode("cp1252"))
        assert ids(reader.look()) == ["2", "bytes that are no text in UTF-8"]

    def test_a_quote_that_is_never_closed_costs_one_line(self, tmp_path: Path) -> None:
        reader = Reader(tmp_path, "log.csv")
        append(tmp_path / "log.csv", b'id,stage\n1,"open\n' + b"".join(b"%d,a\n" % number for number in range(2, 300)))
        found = reader.look()
        assert found[0].trouble == "a quoted field is not closed"
        assert ids(found[1:]) == [str(number) for number in range(2, 300)]

    def test_a_header_that_is_none_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        reader = Reader(tmp_path, "folder/")
        (tmp_path / "folder" / "table.xlsx").write_bytes(b"PK\0\1\n" * 500)
        (tmp_path / "folder" / "broken.csv").write_bytes(b"\x81\x8d;a\n")
        found = reader.look()
        assert 1 < len(found) < 30
        assert set(ids(found)) == {"neither JSON nor the header of a CSV"}
        append(tmp_path / "folder" / "table.xlsx", b"id,stage\n1,a\n")
        assert reader.look() == []

    def test_broken_lines_before_json_lines(self, tmp_path: Path) -> None:
        reader = Reader(tmp_path, "events.log")
        append(
            tmp_path / "events.log", b"\0\0\n\xff\x81\nnonsense\noops, this is none\n" + lines(1) + b"{\n" + lines(2)
        )
        found = reader.look()
        assert [message.fields.get("id", "") for message in found] == ["", "", "", "", 1, "", 2]
        assert all(bool(message.trouble) != bool(message.fields) for message in found)
        assert len({message.key for message in found}) == len(found)


class TestLastLine:
    @pytest.mark.usefixtures("quiet")
    def test_of_a_file_in_a_folder(self, tmp_path: Path) -> None:
        reader = Reader(tmp_path, ".")
        append(tmp_path / "a.csv", b"id,stage\n1,a\n2,b")
        append(tmp_path / "b.csv", b"id,stage\n3")
        append(tmp_path / "c.jsonl", b'{"id": 4}')
        append(tmp_path / "d.jsonl", b'{"id": ')
        append(tmp_path / "e.csv", b'id,stage\n5,"x\n6,y\n')
        assert ids(reader.look()) == ["1"]
        assert ids(reader.look()) == ["2", 4, "a quoted field is not closed", "6"]
        assert reader.look() == []
        reader.restart()
        append(tmp_path / "a.csv", b"b\n7,c\n")
        append(tmp_path / "b.csv", b",c\n")
        append(tmp_path / "c.jsonl", b"\n" + lines(8))
        append(tmp_path / "d.jsonl", b"9}\n")
        assert ids(reader.look()) == [
            "the line went on after it had been read as the last one", "7", "3", 8, 9,
        ]  # fmt: skip

    @pytest.mark.usefixtures("quiet")
    def test_of_a_single_file_only_if_it_is_surely_whole(self, tmp_path: Path) -> None:
        reader, table = Reader(tmp_path), Reader(tmp_path, "log.csv")
        append(tmp_path / "log.jsonl", b'{"id": 1}')
        append(tmp_path / "log.csv", b"id,stage\n1,a")
        assert [reader.look(), table.look()] == [[], []]
        assert [ids(reader.look()), table.look()] == [[1], []]
        append(tmp_path / "log.csv", b"bc\n")
        assert [message.fields["stage"] for message in table.look()] == ["abc"]

    def test_not_before_it_is_quiet(self, tmp_path: Path) -> None:
        reader = Reader(tmp_path, ".")
        append(tmp_path / "a.jsonl", b'{"id": 1}')
        assert [reader.look(), reader.look()] == [[], []]


def test_an_endless_line_is_one_message_and_costs_no_memory(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    log = tmp_path / "log.jsonl"
    append(log, lines(1) + b"x" * (3 * LONGEST_LINE))
    assert ids(reader.look()) == [1, "the line is longer than 1 MB"]
    assert len(reader.given[-1].raw) < 5000
    reader.restart()
    append(log, b"x" * (9 * LONGEST_LINE))
    assert reader.look() == []
    append(log, b"y\n" + lines(2))
    assert ids(reader.look()) == [2]


class TestPacked:
    def test_is_read_once_and_goes_on_where_it_was(self, tmp_path: Path) -> None:
        reader = Reader(tmp_path, ".")
        with gzip.open(tmp_path / "a.csv.gz", "wt", encoding="utf-8") as file:
            file.write("id,stage\n" + "".join(f"{number},ä\n" for number in range(9_000)) + "9000,b")
        first = next(reader.feed.look())
        reader.restart(first.position)
        assert ids(first.messages) + ids(reader.look()) == [str(number) for number in range(9_001)]
        reader.restart()
        assert reader.look() == []

    @pytest.mark.usefixtures("quiet")
    def test_half_copied_or_damaged(self, tmp_path: Path) -> None:
        reader = Reader(tmp_path, ".")
        whole = gzip.compress(b"id,stage\n" + os.urandom(20_000).hex().encode() + b",\n1,a\n2,b\n", mtime=0)
        (tmp_path / "a.csv.gz").write_bytes(whole[:9_000])
        (tmp_path / "b.csv.gz").write_bytes(gzip.compress(lines(7, 8), mtime=0)[:-8] + b"\0" * 8)
        (tmp_path / "c.csv.gz").write_bytes(b"no gzip at all")
        found = reader.look()
        assert ids(found) == [7, 8, "the packed file is damaged", "the packed file is damaged"]
        assert ids(reader.look()) == ["the packed file is cut off"]
        append(tmp_path / "a.csv.gz", whole[9_000:])
        assert ids(reader.look())[1:] == ["1", "2"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(1))
    (tmp_path / "b.jsonl").write_bytes(lines(2))
    (tmp_path / "a.jsonl").chmod(0)
    looked = Reader(tmp_path, ".").feed.look()
    assert ids(next(looked).messages) == [2]
    with pytest.raises(FeedError, match=r"a\.jsonl: cannot be read \(permission denied\)"):
        next(looked)


def test_trouble_with_a_file_comes_after_what_the_others_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(1))
    (tmp_path / "b.jsonl").write_bytes(lines(2))
    plain = Path.open

    def refuse(path: Path, *arguments: object, **words: object) -> object:
        if path.name == "a.jsonl":
            raise PermissionError(13, "Permission denied")
        return plain(path, *arguments, **words)  # type: ignore[call-overload]

    reader = Reader(tmp_path, ".")
    monkeypatch.setattr(Path, "open", refuse)
    looked = reader.feed.look()
    batch = next(looked)
    assert ids(batch.messages) == [2]
    with pytest.raises(FeedError, match=r"a\.jsonl: cannot be read \(permission denied\)"):
        next(looked)
    monkeypatch.undo()
    reader.restart(batch.position)
    assert ids(reader.look()) == [1]


class TestLive:
    @pytest.fixture
    def batches(self, tmp_path: Path) -> Iterator[Iterator[Batch]]:
        feed = open_feed(FileFeed(kind="file", name="f", path="log.jsonl"), tmp_path)
        feed.start(None)
        yield feed.batches()
        feed.close()
        feed.close()

    def test_it_wakes_within_a_blink_and_gives_signs_of_life(self, tmp_path: Path, batches: Iterator[Batch]) -> None:
        assert not next(batches).messages
        waits = []
        for number in range(5):
            timer = threading.Timer(0.05, append, (tmp_path / "log.jsonl", lines(number)))
            begin = time.monotonic()
            timer.start()
            batch = next(batches)
            while not batch.messages:
                batch = next(batches)
            waits.append(time.monotonic() - begin - 0.05)
            timer.join()
        assert min(waits) < 0.5, "it does not wait until it looks of its own accord"
        begin = time.monotonic()
        next(batches)
        next(batches)
        assert 0.1 < time.monotonic() - begin < EVENTUALLY

    def test_it_sleeps_while_nothing_happens(self, batches: Iterator[Batch]) -> None:
        next(batches)
        next(batches)
        used, begin, count = time.process_time(), time.monotonic(), 0
        while time.monotonic() - begin < 1.6:
            assert not next(batches).messages
            count += 1
        assert count <= 6
        assert time.process_time() - used < 0.4

    def test_close_ends_it_from_another_thread(self, tmp_path: Path) -> None:
        feed = open_feed(FileFeed(kind="file", name="f", path="log.jsonl"), tmp_path)
        feed.start(None)
        threading.Timer(0.2, feed.close).start()
        begin = time.monotonic()
        assert all(not batch.messages for batch in feed.batches())
        assert time.monotonic() - begin < EVENTUALLY

    @pytest.mark.parametrize("error", [OSError(28, "limit of watches reached"), RuntimeError("no watching here")])
    def test_where_changes_cannot_be_watched_it_looks_itself(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        def refuse(*_paths: object, **_words: object) -> None:
            raise error

        monkeypatch.setattr("watchfiles.watch", refuse)
        feed = open_feed(FileFeed(kind="file", name="f", path="log.jsonl"), tmp_path)
        feed.start(None)
        batches = feed.batches()
        next(batches)
        append(tmp_path / "log.jsonl", lines(1))
        assert ids(next(batches).messages) == [1]
        feed.close()
        assert list(batches) == []


cells = st.text(st.sampled_from('ab,;"\n\r üß{'), max_size=6)


rows = st.lists(st.tuples(cells, cells), min_size=1, max_size=12)


def as_json(table: list[tuple[str, str]]) -> bytes:
    return b"".join(
        json.dumps({"id": number, "a": a, "b": b}, ensure_ascii=False).encode() + b"\n"
        for number, (a, b) in enumerate(table)
    )


def as_csv(table: list[tuple[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["id", "a", "b"])
    writer.writerows((number, a, b) for number, (a, b) in enumerate(table))
    return text.getvalue().encode()


@settings(max_examples=60, deadline=None)
@given(table=rows, layout=st.sampled_from(["csv", "jsonl"]), data=st.data())
def test_any_appends_and_restarts_give_every_line_once(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, str]], layout: str, data: st.DataObject
) -> None:
    """However the bytes arrive and wherever the feed begins again: each row, in order, its key its own."""
    text = as_csv(table) if layout == "csv" else as_json(table)
    folder = tmp_path_factory.mktemp("grows")
    log = folder / f"log.{layout}"
    reader = Reader(folder, log.name)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        append(log, text[start:end])
        if data.draw(st.booleans()):
            reader.look()
        if data.draw(st.booleans()):
            reader.restart(data.draw(st.sampled_from(reader.positions)))
        elif data.draw(st.booleans()):
            log.rename(folder / "moved")
            (folder / "moved").rename(log)
    reader.look()
    once = list({message.key: message for message in reader.given}.values())
    assert [message.trouble for message in once] == [""] * len(table)
    assert [tuple(message.fields.values()) for message in sorted(once, key=lambda one: int(str(one.fields["id"])))] == [
        (number if layout == "jsonl" else str(number), a, b) for number, (a, b) in enumerate(table)
    ]


@settings(max_examples=40, deadline=None)
@given(noise=st.lists(st.binary(max_size=40), max_size=12), layout=st.sampled_from(["csv", "jsonl", "log", "gz"]))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, noise: list[bytes], layout: str) -> None:
    folder = tmp_path_factory.mktemp("noise")
    reader = Reader(folder, ".")
    for piece in noise:
        append(folder / f"log.{layout}", piece)
        reader.look()
    keys = [message.key for message in reader.given]
    assert all(keys)


@pytest.mark.parametrize("begin", [b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x18\xe2\x2d\x00"])
def test_a_database_is_told_once_and_none_of_it_is_shown(tmp_path: Path, begin: bytes) -> None:
    reader = Reader(tmp_path, ".")
    append(tmp_path / "orders.db", begin + b"\nsecret\n" * 100)
    assert ids(reader.look()) == ["this is a database, not lines of events"]
    assert "secret" not in reader.given[0].raw
    append(tmp_path / "orders.db", b"secret\n")
    assert reader.look() == []
