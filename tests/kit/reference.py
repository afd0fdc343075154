"""The reference of the files people write, and the JSON schemas, made from the models: `python -m tests.kit.reference`.

Types, defaults and limits are those that pydantic checks; meanings are the docstrings of classes and fields.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from factoryview.cli.explain import Explained
from factoryview.flow.moment.snapshot import Snapshot
from factoryview.plant import feeds, models, notes, scenario_file, wall_file, workshop_file
from factoryview.plant.words import write_duration
from factoryview.whatif.document import WhatIf

DOCS = Path(__file__).parents[2] / "docs"
FILES: dict[str, tuple[type[BaseModel], tuple[ModuleType, ...], str]] = {
    "plant": (models.Plant, (models, feeds), "`discover LOG -o plant.toml` writes one."),
    "wall": (wall_file.Wall, (wall_file,), "`factoryview wall demo` shows [one](../data/demo-wall.toml)."),
    "notes": (
        notes.Notes,
        (notes,),
        "The program writes one for each note into `PLANT.notes/` beside the plant; a file `PLANT.notes.toml` with "
        "many is read, too.",
    ),
    "scenario": (
        scenario_file.Scenarios,
        (scenario_file,),
        "`factoryview whatif` reads it; [What if](what-if.md) tells what is simulated.",
    ),
    "workshop": (
        workshop_file.Workshop,
        (workshop_file, scenario_file),
        "`factoryview workshop` writes and reads it.",
    ),
}
"""Name of a kind of file → its model, the modules whose docstrings tell of it, and where one comes from."""
DOCUMENTS: dict[str, type[BaseModel]] = {"explain": Explained, "snapshot": Snapshot, "whatif": WhatIf}
"""Verb → the document that it prints with `--json`."""


def pages() -> Iterator[tuple[Path, str]]:
    """Every file of the reference, relative to `docs/`, with its text."""
    for name, (model, modules, origin) in FILES.items():
        schema = _described(model, modules)
        yield Path(f"{name}-file.md"), _page(name, model, schema, origin)
        yield Path("schemas", f"{name}.schema.json"), _written(schema)
    for name, model in DOCUMENTS.items():
        yield Path("schemas", f"{name}.schema.json"), _written(model.model_json_schema())


def _written(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _described(model: type[BaseModel], modules: tuple[ModuleType, ...]) -> dict[str, Any]:
    """The JSON schema of a model, each field with its docstring and each duration as it is written in the file."""
    schema = model.model_json_schema(by_alias=True)
    told = {key: said for module in modules for key, said in _docstrings(module)}
    for table, found in [(model.__name__, schema), *schema["$defs"].items()]:
        owners = [owner.__name__ for module in modules for owner in _bases(module, table)]
        kind = next(getattr(module, table) for module in modules if hasattr(module, table))
        for key, of in found["properties"].items():
            field = next(name for name, info in kind.model_fields.items() if key in (name, info.alias))
            said = next((told[owner, field] for owner in owners if (owner, field) in told), None)
            if said is not None or _named(of):
                of["description"] = said or schema["$defs"][_named(of)[0]]["description"]
            default = kind.model_fields[field].default
            if of.get("format") == "duration" and "default" in of:
                of["default"] = write_duration(default)
    return schema


def _bases(module: ModuleType, table: str) -> list[type]:
    return [base for base in getattr(module, table).__mro__ if base is not object] if hasattr(module, table) else []


def _docstrings(module: ModuleType) -> Iterator[tuple[tuple[str, str], str]]:
    """(Class, field) → the text that stands below the field."""
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for line, after in zip(node.body, node.body[1:], strict=False):
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and isinstance(after, ast.Expr):
                said = ast.literal_eval(after.value)
                yield (node.name, line.target.id), " ".join(said.split())


def _page(name: str, model: type[BaseModel], schema: dict[str, Any], origin: str) -> str:
    """A page in Markdown: a table for each table of the file, in the order in which they are mentioned."""
    lines = [f"# The {name} file", "", f"{(model.__doc__ or '').strip()} TOML in UTF-8. {origin}", ""]
    lines += [
        f"The same as a [JSON schema](schemas/{name}.schema.json), with which an editor can check the file and complete"
        " its keys. A key that is not here is a mistake, and the error says which was meant.",
        "",
    ]
    lines += _table("At the top", "", schema)
    for title, place in _places(schema, schema["$defs"]).items():
        lines += _table(title, place, schema["$defs"][title])
    return "\n".join(lines)


def _places(schema: dict[str, Any], tables: dict[str, Any]) -> dict[str, str]:
    """Each table, as a reader meets them → how it is begun in the file, like `[[log.tables]]`."""
    found: dict[str, str] = {}

    def meet(properties: dict[str, Any], outer: str) -> None:
        for key, field in properties.items():
            place = f"{outer}{key}"
            for name in _named(field):
                if name not in found:
                    found[name] = f"[[{place}]]" if field.get("type") == "array" else f"[{place}]"
                    meet(tables[name]["properties"], f"{place}.")

    meet(schema["properties"], "")
    return found


def _named(value: Any) -> list[str]:
    """The tables that a part of a schema refers to."""
    if isinstance(value, dict):
        here = [value["$ref"].rsplit("/", 1)[1]] if "$ref" in value else []
        return here + [name for key, inner in value.items() if key != "discriminator" for name in _named(inner)]
    return [name for inner in value for name in _named(inner)] if isinstance(value, list) else []


def _table(title: str, place: str, of: dict[str, Any]) -> list[str]:
    lines = [f"## {title}", ""]
    if place:
        lines += [f"`{place}` {of['description']}", ""]
    lines += ["| key | what it takes | if left out | what it means |", "|---|---|---|---|"]
    for key, field in of["properties"].items():
        must = key in of.get("required", [])
        default = "**needed**" if must else _default(field.get("default"))
        said = field.get("description", "").replace("|", "\\|")
        lines.append(f"| `{key}` | {_kind(field)} | {default} | {said} |")
    return [*lines, ""]


def _default(value: Any) -> str:
    if value is None or value in ({}, [], "") or isinstance(value, dict):
        return ""
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _kind(field: dict[str, Any]) -> str:
    """What a field takes, in words."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    for many in ("anyOf", "oneOf"):
        if many in field:
            return " or ".join(dict.fromkeys(_kind(one) for one in field[many] if one.get("type") != "null"))
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{json.dumps(word)}`" for word in field["enum"])
    return _plain(field)


def _plain(field: dict[str, Any]) -> str:
    kind, form = field.get("type"), field.get("format")
    if kind == "array":
        inner = field.get("items") or field.get("prefixItems", [{}])[0]
        return f"{field['minItems']} of {_kind(inner)}" if "prefixItems" in field else f"list of {_kind(inner)}"
    if kind == "object":
        return "table of texts"
    words = {
        "duration": 'duration, like `"2 d"`',
        "date-time": "moment, like `2026-03-31T08:00`",
        "date": "day, like `2026-03-31`",
        "time": "time of day, like `08:00:00`",
    }
    if form in words:
        return words[form]
    limits = " ".join(
        f"{sign} {field[key]:g}"
        for key, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))
        if key in field
    )
    word = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}[kind or ""]
    return f"{word} {limits}".strip()


def main() -> None:
    """Write the reference."""
    for path, text in pages():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(text, encoding="utf-8")
        print(f"docs/{path.as_posix()}")


if __name__ == "__main__":
    main()
