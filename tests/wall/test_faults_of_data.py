"""What the wall shows when sources, plants or files go wrong, read from the node tree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.plant.wall_file import read_wall
from factoryview.sources.feeds.follower import FeedState
from factoryview.wall.control import Answer, Next, Pin
from factoryview.wall.plants import open_playback
from tests.kit.small_plants import studied
from tests.wall.kit import Played, Wand, wall_text
from tests.wall.spoiled import Fault, Source, headline, look, opening, stale_belts, until, wall


def source_killed(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(Source("crm", 900, 900, up=False), Source("shop", 900, 900, up=False))
        wand.frame()
        assert "No new data · as of" in wand.says("loss/words")
        assert "crm, shop" in wand.says("loss/words")
        assert headline(wand).startswith("NO DATA")
        assert stale_belts(wand) == len(studied("piled").model.topology.ways)
        live.sources(Source("crm"), Source("shop"))
        assert wand.frame().node("loss") is None
        assert stale_belts(wand) == 0


def one_of_two_killed(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(Source("crm", 900, 900, up=False), Source("shop", 1, 30))
        wand.frame()
        assert wand.node("loss") is None
        assert "crm" in headline(wand)
        assert wand.says("strip/age") == "30 s ago"
        assert "crm · as of" in wand.says("foot/sources")


def source_slow(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(Source("crm", 2, 100), Source("shop", 1, 110))
        assert wand.frame().says("strip/age") == "2 min ago"
        assert wand.node("loss") is None


def source_that_lies_about_the_future(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(Source("crm", 0, -7200), Source("shop", 0, -7200))
        assert wand.frame().says("strip/age") == "0 s ago"
        assert wand.node("loss") is None


def source_whose_clock_jumps_back(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(Source("crm", 0, 3 * 365 * 86_400), Source("shop", 0, 60))
        wand.frame()
        assert wand.says("strip/age") == "1 min ago"
        assert wand.node("loss") is None
        assert stale_belts(wand) == 0, "it was heard just now"


def server_restarted_is_back(_: Path) -> None:
    with wall() as (wand, live):
        for _ in range(3):
            live.sources(Source("crm", 900, 900, up=False), Source("shop", 900, 900, up=False))
            assert wand.frame(1.0).node("loss") is not None
            live.sources(Source("crm", 0, 2), Source("shop", 0, 3))
            assert wand.frame(1.0).node("loss") is None, "with the first frame after it was heard"
            assert not headline(wand).startswith("NO DATA")
            assert wand.says("strip/age") == "2 s ago"


def store_locked_and_free_again(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(Source("crm", 0, 1), trouble="the store is locked", recorded=True)
        assert "the store is locked" in wand.frame().says("loss/words")
        live.sources(Source("crm", 0, 1))
        assert wand.frame().node("loss") is None


def one_of_two_plants_cannot_be_opened(_: Path) -> None:
    opens, calls = opening(Played(studied("piled")), InputError("The log is not there.", where="other.csv"))
    other = '[[plant]]\nname = "Other"\nfile = "other.csv"\n'
    text = wall_text("whole", 'kind = "goals"\nplant = "Other"').replace("[[view]]", f"{other}[[view]]", 1)
    with Wand(opens, text) as wand:
        wand.frame()
        until(wand, lambda: len(calls) > 1 and any(plant.presentation for plant in wand.kiosk.plants.values()))
        shown = [wand.order(Next()).node("notice") is None for _ in range(4)]
        assert sorted(shown) == [False, False, True, True]
        assert not wand.blank()


def source_never_heard_of(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(Source("crm", 1, None))
        live.of = replace(live.of, states=(FeedState("crm", "retrying", live.at, heard=None, newest=None),))
        wand.frame()
        assert wand.says("strip/age") == "no data yet"


def disk_full(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(Source("crm"), trouble="no space left on the disk", recorded=False)
        wand.frame()
        assert headline(wand).startswith("NOTHING IS RECORDED")
        assert "no space left on the disk" in wand.says("loss/words")


def store_that_cannot_be_read(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(Source("crm"), trouble="the store is locked", recorded=True)
        wand.frame()
        assert "the store is locked" in wand.says("loss/words")
        assert not wand.blank()


def nothing_opens_at_first(_: Path) -> None:
    opens, _calls = opening(InputError("The log is not there.", where="works.csv", cure="Put it there."))
    with Wand(opens) as wand:
        wand.frame()
        assert "Waiting for data since 10:00" in wand.says("notice")
        assert wand.says("strip/wall_clock") == "10:00"
        assert not wand.blank() or wand.says("strip/age") == "no data yet"
        until(wand, lambda: "The log is not there." in wand.says("notice"))
        wand.wait(60, 1.0)
        assert "Waiting for data since 10:00" in headline(wand)


def a_mistake_while_opening(_: Path) -> None:
    opens, _calls = opening(ZeroDivisionError("division by zero"))
    with Wand(opens) as wand:
        wand.frame()
        until(wand, lambda: "ZeroDivisionError" in wand.says("notice"))


def opens_at_the_second_try(_: Path) -> None:
    opens, calls = opening(InputError("not yet"), Played(studied("piled")))
    with Wand(opens) as wand:
        wand.until_open()
        assert len(calls) == 2
        assert wand.node("notice") is None
        assert wand.node("floor") is not None


def ends_while_it_opens(_: Path) -> None:
    opens, _calls = opening(InputError("never"))
    with Wand(opens) as wand:
        wand.frame()
        plant = wand.plant
    assert not plant._thread.is_alive()


def plant_without_data_yet(folder: Path) -> None:
    (folder / "in.jsonl").touch()
    (folder / "works.toml").write_text(
        'name = "Works"\n[[feeds]]\nname = "crm"\nkind = "file"\npath = "in.jsonl"\n', encoding="utf-8"
    )
    text = wall_text().replace("works.csv", "works.toml").replace("start = 2025-04-08T12:00:00", "")
    with Wand(lambda: Played(studied("piled")), text, folder=folder) as wand:
        wand.kiosk._open = open_playback
        wand.frame()
        until(wand, lambda: "crm" in wand.says("notice"))
        assert "Waiting for data since 10:00" in wand.says("notice")
        assert wand.says("strip/age") == "no data yet"


def config_broken(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        (folder / "wall.toml").write_text("[[view]\n", encoding="utf-8")
        look(wand)
        assert "wall.toml broken since" in wand.says("corner/words")
        assert "line 1: This is not TOML" in wand.says("corner/words")
        assert wand.kiosk.view == "whole"
        (folder / "wall.toml").write_text(wall_text("leaks", "goals", plant=""), encoding="utf-8")
        look(wand)
        wand.frame().frame()
        assert wand.node("corner") is None
        assert wand.kiosk.view == "leaks"
        assert wand.says("board/title").startswith("LOST IN")


def config_deleted(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        (folder / "wall.toml").unlink()
        look(wand)
        assert "wall.toml gone since" in wand.says("corner/words")
        (folder / "wall.toml").write_text(wall_text(plant=""), encoding="utf-8")
        look(wand, 3)
        assert wand.node("corner") is None


def config_changed_while_read(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        file, text = folder / "wall.toml", wall_text("leaks", plant="")
        for part in (text[:20], text[:60], text[:90]):
            file.write_text(part, encoding="utf-8")
            look(wand, 1)
            assert wand.node("corner") is None
            assert wand.kiosk.view == "whole"
        file.write_text(text, encoding="utf-8")
        look(wand, 2)
        assert wand.kiosk.view == "leaks"


def config_is_empty(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        (folder / "wall.toml").write_text("", encoding="utf-8")
        look(wand)
        assert "wall.toml broken since" in wand.says("corner/words")
        assert wand.kiosk.view == "whole"


def config_is_no_text(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        (folder / "wall.toml").write_bytes(bytes(range(256)) * 400)
        look(wand)
        assert "wall.toml broken since" in wand.says("corner/words")
        assert wand.kiosk.view == "whole"
        (folder / "wall.toml").unlink()
        (folder / "wall.toml").mkdir()
        look(wand, 3)
        assert "wall.toml" in wand.says("corner/words")
        assert wand.kiosk.view == "whole"


def view_that_stands_is_taken_out(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        wand.order(Pin("goals"))
        (folder / "wall.toml").write_text(wall_text("whole", "ladder", plant=""), encoding="utf-8")
        look(wand)
        wand.frame().frame()
        assert wand.kiosk.view == "whole"
        assert wand.kiosk.turn.pinned is None
        assert wand.node("floor") is not None


def plant_is_exchanged(folder: Path) -> None:
    with wall(folder=folder) as (wand, live):
        old = wand.plant
        (folder / "wall.toml").write_text(wall_text(plant="").replace('"Works"', '"Other"'), encoding="utf-8")
        look(wand)
        wand.until_open()
        assert live.stopped >= 1
        assert wand.plant is not old
        assert wand.plant.name == "Other"


def notes_broken(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        wand.plant.notes.mkdir()
        (wand.plant.notes / "mine.toml").write_text("[[alarm", encoding="utf-8")
        wand.order(Answer("Works/Approval/jam", "seen"))
        assert "This is no TOML" in wand.says("corner/words")
        (wand.plant.notes / "mine.toml").unlink()
        assert wand.order(Answer("Works/Approval/jam", "seen")).node("corner") is None


def more_sources_than_find_room(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(*(Source(f"source number {n} of many", 1, n) for n in range(40)))
        wand.frame()
        assert "source number 39 of many" in wand.says("foot/sources")
        assert wand.says("strip/age") == "0 s ago"


def plant_file_broken(folder: Path) -> None:
    (folder / "works.toml").write_text('name = "Works"\n', encoding="utf-8")
    text = wall_text(plant="").replace("works.csv", "works.toml")
    with wall(text=text, folder=folder) as (wand, _live):
        (folder / "works.toml").write_text("name = \n", encoding="utf-8")
        look(wand)
        assert "works.toml broken since" in wand.says("corner/words")
        assert wand.node("stage/Approval/count") is not None
        (folder / "works.toml").write_text('name = "Works anew"\n', encoding="utf-8")
        edition = wand.plant.edition
        look(wand)
        until(wand, lambda: wand.plant.edition > edition)
        assert wand.frame().frame().frame().node("corner") is None


FAULTS: tuple[Fault, ...] = (
    source_killed,
    one_of_two_killed,
    source_slow,
    source_that_lies_about_the_future,
    source_whose_clock_jumps_back,
    source_never_heard_of,
    server_restarted_is_back,
    disk_full,
    store_locked_and_free_again,
    store_that_cannot_be_read,
    nothing_opens_at_first,
    a_mistake_while_opening,
    opens_at_the_second_try,
    ends_while_it_opens,
    one_of_two_plants_cannot_be_opened,
    plant_without_data_yet,
    config_broken,
    config_deleted,
    config_changed_while_read,
    config_is_empty,
    config_is_no_text,
    view_that_stands_is_taken_out,
    plant_is_exchanged,
    notes_broken,
    more_sources_than_find_room,
    plant_file_broken,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_fault(fault: Fault, tmp_path: Path) -> None:
    fault(tmp_path)


def test_a_wall_file_without_views_is_never_a_wall() -> None:
    with pytest.raises(InputError, match="There is no view to show"):
        read_wall('[[plant]]\nname = "A"\nfile = "a.csv"\n')
