"""Where the files that belong to the program lie: in the installed package, else in the checkout beside it.

A wheel carries `assets/` and `data/` as `factoryview/_assets` and `factoryview/_data`; an editable install
and a plain checkout have them beside the package. The rest of the program asks here and never needs to know.
"""

from __future__ import annotations

from pathlib import Path

from factoryview.errors import InputError
from factoryview.language.said import said

_PACKAGE = Path(__file__).resolve().parent


def asset(*parts: str) -> Path:
    """The path of one file or folder of the art, e.g. `asset("sign", "play.svg")`.

    Raises InputError if this installation does not hold it.
    """
    return _locate("assets", parts)


def data_file(*parts: str) -> Path:
    """The path of one template or demo file, e.g. `data_file("plants", "sales.toml")`.

    Raises InputError if this installation does not hold it.
    """
    return _locate("data", parts)


def _locate(folder: str, parts: tuple[str, ...]) -> Path:
    roots = (_PACKAGE / f"_{folder}", _PACKAGE.parent / folder)
    for root in roots:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise InputError(
        said("error.part_missing", part="/".join((folder, *parts))),
        where=str(_PACKAGE),
        cure=said("error.install_again"),
    )
