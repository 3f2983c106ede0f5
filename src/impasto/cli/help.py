"""The help of commands that take every setting: `--help` fits a screen, `--help-all` has the rest.

What is used every day is marked where it is written (`everyday=True`), so that neither page lists
an option; the short one has what each help line says first. Rows are laid out here and not by
typer, whose columns break values in the middle of a word.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from typer.core import TyperArgument, TyperCommand, TyperOption

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["ALL", "SettingsCommand", "everyday", "examples", "laid_out"]

ALL = "--help-all"
EVERYDAY, EXAMPLES = "Everyday options", "Examples"
NARROW, BORDERS, GAP = 24, 4, 2

Row: TypeAlias = tuple[str, str]  # what is typed, and what it does
F = TypeVar("F", bound=Callable[..., Any])


def everyday(option: Any) -> Any:
    """Mark what `typer.Option` made as one that `--help` shows."""
    option.everyday = True
    return option


def examples(*commands: str) -> Callable[[F], F]:
    """Give a command what its help shows as examples, without `impasto` in front."""

    def mark(command: F) -> F:
        command.examples = commands  # type: ignore[attr-defined]
        return command

    return mark


class SettingsCommand(TyperCommand):
    """A command with a short help and a whole one.

    Its function has two attributes: `everyday`, names of the options of the short help, and
    `examples`.
    """

    _help_all: TyperOption | None = None

    def get_params(self, ctx: Any) -> list[Any]:
        """All options, `--help-all` among them."""
        params: list[Any] = super().get_params(ctx)
        *others, help_option = params
        if self._help_all is None:  # one object for good: typer compares them
            self._help_all = TyperOption(
                param_decls=[ALL],
                type_descriptor=help_option.type_descriptor,
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=self._show_all,
                help="Show every option, by theme.",
            )
        return [*others, self._help_all, help_option]

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - typer's
        """Print the short help."""
        self._print(ctx, everything=False)

    def _show_all(self, ctx: Any, _: Any, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            self._print(ctx, everything=True)
            ctx.exit()

    def _print(self, ctx: Any, *, everything: bool) -> None:
        from rich.padding import Padding
        from rich.text import Text
        from typer import rich_utils

        console = rich_utils._get_rich_console()
        params = [param for param in self.get_params(ctx) if not getattr(param, "hidden", False)]
        options = [param for param in params if isinstance(param, TyperOption)]
        said = [self.get_usage(ctx), *map(_one_line, (self.help or "").split("\n\n"))]
        console.print()
        for paragraph in said if everything else said[:2]:
            console.print(Padding(Text(paragraph), (0, 1, 1, 1)))
        arguments = [param for param in params if isinstance(param, TyperArgument)]
        row = _row if everything else _short_row
        _print_panel(console, "Arguments", map(row, arguments))
        if everything:
            for theme in dict.fromkeys(option.rich_help_panel or "Options" for option in options):
                themed = [o for o in options if (o.rich_help_panel or "Options") == theme]
                _print_panel(console, theme, map(row, themed))
        else:
            names = getattr(self.callback, "everyday", ())
            short = [option for option in options if option.name in names or option.required]
            rest = f"Show all {len(options)} options, by theme."
            _print_panel(console, EVERYDAY, [*map(row, short), (ALL, rest)])
        shown = getattr(self.callback, "examples", ())
        _print_panel(console, EXAMPLES, [(f"impasto {command}", "") for command in shown])


def laid_out(rows: Iterable[Row], width: int) -> list[str]:
    """Rows in two columns; what is too long for the first has a line of its own.

    No word is broken, whatever the width.

    Example:
        >>> for line in laid_out([("--size PX", "Longest side."), ("--quiet", "No word.")], 22):
        ...     print(line)
        --size PX  Longest
                   side.
        --quiet    No word.
    """
    rows = list(rows)
    column = max((len(name) for name, _ in rows if len(name) <= NARROW), default=0) + GAP
    lines = []
    for name, text in rows:
        room = max(width - column, 10)
        wrapped = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
        if len(name) + GAP > column or not wrapped:
            lines.append(name)
        else:
            lines.append(name.ljust(column) + wrapped.pop(0))
        lines += [" " * column + line for line in wrapped]
    return lines


def _print_panel(console: Console, title: str, rows: Iterable[Row]) -> None:
    from rich.panel import Panel
    from rich.text import Text
    from typer.rich_utils import highlighter

    lines = laid_out(rows, console.width - BORDERS)
    if lines:
        text = highlighter(Text("\n".join(lines)))
        console.print(Panel(text, title=title, title_align="left", border_style="dim"))


def _row(param: Any) -> Row:
    """What is typed, and its help."""
    text = _help_of(param)
    if isinstance(param, TyperArgument):
        return param.display_name_raw + ("" if param.nargs == 1 else "..."), text
    names = ", ".join(sorted(param.opts, key=len))
    if param.secondary_opts:
        names += f" / {', '.join(param.secondary_opts)}"
    return names if _is_switch(param) else f"{names} {param.metavar}", text


def _short_row(param: Any) -> Row:
    """What is typed, what its help says first, and the default where that is a word."""
    names, text = _row(param)
    text, bracket, default = text.partition(" [")
    first = re.split(r"[:;.](?:\s|$)", text)[0]  # a dot within a file's name ends nothing
    is_told = bracket and " " not in default.removeprefix("default: ") and not _is_switch(param)
    return names.partition(" / ")[0], f"{first}.{bracket + default if is_told else ''}"


def _is_switch(param: Any) -> bool:
    return isinstance(param, TyperOption) and param.is_flag


def _help_of(param: Any) -> str:
    from rich.text import Text

    text = _one_line(Text.from_markup(param.help or "").plain)
    if param.required and isinstance(param, TyperOption):
        return f"{text} [required]"
    if param.show_default and not param.is_flag and param.default is not None:
        return f"{text} [default: {param.default}]"
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())
