"""The remote over real sockets: who gets in, what is said, what an order does, and what it refuses."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pygame
import pytest

from factoryview.plant.notes import Answer as AlarmAnswer
from factoryview.plant.notes import HourReason, read_notes
from factoryview.plant.wall_file import Remote as Settings
from factoryview.time import utc
from factoryview.wall import control
from factoryview.wall.control import Health, Picture, Pixels, Steering
from factoryview.wall.remote.page import PhonePage
from factoryview.wall.remote.server import AGAIN_AFTER, RemoteKeeper, RemoteServer
from tests.wall.remote.phone import ALARM, NOW, TOKEN, VIEWS, Phone, opened

PRIVATE = ("/health", "/picture.png", "/orders", "/nothing", "//", "/../health")


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    with opened(tmp_path) as found:
        yield found


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN[:-1], TOKEN + "x", "\xe4" * 20])
def test_without_the_token_nothing_but_the_page_is_given(phone: Phone, token: str | None) -> None:
    phone.token = token
    for path in PRIVATE:
        status, body, _ = phone.ask(path)
        assert (status, b"waiting" in body, TOKEN.encode() in body) == (401, False, False), path
    assert phone.ask("/orders", {"order": "next"})[0] == 401
    assert phone.steering.take() == []
    status, page, headers = phone.ask("/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert TOKEN.encode() not in page
    assert b"Approval" not in page


def test_a_cookie_or_a_query_opens_nothing(phone: Phone) -> None:
    phone.token = None
    for path, headers in (("/health", {"Cookie": f"token={TOKEN}"}), (f"/health?token={TOKEN}", {})):
        assert phone.ask(path, headers=headers)[0] == 401


def test_whoever_guesses_is_slowed_down_and_keeps_nobody_out(phone: Phone) -> None:
    phone.token, statuses = "wrong" * 4, []
    for _ in range(40):
        statuses.append(phone.ask("/health")[0])
    assert set(statuses) == {401, 429}
    phone.token = TOKEN
    assert phone.ask("/health")[0] == 200


def test_health_says_what_the_loop_last_said(phone: Phone) -> None:
    status, body, headers = phone.ask("/health")
    said = json.loads(body)
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert (said["health"], said["version"], said["view"], said["views"]) == ("ok", "9.9", "goals", list(VIEWS))
    assert (said["frame"], said["frames"], said["memory_mb"]) == (utc(NOW).isoformat(), 1, 234.6)
    assert said["events"] == {"crm": "2025-05-23T11:33:19+00:00"}
    assert (said["plants"][0]["day"], said["plants"][0]["hour"]) == ("2025-05-23", 13)
    assert [(each["id"], each["state"], each["text"]) for each in said["alarms"]] == [(ALARM.id, "new", ALARM.text)]
    phone.beat(frame_at=NOW + 1, paused=True, pinned="whole")
    said = json.loads(phone.ask("/health")[1])
    assert (said["frames"], said["paused"], said["pinned"]) == (2, True, "whole")


def test_a_loop_that_stands_or_has_not_begun_is_not_healthy(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    late = control.time.monotonic() + 11.0
    monkeypatch.setattr(control.time, "monotonic", lambda: late)
    status, body, _ = phone.ask("/health")
    assert (status, json.loads(body)["health"]) == (503, "stands")
    phone.health._report = control.HealthReport()
    status, body, _ = phone.ask("/health")
    assert (status, json.loads(body)["health"], json.loads(body)["frame"]) == (503, "starting", None)


def test_the_picture_is_the_frame_the_loop_has_just_finished(phone: Phone, tmp_path: Path) -> None:
    done = threading.Event()
    pixels = Pixels(3, 2, bytes(range(18)))

    def loop() -> None:
        while not done.wait(0.001):
            if phone.picture.wanted():
                phone.picture.keep(pixels)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        status, body, headers = phone.ask("/picture.png")
    finally:
        done.set()
        thread.join()
    assert (status, headers["content-type"]) == (200, "image/png")
    (tmp_path / "seen.png").write_bytes(body)
    seen = pygame.image.load(tmp_path / "seen.png")
    assert pygame.image.tobytes(seen, "RGB") == pixels.rgb


def test_before_the_first_frame_there_is_no_picture(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factoryview.wall.remote.site.PICTURE_WAIT", 0.01)
    assert phone.ask("/picture.png")[0] == 503


def test_orders_reach_the_loop_and_the_log(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for name in ("next", "previous", "pause", "resume", "unpin", "code"):
        assert phone.order(order=name) == (200, {"done": name})
    assert phone.order(order="pin", view=VIEWS[2])[0] == 200
    assert phone.order(order="brightness", value=0.5)[0] == 200
    assert phone.steering.take() == [
        control.Next(), control.Previous(), control.Pause(), control.Resume(), control.Unpin(), control.ShowCode(30.0),
        control.Pin(VIEWS[2]), control.Brightness(0.5),
    ]  # fmt: skip
    assert [record.getMessage() for record in caplog.records][-2:] == [
        f"remote: pin {VIEWS[2]}",
        "remote: brightness 0.50",
    ]


def test_an_answer_is_on_disk_before_it_is_confirmed(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    said = {"role": "  head of   sales ", "measure": "fill the vacancy · ü", "until": "2025-07-31"}
    assert phone.order(order="answer", alarm=ALARM.id, state="worked on", **said) == (200, {"done": "answer"})
    kept = AlarmAnswer(
        stage="Approval", state="worked on", said=utc(NOW), role="head of sales", measure="fill the vacancy · ü",
        until=date(2025, 7, 31),
    )  # fmt: skip
    assert read_notes(phone.notes).alarm == (kept,)
    taken = phone.steering.take()
    assert taken == [control.Answer(ALARM.id, "worked on", kept.measure, kept.role, kept.until)]
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert "Approval" in logged
    assert "head of sales" not in logged, "what somebody wrote is in the notes, not in the log"


def test_a_reason_is_kept_for_its_hour(phone: Phone) -> None:
    plant = ALARM.plant
    assert phone.order(order="reason", plant=plant, day="2025-05-23", hour=13, text="phones were down")[0] == 200
    kept = HourReason(day=date(2025, 5, 23), hour=13, text="phones were down", said=utc(NOW))
    assert read_notes(phone.notes).reason == (kept,)
    assert phone.steering.take() == [control.Reason(plant, date(2025, 5, 23), 13, "phones were down")]


WORKED = {"order": "answer", "alarm": ALARM.id, "state": "worked on", "until": "2025-07-31"}
GIVEN = {"order": "reason", "plant": ALARM.plant, "day": "2025-05-23", "hour": 9, "text": "x"}


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({}, 400),
        ([], 400),
        ("next", 400),
        ({"order": "stop"}, 400),
        ({"order": "next", "then": "next"}, 400),
        ({"order": "pin"}, 400),
        ({"order": "pin", "view": "unknown"}, 404),
        ({"order": "pin", "view": "x" * 300}, 400),
        ({"order": "brightness", "value": 0.1}, 400),
        ({"order": "brightness", "value": "0.5"}, 400),
        ({"order": "brightness", "value": True}, 400),
        ({**WORKED, "alarm": "Umsatz & Werk/Elsewhere/jam"}, 404),
        ({**WORKED, "until": None}, 400),
        ({**WORKED, "until": "2025-05-22"}, 400),
        ({**WORKED, "until": 1_750_000_000}, 400),
        ({**WORKED, "until": "31.7.2025"}, 400),
        ({**WORKED, "state": "ended"}, 400),
        ({**WORKED, "role": "x" * 81}, 400),
        ({**WORKED, "measure": "x" * 121}, 400),
        ({**WORKED, "role": "a\u0000b"}, 400),
        ({**WORKED, "role": "a\nb"}, 400),
        ({**WORKED, "measure": "a\u202eb"}, 400),
        ({**WORKED, "measure": "\ud800"}, 400),
        ({**WORKED, "said": "2025-05-22"}, 400),
        ({**GIVEN, "hour": 14}, 400),
        ({**GIVEN, "hour": 24}, 400),
        ({**GIVEN, "hour": 9.5}, 400),
        ({**GIVEN, "day": "2025-05-24"}, 400),
        ({**GIVEN, "day": "2024-05-23"}, 400),
        ({**GIVEN, "text": ""}, 400),
        ({**GIVEN, "text": " "}, 400),
        ({**GIVEN, "plant": "another"}, 404),
        (b"\xff\xfe", 400),
        (b"[" * 2_000, 400),
        (b'{"order": NaN}', 400),
        (b" " * 5_000, 413),
    ],
)
def test_what_is_no_order_changes_nothing_and_is_not_repeated(phone: Phone, order: object, status: int) -> None:
    found, body, _ = phone.ask("/orders", order)
    assert found == status, body
    assert set(json.loads(body)) == {"error"}
    assert phone.steering.take() == []
    assert not phone.notes.exists()
    assert b"xxx" not in body


def test_only_json_that_a_page_elsewhere_cannot_send_is_an_order(phone: Phone) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", ""):
        assert phone.ask("/orders", {"order": "next"}, headers={"Content-Type": kind})[0] == 415
    for method, path in (("GET", "/orders"), ("POST", "/health"), ("DELETE", "/"), ("OPTIONS", "/orders")):
        assert phone.ask(path, method=method)[0] == 405
    assert phone.steering.take() == []


def test_too_many_orders_wait_and_too_many_notes_too(phone: Phone) -> None:
    statuses = [phone.order(order="next")[0] for _ in range(45)]
    assert set(statuses) == {200, 429}
    assert 30 <= len(phone.steering.take()) == statuses.count(200)
    statuses = [phone.order(**GIVEN)[0] for _ in range(15)]
    assert set(statuses) == {200, 429}
    assert len(read_notes(phone.notes).reason) == statuses.count(200) >= 10


def test_notes_that_cannot_be_written_are_said_to_both_sides(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    phone.notes = phone.notes.parent / "gone" / "plant.notes"
    phone.beat()
    status, said = phone.order(**GIVEN)
    assert (status, str(phone.notes.parent) in str(said)) == (507, False)
    assert "cannot be written" in caplog.text
    assert phone.steering.take() == []


def test_a_port_that_is_taken_is_had_later(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    now, again = [0.0], Settings(enabled=True, port=phone.remote.port)

    def open_it() -> RemoteServer:
        return RemoteServer(again, TOKEN, Steering(), Health(), Picture(), PhonePage())

    keeper = RemoteKeeper(open_it, lambda: now[0])
    for now[0] in (0.0, 1.0, AGAIN_AFTER, 2 * AGAIN_AFTER):
        keeper.look()
        assert keeper.server is None
    assert caplog.text.count("another program listens there") == 1
    phone.remote.close()
    now[0] = 3 * AGAIN_AFTER
    keeper.look()
    assert keeper.server is not None
    assert keeper.server.port == phone.remote.port
    assert TOKEN not in caplog.text
    keeper.close()


def test_closed_it_frees_its_port(tmp_path: Path) -> None:
    with opened(tmp_path) as phone:
        port = phone.remote.port
    with socket.socket() as again, pytest.raises(ConnectionRefusedError):
        again.connect(("127.0.0.1", port))
