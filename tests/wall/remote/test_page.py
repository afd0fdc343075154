"""The phone page: whole, in both languages, and allowed nothing that is not its own."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from hashlib import sha256
from html.parser import HTMLParser

from factoryview.language.catalogues import catalogue
from factoryview.plant.wall_file import KINDS
from factoryview.wall.remote.page import PhonePage, best_language


class Tags(HTMLParser):
    """All tags with their attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def page(accepted: str = "de") -> tuple[str, str]:
    body, _, headers = PhonePage().in_language(accepted)
    return body.decode(), headers["Content-Security-Policy"]


def test_it_opens_in_the_language_the_phone_asks_for() -> None:
    for accepted, code in (
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
        ("de;q=0", "en"),
    ):
        assert f'<html lang="{code}">' in page(accepted)[0]
    assert best_language("x" * 9_999 + ",de", "en") == "de"


def test_nothing_of_it_comes_from_elsewhere() -> None:
    source, policy = page()
    assert re.findall(r"(?:https?:)?//[a-z]", re.sub(r"\s//.*", "", source)) == []
    tags = Tags(source).found
    assert len(tags) > 50
    outside = [(tag, name) for tag, attrs in tags for name in attrs if name in ("src", "href", "action", "style")]
    assert outside == [("link", "href")], "the icon, which is empty"
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for kind, tag in (("script-src", "script"), ("style-src", "style")):
        said = re.search(rf"{kind} 'sha256-([^']+)'", policy)
        inner = re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        assert said is not None
        assert [b64decode(said[1])] == [sha256(part.encode()).digest() for part in inner]


def test_all_it_says_stands_in_both_catalogues_and_all_there_is_said() -> None:
    source, _ = page()
    texts = json.loads(re.findall(r'<script type="application/json" id="texts">(.*?)</script>', source)[0])
    keys = {f"remote.{name}" for name in catalogue("en").keys("remote")}
    script = source[source.index('"use strict"') :]
    marks = ("data-t", "data-p", "data-alt")
    named = {f"remote.{attrs[mark]}" for _, attrs in Tags(source).found for mark in marks if mark in attrs}
    said = named | set(re.findall(r'"(remote\.\w*[a-z])"', script))
    said |= {"remote.code_how", "remote.code_local"}  # on the wall itself
    said |= {key for key in keys if key.startswith("remote.health_")} | {f"remote.view_{kind}" for kind in KINDS}
    assert keys - said == set()
    for code in ("de", "en"):
        assert named <= set(texts[code])
        assert texts[code]["remote.next"] == catalogue(code).text("remote.next")


def test_each_button_has_words_and_each_field_a_label() -> None:
    source, _ = page()
    for tag, attrs in Tags(source).found:
        if tag == "button":
            assert attrs.get("type") == "button"
            body = source.split(f'id="{attrs["id"]}"')[1].split("</button>")[0]
            assert 'data-t="' in body or 'id="pausetext"' in body, attrs
        if tag in ("input", "select"):
            assert re.search(rf'<label[^>]*><span data-t="\w+"></span><{tag} id="{attrs["id"]}"', source), attrs
