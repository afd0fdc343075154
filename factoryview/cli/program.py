"""The program and its verbs: each verb is a module of its own name, imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command as command_of

from factoryview import __version__
from factoryview.cli.examples import shown
from factoryview.cli.options import Lang, flattened, said_language
from factoryview.cli.words import PROGRAM, VERBS, help_in, help_page

_LANGUAGE = "factoryview.language"


class _Verb(TyperCommand):
    """One verb, whose help is in the language asked for."""

    def get_help(self, ctx: Any) -> str:
        return help_page(ctx.meta.get(_LANGUAGE, "en"), super().get_help(ctx))


class _Verbs(TyperGroup):
    """The verbs, each known by its name and one line until it is called for."""

    # The contexts and formatters are those of click, which typer has inside it or beside it, as its version is.

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.meta[_LANGUAGE] = code = said_language(args)
        self.help = PROGRAM[code != "de"]
        for option in self.params:
            english = getattr(option, "help", None)
            if english and option.name != "help":
                option.help = help_in(code, english)  # type: ignore[attr-defined]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in VERBS:
            return None
        code = ctx.meta.get(_LANGUAGE, "en")
        verb = getattr(import_module(f"factoryview.cli.{cmd_name}"), cmd_name)
        alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        told, examples = VERBS[cmd_name][code != "de"], shown(cmd_name, code == "de")
        alone.command(cmd_name, cls=_Verb, help=told, epilog=examples)(flattened(verb, code))
        return command_of(alone)

    def get_help(self, ctx: Any) -> str:
        return help_page(ctx.meta.get(_LANGUAGE, "en"), super().get_help(ctx))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        code = ctx.meta.get(_LANGUAGE, "en")
        with formatter.section("Commands"):
            formatter.write_dl([(name, words[code != "de"]) for name, words in VERBS.items()])


cli = typer.Typer(
    cls=_Verbs,
    no_args_is_help=False,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"factoryview {__version__}")
        raise typer.Exit()


def _to_desktop(wanted: bool) -> None:
    if wanted:
        from factoryview.cli.menu import install_desktop

        install_desktop()


def _from_desktop(wanted: bool) -> None:
    if wanted:
        from factoryview.cli.menu import uninstall_desktop

        uninstall_desktop()


@cli.callback(invoke_without_command=True)
def _alone(
    context: typer.Context,
    lang: Lang = None,  # noqa: ARG001  (what stands before the verb holds for it: see `flattened`)
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_tell_version, is_eager=True)
    ] = False,
    _to: Annotated[
        bool,
        typer.Option("--install-desktop", help="Into the menu of the desktop, with an icon.", callback=_to_desktop),
    ] = False,
    _from: Annotated[
        bool, typer.Option("--uninstall-desktop", help="Undo --install-desktop.", callback=_from_desktop)
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        verb: Any = context.command
        context.invoke(verb.get_command(context, "demo"))
