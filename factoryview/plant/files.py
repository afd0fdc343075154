"""Plant files, and other files of settings: TOML in and out, with every mistake named at its line."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import tomli_w
from pydantic import BaseModel, ValidationError

from factoryview.errors import InputError, PlantError, Problem
from factoryview.output import replacing
from factoryview.plant.checks import Misfit, find_misfits
from factoryview.plant.complaints import complaint
from factoryview.plant.feeds import KINDS
from factoryview.plant.models import Plant
from factoryview.plant.toml_lines import Path as Place
from factoryview.plant.toml_lines import find_lines
from factoryview.plant.words import REDACTED, secret_of

_NAMING = ("name", "stage", "of")
_SECRETS = {key for kind in KINDS.values() for key, field in kind.model_fields.items() if secret_of(field)}
_SECRET_KEY = re.compile(rf"\b({'|'.join(sorted(_SECRETS))})\b")
_WIDE = 100
_LARGEST = 4 << 20
"""Bytes of a plant file."""
Read = TypeVar("Read", bound=BaseModel)


def load_plant(path: Path) -> Plant:
    """Read a plant file (TOML, UTF-8). Raises PlantError with all its mistakes at once."""
    return read_plant(read_text(path), str(path))


def read_plant(text: str, where: str = "plant") -> Plant:
    """Read the text of a plant file; `where` is what mistakes call it. Raises PlantError."""
    return read_model(Plant, text, where, find_misfits)


def read_model(model: type[Read], text: str, where: str, find: Callable[[dict[str, Any]], list[Misfit]]) -> Read:
    """Read the text of a TOML file into a model. find: what no single field shows. Raises PlantError with every
    mistake at its line; `where` is what they call the file.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlantError([_syntax(text, where, error)]) from None
    misfits = find(data)
    try:
        read = model.model_validate(data)
    except ValidationError as error:
        misfits += [complaint(model, details) for details in error.errors(include_url=False)]
    if misfits:
        lines = find_lines(text)
        misfits.sort(key=lambda misfit: _line(lines, misfit.path))
        raise PlantError([
            Problem(_place(where, lines, data, misfit.path), misfit.found, misfit.cure) for misfit in misfits
        ])  # fmt: skip
    return read


def dump_plant(plant: Plant) -> str:
    """The plant as TOML; what is as by default is left out. `read_plant(dump_plant(plant)) == plant`."""
    values = plant.model_dump(exclude_defaults=True)
    values = {"name": plant.name, **values}
    tables = {key: value for key, value in values.items() if _is_table(value)}
    blocks = [_assignments({key: value for key, value in values.items() if key not in tables})]
    for key, value in tables.items():
        if isinstance(value, Mapping):
            inner = {name: part for name, part in value.items() if _is_table(part) and not isinstance(part, Mapping)}
            plain = {name: part for name, part in value.items() if name not in inner}
            blocks.append(f"[{key}]\n{_assignments(plain)}")
            blocks += [f"[[{key}.{name}]]\n{_assignments(entry)}" for name, part in inner.items() for entry in part]
        else:
            blocks += [f"[[{key}]]\n{_assignments(entry)}" for entry in value]
    return "\n".join(blocks)


def save_plant(plant: Plant, path: Path, header: str = "") -> None:
    """Write a plant file, whole or not at all. header: comment lines to stand first. Raises InputError."""
    printable = ("".join(c if c.isprintable() else " " for c in line) for line in header.splitlines())
    comment = "".join(f"# {line}".rstrip() + "\n" for line in printable)
    try:
        with replacing(path) as beside:
            beside.write_bytes((comment + "\n" * bool(comment) + dump_plant(plant)).encode())
    except OSError as error:
        raise InputError(
            f"The plant file cannot be written: {error.strerror}.",
            where=str(path),
            cure="Choose a folder that exists and may be written to.",
        ) from error


def read_text(path: Path, kind: str = "a plant file") -> str:
    """The text of a TOML file of that kind (UTF-8). Raises PlantError."""

    def failed(found: str, cure: str) -> PlantError:
        return PlantError([Problem(str(path), found, cure)])

    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            raise failed("This is not an ordinary file.", "Save its content in a file.")
        if found.st_size > _LARGEST:
            raise failed(f"This file has {found.st_size >> 20} MB.", f"{kind.capitalize()} is a short text; is it one?")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise PlantError(
            [
                Problem(
                    f"{path}, line {line}",
                    f"Byte {error.start + 1} of the file is 0x{error.object[error.start]:02x}, which is not UTF-8.",
                    "Save the file with the encoding UTF-8.",
                )
            ]
        ) from None
    except IsADirectoryError:
        inside = sorted(file.name for file in path.glob("*.toml"))
        cure = f"Name a file in it: {', '.join(inside[:5])}." if inside else "Name a .toml file."
        raise failed(f"This is a folder, not {kind}.", cure) from None
    except FileNotFoundError:
        beside = [file.name for file in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        like = get_close_matches(path.name, beside, 1)
        cure = f'Did you mean "{path.with_name(like[0])}"?' if like else "Check the name and the folder."
        raise failed("There is no such file.", cure) from None
    except OSError as error:
        raise failed(f"The file cannot be read: {error.strerror}.", "Check that it is a file you may read.") from None


def _syntax(text: str, where: str, error: Exception) -> Problem:
    if isinstance(error, RecursionError):
        return Problem(where, "Lists or tables are nested too deeply.", "A plant file needs three levels.")
    at = re.search(r"line (\d+), column (\d+)", str(error))
    lines = text.splitlines() or [""]
    line, column = (int(at[1]), int(at[2])) if at else (len(lines), len(lines[-1]) + 1)
    told = re.sub(r"\s*\(at .*\)$", "", str(error), flags=re.DOTALL)
    written = lines[min(line, len(lines)) - 1].strip()
    if re.search(r"=\s*\d{1,2}:\d{2}(?!:)", written):
        cure = 'A time needs quotes: start = "08:00".'
    elif told.startswith("Invalid value") and re.search(r"=\s*[^\W\d]", written):
        cure = 'Text needs quotes: name = "Approval".'
    elif "twice" in told or "overwrite" in told or "mutate" in told:
        cure = "The same key or table stands there a second time: remove one, or use [[double brackets]] for a list."
    elif "after key" in told or "'='" in told:
        cure = "Every line is key = value, like posts = 2; a key with spaces or umlauts needs quotes."
    else:
        cure = "Look for a missing quote, bracket or comma here or in the line before."
    if _SECRET_KEY.search(written):
        written = f"{written.partition('=')[0]}= {REDACTED}"
    shown = f" in: {written[:60]}" if written else ""
    return Problem(f"{where}, line {line}, column {column}", f"This is not TOML: {told}{shown}.", cure)


def _line(lines: dict[Place, int], place: Place) -> int:
    return next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), 0)


def _place(where: str, lines: dict[Place, int], data: dict[str, Any], place: Place) -> str:
    """`plant.toml, line 12, stages[3] "Approval", posts`; list positions count from 1."""
    line = _line(lines, place)
    parts, value = [where, *([f"line {line}"] if line else [])], data
    for key in place:
        value = _inside(value, key)
        if isinstance(key, str):
            parts.append(key)
            continue
        parts[-1] += f"[{key + 1}]"
        if isinstance(value, dict):
            name = next((value[field] for field in _NAMING if isinstance(value.get(field), str)), None)
            parts[-1] += f' "{name}"' if name else ""
    return ", ".join(parts)


def _inside(value: Any, key: str | int) -> Any:
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        return None


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or bool(
        isinstance(value, tuple | list) and value and all(isinstance(entry, Mapping) for entry in value)
    )


def _assignments(table: Mapping[str, Any]) -> str:
    """`key = value` lines; a table inside becomes dotted keys, `label.de = "…"`."""
    text = ""
    for key, value in table.items():
        if isinstance(value, Mapping) and not value:
            text += f"{key} = {{}}\n"
        elif isinstance(value, Mapping):
            text += "".join(f"{key}.{line}" for line in map(_assignment, value.keys(), value.values()))
        else:
            text += _assignment(key, value)
    return text


def _assignment(key: str, value: Any) -> str:
    if isinstance(value, datetime) and (value.utcoffset() or timedelta(0)) % timedelta(minutes=1):
        value = value.astimezone(UTC)  # TOML offsets are whole minutes
    text = tomli_w.dumps({key: value})
    if isinstance(value, tuple | list) and value:
        opening, *items, _ = text.removesuffix("\n").split("\n")
        short = opening + ", ".join(item.strip().removesuffix(",") for item in items) + "]\n"
        text = short if len(short) <= _WIDE else text
    return text
