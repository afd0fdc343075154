"""A live plant: what its file says is on the screen, whatever comes and however; and what is wrong is said."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from factoryview.app.live import Live
from factoryview.language import Language
from factoryview.scene.picture import Moment
from factoryview.sources.feeds.follower import now_micros
from factoryview.view.playhead import REAL_TIME
from factoryview.view.presentation import Presentation
from tests.app.test_real_window import SIZE, Window
from tests.kit.pilot import Pilot
from tests.kit.screen import missing, program, screen, until
from tests.kit.servers.gathering import EVENTUALLY

pytest.importorskip("watchfiles")

STAGES, ENDS = ("Enquiry", "Offer", "Order", "Delivery"), ("Won", "Lost")
SECOND, DAY = 1_000_000, 86_400_000_000
PATIENCE = 60.0


class Works:
    """A plant with a file that grows, and what that file says."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        self.folder, self.log = folder / "in", folder / "in" / "log.jsonl"
        self.folder.mkdir()
        self.log.touch()
        self.plant, self.store = folder / "works.toml", folder / "works.store"
        outcomes = '[[outcomes]]\nname = "Won"\nkind = "won"\n[[outcomes]]\nname = "Lost"\nkind = "lost"\n'
        feed = f'[[feeds]]\nname = "crm"\nkind = "file"\npath = "in/log.jsonl"\n{settings}\n'
        self.plant.write_text(f'name = "Works"\n{outcomes}{feed}', encoding="utf-8")
        self.events: dict[str, tuple[str, str, int]] = {}
        """Of each event id, case, stage and moment (µs UTC)."""

    def say(self, case: str, stage: str, ago: float = 0.0, number: str = "") -> str:
        """One more line; its event's id. ago: seconds. number: of an event that was said before, perhaps otherwise."""
        number = number or f"e{len(self.events)}"
        event = self.events.setdefault(number, (case, stage, now_micros() - round(ago * SECOND)))
        case, stage, at = event
        self.write(json.dumps({"event_id": number, "case": case, "stage": stage, "time": at / SECOND}))
        return number

    def write(self, line: str) -> None:
        with self.log.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def standing(self, at: int | None = None) -> dict[str, float]:
        """How many cases stand at each stage by what was said, counted plainly: where the last event put each."""
        at = now_micros() if at is None else at
        last: dict[str, tuple[int, str]] = {}
        for case, stage, moment in self.events.values():
            if moment <= at and moment >= last.get(case, (0, ""))[0]:
                last[case] = (moment, stage)
        return dict(Counter(stage for _, stage in last.values() if stage not in ENDS))

    def begin(self, cases: int = 12) -> None:
        """Some cases of the last two days that are done, and one under way."""
        for k in range(cases):
            for place, stage in enumerate((*STAGES, ENDS[k % 2])):
                self.say(f"old {k}", stage, 2 * 86_400 - 7_000 * k - 600 * place)
        self.say("open", "Enquiry", 1_000)


@contextmanager
def playing(works: Works) -> Iterator[Live]:
    """The plant in a window nobody sees; in the end it stops quickly, and nothing of it goes on."""
    before = set(threading.enumerate())
    live = Live(works.plant, lambda plant: Language("en", plant.timezone), 2.1, lambda _share, _doing: None)
    try:
        live.begin()
        yield live
    finally:
        began = time.monotonic()
        live.stop()
        took = time.monotonic() - began
    after = set(threading.enumerate()) - before
    for thread in after:  # what is being made ahead may be brought to its end
        thread.join(EVENTUALLY)
    left = [thread.name for thread in after if thread.is_alive()]
    assert took < EVENTUALLY
    assert left == []


@pytest.fixture
def works(tmp_path: Path) -> Works:
    return Works(tmp_path)


def told(live: Live) -> Presentation:
    return Presentation(live.model, live.language)


def moment(live: Live) -> Moment:
    return told(live).moment(now_micros(), REAL_TIME, playing=True, health=live.health())


def seen(live: Live, at: int | None = None) -> dict[str, float]:
    """How many cases stand at each stage of the picture."""
    state = live.model.state(now_micros() if at is None else at, REAL_TIME, playing=True)
    return {stage.id[1]: stage.here.wip for stage in state.stages if stage.here.wip}


def shows(works: Works, live: Live) -> None:
    """Wait until the picture is what the file says; then all there is to count agrees, too."""
    until(lambda: seen(live) == works.standing(), "what was said is drawn", PATIENCE)
    total = sum(works.standing().values())
    until(lambda: live.model.counts.totals.in_progress(now_micros()) == total, "and counted", PATIENCE)


def test_the_picture_is_what_the_file_says_whatever_comes(works: Works) -> None:
    rng = random.Random(5)
    works.begin()
    poison = ["no JSON", '{"case": "x"}', '{"case": "", "stage": "Offer", "time": 1}', '"words"']
    with playing(works) as live:
        shows(works, live)
        for turn in range(5):
            for k in range(20):
                works.say(
                    f"case {rng.randrange(15)}", rng.choice((*STAGES, *ENDS)), rng.choice((0.0, 1.0, 3_000.0)) + k
                )
            works.say(f"case {rng.randrange(15)}", "Offer", rng.uniform(3, 9) * 86_400)
            works.say("another", "Order", 0.0, number=rng.choice(list(works.events)))
            works.write(poison[turn % len(poison)])
            shows(works, live)
        until(lambda: "5 rows unreadable" in told(live).facts.notes, "what was set aside is told", PATIENCE)


def test_a_stage_nobody_knew_gets_a_machine_and_an_outcome_a_dock(works: Works) -> None:
    for k in range(12):
        works.say(f"c{k}", "Enquiry", 5_000 - 100 * k)
        works.say(f"c{k}", "Offer", 4_000 - 100 * k)
    with playing(works) as live:
        shows(works, live)
        assert live.model.topology.docks == ()
        works.say("c0", "Won")
        until(lambda: live.model.topology.docks == ("Won",), "the first success has a dock", PATIENCE)
        works.say("c1", "Audit")
        until(lambda: "Audit" in live.model.topology.stages, "the new stage has a machine", PATIENCE)
        works.say("c2", "Appeal")
        until(lambda: "Appeal" in live.model.topology.stages, "and so has the next, with nothing after it", PATIENCE)
        shows(works, live)
        assert {"Audit": 1.0, "Appeal": 1.0}.items() <= seen(live).items()


def test_back_into_the_recording_and_to_live_again(works: Works) -> None:
    works.begin()
    with playing(works) as live:
        shows(works, live)
        pilot = Pilot(live, paused=True)
        assert pilot.session.playhead.live
        assert abs(pilot.session.playhead.at - now_micros()) < PATIENCE * SECOND
        pilot.click("timeline/track", (1 / 3, 0.5)).wheel(2)
        then, camera = pilot.session.playhead.at, pilot.session.camera
        assert not pilot.session.playhead.live
        assert live.model.first < then < live.model.last
        assert seen(live, then) == works.standing(then)
        if pilot.session.playhead.playing:
            pilot.press("space")
        then = pilot.session.playhead.at
        still = live.model
        works.say("late", "Enquiry", (now_micros() - then) / SECOND + 60)
        until(lambda: seen(live, then) == works.standing(then), "what came late is in the past, too", PATIENCE)
        pilot.wait(0)
        assert pilot.screen.model is not still
        assert (pilot.session.playhead.at, pilot.session.playhead.live, pilot.session.camera) == (then, False, camera)
        pilot.press("l")
        assert pilot.session.playhead.live
        assert abs(pilot.session.playhead.at - now_micros()) < PATIENCE * SECOND
        assert pilot.session.camera == camera
        shown = pilot.screen.presentation.moment(pilot.session.playhead.at, REAL_TIME, playing=True)
        assert shown.live
        assert shown.speed == "LIVE"


def test_what_comes_is_painted(works: Works) -> None:
    works.begin()
    with playing(works) as live:
        shows(works, live)
        pilot = Pilot(live)
        before = pilot.seen
        for k in range(30):
            works.say(f"new {k}", "Offer")
        until(lambda: seen(live) == works.standing(), "what was said is drawn", PATIENCE)
        assert pilot.wait(0.5).seen != before


def test_it_waits_for_the_first_event(works: Works) -> None:
    told: list[str] = []
    opened: list[Live] = []

    def open_it() -> None:
        opened.append(Live(works.plant, lambda _: Language("en"), 2.1, lambda _share, doing: told.append(doing)))

    opening = threading.Thread(target=open_it)
    opening.start()
    until(lambda: "Waiting for the first events: crm" in told, "it says what it waits for", PATIENCE)
    works.say("c1", "Enquiry", 5)
    opening.join(PATIENCE)
    [live] = opened
    try:
        live.begin()
        shows(works, live)
    finally:
        live.stop()


def test_the_waiting_can_be_ended(works: Works) -> None:
    class Enough(Exception):
        pass

    looks: list[float] = []

    def tell(share: float, _doing: str) -> None:
        looks.append(share)
        if len(looks) == 5:
            raise Enough

    before = set(threading.enumerate())
    began = time.monotonic()
    with pytest.raises(Enough):
        Live(works.plant, lambda _: Language("en"), 2.1, tell)
    assert time.monotonic() - began < EVENTUALLY
    assert [thread for thread in set(threading.enumerate()) - before if thread.is_alive()] == []


def test_a_source_that_is_late_stands_still_and_fades(tmp_path: Path) -> None:
    works = Works(tmp_path, 'late_after = "2s"')
    works.begin()
    with playing(works) as live:
        shows(works, live)
        until(lambda: not any(belt.stale for belt in moment(live).floor.belts), "it is well", PATIENCE)
        away = works.folder.rename(tmp_path / "elsewhere")
        until(lambda: all(station.old for station in moment(live).floor.stations), "its machines are old", PATIENCE)
        then = moment(live)
        assert then.floor.belts
        assert all(belt.stale for belt in then.floor.belts)
        assert then.banners[0].title == "NO DATA crm"
        assert [feed.late for feed in then.feeds] == [True]
        time.sleep(0.3)
        assert [belt.phase for belt in moment(live).floor.belts] == [belt.phase for belt in then.floor.belts]
        away.rename(works.folder)
        works.say("open", "Offer")
        until(lambda: not any(station.old for station in moment(live).floor.stations), "it comes back", PATIENCE)
        shows(works, live)


def test_a_store_that_cannot_be_written_is_said_and_outlived(works: Works, tmp_path: Path) -> None:
    works.begin()
    with playing(works) as live:
        shows(works, live)
        away = works.store.rename(tmp_path / "away.store")
        until(lambda: "NOTHING IS RECORDED" in [line.title for line in moment(live).banners], "it says so", PATIENCE)
        works.say("open", "Offer")
        assert live.health().trouble
        assert all(station.old for station in moment(live).floor.stations)
        assert seen(live) != works.standing()
        away.rename(works.store)
        shows(works, live)
        until(lambda: not moment(live).floor.stations[0].old, "and that it is over", PATIENCE)
        assert "NOTHING IS RECORDED" not in [line.title for line in moment(live).banners]


def test_two_windows_show_the_same(works: Works) -> None:
    works.begin()
    with playing(works) as first:
        shows(works, first)
        with playing(works) as second:
            assert second._recorder is None
            for turn in range(3):
                works.say(f"new {turn}", "Order")
                works.write("poison")
                shows(works, first)
                shows(works, second)
            until(lambda: "3 rows unreadable" in told(second).facts.notes, "it knows what was set aside", PATIENCE)
            assert not any(feed.late for feed in moment(second).feeds)
            assert [feed.text.split()[0] for feed in moment(second).feeds] == ["crm"]
        works.say("last", "Order")
        shows(works, first)


@pytest.mark.parametrize(
    "broken", ["factoryview.store.journal.following.Following.advance", "factoryview.app.live.Model"]
)
def test_a_picture_that_cannot_be_renewed_says_so(works: Works, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    works.begin()
    with playing(works) as live:
        shows(works, live)

        def fail(*_: object, **__: object) -> None:
            raise MemoryError("no room")

        with monkeypatch.context() as patched:
            patched.setattr(broken, fail)
            works.say("open", "Offer")
            until(lambda: moment(live).banners[0].detail.endswith("MemoryError: no room"), "it is told", PATIENCE)
            assert moment(live).banners[0].title == "PICTURE STANDS STILL", "what comes is recorded"
            for _ in range(40):
                assert live._trouble()[0] == "MemoryError: no room", "for as long as it lasts"
                time.sleep(0.02)
        shows(works, live)
        until(lambda: live.health().trouble == "", "and that it is over", PATIENCE)


@pytest.mark.parts
@pytest.mark.skipif(bool(missing()), reason=f"{' and '.join(missing())} missing: apt-get install xvfb xdotool")
def test_a_live_window_from_waiting_to_escape(works: Works, tmp_path: Path) -> None:
    with screen() as shown, program(shown, "play", works.plant, "-960x540", folder=tmp_path) as child:
        window = Window(shown, child)
        waiting = window.still()
        works.begin()
        until(lambda: window.seen[: 4 * SIZE[0]] != waiting[: 4 * SIZE[0]], "the plant comes when something is said")
        time.sleep(1.0)
        before = window.seen
        for k in range(40):
            works.say(f"new {k}", "Offer")
        until(lambda: window.seen != before, "what comes is drawn")
        window.point(0.4, 0.95)
        shown.do("click", 1)
        window.key("space")
        past = window.still()
        window.key("l")
        until(lambda: window.seen != past, "it is live again")
        window.key("Escape")
        out, err = child.communicate(timeout=20)
        assert child.returncode == 0, err
        assert "Traceback" not in out + err
