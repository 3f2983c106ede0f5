"""`impasto recipe list`: the named sets of settings, and what each one sets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from impasto.errors import SettingError
from impasto.settings import StyleSettings, describe, load_settings
from impasto.settings.recipe_files import read, saved
from impasto.settings.recipes import built_in, recipe_names
from impasto.text import format_path, format_value

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["recipes"]


def recipes() -> None:
    """List the recipes, built in and saved, and what each one sets."""
    from rich.console import Console

    console = Console()
    for recipe in map(built_in, recipe_names()):
        console.print(f"[bold]{recipe.name}[/bold]  {recipe.summary}", highlight=False)
        if recipe.differs:
            console.print(f"[dim]differs from its source: {recipe.differs}[/dim]", highlight=False)
        complete = StyleSettings(recipe=recipe.name)
        _tell_settings(console, complete, everything=recipe.name == "default")
    for name, path in saved().items():
        _tell_saved(console, name, path)


def _tell_saved(console: Console, name: str, path: Path) -> None:
    """One recipe of the person's own; a broken one is told, and the list goes on."""
    from rich.text import Text

    try:
        file = read(path)
        complete = load_settings({"recipe": path})
    except SettingError as error:
        console.print(Text.assemble((format_path(name), "bold"), f"  cannot be used: {error}"))
        console.print()
        return
    summary = " ".join(file.summary.split())
    console.print(
        Text.assemble((format_path(name), "bold"), f"  {format_path(summary) if summary else ''}")
    )
    where = f"{format_path(path)}, from {file.recipe.name}"
    if name in recipe_names():
        where += f"; to be used by its path, as {name} is a built-in recipe"
    console.print(Text(where, "dim"))
    _tell_settings(console, complete)


def _tell_settings(console: Console, complete: StyleSettings, *, everything: bool = False) -> None:
    """What shapes the picture, if `everything`; else what differs from `default`."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2))
    for name in _shaping() if everything else _different(complete):
        table.add_row(name.replace("_", "-"), escape(format_value(getattr(complete, name))))
    console.print(table)
    console.print()


def _different(complete: StyleSettings) -> list[str]:
    plain = StyleSettings()
    return [
        setting.name
        for setting in describe()
        if setting.name != "recipe"
        and getattr(plain, setting.name) != getattr(complete, setting.name)
    ]


def _shaping() -> list[str]:
    """The settings that shape the picture whatever its size and the machine."""
    return [
        setting.name
        for setting in describe()
        if setting.name != "recipe" and setting.scope == "task" and setting.theme != "Size"
    ]
