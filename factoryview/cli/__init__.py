"""One command, few verbs. Every verb is a module and is imported when it runs, so that a picture comes up fast."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import NoReturn

from factoryview.addresses import reserve_little
from factoryview.errors import FactoryviewError
from factoryview.terminal import Unwritten, into_nothing, plain_streams


def main() -> NoReturn:
    """Run the command line; errors meant for people become one message and an exit status."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    reserve_little()
    with plain_streams():
        sys.exit(_status())


def _status() -> int:
    """What running it ends with."""
    from factoryview.cli.options import said_language
    from factoryview.cli.program import cli

    arguments = [f"--size={a[1:]}" if re.fullmatch(r"-\d+x\d+", a) else a for a in sys.argv[1:]]
    try:
        try:
            return int(cli(arguments, prog_name="factoryview", standalone_mode=False) or 0)
        finally:
            sys.stdout.flush()
    except Unwritten as error:
        into_nothing(1)
        return _told(error.inside(said_language(arguments)), error.exit_status)
    except FactoryviewError as error:
        return _told(error.inside(said_language(arguments)), error.exit_status)
    except KeyboardInterrupt:
        return 130
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            return _nobody_reads()
        raise
    except BrokenPipeError:
        return _nobody_reads()
    except Exception as error:
        if hasattr(error, "format_message"):  # the parser's: of click, or of what typer has inside it
            from factoryview.cli.mistyped import tell

            return tell(error, said_language(arguments))
        # the last resort: a user never sees a traceback
        if os.environ.get("FACTORYVIEW_DEBUG"):
            raise
        from factoryview.language.said import said
        from factoryview.sources import memory

        if memory.is_exhausted(error):
            return _told(memory.exhausted(said("error.the_input")).inside(said_language(arguments)), 3)
        own = said("error.own_mistake", kind=type(error).__name__, why=str(error))
        return _told(own.inside(said_language(arguments)), 3)


def _told(sentence: str, status: int) -> int:
    with suppress(OSError, Unwritten):  # then nobody can be told, and the status has to do
        print(f"factoryview: {sentence}", file=sys.stderr)
    return status


def _nobody_reads() -> int:
    """The reader of a pipe has gone: what is left to print goes nowhere, and that is all right."""
    into_nothing(1)
    return 0
