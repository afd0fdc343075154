"""`--install-desktop` and `--uninstall-desktop`: the program in the menu of the desktop, and out of it again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from factoryview.app.installed import own_command
from factoryview.app.menu import menu_of
from factoryview.cli.options import said_language
from factoryview.errors import UsageError
from factoryview.language import Language
from factoryview.language.said import said


def install_desktop() -> None:
    """Write the entry and the icon, say so, and end."""
    language = _language()
    for done in menu_of(os.environ, Path.home()).install(own_command()):
        print(language.text(f"install.{done.did}", what=done.what))
    print(language.text("install.in_menu"))
    raise typer.Exit()


def uninstall_desktop() -> None:
    """Take them away, say so, and end."""
    language = _language()
    dones = menu_of(os.environ, Path.home()).uninstall()
    for done in dones:
        print(language.text(f"install.{done.did}", what=done.what))
    if not dones:
        print(language.text("install.not_in_menu"))
    raise typer.Exit()


def _language() -> Language:
    if not sys.platform.startswith("linux"):
        raise UsageError(said("error.linux_only"))
    return Language(said_language(sys.argv[1:]))
