"""The reference says what the models say."""

from __future__ import annotations

import re

from tests.kit.reference import DOCS, pages


def test_the_reference_is_that_of_the_models() -> None:
    stale = [str(path) for path, text in pages() if (DOCS / path).read_text(encoding="utf-8") != text]
    assert not stale, "make it anew: python -m tests.kit.reference"


def test_every_key_says_what_it_means() -> None:
    tables = [text for path, text in pages() if path.suffix == ".md"]
    rows = [line for text in tables for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) > 100
    assert [row for row in rows if re.search(r"\| *\|$", row)] == []
