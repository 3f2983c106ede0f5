"""`impasto recipe`: settings saved under a name, to be found again and passed on."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from impasto.cli.options import with_settings
from impasto.cli.recipes import recipes
from impasto.settings import StyleSettings, load_settings, recipe_writing
from impasto.settings.recipe_files import RecipeFile, find, text_of
from impasto.text import format_path

__all__ = ["app"]

app = typer.Typer(help="List the recipes, show one, or save settings as one.")


@app.callback(invoke_without_command=True)
def recipe(context: typer.Context) -> None:
    """List the recipes, show one, or save settings as one."""
    if context.invoked_subcommand is None:
        print(context.get_help())


app.command("list")(recipes)


@app.command()
@with_settings
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
        kept=recipe_writing.resolved(chosen),
        replace=replace,
    )
    print(format_path(path))


@app.command()
def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME|FILE.toml", help="Which recipe.", show_default=False)
    ],
) -> None:
    """Print a recipe as a file that can be changed and used: built in, saved or any file."""
    found = find(name)
    if isinstance(found, RecipeFile):
        load_settings({"recipe": found.path})  # a broken one is told, not shown
        print(text_of(found.path), end="")
    else:
        told = {field: value for field, value in found.settings.items() if value is not None}
        print(recipe_writing.dumps(told, found.name, found.summary), end="")
