"""`impasto recipe`: settings under a name: built in, saved, found again, passed on, deleted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.commands import commands
from impasto.cli.help import SettingsCommand, examples
from impasto.cli.options import with_settings
from impasto.errors import SettingError
from impasto.settings import StyleSettings, describe, load_settings, recipe_writing
from impasto.settings.recipe_files import RecipeFile, find, read, saved, text_of
from impasto.settings.recipes import built_in, recipe_names
from impasto.text import format_path, format_value

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["app", "show_all"]

app = commands("List the recipes, show one, save settings as one, delete one.")


@app.command("list")
def show_all() -> None:
    """List the recipes, built in and saved, and what each one sets."""
    from rich.console import Console

    console = Console()
    for recipe in map(built_in, recipe_names()):
        console.print(f"[bold]{recipe.name}[/bold]  {recipe.summary}", highlight=False)
        if recipe.differs:
            console.print(f"[dim]differs from its source: {recipe.differs}[/dim]", highlight=False)
        complete = StyleSettings(recipe=recipe.name)
        _print_settings(console, complete, everything=recipe.name == "default")
    for name, path in saved().items():
        _print_saved(console, name, path)


@app.command(cls=SettingsCommand)
@with_settings
@examples(
    "recipe save calm --strength 0.35 --color luminance",
    "stylize photo.jpg painting.jpg --recipe calm",
)
def save(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FILE.toml",
            help="What the recipe is called, or the file to write.",
            show_default=False,
        ),
    ],
    *,
    summary: Annotated[
        str, typer.Option(metavar="TEXT", help="What it is for, one line.", show_default=False)
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a recipe that is there already.")
    ] = False,
    settings: dict[str, Any],
) -> None:
    """Save settings as a recipe, for --recipe NAME or --recipe FILE.toml.

    What differs from the built-in recipe it starts from is written, and no more;
    settings of the machine, as --threads, only if they are given. A recipe that
    starts from a saved one takes over what that one sets.
    """
    chosen = load_settings(settings)
    base = StyleSettings(recipe=chosen.recipe)
    path = recipe_writing.save(
        name,
        recipe_writing.different(chosen.model_dump(), base.model_dump()),
        recipe=chosen.recipe,
        summary=summary,
        resolved=recipe_writing.resolved(chosen),
        replace=replace,
    )
    print(format_path(path))


@app.command()
def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME|FILE.toml", help="Which recipe.", show_default=False)
    ],
) -> None:
    """Print a recipe as a file to change and use: built in, saved or in any file."""
    recipe = find(name)
    if isinstance(recipe, RecipeFile):
        load_settings({"recipe": recipe.path})  # a broken one is refused, not shown
        print(text_of(recipe.path), end="")
    else:
        settings = {name: value for name, value in recipe.settings.items() if value is not None}
        print(recipe_writing.dumps(settings, recipe.name, recipe.summary), end="")


@app.command()
def delete(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Which saved recipe.", show_default=False)
    ],
) -> None:
    """Delete a saved recipe; built-in ones stay, and files elsewhere are yours."""
    print(f"deleted {format_path(recipe_writing.delete(name))}")


def _print_saved(console: Console, name: str, path: Path) -> None:
    """One recipe of the person's own; of a broken one the reason, and the list goes on."""
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
    _print_settings(console, complete)


def _print_settings(console: Console, complete: StyleSettings, *, everything: bool = False) -> None:
    """What shapes the picture, if `everything`; else what differs from `default`."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2))
    for name in _shaping() if everything else _different(complete):
        value = format_value(getattr(complete, name)) or "none"
        table.add_row(name.replace("_", "-"), escape(value))
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
