"""Log files that are renamed, copied, emptied and packed: every line once."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path

import pytest

from factoryview.sources.feeds.file import growing_file
from tests.kit.growing import Reader, append, ids, lines


class TestRotation:
    def test_renamed_and_begun_anew(self, tmp_path: Path) -> None:
        reader, log = Reader(tmp_path), tmp_path / "log.jsonl"
        append(log, lines(1, 2))
        reader.look()
        append(log, lines(3))
        log.rename(tmp_path / "log.jsonl.1")
        append(log, lines(4))
        assert ids(reader.look()) == [3, 4]
        append(tmp_path / "log.jsonl.1", lines(5))
        log.rename(tmp_path / "log.jsonl.0")
        assert ids(reader.look()) == [5]
        assert reader.look() == []

    @pytest.mark.usefixtures("quiet")
    def test_the_last_line_of_what_was_rotated_away(self, tmp_path: Path) -> None:
        reader, log = Reader(tmp_path, "log.csv"), tmp_path / "log.csv"
        append(log, b"id,stage\n1,a\n2,b")
        assert [ids(reader.look()), reader.look()] == [["1"], []]
        log.rename(tmp_path / "log.csv.1")
        append(log, b"id,stage\n3,c\n")
        reader.look()
        reader.look()
        assert sorted(map(str, ids(reader.given))) == ["1", "2", "3"]

    def test_renamed_while_the_feed_was_away(self, tmp_path: Path) -> None:
        reader, log = Reader(tmp_path), tmp_path / "log.jsonl"
        append(log, lines(1, 2))
        reader.look()
        append(log, lines(3))
        log.rename(tmp_path / "log.jsonl.1")
        append(log, lines(4))
        reader.restart()
        assert ids(reader.look()) == [3, 4]

    def test_the_whole_chain_in_a_folder(self, tmp_path: Path) -> None:
        reader, log = Reader(tmp_path, ".", pattern="log*"), tmp_path / "log"
        for number in range(6):
            for old in (2, 1, 0):
                name = tmp_path / (f"log.{old}" if old else "log")
                if name.exists():
                    name.rename(tmp_path / f"log.{old + 1}")
            append(log, lines(2 * number, 2 * number + 1))
            reader.look()
            if number % 2:
                reader.restart()
        assert ids(reader.given) == list(range(12))

    def test_copied_and_emptied(self, tmp_path: Path) -> None:
        reader, log = Reader(tmp_path, ".", pattern="log*"), tmp_path / "log"
        append(log, lines(1, 2, 3))
        reader.look()
        append(log, lines(4))
        shutil.copy(log, tmp_path / "log.1")
        log.write_bytes(b"")
        append(log, lines(5))
        assert ids(reader.look()) == [5, 4]
        assert {message.key.split(":")[0] for message in reader.given} == {"log"}

    def test_copied_and_emptied_while_the_feed_looks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        reader, log = Reader(tmp_path, ".", pattern="log*"), tmp_path / "log"
        append(log, lines(1, 2, 3))
        reader.look()
        listing = os.listdir

        def then_rotate(folder: Path) -> list[str]:
            names = listing(folder)
            if "log.1" not in names:
                shutil.copy(log, tmp_path / "log.1")
                log.write_bytes(b"")
            return names

        monkeypatch.setattr(os, "listdir", then_rotate)
        for number in (4, 5):
            reader.look()
            append(log, lines(number))
        reader.look()
        assert ids(reader.given) == [1, 2, 3, 4, 5]

    def test_packed_after_it_was_read(self, tmp_path: Path) -> None:
        reader, log = Reader(tmp_path, ".", pattern="log*"), tmp_path / "log"
        append(log, lines(1, 2, 3))
        reader.look()
        append(log, lines(4))
        with gzip.open(tmp_path / "log.gz", "wb") as packed:
            packed.write(log.read_bytes())
        assert ids(reader.look()) == [4]
        log.unlink()
        assert reader.look() == []
        append(log, lines(5))
        reader.restart()
        assert ids(reader.look()) == [5]

    def test_shortened_is_read_from_its_beginning(self, tmp_path: Path) -> None:
        reader, log = Reader(tmp_path), tmp_path / "log.jsonl"
        append(log, lines(1, 2, 3))
        reader.look()
        log.write_bytes(lines(7))
        assert ids(reader.look()) == [7]

    def test_another_content_of_more_length_is_read_from_its_beginning(self, tmp_path: Path) -> None:
        reader, log = Reader(tmp_path), tmp_path / "log.jsonl"
        append(log, lines(1, 2, 3))
        reader.look()
        log.write_bytes(lines(7, 8, 9, 10))
        assert ids(reader.look()) == [7, 8, 9, 10]

    def test_written_anew_with_more_at_its_end(self, tmp_path: Path) -> None:
        reader, log = Reader(tmp_path), tmp_path / "log.jsonl"
        append(log, lines(*range(1000)))
        reader.look()
        (tmp_path / "new").write_bytes(lines(*range(1003)))
        (tmp_path / "new").rename(log)
        assert ids(reader.look()) == [1000, 1001, 1002]

    def test_the_same_place_in_the_next_file_is_another_event(self, tmp_path: Path) -> None:
        reader, log = Reader(tmp_path, "log.csv"), tmp_path / "log.csv"
        append(log, b"id,stage\n1,a\n")
        reader.look()
        log.write_bytes(b"id,stage\n2,a\n")
        reader.look()
        assert ids(reader.given) == ["1", "2"]
        assert len({message.key for message in reader.given}) == 2

    @pytest.mark.usefixtures("quiet")
    @pytest.mark.parametrize("text", [lines(1), lines(1)[:-1], b'[{"id": 1}, {"id": 2}]\n', b'[{"id": 1}, {"id": 2}]'])
    def test_one_line_copied_and_packed_and_emptied(self, tmp_path: Path, text: bytes) -> None:
        reader, one = Reader(tmp_path, "."), tmp_path / "a.json"
        append(one, text)
        reader.look()
        reader.look()
        given = list(reader.given)
        assert ids(given) in ([1], [1, 2])
        shutil.copy(one, tmp_path / "a.json.1")
        reader.restart()
        assert reader.look() == []
        (tmp_path / "b.json.gz").write_bytes(gzip.compress(text))
        one.write_bytes(b"")
        assert reader.look() == []
        append(one, lines(9))
        assert ids(reader.look()) == [9]
        assert [reader.look(), reader.look()] == [[], []]

    @pytest.mark.usefixtures("quiet")
    def test_a_csv_of_one_row_copied(self, tmp_path: Path) -> None:
        for name, end in (("a.csv", b""), ("b.csv", b"\n")):
            reader = Reader(tmp_path, ".", pattern=name + "*")
            append(tmp_path / name, b"id,stage\n1,a" + end)
            assert ids([*reader.look(), *reader.look()]) == ["1"]
            shutil.copy(tmp_path / name, tmp_path / f"{name}.1")
            assert [reader.look(), reader.look()] == [[], []]

    def test_files_with_the_same_header_are_no_copies(self, tmp_path: Path) -> None:
        reader = Reader(tmp_path, ".")
        append(tmp_path / "a.csv", b"id,stage\n")
        reader.look()
        append(tmp_path / "b.csv", b"id,stage\n1,a\n")
        append(tmp_path / "a.csv", b"1,a\n")
        assert sorted(message.key.split("@")[0] for message in reader.look()) == ["a.csv:2", "b.csv:2"]

    def test_what_was_rotated_away_is_forgotten(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        reader, log = Reader(tmp_path), tmp_path / "log.jsonl"
        append(log, lines(1, 2))
        reader.look()
        log.rename(tmp_path / "old")
        append(log, lines(3))
        reader.look()
        assert set(json.loads(reader.positions[-1] or "")) == {"old", "log.jsonl"}
        monkeypatch.setattr(growing_file, "FORGOTTEN", 0.0)
        reader.look()
        assert set(json.loads(reader.positions[-1] or "")) == {"log.jsonl"}
