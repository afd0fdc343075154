"""What the wall shows when something goes wrong: one fault a line, read from the node tree."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pygame
import pytest

from factoryview.app.playback import Playback
from factoryview.errors import InputError
from factoryview.factory.factory import Factory
from factoryview.flow.hours import goal_hours
from factoryview.language import Language
from factoryview.plant.feeds import FileFeed
from factoryview.plant.models import Plant
from factoryview.plant.wall_file import read_wall
from factoryview.scene.art.raster import opaque
from factoryview.sources.feeds.follower import FeedState
from factoryview.store.database import Store
from factoryview.view.health import FeedHealth
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.wall.control import Answer, Next, Pause, Pin
from factoryview.wall.plants import open_playback
from tests.kit.event_logs import Event, event_log
from tests.kit.small_plants import DAY, FIRST, studied
from tests.wall.kit import Played, Wand, wall_text

MINUTE = 60_000_000
TEN = datetime(2026, 3, 2, 10)


@dataclass
class Source:
    """How a source is: seconds since it was heard, seconds since its newest event, whether it is up."""

    name: str
    heard: float = 0.0
    newest: float | None = 0.0
    up: bool = True


class Live(Played):
    """A small plant, live: its clock goes with the wall's, its sources are as a test says."""

    def __init__(self, name: str = "piled") -> None:
        presentation = studied(name)
        super().__init__(presentation, lambda: self.at)
        self.at = presentation.model.last - DAY

    def sources(self, *sources: Source, trouble: str = "", recorded: bool = True) -> None:
        """They are like that now."""
        now = self.at
        states = tuple(
            FeedState(
                source.name, "live" if source.up else "retrying", now - round(source.heard * 1e6),
                heard=now - round(source.heard * 1e6),
                newest=None if source.newest is None else now - round(source.newest * 1e6),
                trouble="" if source.up else "connection refused",
            )
            for source in sources
        )  # fmt: skip
        settings = {source.name: FileFeed(name=source.name, kind="file", path="log.csv") for source in sources}
        stages = {name: frozenset(settings) for name in self.model.topology.stages}
        self.of = FeedHealth(now, states, settings, stages, trouble, now - MINUTE if trouble else 0, recorded)


@contextmanager
def wall(name: str = "piled", text: str | None = None, **options: object) -> Iterator[tuple[Wand, Live]]:
    live = Live(name)
    live.sources(Source("crm"), Source("shop"))
    with Wand(lambda: live, text or wall_text(plant=""), **options) as wand:  # type: ignore[arg-type]
        wand.until_open()
        yield wand, live


def headline(wand: Wand) -> str:
    return next(node.label for node in wand.kiosk.tree.walk() if node.id.startswith("strip/headline/"))


def stale_belts(wand: Wand) -> int:
    presentation, plant = wand.plant.presentation, wand.plant
    state = presentation.model.state(plant.head.at, 1e6, health=plant.health())
    return sum(belt.stale for belt in state.belts)


Fault = Callable[[Path], None]


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


def _opening(*results: object) -> tuple[Callable[[], Playback], list[int]]:
    """Opens that fail and succeed in turn; the last result again and again."""
    calls: list[int] = []

    def opens() -> Playback:
        result = results[min(len(calls), len(results) - 1)]
        calls.append(1)
        if isinstance(result, BaseException):
            raise result
        return result  # type: ignore[return-value]

    return opens, calls


def _until(wand: Wand, what: Callable[[], object]) -> None:
    limit = time.monotonic() + 30
    while not what():
        assert time.monotonic() < limit
        wand.frame()
        time.sleep(0.005)


def nothing_opens_at_first(_: Path) -> None:
    opens, _calls = _opening(InputError("The log is not there.", where="works.csv", cure="Put it there."))
    with Wand(opens) as wand:
        wand.frame()
        assert "Waiting for data since 10:00" in wand.says("notice")
        assert wand.says("strip/wall_clock") == "10:00"
        assert not wand.blank() or wand.says("strip/age") == "no data yet"
        _until(wand, lambda: "The log is not there." in wand.says("notice"))
        wand.wait(60, 1.0)
        assert "Waiting for data since 10:00" in headline(wand)


def a_mistake_while_opening(_: Path) -> None:
    opens, _calls = _opening(ZeroDivisionError("division by zero"))
    with Wand(opens) as wand:
        wand.frame()
        _until(wand, lambda: "ZeroDivisionError" in wand.says("notice"))


def opens_at_the_second_try(_: Path) -> None:
    opens, calls = _opening(InputError("not yet"), Played(studied("piled")))
    with Wand(opens) as wand:
        wand.until_open()
        assert len(calls) == 2
        assert wand.node("notice") is None
        assert wand.node("floor") is not None


def ends_while_it_opens(_: Path) -> None:
    opens, _calls = _opening(InputError("never"))
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
        _until(wand, lambda: "crm" in wand.says("notice"))
        assert "Waiting for data since 10:00" in wand.says("notice")
        assert wand.says("strip/age") == "no data yet"


def _look(wand: Wand, times: int = 2) -> None:
    for _ in range(times):
        wand.kiosk._watch.look()
    wand.frame()


def config_broken(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        (folder / "wall.toml").write_text("[[view]\n", encoding="utf-8")
        _look(wand)
        assert "wall.toml broken since" in wand.says("corner/words")
        assert "line 1: This is not TOML" in wand.says("corner/words")
        assert wand.kiosk.view == "whole"
        (folder / "wall.toml").write_text(wall_text("leaks", "goals", plant=""), encoding="utf-8")
        _look(wand)
        wand.frame().frame()
        assert wand.node("corner") is None
        assert wand.kiosk.view == "leaks"
        assert wand.says("board/title").startswith("LOST IN")


def config_deleted(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        (folder / "wall.toml").unlink()
        _look(wand)
        assert "wall.toml gone since" in wand.says("corner/words")
        (folder / "wall.toml").write_text(wall_text(plant=""), encoding="utf-8")
        _look(wand, 3)
        assert wand.node("corner") is None


def config_changed_while_read(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        file, text = folder / "wall.toml", wall_text("leaks", plant="")
        for part in (text[:20], text[:60], text[:90]):
            file.write_text(part, encoding="utf-8")
            _look(wand, 1)
            assert wand.node("corner") is None
            assert wand.kiosk.view == "whole"
        file.write_text(text, encoding="utf-8")
        _look(wand, 2)
        assert wand.kiosk.view == "leaks"


def view_that_stands_is_taken_out(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        wand.order(Pin("goals"))
        (folder / "wall.toml").write_text(wall_text("whole", "ladder", plant=""), encoding="utf-8")
        _look(wand)
        wand.frame().frame()
        assert wand.kiosk.view == "whole"
        assert wand.kiosk.turn.pinned is None
        assert wand.node("floor") is not None


def plant_is_exchanged(folder: Path) -> None:
    with wall(folder=folder) as (wand, live):
        old = wand.plant
        (folder / "wall.toml").write_text(wall_text(plant="").replace('"Works"', '"Other"'), encoding="utf-8")
        _look(wand)
        wand.until_open()
        assert live.stopped >= 1
        assert wand.plant is not old
        assert wand.plant.name == "Other"


def notes_broken(folder: Path) -> None:
    with wall(folder=folder) as (wand, _live):
        wand.plant.notes.write_text("[[alarm", encoding="utf-8")
        wand.order(Answer("Works/Approval/jam", "seen"))
        assert "This is no TOML" in wand.says("corner/words")
        wand.plant.notes.unlink()
        assert wand.order(Answer("Works/Approval/jam", "seen")).node("corner") is None


def clock_is_set(_: Path) -> None:
    for jump in (timedelta(hours=1), -timedelta(hours=1), timedelta(days=400), -timedelta(days=400)):
        with wall() as (wand, _live):
            wand.hands.at += round(jump.total_seconds() * 1e6)
            wand.wait(5)
            assert wand.kiosk.view == "whole"
            assert wand.wait(6).kiosk.view == "constraint"


def computer_slept(_: Path) -> None:
    with wall() as (wand, _live):
        wand.frame(8 * 3600.0).frame().frame()
        assert wand.kiosk.view == "constraint"
        assert wand.wait(5).kiosk.view == "constraint"


def midnight(_: Path) -> None:
    with wall("calm", wall_text("goals", plant="")) as (wand, live):
        live.at -= live.at % DAY + DAY + 2 * 3_600_000_000 + MINUTE  # 23:59 in Berlin, in winter as in summer nearly
        assert wand.frame().says("goal/0").split()[1] != ""
        before = int(wand.says("goal/0").split()[1])
        live.at += 2 * 3_600_000_000
        after = int(wand.frame().says("goal/0").split()[1])
        assert after <= before


def new_year(_: Path) -> None:
    with wall(at=datetime(2026, 12, 31, 23, 59, 58)) as (wand, _live):
        said = {wand.frame(1.0).says("strip/wall_clock") for _ in range(4)}
        assert len(said) == 2
        assert not wand.blank()


def display_gone_and_back(_: Path) -> None:
    with wall() as (wand, _live):
        wand.surface.fill((0, 0, 0))
        wand.kiosk.forget()
        wand.frame()
        assert not wand.blank()
        assert wand.painted == [wand.surface.get_rect()]


def display_is_exchanged_while_the_camera_moves(_: Path) -> None:
    with wall(text=wall_text('kind = "whole"\nseconds = 30', plant="")) as (wand, _live):
        wand.order(Next())
        for _ in range(200):
            wand.frame(0.1)
            if wand.kiosk._glide is not None:
                break
        assert wand.kiosk._glide is not None
        wand.surface = opaque((540, 960))
        wand.frame()
        assert wand.kiosk._glide is None
        assert not wand.blank()


def tiny_display(_: Path) -> None:
    with wall(size=(320, 180)) as (wand, _live):
        wand.wait(60, 2.0)
        assert not wand.blank()


def flood_of_orders(_: Path) -> None:
    with wall() as (wand, _live):
        for _ in range(10_000):
            wand.kiosk.remote.steering.put(Next())
        wand.frame().frame().frame()
        assert wand.kiosk.remote.steering.dropped == 10_000 - 64
        assert wand.kiosk.view == ("whole", "constraint", "goals", "leaks", "ladder")[64 % 5]


def order_for_a_view_there_is_not(_: Path) -> None:
    with wall() as (wand, _live):
        assert wand.order(Pin("kitchen")).kiosk.view == "whole"
        assert wand.kiosk.turn.pinned is None


def paused_for_hours(_: Path) -> None:
    with wall() as (wand, live):
        wand.order(Pause())
        clock = wand.says("strip/clock")
        live.at += 6 * 3_600_000_000
        live.sources(Source("crm"), Source("shop"))
        wand.wait(60, 1.0)
        assert wand.kiosk.view == "whole"
        assert wand.says("strip/clock") != clock


def no_view_has_its_hour(_: Path) -> None:
    views = ('kind = "goals"\nfrom = "12:00"\nuntil = "13:00"', 'kind = "leaks"\nfrom = "12:00"\nuntil = "13:00"')
    with wall(text=wall_text(*views, plant="")) as (wand, _live):
        wand.wait(40, 1.0)
        assert wand.kiosk.view == "goals"
        assert wand.says("board/title").startswith("TODAY")


def department_and_stage_that_are_not_there(_: Path) -> None:
    views = ('kind = "department"\ndepartment = "Moon"', 'kind = "constraint"\nstage = "Moon"')
    with wall(text=wall_text(*views, plant="")) as (wand, _live):
        assert wand.node("stage/Approval/count") is not None
        wand.order(Next())
        assert wand.node("alarms") is not None
        assert not wand.blank()


def another_floor_comes(_: Path) -> None:
    with wall() as (wand, live):
        live.model = studied("tangled").model
        wand.frame().frame().frame()
        assert wand.node("stage/Step 1/count") is not None
        assert wand.node("stage/Approval/count") is None


def words_without_end(_: Path) -> None:
    text = wall_text(plant="", extra='title = "' + "Überlandwerksverwaltungsgesellschaft " * 20 + '"')
    with wall(text=text) as (wand, _live):
        wand.wait(30, 1.0)
        for node in wand.kiosk.tree.walk():
            assert node.rect.w <= 646
        assert not wand.blank()


def nothing_waits(_: Path) -> None:
    with wall("calm") as (wand, _live):
        wand.order(Next())
        assert wand.node("alarm/none") is not None or wand.node("alarm/0") is not None
        assert not wand.blank()


def goal_is_met(_: Path) -> None:
    with wall("calm", wall_text("goals", plant="")) as (wand, live):
        goal = live.model.counts.goals["Paid"]
        met = next(at for at in range(live.model.first + 20 * DAY, live.model.last, 10 * MINUTE)
                   if goal.by_now(at).open and goal.by_now(at).actual >= 10)  # fmt: skip
        live.at = met
        live.at = next(at for at in range(met - 10 * MINUTE, met + 1, 1_000_000) if goal.by_now(at).actual >= 10)
        wand.frame(1.0)
        said = {wand.frame(1.0) and headline(wand) for _ in range(7)}
        assert any(words.startswith("Goal met · Orders: 10 of 10") for words in said)
        live.at += 10 * 1_000_000
        assert not any("Goal met" in (wand.frame(1.0) and headline(wand)) for _ in range(14))


def day_on_which_nothing_is_planned_and_nothing_comes(_: Path) -> None:
    with wall("calm", wall_text("hours", "goals", plant="")) as (wand, live):
        goal = live.model.counts.goals["Paid"]
        midnight = live.at - live.at % DAY - 60 * MINUTE  # in Berlin, in winter
        live.at = next(at for at in range(midnight - 30 * DAY, midnight, MINUTE) if not goal_hours(goal, at))
        assert "Nothing planned and nothing came today" in wand.wait(2).says("board/title")
        live.at = next(at for at in range(live.at, midnight, MINUTE) if goal_hours(goal, at))
        assert "Nothing planned" not in wand.wait(2).says("board/title")
        assert wand.node("hour/0") is not None


def dark_hours(_: Path) -> None:
    text = wall_text(plant="") + '[display]\ndark_hours = ["10:30", "06:00"]\n'
    with wall(text=text) as (wand, _live):
        light = max(wand.surface.get_at((x, 20))[0] for x in range(0, 640, 3))
        wand.hands.at += 31 * MINUTE
        wand.frame()
        assert max(wand.surface.get_at((x, 20))[0] for x in range(0, 640, 3)) <= 0.25 * light
        assert not wand.blank()


def theme_changes_with_the_hour(_: Path) -> None:
    with wall(text='theme = "auto"\n' + wall_text(plant=""), at=datetime(2026, 3, 2, 18, 59, 50)) as (wand, _live):
        assert wand.kiosk._shown.scene.art.theme.name == "day"
        wand.wait(12)
        assert wand.kiosk._shown.scene.art.theme.name == "night"
        assert not wand.blank()


def more_sources_than_find_room(_: Path) -> None:
    with wall() as (wand, live):
        live.sources(*(Source(f"source number {n} of many", 1, n) for n in range(40)))
        wand.frame()
        assert "source number 39 of many" in wand.says("foot/sources")
        assert wand.says("strip/age") == "0 s ago"


def ten_thousand_wait(_: Path) -> None:
    moments = range(FIRST, FIRST + 10_001 * 60_000_000, 60_000_000)
    events = [Event(row, f"c{row}", "Approval", at, channel="web") for row, at in enumerate(moments)]
    log = event_log(duckdb.connect(), "entry", events)
    factory = Factory(Plant(name="Flood"), Store.build(log, ends=("Paid",)), "Flood", (), 0, {}, log.rows)
    flood = Played(Presentation(Model(factory), Language("en")))
    with Wand(lambda: flood, wall_text(plant="")) as wand:
        wand.until_open()
        wand.plant.head = replace(wand.plant.head, at=flood.model.last - 1, playing=False)
        assert wand.frame(0.0).says("stage/Approval/count") == "10,000"
        wand.order(Next())
        assert wand.says("stage/Approval/count") == "10,000"
        assert not wand.blank()


def config_changes_while_the_camera_moves(folder: Path) -> None:
    with wall(text=wall_text('kind = "whole"\nseconds = 30', plant=""), folder=folder) as (wand, _live):
        for _ in range(200):
            wand.frame(0.1)
            if wand.kiosk._glide is not None:
                break
        assert wand.kiosk._glide is not None
        (folder / "wall.toml").write_text(wall_text("leaks", plant=""), encoding="utf-8")
        _look(wand)
        wand.frame().frame().frame()
        assert wand.kiosk.view == "leaks"
        assert wand.says("board/title").startswith("LOST IN")


def plant_file_broken(folder: Path) -> None:
    (folder / "works.toml").write_text('name = "Works"\n', encoding="utf-8")
    text = wall_text(plant="").replace("works.csv", "works.toml")
    with wall(text=text, folder=folder) as (wand, _live):
        (folder / "works.toml").write_text("name = \n", encoding="utf-8")
        _look(wand)
        assert "works.toml broken since" in wand.says("corner/words")
        assert wand.node("stage/Approval/count") is not None
        (folder / "works.toml").write_text('name = "Works anew"\n', encoding="utf-8")
        edition = wand.plant.edition
        _look(wand)
        _until(wand, lambda: wand.plant.edition > edition)
        assert wand.frame().frame().frame().node("corner") is None


def picture_is_asked_for(_: Path) -> None:
    with wall() as (wand, _live):
        picture = wand.kiosk.remote.picture
        assert picture.newest(0.0) is None
        wand.frame()
        pixels = picture.newest(0.0)
        assert (pixels.width, pixels.height) == (640, 360)
        assert pixels.rgb == pygame.image.tobytes(wand.surface, "RGB")


FAULTS: tuple[Fault, ...] = (
    source_killed, one_of_two_killed, source_slow, source_that_lies_about_the_future, source_never_heard_of, disk_full,
    store_that_cannot_be_read, nothing_opens_at_first, a_mistake_while_opening, opens_at_the_second_try,
    ends_while_it_opens, plant_without_data_yet, config_broken, config_deleted, config_changed_while_read,
    view_that_stands_is_taken_out, plant_is_exchanged, notes_broken, clock_is_set, computer_slept, midnight, new_year,
    display_gone_and_back, display_is_exchanged_while_the_camera_moves, tiny_display, flood_of_orders,
    order_for_a_view_there_is_not, paused_for_hours, no_view_has_its_hour, department_and_stage_that_are_not_there,
    another_floor_comes, words_without_end, nothing_waits, goal_is_met,
    day_on_which_nothing_is_planned_and_nothing_comes, dark_hours, theme_changes_with_the_hour,
    more_sources_than_find_room, ten_thousand_wait, config_changes_while_the_camera_moves, plant_file_broken,
    picture_is_asked_for,
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_fault(fault: Fault, tmp_path: Path) -> None:
    fault(tmp_path)


def test_a_wall_file_without_views_is_never_a_wall() -> None:
    with pytest.raises(InputError, match="There is no view to show"):
        read_wall('[[plant]]\nname = "A"\nfile = "a.csv"\n')
