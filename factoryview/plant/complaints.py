"""What pydantic has against a plant file, in plain words with a cure."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from factoryview.language.said import said
from factoryview.plant.checks import Misfit, near
from factoryview.plant.feeds import KINDS
from factoryview.plant.toml_lines import Path
from factoryview.plant.words import REDACTED, secret_of, write_duration

_NEEDED: dict[str, tuple[str, str]] = {
    "string": ("error.no_text_value", "error.write_text"),
    "int": ("error.no_int_value", "error.write_int"),
    "float": ("error.no_float_value", "error.write_float"),
    "bool": ("error.no_bool_value", "error.write_bool"),
    "date": ("error.no_date_value", "error.write_date"),
    "datetime": ("error.no_datetime_value", "error.write_datetime"),
    "time": ("error.no_time_value", "error.write_time"),
}
_BOUNDS = {
    "greater_than": "error.more_than",
    "greater_than_equal": "error.at_least",
    "less_than": "error.less_than",
    "less_than_equal": "error.at_most",
}


def complaint(model: type[BaseModel], details: ErrorDetails) -> Misfit:
    """One of pydantic's errors about a file read into `model`, as a user would say it."""
    place: Path = details["loc"]
    if place[:1] == ("feeds",) and len(place) > 2 and place[2] in KINDS:
        inner = complaint(KINDS[str(place[2])], {**details, "loc": place[3:]})
        return Misfit((*place[:2], *inner.path), inner.found, inner.cure)
    if details["type"] == "missing" and isinstance(place[-1], str):
        return Misfit(place[:-1], said("error.key_missing", key=place[-1]), said("error.add_key", key=place[-1]))
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
            return said("error.no_key", key=key), near(key, list(_keys(around)) if around else [])
        case "union_tag_not_found":
            return said("error.kind_missing"), said("error.add_kind", known=near("", list(KINDS)))
        case "union_tag_invalid":
            return said("error.no_kind", kind=context["tag"]), near(context["tag"], list(KINDS))
        case "literal_error":
            return said("error.not_possible", value=_shown(value), key=key), near(str(value), _choices(context))
        case "value_error":
            found, *cure = context["error"].args
            return found, cure[0] if cure else ""
        case "string_too_long":
            found = said("error.text_long", key=key, length=len(value))
            return found, said("error.text_most", most=context["max_length"])
        case "string_too_short":
            return said("error.key_empty", key=key), said("error.write_between")
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            bound = _shown(next(iter(context.values())))
            return said("error.out_of_range", value=_shown(value)), said(_BOUNDS[kind], bound=bound)
        case "finite_number":
            return said("error.not_finite", value=_shown(value)), said("error.ordinary_number")
        case "too_long" | "too_short" | "missing":
            return said("error.wrong_entries", key=key), said("error.column_row", key=key)
        case "tuple_type":
            right = "error.write_tables" if _model_at(model, place) else "error.write_list"
            return said("error.not_a_list", key=key, what=_what(value)), said(right, key=key)
        case "dict_type":
            return said("error.not_a_table", key=key, what=_what(value)), said("error.write_braces", key=key)
        case "model_type":
            right = "error.write_blocks" if listed else "error.write_block"
            return said("error.not_a_table", key=key, what=_what(value)), said(right, key=key)
    for prefix, (is_no, cure) in sorted(_NEEDED.items(), key=lambda item: -len(item[0])):
        if kind.startswith(prefix + "_"):
            return said(is_no, value=_shown(value)), said(cure, key=key)
    return said("error.unusable_value", value=_shown(value), why=details["msg"]), ""


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
        return said("error.single_table")
    return said("error.a_list") if isinstance(value, list) else _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, timedelta):
        return write_duration(value)
    if isinstance(value, str):
        return json.dumps(value if len(value) <= 60 else value[:59] + "…", ensure_ascii=False)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
