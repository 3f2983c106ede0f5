"""Commands by name: what a person is told who types one that there is not."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from typer import Abort
from typer.core import TyperGroup

from impasto import samples
from impasto.errors import InputError, UnknownNameError

__all__ = ["Commands", "commands"]

NEAR = 0.5  # of difflib; command names are short


class Commands(TyperGroup):
    """A group of commands that answers a wrong name with the nearest one, and knows of Ctrl-C."""

    def invoke(self, ctx: Any) -> Any:
        """As typer has it, but for Ctrl-C, of which typer makes an exit code at once.

        Raises:
            Abort: Ctrl-C broke into work that does not take it.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Abort from None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As typer has it.

        Raises:
            UnknownNameError: there is no such command.
            InputError: pictures stand where a command belongs.
        """
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            if ctx.parent is None and _is_picture(args[0]):
                raise InputError(_meant(args))
            known = [name for name, command in self.commands.items() if not command.hidden]
            raise UnknownNameError(f"command of {ctx.command_path}", args[0], known, NEAR)
        return super().resolve_command(ctx, args)


def commands(help: str) -> typer.Typer:
    """A group of commands that lists them where none is named.

    Args:
        help: a line about all of them.
    """
    group = typer.Typer(cls=Commands, help=help)

    @group.callback(invoke_without_command=True, help=help)
    def show(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            print(context.get_help())

    return group


def _is_picture(name: str) -> bool:
    from impasto.imaging.codecs.formats import by_suffix

    file = Path(name)
    return by_suffix(file) is not None or file.is_file() or name in samples.names("content")


def _meant(args: Sequence[str]) -> str:
    """What to type for pictures without a command."""
    several = len(args) > 1 and not args[1].startswith("-")
    words = list(args) if several else [args[0], "STYLE", *args[1:]]
    return (
        f"{args[0]} is a picture, where a command belongs: did you mean "
        f"{shlex.join(['impasto', 'stylize', *words])}"
    )
