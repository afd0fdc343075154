"""A store whose bytes have changed: one sentence, whatever has changed; never a traceback, never an endless read."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from factoryview.errors import FactoryviewError
from factoryview.factory.check import check_input
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.plant.files import read_plant
from factoryview.sources.feeds.records import Count, Event, Interpreted
from factoryview.store.journal.journal import Journal, StoreTrouble
from factoryview.store.journal.recorded import read_recorded

FAULTS = Path(__file__).parents[2] / "../shared/faults/robustness"
DAY = 86_400_000_000
PLANT = 'name = "Werk"\n[[feeds]]\nname = "f"\nkind = "webhook"\nport = 0\n'


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 400 cases and some counts, closed."""
    path = tmp_path_factory.mktemp("sound") / "werk.store"
    events = [
        Event(bytes([k, number % 256, number // 256] * 5 + [0]), f"c{number}", stage, number * DAY // 8 + k * DAY, None,
              None, 10.0 * number, "web", None, 1.0)
        for number in range(400)
        for k, stage in enumerate(("Ask", "Offer", "Won"))
    ]  # fmt: skip
    counts = [Count("Calls", number * DAY, (number + 1) * DAY, 5.0, 4.0, 0.0, None) for number in range(30)]
    with Journal.create_or_open(path, PLANT, "entry") as journal:
        journal.commit("f", Interpreted(events, counts), "p", 500 * DAY)
    assert not path.with_name("werk.store-wal").exists()
    return path


def overwritten(raw: bytes, chance: random.Random) -> bytes:
    found = bytearray(raw)
    for _ in range(chance.randrange(1, 20)):
        place = chance.randrange(100, len(found))
        piece = chance.randbytes(chance.choice((1, 1, 4, 60)))
        found[place : place + len(piece)] = piece
    return bytes(found[: len(raw)])


def zeroed(raw: bytes, chance: random.Random) -> bytes:
    page = chance.randrange(1, len(raw) // 4096)
    return raw[: page * 4096] + bytes(4096) + raw[(page + 1) * 4096 :]


def shuffled(raw: bytes, chance: random.Random) -> bytes:
    pages = [raw[at : at + 4096] for at in range(4096, len(raw), 4096)]
    one, other = chance.sample(range(len(pages)), 2)
    pages[one], pages[other] = pages[other], pages[one]
    return raw[:4096] + b"".join(pages)


def cut(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(100, len(raw))]


def ends_in(use: Callable[[Path], object], path: Path) -> str:
    """What is said of a store that cannot be used; empty if it can. Anything else is raised."""
    try:
        use(path)
    except FactoryviewError as error:
        return str(error)
    return ""


def look_at_all_of(path: Path) -> None:
    with closing(Journal.read(path)) as journal:
        read_recorded(journal)
        journal.created, journal.clock  # noqa: B018
        read_plant(journal.plant)


@pytest.mark.parametrize("damage", [overwritten, zeroed, shuffled, cut])
def test_random_damage(sound: Path, tmp_path: Path, damage: Callable[[bytes, random.Random], bytes]) -> None:
    raw, path = sound.read_bytes(), tmp_path / "werk.store"
    ends: Counter[str] = Counter()
    for seed in range(60):
        path.write_bytes(damage(raw, random.Random(seed)))
        told = ends_in(look_at_all_of, path)
        assert not told or str(path) in told
        ends["told" if told else "read"] += 1
        if seed < 5:
            assert bool(ends_in(open_factory, path)) == (not check_input(path, Opening()).usable)
    assert ends["told"] >= 10, "the damage must be such that it is felt"


@pytest.mark.parametrize(
    "change",
    [
        """update events set stage = x'00ff' where row = 7""",
        """update events set "case" = x'41' where row = 7""",
        """update events set time = 'yesterday' where row = 7""",
        """update events set time = 9223372036854775807 where row = 7""",
        """update events set time = -9223372036854775808 where row = 7""",
        """update events set weight = 'heavy' where row = 7""",
        """update events set weight = 9e999 where row = 7""",
        """update events set value = x'ff' where row = 7""",
        """update events set channel = x'ff' where row = 7""",
        """update counts set arrivals = 9e999 where row = 7""",
        """update counts set bucket = 'Monday' where row = 7""",
        """update counts set stage = x'41' where row = 7""",
        """update about set value = x'ff' where key = 'plant'""",
        """update about set value = 'sometimes' where key = 'times'""",
        """update about set value = 'one' where key = 'generation'""",
        """update about set value = 'once' where key = 'created'""",
        """update about set value = 'once' where key = 'clock'""",
        """update about set value = '1 2' where key = 'clock'""",
        """delete from about""",
        """update feeds set accepted = 'many'""",
        """update feeds set since = 'ever', trouble = x'ff'""",
        """update feeds set newest = 'now'""",
        """drop table counts""",
        """drop table about""",
    ],
)
def test_a_value_that_no_recorder_writes(sound: Path, tmp_path: Path, change: str) -> None:
    path = tmp_path / "werk.store"
    shutil.copy(sound, path)
    with closing(sqlite3.connect(path)) as con:
        con.execute(change)
        con.commit()
    with pytest.raises(StoreTrouble, match=r"damaged|cannot be used"):
        look_at_all_of(path)


def test_rows_out_of_order_do_not_go_on_for_ever(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the tree of a table leads in a circle: the last row of a page is before its first."""
    with closing(Journal.read(sound)) as journal:
        found = journal.events_after(0, 10)
        monkeypatch.setattr("factoryview.store.journal.journal.columns", lambda _names, _rows: turned)
        turned = {name: values[::-1] for name, values in found.items()}
        with pytest.raises(StoreTrouble, match="out of order"):
            journal.events_after(0, 10)


@pytest.mark.skipif(not FAULTS.is_dir(), reason="needs the inputs that went wrong, beside the project")
def test_the_damaged_store_that_was_found(tmp_path: Path) -> None:
    found = sorted(FAULTS.glob("*.store"))
    assert found
    for path in found:
        with pytest.raises(FactoryviewError, match="damaged"):
            open_factory(Path(shutil.copy(path, tmp_path)))
