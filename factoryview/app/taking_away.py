"""A file that a key writes into the present folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from factoryview.errors import FactoryviewError
from factoryview.language import Language
from factoryview.output import check_output


def file_written(name: str, write: Callable[[Path], None], done: str, language: Language) -> str:
    """Write a file; what became of it, in words. done: the key of what is said where it is well."""
    path = Path(name)
    try:
        check_output(path)
        write(path)
    except FactoryviewError as error:
        return language.text("notice.not_saved", name=path.name, why=error.inside(language.code))
    return language.text(done, name=path.name)
