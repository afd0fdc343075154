"""Plant files, and other files of settings: TOML in and out, with every mistake named at its line."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import tomli_w
from pydantic import BaseModel, ValidationError

from factoryview.errors import InputError, PlantError, Problem
from factoryview.language.said import also, foreign, said
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


def dump_plant(plant: Plant, beside: Mapping[str, str] = MappingProxyType({})) -> str:
    """The plant as TOML; what is as by default is left out. `read_plant(dump_plant(plant)) == plant`.

    beside: name of a stage → a line that stands in its table as a comment.
    """
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
            notes = beside if key == "stages" else {}
            blocks += [
                f"[[{key}]]\n{_assignments(entry)}{_comment(notes.get(entry.get('name'), ''))}" for entry in value
            ]
    return "\n".join(blocks)


def save_plant(
    plant: Plant, path: Path, header: str = "", *, beside: Mapping[str, str] = MappingProxyType({}), footer: str = ""
) -> None:
    """Write a plant file, whole or not at all. Raises InputError.

    header: comment lines to stand first. beside: as for `dump_plant`. footer: comment lines to stand last.
    """
    parts = (_comment(header), dump_plant(plant, beside), _comment(footer))
    try:
        with replacing(path) as fresh:
            fresh.write_bytes("\n".join(filter(None, parts)).encode())
    except OSError as error:
        raise InputError(
            said("error.plant_unwritten", why=error),
            where=str(path),
            cure=said("error.writable_folder"),
        ) from error


def read_text(path: Path, kind: str = "error.kind_plant") -> str:
    """The text of a TOML file of that kind (UTF-8). Raises PlantError."""

    def failed(found: str, cure: str) -> PlantError:
        return PlantError([Problem(str(path), found, cure)])

    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            raise failed(said("error.not_ordinary"), said("error.save_content"))
        if found.st_size > _LARGEST:
            raise failed(said("error.file_size", size=found.st_size >> 20), said("error.is_it_one", kind=said(kind)))
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise PlantError(
            [
                Problem(
                    said("error.at_line", path=path, line=line),
                    said("error.not_utf", place=error.start + 1, byte=error.object[error.start]),
                    said("error.save_as_utf"),
                )
            ]
        ) from None
    except IsADirectoryError:
        inside = sorted(file.name for file in path.glob("*.toml"))
        cure = said("error.name_file", names=", ".join(inside[:5])) if inside else said("error.name_toml")
        raise failed(said("error.this_is_folder", kind=said(kind)), cure) from None
    except FileNotFoundError:
        beside = [file.name for file in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        like = get_close_matches(path.name, beside, 1)
        near_by = said("error.did_you_mean", name=str(path.with_name(like[0]))) if like else None
        raise failed(said("error.there_is_no_file"), near_by or said("error.check_name_folder")) from None
    except OSError as error:
        raise failed(said("error.file_unread", why=error), said("error.readable")) from None


def _syntax(text: str, where: str, error: Exception) -> Problem:
    if isinstance(error, RecursionError):
        return Problem(where, said("error.toml_deep"), said("error.three_levels"))
    at = re.search(r"line (\d+), column (\d+)", str(error))
    lines = text.splitlines() or [""]
    line, column = (int(at[1]), int(at[2])) if at else (len(lines), len(lines[-1]) + 1)
    told = re.sub(r"\s*\(at .*\)$", "", str(error), flags=re.DOTALL)
    written = lines[min(line, len(lines)) - 1].strip()
    if re.search(r"=\s*\d{1,2}:\d{2}(?!:)", written):
        cure = said("error.toml_time")
    elif told.startswith("Invalid value") and re.search(r"=\s*[^\W\d]", written):
        cure = said("error.toml_text")
    elif "twice" in told or "overwrite" in told or "mutate" in told:
        cure = said("error.toml_twice")
    elif "after key" in told or "'='" in told:
        cure = said("error.toml_line")
    else:
        cure = said("error.toml_look")
    if _SECRET_KEY.search(written):
        written = f"{written.partition('=')[0]}= {REDACTED}"
    what = (
        said("error.no_toml_in", why=foreign(told), shown=written[:60])
        if written
        else said("error.no_toml", why=foreign(told))
    )
    return Problem(said("error.at_column", path=where, line=line, column=column), what, cure)


def _line(lines: dict[Place, int], place: Place) -> int:
    return next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), 0)


def _place(where: str, lines: dict[Place, int], data: dict[str, Any], place: Place) -> str:
    """`plant.toml, line 12, stages[3] "Approval", posts`; list positions count from 1."""
    line = _line(lines, place)
    parts: list[str] = [where, *([said("error.line", line=line)] if line else [])]
    value: Any = data
    for key in place:
        value = _inside(value, key)
        if isinstance(key, str):
            parts.append(key)
            continue
        parts[-1] += f"[{key + 1}]"
        if isinstance(value, dict):
            name = next((value[field] for field in _NAMING if isinstance(value.get(field), str)), None)
            parts[-1] += f' "{name}"' if name else ""
    return also(parts)


def _inside(value: Any, key: str | int) -> Any:
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        return None


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or bool(
        isinstance(value, tuple | list) and value and all(isinstance(entry, Mapping) for entry in value)
    )


def _comment(text: str) -> str:
    printable = ("".join(c if c.isprintable() else " " for c in line) for line in text.splitlines())
    return "".join(f"# {line}".rstrip() + "\n" for line in printable)


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
