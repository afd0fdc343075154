"""The file of a journal: shared, locked, damaged, moved, of another version."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.sources.feeds import own_files
from factoryview.sources.feeds.records import Interpreted
from factoryview.store.journal.file import APPLICATION
from factoryview.store.journal.journal import (
    EVENT_COLUMNS,
    Journal,
    StoreInUse,
    StoreTrouble,
    is_journal,
)
from tests.kit.journals import PLANT, event, rows


def test_a_viewer_sees_what_is_committed_while_it_is_recorded(journal: Journal, path: Path) -> None:
    viewer = Journal.read(path)
    assert viewer.events_after(0) == dict.fromkeys(EVENT_COLUMNS, ())
    journal.commit("crm", Interpreted([event(1)]), "p", 1)
    assert viewer.last_row == 1
    with viewer.reading():
        before = viewer.last_row
        journal.commit("crm", Interpreted([event(2)]), "p", 1)
        assert viewer.last_row == before == 1
    assert viewer.last_row == 2
    with pytest.raises(StoreTrouble, match="opened to be read"):
        viewer.commit("crm", Interpreted(), "p", 1)
    viewer.close()


def test_threads_may_share_one_journal(journal: Journal) -> None:
    def record(feed: int) -> None:
        for k in range(50):
            journal.commit(f"feed {feed}", Interpreted([event(feed * 1_000 + k)]), str(k), k)
            assert journal.position(f"feed {feed}") == str(k)

    threads = [threading.Thread(target=record, args=(feed,)) for feed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert journal.last_row == len(rows(journal.events_after(0))) == 200


def test_two_programs_never_record_into_one_store(
    journal: Journal, path: Path, open_journal: Callable[..., Journal]
) -> None:
    with pytest.raises(StoreInUse, match="being recorded by another program"):
        Journal.create_or_open(path, PLANT, "entry")
    program = f"""
from pathlib import Path
from factoryview.store.journal.journal import Journal
try:
    Journal.create_or_open(Path({str(path)!r}), "", "entry")
except Exception as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "being recorded by another program" in said
    journal.close()
    open_journal().close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_other_files_are_refused_in_words_and_left_as_they_are(tmp_path: Path) -> None:
    text, other = tmp_path / "log.csv", tmp_path / "other.db"
    text.write_text("case,stage,time\n" * 100)
    with sqlite3.connect(other) as con:
        con.execute("create table events (a)")
    con.close()
    for file in (text, other):
        before = file.read_bytes()
        assert not is_journal(file)
        with pytest.raises(InputError, match="no factoryview store"):
            Journal.create_or_open(file, PLANT, "entry")
        with pytest.raises(InputError, match="no factoryview store"):
            Journal.read(file)
        assert file.read_bytes() == before
    for path, why in ((tmp_path / "missing.store", "cannot be opened"), (tmp_path, "no factoryview store")):
        with pytest.raises(InputError, match=why):
            Journal.read(path)
    with pytest.raises(StoreTrouble, match="cannot be opened"):
        Journal.create_or_open(tmp_path / "no folder" / "x.store", PLANT, "entry")


def test_a_store_of_a_later_version_is_left_to_a_later_program(journal: Journal, path: Path) -> None:
    journal.close()
    with sqlite3.connect(path) as con:
        con.execute("pragma user_version = 99")
    con.close()
    for opened in (Journal.read, lambda file: Journal.create_or_open(file, PLANT, "entry")):
        with pytest.raises(InputError, match=r"version 99.*Update factoryview"):
            opened(path)
        with own_files.turn:
            assert not own_files.is_open(own_files.identity(path)), "nobody holds what was refused"


def test_a_store_is_known_by_its_header_as_soon_as_it_is_there(
    path: Path, open_journal: Callable[..., Journal]
) -> None:
    assert not is_journal(path)
    path.touch()
    assert not is_journal(path)
    journal = open_journal()
    assert is_journal(path)
    journal.close()
    assert is_journal(path)


def test_a_store_whose_making_was_cut_short_is_made_again(path: Path, open_journal: Callable[..., Journal]) -> None:
    con = sqlite3.connect(path, isolation_level=None)
    con.execute(f"pragma application_id = {APPLICATION}")
    con.execute("pragma journal_mode = wal")
    con.close()
    assert is_journal(path)
    assert open_journal().commit("crm", Interpreted([event(1)]), "p", 1).accepted == 1


def test_the_meaning_of_times_may_change_where_events_stay_the_same(
    journal: Journal, open_journal: Callable[..., Journal]
) -> None:
    journal.close()
    journal = open_journal("completion", 'name = "New"\n')
    assert (journal.times, journal.plant, journal.generation) == ("completion", 'name = "New"\n', 1)
    journal.close()
    with pytest.raises(InputError, match='recorded with times = "completion"'):
        open_journal("interval")


def test_a_damaged_store_is_told_in_words(journal: Journal, path: Path, open_journal: Callable[..., Journal]) -> None:
    journal.commit("crm", Interpreted([event(k, f"case {k}") for k in range(3_000)]), "p", 1)
    journal.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 8192))
    with pytest.raises(StoreTrouble, match="damaged"):
        open_journal().events_after(0)


def test_a_store_that_was_moved_or_replaced_is_not_written(journal: Journal, path: Path) -> None:
    journal.commit("crm", Interpreted([event(1)]), "p", 1)
    aside = path.with_name("aside")
    path.rename(aside)
    with pytest.raises(StoreTrouble, match="cannot be opened"):
        journal.commit("crm", Interpreted([event(2)]), "q", 2)
    shutil.copy(aside, path)
    with pytest.raises(StoreTrouble, match="another file is in the place"):
        journal.commit("crm", Interpreted([event(2)]), "q", 2)
    aside.replace(path)
    assert journal.commit("crm", Interpreted([event(2)]), "q", 2).accepted == 1
    assert journal.position("crm") == "q"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs to become somebody with fewer rights")
def test_a_store_in_a_folder_nobody_may_write_is_seen_and_then_followed() -> None:
    program = """
import os, sys
from pathlib import Path
from factoryview.store.journal.journal import Journal
os.setuid(65534)
viewer = Journal.read(Path(sys.argv[1]))
print(viewer.last_row, flush=True)
sys.stdin.readline()
print(viewer.last_row, flush=True)
"""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "werk.store")
        Path(folder).chmod(0o755)
        with Journal.create_or_open(path, PLANT, "entry") as journal:
            journal.commit("crm", Interpreted([event(1)]), "p", 1)
        path.chmod(0o644)
        with subprocess.Popen(
            [sys.executable, "-c", program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as viewer:
            assert viewer.stdin
            assert viewer.stdout
            assert viewer.stdout.readline() == "1\n"
            with Journal.create_or_open(path, PLANT, "entry") as journal:
                journal.commit("crm", Interpreted([event(2)]), "p", 1)
                viewer.stdin.write("\n")
                viewer.stdin.flush()
                assert viewer.stdout.readline() == "2\n"


def test_looking_at_the_file_gives_up_no_lock(journal: Journal, path: Path) -> None:
    """Else the next program that closes the store would take itself for the last, and remove the log we write to."""
    journal.commit("crm", Interpreted([event(1)]), "p", 1)
    with Journal.read(path):
        assert is_journal(path)
    program = (
        "import sqlite3, sys; con = sqlite3.connect(sys.argv[1]); con.execute('select * from events'); con.close()"
    )
    subprocess.run([sys.executable, "-c", program, path], check=True)
    assert path.with_name(path.name + "-wal").exists()
    journal.commit("crm", Interpreted([event(2)]), "p", 1)
    with Journal.read(path) as viewer:
        assert len(rows(viewer.events_after(0))) == 2


def test_a_store_somebody_else_locks_is_waited_for_and_told(journal: Journal, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    with journal.reading() as con:
        con.execute("pragma busy_timeout = 50")
    with pytest.raises(StoreTrouble, match="another program holds"):
        journal.commit("crm", Interpreted([event(1)]), "p", 1)
    other.close()
    assert journal.commit("crm", Interpreted([event(1)]), "p", 1).accepted == 1
