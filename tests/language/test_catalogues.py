"""The catalogues of German and English: complete, alike in their gaps, and all that is said comes from them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from factoryview.language import CODES, Language
from factoryview.language.catalogues import Catalogue, catalogue
from tests.kit.pseudo import LONGER, longer

ROOT = Path(__file__).parents[2] / "factoryview"
PO = ROOT / "language" / "po"
KEY = re.compile(r"[a-z]+(\.[a-z_]+)+")
ERRORS = ("Field", "UsageError", "InputError", "Problem")
REMARKS = ("legibility.py", "foreign.py")
"""What `check` says of a picture, with place and cure, as errors do; what libraries say."""
SPEAKERS = ("app", "desk", "export", "view", "scene", "flow", "language")
"""Packages whose words people see on the picture or in a verdict."""


def gaps(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_there_is_one_catalogue_a_language_and_it_can_be_read() -> None:
    assert {path.stem for path in PO.glob("*.po")} == set(CODES)
    for code in CODES:
        with (PO / f"{code}.po").open("rb") as stream:
            found = read_po(stream, locale=code, abort_invalid=True)
        assert str(found.locale) == code
        assert (found.num_plurals, found.plural_expr) == (2, "(n != 1)")
        assert len(found) == len(catalogue(code).forms) > 100
        assert not [message.id for message in found if message.fuzzy]
        assert not list(found.obsolete)


def test_both_catalogues_have_every_text_with_the_same_gaps() -> None:
    german, english = (catalogue(code).forms for code in ("de", "en"))
    assert set(german) == set(english)
    for key in german:
        assert KEY.fullmatch(key), key
        assert len(german[key]) == len(english[key]), key
        for form in (*german[key], *english[key]):
            assert form.strip(), key
            if not key.startswith("date."):
                assert gaps(form) == gaps(english[key][-1]), key


def test_texts_with_a_number_have_a_form_for_one() -> None:
    plural = {key: forms for key, forms in catalogue("de").forms.items() if len(forms) > 1}
    assert {"cases.count", "since.days", "news.vacant"} <= set(plural)
    for forms in plural.values():
        assert all("n" in gaps(form) for form in forms)


def test_translations_are_not_left_in_english() -> None:
    german, english = (catalogue(code).forms for code in ("de", "en"))
    bare = {key: re.sub(r"\{[^}]*\}", "", forms[0]) for key, forms in english.items()}
    long = [key for key in english if len(bare[key]) > 18 and not key.startswith("date.")]
    assert len(long) > 50
    for key in long:
        assert german[key] != english[key], key


def literals(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Line, text, and whether it is the beginning of a key made up when it is said, of every literal that is no
    docstring, no part of an error, and no description of a field.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        elif isinstance(node, ast.Raise | ast.Assert) or (
            isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS
        ):
            silent.update(id(inner) for inner in ast.walk(node))
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            silent.update(id(inner) for inner in ast.walk(node.format_spec))
    for node in ast.walk(tree):  # what an error says may be said in both languages
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "said":
            silent.difference_update(id(inner) for inner in ast.walk(node.args[0]))
    begun = {id(node.values[0]) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) and node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value, id(node) in begun


def test_every_key_is_used_and_every_key_used_is_there() -> None:
    known, areas = set(catalogue("en").forms), {key.split(".")[0] for key in catalogue("en").forms}
    used: set[str] = set()
    for path in ROOT.rglob("*.py"):
        for line, text, begins in literals(path):
            if begins and text.endswith(".") and text[:-1] in areas:
                used |= {key for key in known if key.startswith(text)}
            elif KEY.fullmatch(text) and text.split(".")[0] in areas:
                assert text in known, f"{path}:{line}: {text}"
                used.add(text)
    used |= {key for key in known if key.startswith("define.")}
    assert known - used == set()


def test_what_people_read_is_written_in_no_module() -> None:
    """Three words, or two of which the first is written large, or a letter of German: that is a text."""
    text = re.compile(r"\w{2,}[,.:;]? \w{2,}[,.:;]? \w{2,}|[A-Z][a-z]+ [a-z]{2,}|[ÄÖÜäöüß]")
    found, seen = [], 0
    for package in SPEAKERS:
        for path in (ROOT / package).rglob("*.py"):
            if path.name in REMARKS:
                continue
            for line, literal, _ in literals(path):
                seen += 1
                if text.search(literal):
                    found.append(f"{path.relative_to(ROOT)}:{line}: {literal!r}")
    assert seen > 500
    assert found == []


def test_a_key_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Language("de").text("no.such_key")


def test_the_form_follows_the_number() -> None:
    texts = Catalogue({"k": ("one", "many"), "alone": ("same",)}, lambda n: int(n != 1))
    assert [texts.text("k", n) for n in (0, 1, 1.0, 1.5, 2, 0.5)] == ["many", "one", "one", "many", "many", "many"]
    assert [texts.text("k"), texts.text("alone", 5)] == ["one", "same"]
    assert list(Catalogue({"a.b": ("x",), "ab.c": ("y",)}, int).keys("a")) == ["b"]


def test_the_pseudo_language_is_a_third_longer_and_keeps_the_gaps() -> None:
    for forms in catalogue("de").forms.values():
        for form in forms:
            changed = longer(form)
            assert gaps(changed) == gaps(form)
            bare = len(re.sub(r"\{[^}]*\}", "", form))
            assert len(re.sub(r"\{[^}]*\}", "", changed)) >= LONGER * bare
