"""One file is one store, whatever names lead to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.sources.feeds.own_files import identity, own_files
from factoryview.sources.feeds.records import Event, Interpreted
from factoryview.store.journal.journal import Journal, StoreInUse

PLANT = 'name = "Werk"\n'
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links there need rights")


def event(number: int) -> Event:
    return Event(number.to_bytes(16, "big"), f"c{number}", "Ask", number, None, None, None, None, None, 1.0)


def commit(journal: Journal, *numbers: int) -> None:
    journal.commit("f", Interpreted([event(number) for number in numbers]), str(numbers[-1]), 0)


def cases(path: Path) -> set[str]:
    with closing(Journal.read(path)) as journal:
        return set(journal.events_after(0)["case"])


@pytest.fixture(params=["hard link", "symbolic link", "link to a link"])
def link(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Another name, in another folder, of the store `tmp_path/werk.store`, in which c1 is."""
    store, link = tmp_path / "werk.store", tmp_path / "other" / "name.db"
    link.parent.mkdir()
    with Journal.create_or_open(store, PLANT, "entry") as journal:
        commit(journal, 1)
    if request.param == "hard link":
        os.link(store, link)
    elif request.param == "symbolic link":
        link.symlink_to(store)
    else:
        between = tmp_path / "between"
        os.link(store, between)
        link.symlink_to(between)
    return link


def test_only_one_records_and_others_see_what_is_recorded(link: Path, tmp_path: Path) -> None:
    store = tmp_path / "werk.store"
    for one, other in ((store, link), (link, store)):
        with Journal.create_or_open(one, PLANT, "entry") as journal:
            commit(journal, 2)
            with pytest.raises(StoreInUse):
                Journal.create_or_open(other, PLANT, "entry")
            assert cases(other) == {"c1", "c2"}
            assert journal.path == store
    assert list(link.parent.iterdir()) == [link], "nothing is written beside another name"


def test_nor_from_another_program(link: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from factoryview.store.journal.journal import Journal\n"
        "Journal.create_or_open(Path(sys.argv[1]), '', 'entry')"
    )
    with Journal.create_or_open(tmp_path / "werk.store", PLANT, "entry"):
        ended = subprocess.run([sys.executable, "-c", script, link], capture_output=True, text=True, check=False)
    assert "StoreInUse" in ended.stderr


def test_what_is_only_in_the_log_of_the_own_name_is_not_lost(link: Path, tmp_path: Path) -> None:
    script = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.store.test_links import Journal, PLANT, Path, commit
journal = Journal.create_or_open(Path({str(tmp_path / "werk.store")!r}), PLANT, "entry")
commit(journal, 2)
os.kill(os.getpid(), 9)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert (tmp_path / "werk.store-wal").stat().st_size > 0
    assert cases(link) == {"c1", "c2"}
    with Journal.create_or_open(link, PLANT, "entry") as journal:
        commit(journal, 3)
    assert cases(tmp_path / "werk.store") == {"c1", "c2", "c3"}


def test_a_store_that_was_moved_or_copied_has_a_new_name(tmp_path: Path) -> None:
    store, moved, copied = (tmp_path / name for name in ("werk.store", "moved.store", "copied.store"))
    with Journal.create_or_open(store, PLANT, "entry") as journal:
        commit(journal, 1)
    shutil.copy(store, copied)
    store.rename(moved)
    for path in (moved, copied):
        with Journal.create_or_open(path, PLANT, "entry") as journal:
            assert journal.path == path
            commit(journal, 2)
        os.link(path, path.with_suffix(".link"))
        with Journal.create_or_open(path.with_suffix(".link"), PLANT, "entry") as journal:
            assert journal.path == path


def test_a_store_with_several_names_that_does_not_know_its_own_is_not_recorded_into(tmp_path: Path) -> None:
    with Journal.create_or_open(tmp_path / "werk.store", PLANT, "entry") as journal:
        commit(journal, 1)
    (tmp_path / "werk.store").rename(tmp_path / "a")
    os.link(tmp_path / "a", tmp_path / "b")
    with pytest.raises(InputError, match="several names"):
        Journal.create_or_open(tmp_path / "a", PLANT, "entry")
    assert cases(tmp_path / "a") == cases(tmp_path / "b") == {"c1"}


def test_links_in_a_circle_or_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    for use in (Journal.read, lambda path: Journal.create_or_open(path, PLANT, "entry")):
        with pytest.raises(InputError, match="cannot be opened"):
            use(tmp_path / "a")
    (tmp_path / "c").symlink_to(tmp_path / "werk.store")
    with Journal.create_or_open(tmp_path / "c", PLANT, "entry") as journal:
        assert journal.path == tmp_path / "werk.store"


def test_what_is_open_here_is_known_by_identity(tmp_path: Path) -> None:
    store = tmp_path / "werk.store"
    before = own_files()
    with Journal.create_or_open(store, PLANT, "entry") as journal:
        commit(journal, 1)
        there = {path.name: identity(path) for path in tmp_path.iterdir()}
        assert set(there) == {f"werk.store{ending}" for ending in ("", "-wal", "-shm", ".lock")}
        assert own_files() - before == set(there.values())
        with closing(Journal.read(store)):
            pass
        assert own_files() - before == set(there.values()), "one of two has closed it"
    assert own_files() == before
