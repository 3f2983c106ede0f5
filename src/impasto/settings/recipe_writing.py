"""Saving a recipe: settings as a TOML file that a person can read, change and pass on.

And deleting one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impasto.errors import OutputError, SettingError, UnknownNameError, reason_of
from impasto.files import check_absent, check_place, replacing
from impasto.settings.describe import describe
from impasto.settings.recipe_files import (
    CONFIG_VARIABLE,
    ENDING,
    PAINTING,
    folder,
    is_path,
    moved,
    saved,
)
from impasto.settings.recipes import RECIPES, recipe_names
from impasto.settings.style_settings import StyleSettings
from impasto.text import format_path, format_value

__all__ = [
    "delete",
    "different",
    "dumps",
    "place_of",
    "recipe_of",
    "record",
    "renamed",
    "resolved",
    "save",
]


def different(settings: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """What settings have that their recipe has not; a None needs no word.

    Args:
        settings: all of them, by name.
        base: all of the recipe they start from.

    Example:
        >>> different({"recipe": "default", "steps": 60}, {"recipe": "default", "steps": 250})
        {'steps': 60}
    """
    changed = {
        name: value
        for name, value in settings.items()
        if value is not None and value != base.get(name)
    }
    # Left out, it would be found again as what suits the optimizer.
    return changed | {"lr": settings["lr"]} if "optimizer" in changed else changed


def dumps(
    settings: Mapping[str, Any],
    recipe: str = "default",
    summary: str = "",
    resolved: Mapping[str, Any] | None = None,
) -> str:
    """The text of a recipe file.

    Args:
        settings: what differs from the recipe, by field name.
        recipe: the built-in recipe it starts from.
        summary: what it is for.
        resolved: what that recipe sets today, see `resolved`; None to leave it to the recipe.

    Example:
        >>> print(dumps({"steps": 60, "style_layers": {"relu1_1": 1.0}}, "gatys"), end="")
        recipe = "gatys"
        <BLANKLINE>
        steps = 60
        style-layers = "relu1_1"
    """
    import tomlkit

    document = tomlkit.document()
    if summary:
        document.add("summary", tomlkit.item(" ".join(summary.split())))
    document.add("recipe", tomlkit.item(recipe))
    if settings:
        document.add(tomlkit.nl())
    for name, value in settings.items():
        document.add(name.replace("_", "-"), tomlkit.item(_written(name, value)))
    if resolved:
        table = tomlkit.table()
        table.comment("what the recipe set when this was saved")
        for name, value in resolved.items():
            table.add(name.replace("_", "-"), tomlkit.item(_written(name, value)))
        document.add(tomlkit.nl())
        document.add("resolved", table)
    return tomlkit.dumps(document)


def resolved(settings: StyleSettings) -> dict[str, Any]:
    """What the built-in recipe of settings stands for today, for a file that shall outlast it.

    Args:
        settings: complete.

    Returns:
        Every setting of a task that the recipe has, by name, and the weights at strength 0.5.
    """
    base = StyleSettings(recipe=settings.recipe)
    values = base.model_dump()
    fixed = {s.name: values[s.name] for s in describe() if s.scope == "task" and s.name != "recipe"}
    return {**fixed, "base_weights": list(settings.base_weights())}


def record(
    settings: StyleSettings,
    pictures: Mapping[str, tuple[str, str]],
    asked: Mapping[str, Any] | None = None,
    prompt: str = "",
) -> str:
    """How a painting was made, for its own file: a recipe, and a table of what it was painted of.

    Args:
        settings: as for `recipe_of`.
        pictures: name of the file and SHA-256 of each picture by its role. A name that is empty,
            or only the hash as in a studio's store, is left out.
        asked: `kind` and `options` of what its task was arranged from, if it was.
        prompt: the words that guided it, if any did.

    Example:
        >>> text = record(StyleSettings(steps=60, threads=2), {"content": ("cat.jpg", "ab" * 32)})
        >>> print(text[: text.index("[resolved]")], end="")
        recipe = "default"
        <BLANKLINE>
        steps = 60
        <BLANKLINE>
    """
    import tomlkit

    import impasto

    painting = tomlkit.table()
    painting.add("impasto", impasto.__version__)
    for role, (name, sha256) in pictures.items():
        painting.add(_key(role), _row(name, sha256))
    if asked is not None:
        painting.add("kind", asked["kind"])
        options = {key: value for key, value in asked["options"].items() if value is not None}
        painting.add("options", tomlkit.item(options))
    if prompt:
        painting.add("text", prompt)
    return f"{recipe_of(settings)}\n{tomlkit.dumps({PAINTING: painting})}"


def renamed(text: str, names: Mapping[str, str]) -> str:
    """A record with the names that the pictures have here.

    Args:
        text: as `record` gives it.
        names: of files, by role; roles that it does not list are passed over.

    Example:
        >>> text = record(StyleSettings(), {"content": ("", "ab" * 32)})
        >>> '{name = "cat.jpg", sha256 = "abab' in renamed(text, {"content": "cat.jpg"})
        True
    """
    import tomlkit

    document = tomlkit.parse(text)
    rows: Any = document[PAINTING]
    for role, name in names.items():
        key = _key(role)
        if key in rows:
            rows[key] = _row(name, rows[key]["sha256"])
    return tomlkit.dumps(document)


def recipe_of(settings: StyleSettings) -> str:
    """The text of a recipe file that paints the same elsewhere.

    Args:
        settings: complete. Those of the machine are left out, and of a file only the name is kept.
    """
    values, base = settings.model_dump(), StyleSettings(recipe=settings.recipe).model_dump()
    kept = {s.name for s in describe() if s.scope == "task"}
    own = {name: value for name, value in different(values, base).items() if name in kept}
    own = moved(own, lambda path: Path(path).name)
    return dumps(own, settings.recipe, resolved=resolved(settings))


def _key(role: str) -> str:
    return role.replace(" ", "-")


def _row(name: str, sha256: str) -> Any:
    import tomlkit

    is_name = Path(name).stem not in ("", sha256)
    row = tomlkit.inline_table()
    row.update({"name": name, "sha256": sha256} if is_name else {"sha256": sha256})
    return row


def _written(name: str, value: Any) -> Any:
    """A value as TOML has it: what has a spelling of its own as text."""
    if value is None or isinstance(value, Mapping) or name == "shape":
        return format_value(value)
    return list(value) if isinstance(value, tuple) else value


def place_of(name: str) -> Path:
    """Where `save` writes a recipe: a path that ends in `.toml`, or a name for the folder.

    Raises:
        SettingError: a name that is empty, has odd characters or is a built-in recipe's.
    """
    if is_path(name):
        return Path(name)
    if not re.fullmatch(r"\w[\w-]*", name):
        raise SettingError(
            f"{name!r} cannot name a recipe: take letters, digits, - and _, or a path that ends "
            f"in {ENDING}"
        )
    if name.casefold() in RECIPES:
        raise SettingError(f"{name} is a built-in recipe: choose another name for your own")
    return folder() / f"{name}{ENDING}"


def save(
    name: str,
    settings: Mapping[str, Any],
    *,
    recipe: str = "default",
    summary: str = "",
    resolved: Mapping[str, Any] | None = None,
    replace: bool = False,
) -> Path:
    """Write a recipe file, whole or not at all.

    Args:
        name: as for `place_of`.
        settings, recipe, summary, resolved: as for `dumps`. Paths in it that lead into the file's
            own folder are written from there, so that the folder can be passed on; others in full.
        replace: whether a file that is there already may be replaced.

    Returns:
        Its path.

    Raises:
        SettingError: a name that cannot be one.
        OutputError: a file is there already, or the place cannot be written.
    """
    path = place_of(name)
    try:
        if path.parent == folder():
            path.parent.mkdir(parents=True, exist_ok=True)
        check_place(path)
        if not replace:
            check_absent(path, "--replace")
        text = dumps(_packed(settings, path.parent), recipe, summary, resolved)
        with replacing(path) as draft:
            draft.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = reason_of(error)
        raise OutputError(
            f"{format_path(path)} cannot be written ({reason}): choose another place, or another "
            f"folder with {CONFIG_VARIABLE}"
        ) from None
    return path


def delete(name: str) -> Path:
    """Delete a saved recipe.

    Args:
        name: of one in the recipe folder.

    Returns:
        The file that was deleted.

    Raises:
        SettingError: a built-in recipe, or a file elsewhere.
        UnknownNameError: nothing of that name is saved.
        OutputError: the system refuses.
    """
    own = saved()
    if is_path(name):
        raise SettingError(
            f"{format_path(name)} is a file of yours: delete it like any other; saved recipes are "
            "deleted by their names"
        )
    if name not in own and name in recipe_names():
        raise SettingError(f"{name} is a built-in recipe, which cannot be deleted")
    if name not in own:
        if not own:
            raise SettingError(f"{format_path(name)} cannot be deleted: no recipe is saved")
        raise UnknownNameError("saved recipe", name, own)
    try:
        own[name].unlink()
    except OSError as error:
        raise OutputError(
            f"{format_path(own[name])} cannot be deleted ({reason_of(error)}): change the "
            "permissions of its folder"
        ) from None
    return own[name]


def _packed(settings: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The inverse of `_placed`."""

    def packed(path: str) -> str:
        whole, home = Path(path).absolute(), folder.absolute()
        return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else str(whole)

    return moved(settings, packed)
