"""What the commands of all trainings have: how they complain, and how they end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from impasto.errors import ImpastoError, SettingError

__all__ = ["Parser", "ended"]


class Parser(argparse.ArgumentParser):
    """One that complains as everything else does."""

    def error(self, message: str) -> NoReturn:
        raise SettingError(f"{message}; see --help")


def ended(
    run: Callable[[argparse.Namespace], None],
    parse: Callable[[Sequence[str] | None], argparse.Namespace],
    arguments: Sequence[str] | None,
    stopped: str,
) -> int:
    """Run a training's command line to whatever end.

    Args:
        run: does the work.
        parse: reads the words.
        arguments: the words; the process's own if None.
        stopped: what Ctrl-C leaves, in a sentence.

    Returns:
        The exit code.
    """
    try:
        run(parse(arguments))
    except (ImpastoError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return error.exit_code if isinstance(error, ImpastoError) else 1
    except KeyboardInterrupt:
        print(stopped, file=sys.stderr)
        return 130
    return 0
