"""`wall --status`: several walls asked at once, one line each."""

from __future__ import annotations

import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from factoryview.errors import UsageError
from factoryview.language import Language
from factoryview.time import MINUTE
from factoryview.wall import status
from factoryview.wall.status import PORT, Asked, asked_of, status_of
from tests.wall.remote.phone import NOW, TOKEN, opened


def test_where_a_wall_is_may_be_said_in_three_ways() -> None:
    assert asked_of("wall.example", "t") == Asked("wall.example", "wall.example", PORT, "t")
    assert asked_of("10.0.0.7:80", "t") == Asked("10.0.0.7:80", "10.0.0.7", 80, "t")
    assert asked_of("http://[fd00::1]:9/#a%2Fb", "t") == Asked("http://[fd00::1]:9/", "fd00::1", 9, "a/b")
    assert asked_of("https://wall.example/#t", "") == Asked("https://wall.example/", "wall.example", 443, "t", True)
    assert asked_of("https://wall.example:8443", "t").port == 8443
    for wrong in ("", "http://a/b", "a:port", "a:99999", "http://:80", "http://me@a"):
        with pytest.raises(UsageError, match="write HOST"):
            asked_of(wrong, "t")


def test_each_wall_is_one_line_in_the_order_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "LONGEST", 3.0)
    with opened(tmp_path) as phone:
        phone.beat(events={"crm": NOW, "mail": NOW - MINUTE})
        here = f"127.0.0.1:{phone.remote.port}"
        walls = [
            asked_of(here, TOKEN),
            asked_of(here, "wrong" * 4),
            asked_of(phone.remote.url, ""),
            asked_of("127.0.0.1:9", TOKEN),
        ]
        told = status_of(walls, Language("en"))
    assert [each.well for each in told] == [True, False, True, False]
    assert told[0].line.startswith(f"{here}: runs · Goals · frame ")
    assert "(mail) · 235 MB · 1 open alarm · 9.9" in told[0].line
    assert "the token does not fit" in told[1].line
    assert told[3].line.startswith("127.0.0.1:9: cannot be reached (")
    assert not any(TOKEN in each.line for each in told)


def test_a_wall_behind_a_reverse_proxy_is_asked_through_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def proxied(host: str, port: int, timeout: float) -> HTTPConnection:
        asked.append((host, port))
        return HTTPConnection("127.0.0.1", phone.remote.port, timeout=timeout)

    monkeypatch.setattr(status, "HTTPSConnection", proxied)
    with opened(tmp_path) as phone:
        phone.beat(events={})
        (told,) = status_of([asked_of("https://wall.example", TOKEN)], Language("en"))
    assert asked == [("wall.example", 443)]
    assert told.well


def test_a_wall_that_has_not_begun_is_not_well(tmp_path: Path) -> None:
    with opened(tmp_path) as phone:
        phone.health._report = type(phone.health.snapshot())()
        (told,) = status_of([asked_of(phone.remote.url, "")], Language("de"))
    assert (told.well, "startet" in told.line) == (False, True)


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b"7", b"null", b'{"health": "ok"}', b'{"health": "no such", "now": 5, "events": []}', b"<html>"],
)
def test_another_program_that_answers_is_no_wall(body: bytes) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # named by http.server
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        (told,) = status_of([asked_of(f"127.0.0.1:{server.server_port}", TOKEN)], Language("en"))
        thread.join()
    assert not told.well
    assert "this is no wall" in told.line or "cannot be reached" in told.line
