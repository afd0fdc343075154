"""What every number means and where its definition comes from; the texts are in the catalogues, under `define.`."""

from __future__ import annotations

from factoryview.errors import UsageError
from factoryview.language import Code
from factoryview.language.catalogues import catalogue
from factoryview.language.said import said

AREA = "define"


def words() -> tuple[str, ...]:
    """Every word that has a definition."""
    return tuple(sorted(catalogue("en").keys(AREA)))


def define(word: str, language: Code) -> str:
    """The definition of a word of the verdict. Raises UsageError listing the words there are."""
    known = words()
    key = word.strip().lower().replace("-", "_").replace(" ", "_")
    key = next((one for one in known if one.replace("_", "") == key.replace("_", "")), key)
    if key not in known and key.rstrip("s") in known:
        key = key.rstrip("s")
    if key not in known:
        raise UsageError(said("error.no_word", word=word, known=", ".join(known)))
    return catalogue(language).text(f"{AREA}.{key}")
