"""Secrets of a plant file: marked in its models, filled in from the environment, redacted in all that is shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.words import REDACTED, PlantModel, Secret, secret_of

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_IN_URL = re.compile(r"(?<=://)([^/@\s]*):([^/@\s]+)(?=@)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SHORTEST = 4
"""Characters; a shorter word written down in a plant file would be found, and replaced, in every sentence."""

Settings = TypeVar("Settings", bound=PlantModel)
Anything = TypeVar("Anything", bound=PlantModel)


def filled(settings: Settings, environment: Mapping[str, str] = os.environ) -> tuple[Settings, frozenset[str]]:
    """The settings with every `${NAME}` replaced, and their secrets: what was put in, and `secrets_in` the result.

    Inside a URL a value is quoted, so that any password fits. Raises InputError for a variable nobody has set.
    """
    put_in: set[str] = set()
    name = getattr(settings, "name", "")
    whose = f'feed "{name}"' if name else type(settings).__name__.lower()

    def fill(value: object, key: str) -> object:
        if isinstance(value, dict):
            return {name: fill(part, key) for name, part in value.items()}
        if not isinstance(value, str):
            return value

        def put(match: re.Match[str]) -> str:
            if match[1] not in environment:
                raise InputError(
                    said("error.no_variable", name=match[1]),
                    where=f"{whose}, {key}",
                    cure=said("error.set_variable", name=match[1]),
                )
            secret = environment[match[1]]
            quoted = quote(secret, safe="") if "://" in value[: match.start()] else secret
            put_in.update({secret, quoted} - {""})
            return quoted

        return _VARIABLE.sub(put, value)

    changed = {key: fill(getattr(settings, key), key) for key in type(settings).model_fields if key != "name"}
    found = settings.model_copy(update=changed)
    return found, secrets_in(found) | put_in


def secrets_in(model: PlantModel) -> frozenset[str]:
    """What is redacted of the values of marked fields: passwords of addresses, everything of the others."""
    found: set[str] = set()
    for secret, value in _marked(model):
        for text in value.values() if isinstance(value, Mapping) else [value]:
            if secret.is_address:
                found.update(part for match in _IN_URL.finditer(text) for part in (match[2], unquote(match[2])))
            else:
                found.update(part for part in (text, *text.split()) if len(part) >= _SHORTEST)
    return frozenset(found)


def hidden(text: str, secrets: frozenset[str]) -> str:
    """The text without the secrets and without passwords in URLs; what is said keeps its languages if it holds none."""
    plain = _without(text, secrets)
    return text if plain == text else plain


def _without(text: str, secrets: frozenset[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    return _IN_URL.sub(rf"\1:{REDACTED}", text)


def redacted(model: Anything) -> Anything:
    """The model, and every model in it, without the values of marked fields; of an address the scheme stays.

    It is valid where the original is.
    """
    fields = type(model).model_fields
    return model.model_copy(update={key: _redacted(getattr(model, key), secret_of(fields[key])) for key in fields})


def _redacted(value: Any, secret: Secret | None) -> Any:
    if isinstance(value, PlantModel):
        return redacted(value)
    if isinstance(value, tuple | list):
        return type(value)(_redacted(part, secret) for part in value)
    if secret is None or not value:
        return value
    if isinstance(value, Mapping):
        return {name: _redacted(part, secret) for name, part in value.items()}
    scheme = _SCHEME.match(value) if secret.is_address else None
    return f"{scheme[0] if scheme else ''}{REDACTED}"


def _marked(model: PlantModel) -> Iterator[tuple[Secret, Any]]:
    for key, field in type(model).model_fields.items():
        value, secret = getattr(model, key), secret_of(field)
        if secret is not None and value:
            yield secret, value
