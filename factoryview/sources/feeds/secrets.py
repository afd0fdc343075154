"""Secrets come from the environment and never reach a log or a screen."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote, unquote

from factoryview.errors import InputError
from factoryview.plant.feeds import FeedSettings

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_IN_URL = re.compile(r"(?<=://)([^/@\s]*):([^/@\s]+)(?=@)")
HIDDEN = "•••"

Settings = TypeVar("Settings", bound=FeedSettings)


def filled(settings: Settings, environment: Mapping[str, str] = os.environ) -> tuple[Settings, frozenset[str]]:
    """The settings with every `${NAME}` replaced, and the secrets among them: what was put in, and passwords in URLs.

    Inside a URL a value is quoted, so that any password fits. Raises InputError for a variable nobody has set.
    """
    secrets: set[str] = set()

    def fill(value: object, key: str) -> object:
        if isinstance(value, dict):
            return {name: fill(part, key) for name, part in value.items()}
        if not isinstance(value, str):
            return value

        def put(match: re.Match[str]) -> str:
            if match[1] not in environment:
                raise InputError(
                    f"the environment has no {match[1]}.",
                    where=f'feed "{settings.name}", {key}',
                    cure=f"Set it before factoryview starts: {match[1]}=…",
                )
            secret = environment[match[1]]
            quoted = quote(secret, safe="") if "://" in value[: match.start()] else secret
            secrets.update({secret, quoted})
            return quoted

        text = _VARIABLE.sub(put, value)
        secrets.update(part for match in _IN_URL.finditer(text) for part in (match[2], unquote(match[2])))
        return text

    changed = {key: fill(getattr(settings, key), key) for key in type(settings).model_fields if key != "name"}
    return settings.model_copy(update=changed), frozenset(secret for secret in secrets if secret)


def hidden(text: str, secrets: frozenset[str]) -> str:
    """The text without the secrets and without passwords in URLs."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return _IN_URL.sub(rf"\1:{HIDDEN}", text)
