"""A whole meeting with three phones in a real browser: they write, vote, and see only what is revealed."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from factoryview.plant.notes import notes_path, read_notes
from tests.kit.browser import browser, chromium
from tests.meeting.kit import made, meeting

PROGRAM = chromium()
pytestmark = [
    pytest.mark.parts,
    pytest.mark.skipif(PROGRAM is None, reason="chromium missing: apt-get install chromium"),
]
WRITTEN = ("Formulare sind zu lang", "Mehr Leute prüfen", "<b>Kürzere</b> Wege")


def test_three_phones_write_and_vote(tmp_path: Path) -> None:
    assert PROGRAM is not None
    with ExitStack() as stack:
        pilot, held = stack.enter_context(meeting(made(tmp_path), code="de"))
        phones = []
        for k in range(3):
            (tmp_path / f"phone{k}").mkdir()
            phone = stack.enter_context(browser(tmp_path / f"phone{k}", PROGRAM))
            phone.open_phone(390, 844, "de-DE,de;q=0.9")
            phone.do("Page.navigate", url=held.code.url)
            phone.until("document.querySelector('#head')?.textContent.includes('beginnt')")
            phones.append(phone)
        while held.room.course.step != "write":
            pilot.press("pagedown").wait(0.02)
        for phone, words in zip(phones, WRITTEN, strict=True):
            phone.until("!document.getElementById('writing').hidden")
            phone.value(f"document.getElementById('text').value = {words!r}")
            phone.value("document.getElementById('moment').value = '1'")
            phone.tap("#send")
            phone.until(f"document.getElementById('mine').textContent === {words!r}")
        phones[0].picture(tmp_path / "phone.png")
        assert not any(words in phones[0].value("document.body.textContent") for words in WRITTEN[1:])
        pilot.press("pagedown", "pagedown").wait(0.1)
        for phone, choices in zip(phones, ((2, 2, 1), (2, 3, 3), (2,)), strict=True):
            phone.until("document.querySelectorAll('button.group').length === 3")
            for left, card in zip((2, 1, 0), choices, strict=False):
                phone.tap(f"[data-card='{card}']")
                phone.until(f"document.getElementById('head').textContent.includes('{left}')")
        assert phones[1].value("document.querySelectorAll('b b').length") == 0
        pilot.press("pagedown").wait(0.1)
        assert [held.room.course.votes_of(card.number) for card in held.room.course.heads] == [4, 2, 1]
        pilot.type("@Leitung !2025-08-31").press("return").press("return").wait(0.1)
        for phone in phones:
            phone.until("document.getElementById('head').textContent.includes('Danke')")
            assert not phone.complaints
            assert all(address.startswith((held.code.address, "data:")) for address in phone.requests)
        notes = {note.text: note for note in read_notes(notes_path(tmp_path / "deals.csv")).note}
        assert {words: notes[words].votes for words in WRITTEN} == dict(zip(WRITTEN, (1, 4, 2), strict=True))
        assert notes[WRITTEN[1]].who == "Leitung"
        assert {notes[words].at.date() for words in WRITTEN} == {date(2025, 3, 31)}, "pinned to the second moment"
