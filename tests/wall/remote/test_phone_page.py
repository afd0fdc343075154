"""The phone page in a real browser at 390×844: it steers, answers and explains, and asks nobody else for anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from factoryview.plant.notes import read_notes
from factoryview.wall import control
from factoryview.wall.control import Pixels
from tests.kit.browser import Browser, browser, chromium
from tests.wall.remote.phone import ALARM, VIEWS, Phone, opened

PROGRAM = chromium()
pytestmark = [
    pytest.mark.parts,
    pytest.mark.skipif(PROGRAM is None, reason="chromium missing: apt-get install chromium"),
]
SIZE = (390, 844)
FRAME = Pixels(64, 36, bytes((x * 4 % 256) for y in range(36) for x in range(64) for _ in range(3)))
THUMB = 44
"""Pixels of the smallest thing to touch."""


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    """A remote with a loop that finishes frames."""
    with opened(tmp_path) as found:
        done = threading.Event()

        def loop() -> None:
            while not done.wait(0.02):
                found.beat()
                if found.picture.wanted():
                    found.picture.keep(FRAME)

        thread = threading.Thread(target=loop)
        thread.start()
        yield found
        done.set()
        thread.join()


@pytest.fixture
def page(phone: Phone, tmp_path: Path) -> Iterator[Browser]:
    """The page as the code on the wall opens it on a German phone."""
    assert PROGRAM is not None
    with browser(tmp_path, PROGRAM) as found:
        found.open_phone(*SIZE, "de-DE,de;q=0.9")
        found.do("Page.navigate", url=phone.remote.url)
        found.until("document.querySelector('.alarm') && document.querySelector('#frame').naturalWidth > 0")
        yield found


def taken(phone: Phone, page: Browser, kind: type) -> list[control.Order]:
    """The orders up to one of that kind."""
    found: list[control.Order] = []
    for _ in range(200):
        found += phone.steering.take()
        if any(isinstance(order, kind) for order in found):
            return found
        page.value("new Promise((done) => setTimeout(done, 20))")
    raise AssertionError(f"no {kind.__name__} came: {found}")


def test_it_does_all_that_it_offers_and_asks_nobody_else(phone: Phone, page: Browser, tmp_path: Path) -> None:
    assert page.value("document.documentElement.lang") == "de"
    assert page.value("location.hash") == "", "the token does not stay in the address"
    assert page.value("document.documentElement.scrollWidth") == SIZE[0], "nothing hangs out at the side"
    small = page.value(
        "[...document.querySelectorAll('main button, main select, main input, nav button')]"
        ".map((node) => [node.id, node.getBoundingClientRect()])"
        f".filter(([, box]) => box.width && (box.width < {THUMB} || box.height < {THUMB})).map(([name]) => name)"
    )
    assert small == []
    low = page.value(
        "['previous', 'pause', 'next'].map((name) => document.getElementById(name).getBoundingClientRect().y)"
    )
    assert min(low) > 2 / 3 * SIZE[1], "what is used most lies where the thumb is"
    assert page.value("document.getElementById('state').textContent") == "Läuft: Ziele"
    assert page.value("[...document.getElementById('pin').options].map((one) => one.text)") == [
        "alle im Wechsel", "Ganzes Werk", "Ziele", VIEWS[2],
    ]  # fmt: skip
    page.picture(tmp_path / "page.png")

    for name, kind in (("next", control.Next), ("previous", control.Previous), ("pause", control.Pause)):
        page.tap(f"#{name}")
        assert taken(phone, page, kind) == [kind()]
    page.value(f"(() => {{ const pin = document.getElementById('pin'); pin.value = {VIEWS[2]!r}; pin.onchange(); }})()")
    assert taken(phone, page, control.Pin) == [control.Pin(VIEWS[2])]
    page.value("(() => { const bright = document.getElementById('bright'); bright.value = 0.4; bright.onchange(); })()")
    assert taken(phone, page, control.Brightness) == [control.Brightness(0.4)]

    page.tap(".alarm button")
    page.until("document.getElementById('sheet').open")
    page.value("['role', 'measure'].forEach((name) => { document.getElementById(name).value = name + ' <b>'; })")
    page.value("document.getElementById('until').value = '2025-07-31'")
    page.picture(tmp_path / "sheet.png")
    page.tap("#worked")
    taken(phone, page, control.Answer)
    (answer,) = read_notes(phone.notes).alarm
    assert (answer.stage, answer.role, answer.measure) == (ALARM.stage, "role <b>", "measure <b>")
    assert answer.until == date(2025, 7, 31)
    page.until("!document.getElementById('sheet').open")

    page.value("document.getElementById('why').value = 'Telefone gestört'")
    page.tap("#give")
    taken(phone, page, control.Reason)
    assert [(one.hour, one.text) for one in read_notes(phone.notes).reason] == [(13, "Telefone gestört")]

    page.tap("#plain")
    assert page.value("document.documentElement.lang") == "en"
    assert page.value("document.querySelector('#next').innerText").strip().endswith("Next")
    page.tap("#forget")
    page.until("!document.getElementById('outside').hidden")
    assert page.complaints == []
    here = (f"{phone.remote.address}/", "blob:", "data:")
    assert page.requests
    assert [address for address in page.requests if not address.startswith(here)] == []


def test_a_phone_without_the_token_is_told_where_to_get_it(phone: Phone, page: Browser) -> None:
    page.value("localStorage.clear()")
    page.do("Page.navigate", url=phone.remote.url[:-1] + "x")
    page.until("!document.getElementById('outside').hidden")
    assert page.value("document.getElementById('inside').hidden")
