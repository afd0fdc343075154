"""Every value of a TOML text is found on its line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from factoryview.plant.toml_lines import Path, find_lines

TEXT = '''# [no] table = 1
name = "a # b" # comment
"odd key"."ü" = 1

[calendar]
days = [ # the week
    "mon", "]",
    'tue',

    """wed
nesday""", "thu",
]
holidays = []
start = 08:00:00
[log.columns]
case = 'id = 3'
[[stages]]
name = """
many
lines"" with quotes"""
label = { de = "}", en = { x = [1,
2] } }
   [[ stages ]]
posts = 2   # two
[stages.label]
en = "x"
[[stages.inner]]
a = 1
[[stages.inner]]
a = -1.5e3
[after]
z = true'''

EXPECTED = {
    ("name",): 2,
    ("odd key", "ü"): 3,
    ("calendar", "days"): 6,
    ("calendar", "days", 1): 7,
    ("calendar", "days", 2): 8,
    ("calendar", "days", 3): 10,
    ("calendar", "days", 4): 11,
    ("calendar", "holidays"): 13,
    ("calendar", "start"): 14,
    ("log", "columns", "case"): 16,
    ("stages",): 17,
    ("stages", 0): 17,
    ("stages", 0, "name"): 18,
    ("stages", 0, "label", "de"): 21,
    ("stages", 0, "label", "en", "x", 1): 22,
    ("stages", 1): 23,
    ("stages", 1, "posts"): 24,
    ("stages", 1, "label", "en"): 26,
    ("stages", 1, "inner", 1, "a"): 30,
    ("after", "z"): 32,
}


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (*at, key)
        yield from paths(inner, (*at, key))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_of_all_kinds_of_values(newline: str) -> None:
    text = TEXT.replace("\n", newline)
    found = find_lines(text)
    assert {path: found[path] for path in EXPECTED} == EXPECTED
    assert set(found) == set(paths(tomllib.loads(text)))


def test_an_empty_text_has_no_lines() -> None:
    assert find_lines("") == find_lines("# only this") == {}
