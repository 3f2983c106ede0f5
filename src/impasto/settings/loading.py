"""From what a caller gives to complete settings: the one place where a recipe may be a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from impasto.errors import SettingError
from impasto.settings.recipe_files import RecipeFile, find, with_source
from impasto.settings.resolve import laid_over
from impasto.settings.style_settings import StyleSettings

__all__ = ["complete", "load_settings"]


def complete(settings: StyleSettings | None, overrides: Mapping[str, Any]) -> StyleSettings:
    """Settings with some of them replaced one by one, as `impasto.stylize` takes them.

    Args:
        settings: all of them, or None.
        overrides: single ones by name, in place of those in `settings`; with None `recipe` may
            name a file or a saved recipe.

    Raises:
        SettingError: `settings` are none, or a value is wrong.
    """
    if settings is None:
        return load_settings(overrides)
    if not isinstance(settings, StyleSettings):
        raise SettingError(
            f"settings is a {type(settings).__name__}: pass a StyleSettings, or single settings "
            "by name, as in size=512"
        )
    return settings.replace(**overrides) if overrides else settings


def load_settings(overrides: Mapping[str, Any]) -> StyleSettings:
    """Complete settings whose recipe may be a built-in one, a saved one or a file.

    A file gives way to the overrides as a built-in recipe does; afterwards `recipe` is the
    built-in one that it starts from.

    Raises:
        UnknownNameError: no such recipe.
        SettingError: a recipe file that cannot be read or is wrong by itself, which names the
            file; or as for `StyleSettings`.

    Example:
        >>> load_settings({"recipe": "chapter", "steps": 20}).steps
        20
    """
    recipe = find(overrides.get("recipe", "default"))
    if not isinstance(recipe, RecipeFile):
        return StyleSettings(**overrides)
    try:
        start = recipe.start()
        StyleSettings.over(start, recipe.settings)
        own = laid_over(start, recipe.settings)
    except SettingError as error:
        raise with_source(error, recipe.path) from None
    return StyleSettings.over(own, {n: v for n, v in overrides.items() if n != "recipe"})
