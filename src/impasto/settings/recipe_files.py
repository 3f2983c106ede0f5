"""Recipes of a person's own: TOML files, kept in the recipe folder or anywhere, and in paintings.

::

    summary = "small and swift"
    recipe = "default"              # the built-in recipe it starts from
    steps = 60
    style-layers = "relu1_1,relu3_1=0.5"
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from impasto.errors import SettingError, UnknownNameError, reason_of
from impasto.settings.embedded import text_in
from impasto.settings.model_files import moved_model
from impasto.settings.recipes import MEANT_BEFORE, Recipe, built_in, recipe_names
from impasto.text import format_path

__all__ = [
    "CONFIG_VARIABLE",
    "ENDING",
    "IMAGE",
    "LARGEST_BYTES",
    "NOTHING",
    "PAINTING",
    "RecipeFile",
    "decoded",
    "find",
    "folder",
    "is_path",
    "moved",
    "parsed",
    "read",
    "saved",
    "text_of",
    "with_source",
]

CONFIG_VARIABLE = "IMPASTO_CONFIG"
ENDING = ".toml"
PAINTING = "painting"  # the table of a recipe inside a painting that says of what it is one
LARGEST_BYTES = 100_000  # a recipe has two or three thousand
# Python's reader takes time by the square of a dotted key's length, and by that of the table's
# above it. Far more than any recipe has: in one line, in all, and tables in tables.
MOST_DOTS, MOST_DOTS_IN_ALL, DEEPEST = 200, 1000, 20
IMAGE = "image:"
NOTHING = "none"

Blamed = TypeVar("Blamed", bound=SettingError)


@dataclass(frozen=True)
class RecipeFile:
    """What a recipe file says.

    Attributes:
        path: where it was read.
        recipe: the built-in recipe it starts from.
        settings: what it sets, by field name, not yet checked; paths lead from where we are.
        summary: what it is for, one line; may be empty.
        resolved: what the built-in recipe set on the day the file was saved, with its
            `base_weights`; empty in a file written by hand.
    """

    path: Path
    recipe: Recipe
    settings: dict[str, Any]
    summary: str = ""
    resolved: dict[str, Any] = field(default_factory=dict)

    def start(self) -> Recipe:
        """The recipe it starts from, as it was when the file was saved.

        Raises:
            SettingError: what was kept of it is damaged.
        """
        resolved = dict(self.resolved)
        if not resolved:
            return self.recipe
        base = resolved.pop("base_weights", None)
        if (
            not isinstance(base, list)
            or len(base) != 2
            or not all(_is_weight(weight) for weight in base)
        ):
            raise SettingError(
                f"base_weights in [resolved] is {base!r}: two numbers, or leave [resolved] out"
            )
        # TOML knows no nothing, so it is written as a word.
        own = {name: None if value == NOTHING else value for name, value in resolved.items()}
        own = {**MEANT_BEFORE, **own}
        return replace(self.recipe, settings=own, base_weights=(float(base[0]), float(base[1])))


def _is_weight(value: Any) -> bool:
    """Whether it is a number from 0 on that a float can be."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= sys.float_info.max


def folder() -> Path:
    """Where a person's recipes are saved, whether or not it is there.

    It is the system's configuration folder for impasto, or what `IMPASTO_CONFIG` names.
    """
    import platformdirs

    chosen = os.environ.get(CONFIG_VARIABLE)
    config = (
        Path(chosen).expanduser() if chosen else platformdirs.user_config_path("impasto", False)
    )
    return config / "recipes"


def saved() -> dict[str, Path]:
    """The files in the recipe folder by the names of their recipes, sorted."""
    return {path.stem: path for path in sorted(folder().glob(f"*{ENDING}"))}


def find(recipe: Any) -> Recipe | RecipeFile:
    """The recipe that is meant: a file that ends in `.toml`, or built in, or saved, or a painting.

    Raises:
        UnknownNameError: no recipe of that name.
        SettingError: as for `read`.

    Example:
        >>> find("gatys").name
        'gatys'
    """
    if isinstance(recipe, os.PathLike) or (isinstance(recipe, str) and is_path(recipe)):
        return read(Path(recipe))
    if isinstance(recipe, str) and recipe in recipe_names():
        return built_in(recipe)
    own = saved()
    if isinstance(recipe, str) and recipe in own:
        return read(own[recipe])
    if isinstance(recipe, str) and Path(recipe).suffix:
        return read(Path(recipe))
    known = [*recipe_names(), *(name for name in own if name not in recipe_names())]
    raise UnknownNameError("recipe", str(recipe), known)


def read(path: Path) -> RecipeFile:
    """Read a recipe file, or a painting that holds one; settings are checked where they are used.

    Raises:
        SettingError: missing, a folder, over `LARGEST_BYTES`, not UTF-8; as for `parsed`; a picture
            without a recipe.
        UnknownNameError: as for `parsed`.
    """
    file = parsed(text_of(path), path)
    return replace(file, settings=_placed(file.settings, path.parent))


def parsed(text: str, path: Path) -> RecipeFile:
    """The recipe that a text says; paths in it stay as they are written.

    Args:
        text: of a recipe file.
        path: what messages call the file; it is not opened.

    Raises:
        SettingError: not TOML (with the line); nested too deeply; a key twice; a summary that is no
            text.
        UnknownNameError: it starts from what is no built-in recipe.

    Example:
        >>> parsed("steps = 60", Path("swift.toml")).settings
        {'steps': 60}
    """
    import tomllib

    name = format_path(path)
    try:
        is_dotted = any(line.count(".") > MOST_DOTS for line in text.split("\n"))
        if is_dotted or text.count(".") > MOST_DOTS_IN_ALL:
            raise RecursionError
        table = tomllib.loads(text)
        if _depth(table) > DEEPEST:
            raise RecursionError
    except RecursionError:
        raise SettingError(f"{name} is nested too deeply to be a recipe: check the file") from None
    except ValueError as error:  # of which tomllib's own is one
        if "set_int_max_str_digits" in str(error):
            raise SettingError(
                f"{name} holds a number too long to be one: check the file"
            ) from None
        reason = str(error).replace("end of document", f"line {text.count(chr(10)) + 1}, the end")
        raise SettingError(f"{name} is not TOML: {reason[0].lower()}{reason[1:]}") from None
    settings: dict[str, Any] = {}
    for key, value in table.items():
        field = key.replace("-", "_")
        if field in settings:
            raise SettingError(
                f"{name}: {field} is there twice, with a dash and with an underscore"
            )
        settings[field] = value
    summary, base = settings.pop("summary", ""), settings.pop("recipe", "default")
    resolved = settings.pop("resolved", {})
    settings.pop(PAINTING, None)
    if not isinstance(resolved, dict):
        raise SettingError(f"{name}: resolved is {resolved!r}: write it as a table, [resolved]")
    if not isinstance(summary, str):
        raise SettingError(f"{name}: summary is {summary!r}: write it as text, between quotes")
    if not isinstance(base, str) or base not in recipe_names():
        raise with_source(
            UnknownNameError("built-in recipe to start from", str(base), recipe_names()), path
        )
    resolved = {key.replace("-", "_"): value for key, value in resolved.items()}
    return RecipeFile(path, built_in(base), settings, summary, resolved)


def _depth(value: Any) -> int:
    """How many tables and lists stand in each other.

    Example:
        >>> _depth({"a": [1, {"b": 2}]})
        3
    """
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [v for each in level for v in (each.values() if isinstance(each, dict) else each)]
    return depth


def text_of(path: Path) -> str:
    """What stands in a recipe file, or in a painting that holds a recipe.

    Raises:
        SettingError: missing, a folder, over `LARGEST_BYTES`, not UTF-8; a picture without one.
    """
    name = format_path(path)
    if not is_path(str(path)):
        text = text_in(_bytes_of(path, None))
        if text is None:
            raise SettingError(
                f"{name} holds no recipe: give a painting of impasto's that was not made with "
                f"--no-recipe, or a recipe file that ends in {ENDING}"
            )
        return text
    return decoded(_bytes_of(path, LARGEST_BYTES), name)


def decoded(data: bytes, name: str) -> str:
    """The text of a recipe file's bytes.

    Args:
        data: the file, or one byte more of it than may be.
        name: of the file in messages.

    Raises:
        SettingError: over `LARGEST_BYTES`, not UTF-8.

    Example:
        >>> decoded(b"steps = 60\\r\\n", "swift.toml")
        'steps = 60\\n'
    """
    if len(data) > LARGEST_BYTES:
        raise SettingError(
            f"{name} is larger than {LARGEST_BYTES // 1000} kB, which no recipe is: check the path"
        )
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")  # some editors begin with a mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingError(f"{name} is not UTF-8 (line {line}): save it in that encoding") from None


def _bytes_of(path: Path, largest: int | None) -> bytes:
    name = format_path(path)
    try:
        if path.is_dir():
            raise SettingError(f"{name} is a folder: name a recipe file in it")
        if path.exists() and not path.is_file():
            raise SettingError(f"{name} is not a regular file: name a recipe file")
        with path.open("rb") as file:
            data = file.read() if largest is None else file.read(largest + 1)
    except FileNotFoundError:
        raise SettingError(f"{name} does not exist: check the path of the recipe file") from None
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise SettingError(f"{name} cannot be read ({reason}): check the recipe file") from None
    return data


def with_source(error: Blamed, path: Path) -> Blamed:
    """An error that names the recipe file it comes from."""
    error.args = (f"{format_path(path)}: {error}",)
    return error


def is_path(name: str) -> bool:
    """Whether a name means a file, wherever it is: it ends in `.toml`."""
    return Path(name).suffix.lower() == ENDING


def moved(settings: Mapping[str, Any], move: Callable[[str], str]) -> dict[str, Any]:
    """Settings with every path in them replaced by what `move` makes of it.

    Example:
        >>> moved({"init": "image:a.png", "steps": 5}, lambda path: f"in/{path}")
        {'init': 'image:in/a.png', 'steps': 5}
    """
    changed = dict(settings)
    if isinstance(file := changed.get("weights_file"), str) and file:
        changed["weights_file"] = move(file)
    if isinstance(model := changed.get("model"), str) and model:
        changed["model"] = moved_model(model, move)
    if isinstance(start := changed.get("init"), str) and start.startswith(IMAGE):
        changed["init"] = f"{IMAGE}{move(start.removeprefix(IMAGE))}"
    return changed


def _placed(settings: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Settings whose relative paths, written from the file's folder, lead from where we are."""
    return moved(settings, lambda path: str(folder / os.path.expanduser(path)))  # noqa: PTH111
