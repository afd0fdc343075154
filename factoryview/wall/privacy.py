"""`wall --privacy`: one page on what a wall shows, what it cannot show and who may change that, from its own files.

For the works council: nothing on it is a promise of ours; each line follows from a setting or from what the program can
do at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from factoryview.language import Language
from factoryview.plant.files import load_plant
from factoryview.plant.models import Privacy
from factoryview.plant.notes import notes_path
from factoryview.plant.wall_file import KINDS, Wall
from factoryview.serving.request import is_loopback
from factoryview.store.kept import cache_folder
from factoryview.wall.remote.token import address_of


@dataclass(frozen=True)
class ShownPlant:
    """A plant of the wall: its file and its settings."""

    name: str
    path: Path
    privacy: Privacy


def shown_plant(name: str, path: Path) -> ShownPlant:
    """A plant of that file; a log or store without a plant file has the settings of any. Raises PlantError."""
    return ShownPlant(name, path, load_plant(path).privacy if path.suffix == ".toml" else Privacy())


def privacy_page(path: Path, wall: Wall, plants: Sequence[ShownPlant], language: Language, today: date) -> str:
    """The page as Markdown. path: of the wall file."""
    files = ", ".join(str(each) for each in (path, *(plant.path for plant in plants)))
    title = wall.title or ", ".join(plant.name for plant in plants)
    shown, hidden = _allowed(plants, language)
    parts = [
        f"# {language.text('privacy.title', title=title)}",
        language.text("privacy.made", files=files, date=language.day(today)),
        _section(language, "privacy.shows", [*_views(wall, language), language.text("privacy.alarms")]),
        _section(language, "privacy.cannot", [language.text("privacy.persons"), *hidden]),
        _section(language, "privacy.allowed", shown or [language.text("privacy.nothing")]),
        _section(language, "privacy.change", [language.text("privacy.files", files=files), _remote(wall, language)]),
        _section(language, "privacy.kept", [*_notes(plants, language), _log(wall, language), _cache(language)]),
        language.text("privacy.outside"),
    ]
    return "\n\n".join(parts) + "\n"


def _section(language: Language, key: str, lines: Sequence[str]) -> str:
    return f"## {language.text(key)}\n\n" + "\n".join(f"- {line}" for line in lines)


def _views(wall: Wall, language: Language) -> list[str]:
    there = {view.kind for view in wall.view}
    names = [f"view_{kind}" for kind in KINDS if kind in there]
    return [language.text(f"privacy.{name}") for name in names]


def _allowed(plants: Sequence[ShownPlant], language: Language) -> tuple[list[str], list[str]]:
    """What the plants allow to show, and what they do not."""
    shown: list[str] = []
    hidden: list[str] = []
    for each in plants:
        settings = each.privacy
        hidden.append(language.text("privacy.group", plant=each.name, n=language.number(settings.smallest_group)))
        for allowed, yes, no in (
            (settings.case_ids, "privacy.ids_shown", "privacy.ids_hidden"),
            (settings.names, "privacy.names_shown", "privacy.names_hidden"),
        ):
            (shown if allowed else hidden).append(language.text(yes if allowed else no, plant=each.name))
    return shown, hidden


def _remote(wall: Wall, language: Language) -> str:
    remote = wall.remote
    if not remote.enabled:
        return language.text("privacy.remote_off")
    if remote.address is None and is_loopback(remote.host):
        return language.text("privacy.remote_local")
    return language.text("privacy.remote_on", address=remote.address or address_of(remote.host, remote.port))


def _notes(plants: Sequence[ShownPlant], language: Language) -> list[str]:
    return [language.text("privacy.notes", files=", ".join(str(notes_path(plant.path)) for plant in plants))]


def _cache(language: Language) -> str:
    return language.text("privacy.cache", folder=cache_folder())


def _log(wall: Wall, language: Language) -> str:
    if wall.log.file is None:
        return language.text("privacy.no_log")
    return language.text("privacy.log", file=wall.log.file, n=language.number(wall.log.keep))
