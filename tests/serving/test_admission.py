"""Who may ask for what, the same for the wall's phone page and for a meeting's."""

from __future__ import annotations

import pytest

from factoryview.serving.admission import Admission
from factoryview.serving.bodies import Refused
from factoryview.serving.rates import TokenBucket
from factoryview.serving.request import Request

TOKEN = "t" * 20
OWN = {"authorization": f"Bearer {TOKEN}"}
JSON = {**OWN, "content-type": "application/json; charset=utf-8"}


def admission(most: int = 50) -> Admission:
    rates = {route: TokenBucket(most, 0.0, lambda: 0.0) for route in ("/", "/state", "/say")}
    return Admission(TOKEN, {"/": "GET", "/state": "GET", "/say": "POST"}, rates)


def status(request: Request, of: Admission | None = None) -> int:
    try:
        (of or admission()).admit(request)
    except Refused as refused:
        return refused.status
    return 200


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("GET", "/", {}, 200),
        ("HEAD", "/", {}, 200),
        ("GET", "/state", OWN, 200),
        ("POST", "/say", JSON, 200),
        ("GET", "/state", {}, 401),
        ("GET", "/state", {"authorization": f"Basic {TOKEN}"}, 401),
        ("GET", "/state", {"authorization": f"Bearer {TOKEN}x"}, 401),
        ("GET", "/nowhere", {}, 401),
        ("GET", "/nowhere", OWN, 404),
        ("POST", "/state", JSON, 405),
        ("HEAD", "/say", OWN, 405),
        ("GET", "/say", OWN, 405),
        ("GET", "/state", {**OWN, "content-length": "5"}, 400),
        ("GET", "/", {"transfer-encoding": "chunked"}, 400),
        ("POST", "/say", {**OWN, "content-type": "text/plain"}, 415),
        ("POST", "/say", {**OWN, "content-type": "application/json; charset=latin-1"}, 415),
        ("POST", "/say", {**JSON, "content-encoding": "gzip"}, 415),
    ],
)
def test_what_is_let_in(method: str, path: str, headers: dict[str, str], expected: int) -> None:
    assert status(Request(method, path, headers)) == expected


def test_each_route_has_its_rate_and_who_guesses_keeps_nobody_out() -> None:
    of = admission(most=3)
    assert [status(Request("GET", "/", {}), of) for _ in range(4)] == [200, 200, 200, 429]
    guesses = {status(Request("GET", "/state", {"authorization": f"Bearer {k}"}), of) for k in range(60)}
    assert guesses == {401, 429}
    assert status(Request("GET", "/state", OWN), of) == 200
