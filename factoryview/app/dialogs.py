"""The dialogs over a plant: views of the registry of commands."""

from __future__ import annotations

from collections.abc import Sequence

from factoryview.app.commands import Command, found, listed
from factoryview.app.keys import shown
from factoryview.app.session import Session
from factoryview.language import Language
from factoryview.scene.chrome.dialog import Row, entry_dialog, table_dialog
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.node import Action, Node

Legend = Sequence[tuple[str, str]]

_MOST_ROWS = 10
"""Rows that the palette shows at once."""


def dialog_nodes(session: Session, language: Language, composition: Composition, legend: Legend) -> tuple[Node, ...]:
    """What lies over the plant in a session; nothing, most of the time. legend: of the plant (`Facts.legend`)."""
    if session.dialog == "help":
        return table_dialog("help", language.text("help.title"), key_rows(language), composition, 2)
    if session.dialog == "legend":
        rows = [Row(str(k), meaning, sign) for k, (sign, meaning) in enumerate(legend)]
        return table_dialog("legend", language.text("legend.title"), rows, composition, 2)
    if session.dialog == "palette":
        return entry_dialog(
            "palette", language.text("palette.hint"), session.typed, _choices(session, language), composition
        )
    return ()


def key_rows(language: Language) -> list[Row]:
    """Every command with its keys: what help shows, and the README's table says."""
    return [Row(command.name, command.title(language), keys_of(command, language)) for command in listed()]


def keys_of(command: Command, language: Language) -> str:
    """Its keys as people read them."""
    return ", ".join(shown(key, language) for key in command.keys)


def chosen(session: Session, language: Language) -> Command | None:
    """The command on which the palette stands, if any is found."""
    commands = found(session, language)
    return commands[session.row % len(commands)] if commands else None


def _choices(session: Session, language: Language) -> Sequence[Row]:
    """The rows of the palette around the chosen one."""
    commands = found(session, language)
    at = session.row % len(commands) if commands else 0
    begin = max(0, min(at - _MOST_ROWS // 2, len(commands) - _MOST_ROWS))
    return [
        Row(command.name, command.title(language), shown(command.keys[0], language), Action("choose", (k,)), k == at)
        for k, command in list(enumerate(commands))[begin : begin + _MOST_ROWS]
    ]
