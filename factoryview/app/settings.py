"""What somebody has chosen for good: kept per user, in the place that the platform has for that."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import tomli_w

from factoryview.language.said import also, because
from factoryview.output import replacing
from factoryview.scene.theme import ThemeName

_NAMES = ("theme", "language", "low_motion", "large_text")
_LARGEST = 64_000
"""Bytes of a file of settings; a larger one is none."""


@dataclass(frozen=True)
class Settings:
    """What was chosen; None: nothing was."""

    theme: ThemeName | None = None
    language: Literal["de", "en"] | None = None
    low_motion: bool | None = None
    large_text: bool | None = None
    filters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Name of a plant → filters with names of their own, as `desk.kept` writes them."""


def settings_file() -> Path:
    """Where the settings of this user are.

    Linux: XDG Base Directory Specification; macOS: Library/Application Support; Windows: %APPDATA%.
    """
    if sys.platform == "win32":
        folder = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Application Support"
    else:
        said = os.environ.get("XDG_CONFIG_HOME", "")
        folder = Path(said) if said.startswith("/") else Path.home() / ".config"
    return folder / "factoryview" / "settings.toml"


def load(path: Path) -> tuple[Settings, str]:
    """The settings in a file, and what is wrong with it (empty: nothing, or there is none). What cannot be used of it
    is as if it were not there.
    """
    try:
        if not path.is_file():
            return Settings(), ""
        with path.open("rb") as file:
            found = tomllib.loads(file.read(_LARGEST).decode())
    except (OSError, ValueError) as error:
        return Settings(), also([str(path), because(error)], ": ")
    theme, language, filters = (found.get(name) for name in ("theme", "language", "filters"))
    low_motion, large_text = (found.get(name) for name in ("low_motion", "large_text"))
    settings = Settings(
        theme if theme in get_args(ThemeName) else None,
        language if language in ("de", "en") else None,
        low_motion if isinstance(low_motion, bool) else None,
        large_text if isinstance(large_text, bool) else None,
        {name: each for name, each in filters.items() if isinstance(each, dict)} if isinstance(filters, dict) else {},
    )
    kept = _said(settings)
    unknown = [name for name in _NAMES if name in found and name not in kept]
    return settings, f"{path}: {', '.join(unknown)}" if unknown else ""


def save(settings: Settings, path: Path) -> None:
    """Keep what was chosen. Raises OSError where that cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    chosen = _said(settings)
    with replacing(path) as beside:
        beside.write_text(tomli_w.dumps(chosen), encoding="utf-8")


def _said(settings: Settings) -> dict[str, Any]:
    """What was chosen."""
    return {name: value for name, value in vars(settings).items() if value is not None and value != {}}
