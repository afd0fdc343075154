"""What the wall shows when clock, display, orders or what is shown go wrong, read from the node tree."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pygame
import pytest

from factoryview.factory.factory import Factory
from factoryview.flow.hours import goal_hours, hours_to_come
from factoryview.language import Language
from factoryview.plant.models import Plant
from factoryview.scene.art.raster import opaque
from factoryview.store.database import Store
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.wall.control import Next, Pause, Pin
from tests.kit.event_logs import Event, event_log
from tests.kit.small_plants import DAY, FIRST, studied
from tests.wall.kit import Played, Wand, wall_text
from tests.wall.spoiled import MINUTE, Fault, Source, headline, look, until, wall


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


def clocks_go_forward(_: Path) -> None:
    night = 'kind = "leaks"\nfrom = "02:00"\nuntil = "03:00"\nseconds = 10'
    text = wall_text(night, 'kind = "goals"\nseconds = 10', plant="")
    with wall(text=text, at=datetime(2026, 3, 29, 0, 59, 58)) as (wand, _live):
        wand.hands.zone = ZoneInfo("Europe/Berlin")
        assert [wand.frame(1.0).says("strip/wall_clock") for _ in range(4)] == ["01:59", "03:00", "03:00", "03:00"]
        assert {wand.wait(10).kiosk.view for _ in range(6)} == {"goals"}, "the hour from two to three is not there"


def clocks_go_back(_: Path) -> None:
    night = 'kind = "leaks"\nfrom = "02:00"\nuntil = "02:30"\nseconds = 10'
    text = wall_text(night, 'kind = "goals"\nfrom = "02:30"\nuntil = "02:00"\nseconds = 10', plant="")
    with wall(text=text, at=datetime(2026, 10, 25, 0, 59, 58)) as (wand, _live):
        wand.hands.zone = ZoneInfo("Europe/Berlin")
        assert [wand.frame(1.0).says("strip/wall_clock") for _ in range(3)] == ["02:59", "02:00", "02:00"]
        wand.wait(15)
        assert wand.kiosk.view == "leaks"
        wand.wait(1800, 5.0)
        assert wand.kiosk.view == "goals"
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
        until(wand, lambda: wand.node("stage/Step 1/count") is not None)
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
        empty = [at for at in range(midnight - 40 * DAY, midnight, 60 * MINUTE) if not goal_hours(goal, at)]
        live.at = next(at for at in empty if not hours_to_come(goal, at))
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
        look(wand)
        wand.frame().frame().frame()
        assert wand.kiosk.view == "leaks"
        assert wand.says("board/title").startswith("LOST IN")


def picture_is_asked_for(_: Path) -> None:
    with wall() as (wand, _live):
        picture = wand.kiosk.remote.picture
        assert picture.newest(0.0) is None
        wand.frame()
        pixels = picture.newest(0.0)
        assert (pixels.width, pixels.height) == (640, 360)
        assert pixels.rgb == pygame.image.tobytes(wand.surface, "RGB")


FAULTS: tuple[Fault, ...] = (
    clock_is_set,
    computer_slept,
    midnight,
    new_year,
    clocks_go_forward,
    clocks_go_back,
    display_gone_and_back,
    display_is_exchanged_while_the_camera_moves,
    tiny_display,
    flood_of_orders,
    order_for_a_view_there_is_not,
    paused_for_hours,
    no_view_has_its_hour,
    department_and_stage_that_are_not_there,
    another_floor_comes,
    words_without_end,
    nothing_waits,
    goal_is_met,
    day_on_which_nothing_is_planned_and_nothing_comes,
    dark_hours,
    theme_changes_with_the_hour,
    ten_thousand_wait,
    config_changes_while_the_camera_moves,
    picture_is_asked_for,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_fault(fault: Fault, tmp_path: Path) -> None:
    fault(tmp_path)
