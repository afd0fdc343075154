"""Five tasks at a desk in a real window, with the keys and clicks of an X server: what comes of them lies in files."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.scene.ui.composition import composed
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.app.test_real_window import SIZE, Window, same
from tests.kit.desk_pilot import DeskPilot
from tests.kit.event_logs import Event
from tests.kit.screen import missing, program, screen, until
from tests.kit.small_plants import reworked, simulate

pytestmark = [
    pytest.mark.parts,
    pytest.mark.skipif(bool(missing()), reason=f"{' and '.join(missing())} missing: apt-get install xvfb xdotool"),
]
START = 0.6


class Seat:
    """A real window with a plant that stands still at a moment, and the same plant without one, which knows where
    things are.
    """

    def __init__(self, window: Window, twin: DeskPilot, folder: Path, events: list[Event]) -> None:
        self.window, self.twin, self.folder, self.events = window, twin, folder, events

    def key(self, *names: str) -> None:
        """Keys as xdotool calls them, one after the other."""
        for name in names:
            self.window.key(name)

    def type(self, words: str) -> None:
        self.window.screen.do("windowfocus", "--sync", self.window.id)
        self.window.screen.do("type", "--delay", 20, words)

    def click(self, node: str, times: int = 1) -> None:
        """The left button on the middle of a node that the twin shows, too."""
        x, y = self.twin.pixel(node)
        self.window.point(x / SIZE[0], y / SIZE[1])
        self.window.screen.do("click", "--repeat", times, "--delay", 60, 1)

    def made(self, pattern: str) -> Path:
        """A file that comes into the folder."""
        until(lambda: list(self.folder.glob(pattern)), f"a file {pattern} is written")
        [path] = self.folder.glob(pattern)
        until(lambda: path.stat().st_size, "it is whole")
        return path


@pytest.fixture
def seat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    small, log = reworked(), tmp_path / "log.csv"
    events, last = [], dict[str, str]()
    for event in simulate(small.line):
        if last.get(event.case) != event.stage:  # an entry into the stage where a case is in a file is taken for none
            events.append(event)
        last[event.case] = event.stage
    with log.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["case", "stage", "time", "channel"])
        for event in events:
            moment = datetime.fromtimestamp(event.time / 1e6, UTC).replace(tzinfo=None)
            rows.writerow([event.case, event.stage, moment, event.channel])
    model = Model(open_factory(log, Opening(ends=small.ends)), aspect=composed(SIZE).aspect)
    model.study()
    at = model.first + round(START * (model.last - model.first))
    twin = DeskPilot(Presentation(model, Language("en")), SIZE, paused=True, start=at)
    told = ("--ends", ",".join(small.ends), "-p", START, "--lang", "en", f"-{SIZE[0]}x{SIZE[1]}")
    with screen() as shown, program(shown, "play", log, *told, folder=tmp_path) as child:
        window = Window(shown, child)
        spots = [twin.pixel(f"stage/{stage}/hall", (0.5, 0.93)) for stage in model.topology.stages]
        until(
            lambda: all(same(window.colour(*spot), tuple(twin.surface.get_at(spot))) for spot in spots),
            "the plant comes",
        )
        window.key("space")
        window.still()
        yield Seat(window, twin, tmp_path, events)
        assert child.poll() is None, child.communicate()
        window.key("q")
        until(lambda: child.poll() is not None, "it ends")
        out, err = child.communicate(timeout=20)
        assert child.returncode == 0, err
        assert "Traceback" not in out + err


def test_the_figures_of_one_channel_by_the_palette(seat: Seat) -> None:
    seat.key("slash")
    seat.type("only channel partner")
    seat.key("Return")
    seat.window.still()
    seat.key("ctrl+e")
    with seat.made("factoryview-*.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert arrivals(rows, "Inquiry") == sum(e.stage == "Inquiry" and e.channel == "partner" for e in seat.events) > 0


def arrivals(rows: list[dict[str, str]], stage: str) -> float:
    """All that came to a stage, of a table of key figures."""
    return sum(float(row["arrivals"]) for row in rows if row["stage"] == stage and row["arrivals"])


def test_the_figures_of_the_cases_that_come_back_by_the_mouse(seat: Seat) -> None:
    for node in ("stage/Offer/hall", "panel/page/cases", "panel/only/repeated"):
        seat.click(node)
        seat.twin.click(node)
        seat.window.still()
    seat.key("ctrl+e")
    with seat.made("factoryview-*.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    visits = Counter(event.case for event in seat.events if event.stage == "Offer")
    again = {case for case, number in visits.items() if number > 1}
    assert arrivals(rows, "Offer") == sum(visits[case] for case in again) > 0
    assert arrivals(rows, "Delivery") == sum(e.stage == "Delivery" and e.case in again for e in seat.events)


def test_a_moment_is_sought_with_the_mouse_and_kept_as_a_picture(seat: Seat) -> None:
    model, (x, y) = seat.twin.screen.model, seat.twin.pixel("timeline/track", (0.25, 0.5))
    seat.window.point(x / SIZE[0], y / SIZE[1])
    seat.window.screen.do("click", 1)
    seat.window.still()
    seat.key("F12")
    kept = seat.made("factoryview-*.png")
    at = int(kept.stem.removeprefix("factoryview-")) * 1_000_000
    wanted = model.first + 0.25 * (model.last - model.first)
    assert abs(at - wanted) <= 2 * (model.last - model.first) / seat.twin.node("timeline/track").rect.w
    assert kept.read_bytes()[:4] == b"\x89PNG"


def test_a_note_is_written_at_the_machine_that_was_clicked(seat: Seat) -> None:
    seat.click("stage/Approval/hall")
    seat.window.still()
    seat.key("e")
    seat.type("two more checks")
    seat.key("Return")
    written = tomllib.loads(seat.made("log.csv.notes/*.toml").read_text(encoding="utf-8"))
    assert "two more checks" in str(written)
    assert "Approval" in str(written)


def test_what_is_chosen_for_good_is_kept_and_a_flight_leads_back(seat: Seat) -> None:
    seat.window.point(0.99, 0.5)
    before = seat.window.still()
    seat.click("stage/Delivery/hall", times=2)
    near = seat.window.changed(before)
    assert near != before
    seat.key("alt+Left", "alt+Left")
    seat.window.point(0.99, 0.5)
    until(lambda: seat.window.seen == before, "two places back everything looks as it did")
    seat.key("t", "F2", "F3", "m")
    until((seat.folder / "config" / "factoryview" / "settings.toml").exists, "the settings are kept")
    wanted = {"theme": "day", "language": "de", "large_text": True, "low_motion": True}

    def kept() -> bool:
        return tomllib.loads((seat.folder / "config" / "factoryview" / "settings.toml").read_text()) == wanted

    until(kept, "all four are kept")
