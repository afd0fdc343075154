"""What pydantic has against a plant file, in plain words with a cure."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from factoryview.plant.checks import Misfit, near
from factoryview.plant.feeds import KINDS
from factoryview.plant.toml_lines import Path
from factoryview.plant.words import REDACTED, secret_of, write_duration

_NEEDED: dict[str, tuple[str, str]] = {
    "string": ("no text", 'Put it in quotes: {key} = "…".'),
    "int": ("no whole number", "Write it without quotes and without a fraction: {key} = 2."),
    "float": ("no number", "Write it without quotes: {key} = 2.5."),
    "bool": ("neither true nor false", "Write {key} = true or {key} = false."),
    "date": ("no date", "Write it like {key} = 2026-03-31."),
    "datetime": ("no moment", "Write it like {key} = 2026-03-31T14:00:00+02:00."),
    "time": ("no time of day", 'Write it like {key} = "08:00".'),
}


def complaint(model: type[BaseModel], details: ErrorDetails) -> Misfit:
    """One of pydantic's errors about a file read into `model`, as a user would say it."""
    place: Path = details["loc"]
    if place[:1] == ("feeds",) and len(place) > 2 and place[2] in KINDS:
        inner = complaint(KINDS[str(place[2])], {**details, "loc": place[3:]})
        return Misfit((*place[:2], *inner.path), inner.found, inner.cure)
    if details["type"] == "missing" and isinstance(place[-1], str):
        return Misfit(place[:-1], f'"{place[-1]}" is missing.', f"Add {place[-1]} = ….")
    if any(secret_of(field) for field in _fields_at(model, place)):
        details = {**details, "input": REDACTED}
    return Misfit(place, *_told(model, place, details))


def _told(model: type[BaseModel], place: Path, details: ErrorDetails) -> tuple[str, str]:
    """What was found and what would be right."""
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    key = next((part for part in reversed(place) if isinstance(part, str)), "")
    listed = isinstance(place[-1], int)
    match kind:
        case "extra_forbidden":
            around = _model_at(model, place[:-1])
            return f'There is no key "{key}" here.', near(key, list(_keys(around)) if around else [])
        case "union_tag_not_found":
            return '"kind" is missing.', f'Add kind = "…". {near("", list(KINDS))}'
        case "union_tag_invalid":
            return f'There is no kind of source "{context["tag"]}".', near(context["tag"], list(KINDS))
        case "literal_error":
            return f"{_shown(value)} is not possible for {key}.", near(str(value), _choices(context))
        case "value_error":
            found, _, cure = str(context["error"]).partition("; ")
            return f"{found}.", f"{cure[:1].upper()}{cure[1:]}." if cure else ""
        case "string_too_short":
            return f"{key} is empty.", "Write a text between the quotes, or remove the entry."
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            words = {"greater_than": "more than", "greater_than_equal": "at least", "less_than": "less than"}
            bound = _shown(next(iter(context.values())))
            return f"{_shown(value)} is out of range.", f"It must be {words.get(kind, 'at most')} {bound}."
        case "finite_number":
            return f"{_shown(value)} is no number to reckon with.", "Write an ordinary number or leave it out."
        case "too_long" | "too_short" | "missing":
            return f"{key} has a wrong number of entries.", f"Write {key} = [column, row], two whole numbers."
        case "tuple_type":
            right = f"[[{key}]] with double brackets" if _model_at(model, place) else f"{key} = [ … ], with brackets"
            return f"{key} is {_what(value)}, not a list.", f"Write {right}."
        case "dict_type":
            return f"{key} is {_what(value)}, not a table.", f'Write {key} = {{ … = "…" }}, in braces.'
        case "model_type":
            right = f"[[{key}]]" if listed else f"[{key}]"
            return f"{key} is {_what(value)}, not a table.", f"Write {right} with its keys below."
    for prefix, (is_no, cure) in sorted(_NEEDED.items(), key=lambda item: -len(item[0])):
        if kind.startswith(prefix + "_"):
            return f"{_shown(value)} is {is_no}.", cure.format(key=key)
    return f"{_shown(value)} cannot be used: {details['msg']}.", ""


def _model_at(model: type[BaseModel] | None, place: Path) -> Any:
    """The model whose keys stand at a path; None where there is none."""
    names = [part for part in place if isinstance(part, str)]
    fields = _fields_at(model, place)
    return (_model_in(fields[-1].annotation) if fields else model) if len(fields) == len(names) else None


def _fields_at(model: type[BaseModel] | None, place: Path) -> list[FieldInfo]:
    """The fields on the way along a path, as far as the models know it."""
    found: list[FieldInfo] = []
    for part in place:
        if isinstance(part, str):
            field = _keys(model).get(part) if model else None
            if field is None:
                break
            found.append(field)
            model = _model_in(field.annotation)
    return found


def _keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields by what a file calls them."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for found in map(_model_in, get_args(annotation)) if found), None)


def _choices(context: dict[str, Any]) -> list[str]:
    return [part.strip(" '") for part in str(context["expected"]).replace(" or ", ", ").split(",")]


def _what(value: object) -> str:
    if isinstance(value, dict):
        return "a single table"
    return "a list" if isinstance(value, list) else _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, timedelta):
        return write_duration(value)
    if isinstance(value, str):
        return json.dumps(value if len(value) <= 60 else value[:59] + "…", ensure_ascii=False)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
