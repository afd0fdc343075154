"""The dialogs over a plant: views of the registry of commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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


def dialog_nodes(
    session: Session, language: Language, composition: Composition, legend: Legend, more: Sequence[Row] = ()
) -> tuple[Node, ...]:
    """What lies over the plant in a session; nothing, most of the time.

    legend: of the plant (`Facts.legend`). more: what the palette finds beside commands, with what each does.
    """
    if session.dialog == "help":
        return table_dialog("help", language.text("help.title"), key_rows(language), composition, 2)
    if session.dialog == "legend":
        rows = [Row(str(k), meaning, sign) for k, (sign, meaning) in enumerate(legend)]
        return table_dialog("legend", language.text("legend.title"), rows, composition, 2)
    if session.dialog == "palette":
        return entry_dialog(
            "palette", language.text("palette.hint"), session.typed, _choices(session, language, more), composition
        )
    if session.dialog == "note":
        return entry_dialog("note", language.text("noting.hint"), session.typed, more, composition)
    if session.dialog == "notes":
        return entry_dialog(
            "notes", language.text("noting.list"), session.typed, _choices(session, language, more), composition
        )
    return ()


def key_rows(language: Language) -> list[Row]:
    """Every command with its keys: what help shows, and the README's table says."""
    return [Row(command.name, command.title(language), keys_of(command, language)) for command in listed()]


def keys_of(command: Command, language: Language) -> str:
    """Its keys as people read them."""
    return ", ".join(shown(key, language) for key in command.keys)


def chosen(session: Session, language: Language, more: Sequence[Row]) -> Action | None:
    """What the row does on which the palette stands, if any is found."""
    rows = _rows(session, language, more)
    return rows[session.row % len(rows)].action if rows else None


def _choices(session: Session, language: Language, more: Sequence[Row]) -> Sequence[Row]:
    """The rows of the palette around the chosen one."""
    rows = _rows(session, language, more)
    if not rows and session.dialog == "palette":
        return [Row("none", language.text("palette.none"))]
    at = session.row % len(rows) if rows else 0
    begin = max(0, min(at - _MOST_ROWS // 2, len(rows) - _MOST_ROWS))
    return [
        replace(row, action=Action("choose", (k,)), chosen=k == at)
        for k, row in list(enumerate(rows))[begin : begin + _MOST_ROWS]
    ]


def _rows(session: Session, language: Language, more: Sequence[Row]) -> list[Row]:
    """What is found: commands, then what else there is to go to and to choose."""
    if session.dialog == "notes":
        return list(more)
    words = session.typed.casefold().split()
    commands = [
        Row(command.name, command.title(language), shown(command.keys[0], language), Action(command.name))
        for command in found(session, language)
    ]
    return [*commands, *(row for row in more if all(word in row.words.casefold() for word in words))]
