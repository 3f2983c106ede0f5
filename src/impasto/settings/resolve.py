"""From what a person gave to complete settings: recipes fill, contradictions are told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic import ValidationError

from impasto.errors import SettingError, UnknownNameError
from impasto.settings.recipes import Recipe, built_in
from impasto.text import format_value, is_ratio

__all__ = [
    "LISTED",
    "STRENGTH_RANGE",
    "Weights",
    "exclusive",
    "filled",
    "laid_over",
    "setting_error",
    "weights_at",
    "wish_of",
]

# Where all settings of a painting stand: they are too many for a message.
LISTED = "docs/settings.md and in `impasto stylize --help-all`"

# A strength of 0 or 1 moves the balance of content and style by this factor each way.
STRENGTH_RANGE = 15.0

DEFAULT_OPTIMIZER = "lbfgs"
DEFAULT_LR = {"lbfgs": 1.0, "proximal": 1.0, "adam": 0.05}

# Groups of settings that say the same thing in two ways: giving one drives the other out.
_EXCLUSIVE = (
    ({"strength"}, {"content_weight", "style_weight"}, "the balance of content and style"),
    ({"size"}, {"shape"}, "the size of the picture"),
)


def exclusive(values: Mapping[str, Any]) -> tuple[tuple[set[str], set[str], str], ...]:
    """Groups of settings that drive each other out, and what they both set.

    Args:
        values: settings by name; a shape that is a ratio leaves it to `size` how large it is.
    """
    ratio = is_ratio(values.get("shape"))
    return tuple(groups for groups in _EXCLUSIVE if not (ratio and "shape" in groups[1]))


class Weights(NamedTuple):
    """The factors of the three losses."""

    content: float
    style: float
    tv: float


def weights_at(strength: float, base: tuple[float, float], tv: float) -> Weights:
    """The factors of the losses at a strength.

    It leaves the style weight alone and moves the content weight by up to a factor of
    `STRENGTH_RANGE` each way, on a logarithmic scale.

    Args:
        strength: from 0 to 1.
        base: (content, style) weight at strength 0.5.
        tv: the factor of total variation, which strength leaves alone.

    Example:
        >>> weights_at(0.5, (1.0, 10000.0), 10.0)
        Weights(content=1.0, style=10000.0, tv=10.0)
    """
    content, style = base
    return Weights(content * STRENGTH_RANGE ** (1 - 2 * strength), style, tv)


def filled(explicit: Mapping[str, Any], recipe: Recipe | None = None) -> dict[str, Any]:
    """What was given, and the recipe's word for what was not.

    Args:
        explicit: settings by name.
        recipe: the one they start from; by the name they hold if left out.

    Raises:
        UnknownNameError: no such built-in recipe.
        SettingError: two settings that exclude each other.

    Example:
        >>> filled({"recipe": "chapter", "size": 200})["shape"] is None
        True
        >>> filled({"optimizer": "adam"})["lr"]
        0.05
    """
    return _over(recipe or built_in(explicit.get("recipe", "default")), explicit)


def laid_over(recipe: Recipe, settings: Mapping[str, Any]) -> Recipe:
    """A recipe some of whose settings are replaced, as a file does that starts from it.

    Raises:
        SettingError: two settings that exclude each other.
    """
    return replace(recipe, settings=_over(recipe, settings))


def _over(recipe: Recipe, explicit: Mapping[str, Any]) -> dict[str, Any]:
    """Settings laid over a recipe's; of those that exclude each other the explicit ones stay."""
    named = {name for name, value in explicit.items() if value is not None}
    settings = {**recipe.settings, **explicit}
    if is_ratio(explicit.get("shape")) and "size" not in explicit and settings.get("size") is None:
        settings.pop("size", None)  # the recipe's own shape took its place
    for one, other, what in exclusive(settings):
        if named & one and named & other:
            both = " and ".join([*sorted(named & one), *sorted(named & other)][:2])
            raise SettingError(f"{both} both set {what}: give one of them")
        if named & one:
            settings |= dict.fromkeys(other)
        elif named & other:
            settings |= dict.fromkeys(one)
    if settings.get("strength", 0) is None:
        bases = zip(("content_weight", "style_weight"), recipe.base_weights, strict=True)
        for name, base in bases:
            settings[name] = base if settings.get(name) is None else settings[name]
    if explicit.get("lr") is None:
        settings["lr"] = _learning_rate(recipe, settings)
    return settings


def _learning_rate(recipe: Recipe, settings: Mapping[str, Any]) -> Any:
    """The recipe's, if its optimizer was kept; else what suits the optimizer."""
    chosen = settings.get("optimizer", DEFAULT_OPTIMIZER)
    if "lr" in recipe.settings and chosen == recipe.settings.get("optimizer", DEFAULT_OPTIMIZER):
        return recipe.settings["lr"]  # of a file, and checked later
    # An optimizer that is none is refused later, by name.
    return DEFAULT_LR.get(str(chosen), 1.0)


def setting_error(
    error: ValidationError, choices: Mapping[str, Any], listed: str = "", whole: str = "settings"
) -> SettingError:
    """Pydantic's report as one short paragraph: value, wish, remedy.

    Args:
        error: the report; only its first entry counts.
        choices: all settings, by name; fields of pydantic's tell their bounds.
        listed: where all settings stand, if they are too many for a sentence.
        whole: what they are together, where the report is of no single one.
    """
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else whole
    if first["type"] == "extra_forbidden":
        return UnknownNameError("setting", name, choices, listed=listed)
    is_part = len(first["loc"]) > 1
    where = f"{name} {first['loc'][1]}" if is_part else name
    value = first["input"]
    if isinstance(value, float) and not math.isfinite(value):
        return SettingError(f"{where} is {value}: give a finite number")
    rules = () if is_part else getattr(choices.get(name), "metadata", ())
    return SettingError(f"{where} is {_shortened(value)}: {wish_of(first, rules)}")


def wish_of(first: Mapping[str, Any], rules: Iterable[Any] = ()) -> str:
    """What a value has to be that pydantic refuses.

    Args:
        first: an entry of pydantic's report.
        rules: of the whole value, as far as they are known; an entry tells the broken one alone.

    Example:
        >>> wish_of({"type": "less_than_equal", "msg": "", "ctx": {"le": 1.0}})
        'give a number of at most 1'
    """
    broken = {name: first["ctx"][name] for name in _SAID if name in first.get("ctx", {})}
    number = _NUMBERS.get(first["type"])
    if broken and number is None:
        number = "whole number" if isinstance(next(iter(broken.values())), int) else "number"
    if number is not None:
        bounds = {name: getattr(r, name) for r in rules for name in _SAID if hasattr(r, name)}
        return f"give a {number}{_bounds(bounds or broken)}"
    wish = str(first["msg"]).removeprefix("Value error, ")
    wish = wish.replace("Input should be", "it must be", 1)
    return f"{wish[0].lower()}{wish[1:]}"


# What pydantic says of text that is no number, and of numbers that are not whole.
_NUMBERS: Mapping[str, str] = {
    "float_parsing": "number",
    "float_type": "number",
    "int_parsing": "whole number",
    "int_type": "whole number",
    "int_from_float": "whole number",
}


def _bounds(bounds: Mapping[str, Any]) -> str:
    """The bounds of a number in words, a blank before them; empty without bounds."""
    if bounds.keys() == {"ge", "le"}:
        return f" from {format_value(bounds['ge'])} to {format_value(bounds['le'])}"
    said = [f"{_SAID[name]} {format_value(bound)}" for name, bound in bounds.items()]
    return f" {' and '.join(said)}" if said else ""


_SAID: Mapping[str, str] = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}


def _shortened(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python writes no whole number of thousands of digits
        return "a number too long to be written"
    return text if len(text) <= 80 else f"{text[:80]}…"
