"""A recipe for the page's controls: from a file that a person gives, or one the operator saved.

Nothing in such a text is trusted: it may name no file and nothing of this machine, and of a
painting only the bytes are searched, no picture is decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isclose
from pathlib import Path
from typing import Any, NoReturn

from impasto.errors import ImpastoError, InputError, SettingError, UnknownNameError, reason_of
from impasto.imaging.codecs.formats import sniff
from impasto.service.page.choices import choice
from impasto.service.page.controls import WEIGHTS, controls, settings_from, values_of
from impasto.service.page.labels import in_labels, words_of
from impasto.service.page.texts import phrase
from impasto.settings import StyleSettings, describe
from impasto.settings.embedded import text_in
from impasto.settings.model_files import BY_FILE
from impasto.settings.recipe_files import (
    ENDING,
    LARGEST_BYTES,
    NOTHING,
    RecipeFile,
    decoded,
    is_path,
    parsed,
    saved,
)
from impasto.task import start_file
from impasto.text import format_value

__all__ = ["LoadedRecipe", "from_saved", "from_upload", "saved_names"]

LONGEST_NAME = 80  # of a file, in a sentence
LONGEST_SENTENCE = 400  # of what is wrong in a file: a value there may have a megabyte


@dataclass(frozen=True)
class LoadedRecipe:
    """What a recipe gives the page.

    Attributes:
        values: of the controls.
        sentence: what is taken over and what is left out, for the person.
    """

    values: list[Any]
    sentence: str


def from_upload(path: Path, name: str, language: str) -> LoadedRecipe:
    """The recipe in an uploaded file: a recipe file, or a painting that impasto made.

    Args:
        path: where the upload lies; messages do not show it.
        name: of the person's file; only its last part counts.
        language: of the sentences.

    Raises:
        InputError: it holds no recipe, or a wrong one.
    """
    called = _called(name)

    def text() -> str:
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST_BYTES + 1 if is_path(called) else -1)
        except OSError:
            raise InputError(phrase(language, "recipe_gone", name=called)) from None
        if is_path(called):
            return decoded(data, called)
        if (recipe := text_in(data)) is not None:
            return recipe
        is_picture = sniff(data[:64].ljust(16, b"\0")) is not None
        raise InputError(
            phrase(language, "no_recipe" if is_picture else "no_recipe_file", name=called)
        )

    return _loaded(text, called, language)


def saved_names() -> list[str]:
    """The names of the recipes that who runs the studio has saved, sorted."""
    return list(saved())


def from_saved(name: str, language: str) -> LoadedRecipe:
    """A recipe that who runs the studio has saved.

    Args:
        name: as `saved_names` has it.
        language: of the sentences.

    Raises:
        UnknownNameError: none of that name is saved.
        InputError: its file is broken.
    """
    files = saved()
    if name not in files:
        raise UnknownNameError("saved recipe", name[:LONGEST_NAME], files)
    called = f"{name}{ENDING}"

    def text() -> str:
        try:
            with files[name].open("rb") as file:
                return decoded(file.read(LARGEST_BYTES + 1), called)
        except OSError as error:
            raise SettingError(
                f"{called} cannot be read ({reason_of(error)}): choose another recipe"
            ) from None

    return _loaded(text, called, language)


def _loaded(text: Callable[[], str], called: str, language: str) -> LoadedRecipe:
    """The recipe that a text says, under the name of its file."""
    try:
        file = parsed(text(), Path(called))
    except ImpastoError as error:
        _refuse(str(error))
    own, left = _shown_only(file.settings)
    resolved, left_too = _shown_only(file.resolved)
    try:
        values = _values(StyleSettings.over(replace(file, resolved=resolved).start(), own))
    except ImpastoError as error:
        _refuse(f"{called}: {in_labels(str(error), language)}")
    sentence = _sentence(file, own, {**left_too, **left}, called, language)
    return LoadedRecipe(values, sentence)


def _refuse(sentence: str) -> NoReturn:
    is_long = len(sentence) > LONGEST_SENTENCE
    raise InputError(f"{sentence[:LONGEST_SENTENCE]}…" if is_long else sentence) from None


def _shown_only(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings that the page has a control for, and why others are left out, by name.

    A name that is no setting stays, to be refused like any other mistake. What has the value that
    it has without a word is left out without one.
    """
    shown = {control.name for control in controls()}
    known = {setting.name: setting for setting in describe()}
    kept, left = {}, {}
    for name, value in given.items():
        plain = known[name].default if name in known else None
        is_start = name == "init" and isinstance(value, str) and start_file(value) is not None
        if is_start or (name == "method" and value in BY_FILE):
            left[name] = "left_file"
        elif name in shown or name not in known:
            kept[name] = value
        elif value not in (plain, NOTHING if plain is None else plain):
            left[name] = "left_file" if known[name].file else "left_operator"
    return kept, left


def _values(settings: StyleSettings) -> list[Any]:
    """The controls' values; the weights are written out where the recipe of today has others."""
    values = values_of(settings)
    weights = settings.weights
    if all(isclose(a, b) for a, b in zip(settings_from(values).weights, weights, strict=True)):
        return values
    written = dict(zip(WEIGHTS, map(format_value, (weights.content, weights.style)), strict=True))
    return [
        written.get(control.name, value) for control, value in zip(controls(), values, strict=True)
    ]


def _sentence(
    file: RecipeFile, own: Mapping[str, Any], left: Mapping[str, str], called: str, language: str
) -> str:
    labels = {control.name: words_of(control, language)[0] for control in controls()}
    comma = phrase(language, "comma")
    recipe = f"{labels['recipe']} {choice('recipe', file.recipe.name, language)}"
    taken = comma.join([recipe, *(label for name, label in labels.items() if name in own)])
    sentences = [phrase(language, "loaded", name=called, settings=taken)]
    for reason in dict.fromkeys(left.values()):
        names = (name for name, why in left.items() if why == reason)
        words = comma.join(labels.get(name, name.replace("_", " ")) for name in names)
        sentences.append(phrase(language, reason, settings=words))
    return ("" if language == "zh" else " ").join(sentences)


def _called(name: str) -> str:
    """The name of a file as sentences show it, without any folder."""
    last = "".join(c if c.isprintable() else "?" for c in name.replace("\\", "/").split("/")[-1])
    if len(last) <= LONGEST_NAME:
        return last
    ending = Path(last).suffix[:8]
    return f"{last[: LONGEST_NAME - len(ending) - 1]}…{ending}"
