"""One command, few verbs. Every verb is a module and is imported when it runs, so that a picture comes up fast."""

from __future__ import annotations

import os
import re
import sys
from typing import NoReturn

from factoryview.errors import FactoryviewError


def main() -> NoReturn:
    """Run the command line; errors meant for people become one message and an exit status."""
    from factoryview.cli.program import cli

    arguments = [f"--size={a[1:]}" if re.fullmatch(r"-\d+x\d+", a) else a for a in sys.argv[1:]]
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        try:
            cli(arguments, prog_name="factoryview")
        finally:
            sys.stdout.flush()
    except FactoryviewError as error:
        print(f"factoryview: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        sys.exit(130)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            _nobody_reads()
        raise
    except BrokenPipeError:
        _nobody_reads()
    except Exception as error:  # the last resort: a user never sees a traceback
        if os.environ.get("FACTORYVIEW_DEBUG"):
            raise
        print(
            f"factoryview: this is a mistake in factoryview itself ({type(error).__name__}: {error}). "
            "Set FACTORYVIEW_DEBUG=1 to see where, and report it.",
            file=sys.stderr,
        )
        sys.exit(3)
    sys.exit(0)


def _nobody_reads() -> NoReturn:
    """The reader of a pipe has gone: what is left to print goes nowhere, and that is all right."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    sys.exit(0)
