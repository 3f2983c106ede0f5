"""`impasto recipes`: the named sets of settings, and what each one sets."""

from __future__ import annotations

from impasto.recipes import RECIPES
from impasto.settings import StyleSettings
from impasto.spelling import spell

__all__ = ["recipes"]


def recipes() -> None:
    """List the recipes and what each one sets."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for recipe in RECIPES.values():
        console.print(f"[bold]{recipe.name}[/bold]  {recipe.summary}", highlight=False)
        if recipe.differs:
            console.print(f"[dim]differs from its source: {recipe.differs}[/dim]", highlight=False)
        table = Table(show_header=False, box=None, padding=(0, 2))
        complete = StyleSettings(recipe=recipe.name)
        for name in _shown(recipe.name):
            table.add_row(name.replace("_", "-"), spell(getattr(complete, name)))
        console.print(table)
        console.print()


def _shown(recipe: str) -> list[str]:
    """What shapes the picture, for `default`; what differs from `default`, for the others."""
    fields = StyleSettings.model_fields
    if recipe != "default":
        plain = StyleSettings()
        other = StyleSettings(recipe=recipe)
        return [n for n in fields if n != "recipe" and getattr(plain, n) != getattr(other, n)]
    groups = {"Recipe", "Losses", "Start", "Optimizer", "Backbone"}
    return [
        name
        for name, field in fields.items()
        if name != "recipe"
        and isinstance(field.json_schema_extra, dict)
        and field.json_schema_extra["group"] in groups
    ]
