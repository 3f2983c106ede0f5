"""What the settings model says of each setting the page shows: kind, bounds, choices, help.

No setting is listed here: the model describes them, and those are left out that belong to the
server's machine, name files on it, or have but one value to choose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from impasto import arrangements
from impasto.errors import SettingError
from impasto.settings import Description, StyleSettings, describe
from impasto.settings.guidance import THEME as WORDS
from impasto.settings.model_files import BY_FILE
from impasto.text import format_value

__all__ = [
    "UP_FRONT",
    "WEIGHTS",
    "Control",
    "controls",
    "settings_from",
    "values_of",
    "weights_drive",
]

Kind = Literal["switch", "choice", "slider", "whole", "number", "text"]

UP_FRONT = ("recipe", "strength")  # the rest stands under Advanced
FIRST = ("style_scale", "color", "size", "shape", "crop", "steps")  # there, what painters ask for
FIRST_GROUP = "Strokes, colour and size"
LAST_GROUP = "Recipe"
WEIGHTS = ("content_weight", "style_weight")  # in the place of strength
LONGEST_TEXT = 2000
_NUMBERS = ("whole", "number")
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
MIDDLE = 0.5  # the strength at which a recipe's weights are its own

_SPELT = {"lr": "learning rate", "tv": "TV", "lbfgs": "L-BFGS", "init": "start", "color": "colour"}
# Of names that say less than these.
_LABELS = {"style_scale": "Stroke size", "recipe": "Look"}
# Where the model explains values by their names, which the page's choices say in words.
_HELPS = {
    "fit": "How the picture fills an exact shape; whole inside, one side may come out shorter.",
    "init": "What the painting starts from.",
    "bits": "Bits per channel in the output.",
    "pooling": "Pooling of the backbone.",
}


@dataclass(frozen=True)
class Control:
    """One setting as a person moves it.

    Attributes:
        name: of the field.
        kind: what moves it.
        group: the heading it stands under.
        label, help: in English.
        range: the bounds of a number that no slider shows, in signs; may be empty.
        low, high: of a slider.
        choices: of a choice.
        open: whether a choice may also have a value that is not listed, as text.
        unset: what nothing means, in words; None if it may not be nothing.
    """

    name: str
    kind: Kind
    group: str
    label: str
    help: str
    range: str = ""
    low: float = 0.0
    high: float = 1.0
    choices: tuple[str, ...] = ()
    open: bool = False
    unset: str | None = None

    @property
    def written(self) -> bool:
        """Whether it is held as text: also a number that may be nothing, as Gradio's boxes of
        numbers put a 0 in its place."""
        return self.kind == "text" or (self.kind in _NUMBERS and self.unset is not None)


@cache
def controls() -> tuple[Control, ...]:
    """Every setting the page shows, each once: those up front, what painters ask for, the rest.

    Example:
        >>> [control.name for control in controls()][:4]
        ['recipe', 'strength', 'style_scale', 'color']
    """
    own = [_control(setting) for setting in describe() if _belongs(setting)]
    early = {name: place for place, name in enumerate((*UP_FRONT, *FIRST))}
    own.sort(key=lambda c: (early.get(c.name, len(early)), c.group == LAST_GROUP))
    return tuple(own)


def values_of(settings: StyleSettings) -> list[Any]:
    """What the controls show for settings, in the order of `controls`.

    A strength of None is shown as the middle, where the recipe's own weights stand.
    """
    return [_value(control, settings) for control in controls()]


def settings_from(values: Sequence[Any]) -> StyleSettings:
    """The settings that controls say: what differs from the recipe's own is given.

    Args:
        values: in the order of `controls`; texts as on the command line, blank for none.

    Raises:
        SettingError: as for `StyleSettings`; a control whose value is of another kind, or none of
            its choices, which no browser sends.

    Example:
        >>> values = values_of(StyleSettings(recipe="chapter"))
        >>> settings_from(values) == StyleSettings(recipe="chapter")
        True
    """
    by_name = _by_name(values)
    recipe = by_name["recipe"]
    different = _different(by_name)
    if "optimizer" in different:
        different.setdefault("lr", by_name["lr"])  # the recipe's would give way to the optimizer's
    if _typed_weights(different):
        different.pop("strength", None)  # its slider is grey then
    return StyleSettings(recipe=recipe, **{n: v for n, v in different.items() if _may_be(n, v)})


def weights_drive(values: Sequence[Any]) -> bool:
    """Whether typed weights set the balance of content and style, and strength nothing.

    Args:
        values: as for `settings_from`.

    Raises:
        SettingError: likewise.

    Example:
        >>> weights_drive(values_of(StyleSettings(style_weight=5.0)))
        True
        >>> weights_drive(values_of(StyleSettings(recipe="chapter")))  # its own, not typed
        False
    """
    return _typed_weights(_different(_by_name(values)))


def _by_name(values: Sequence[Any]) -> dict[str, Any]:
    return {c.name: _parsed(c, value) for c, value in zip(controls(), values, strict=True)}


def _different(by_name: Mapping[str, Any]) -> dict[str, Any]:
    """What is not as the chosen recipe has it."""
    own = StyleSettings(recipe=by_name["recipe"])
    defaults = {c.name: _parsed(c, _value(c, own)) for c in controls()}
    return {n: value for n, value in by_name.items() if n != "recipe" and value != defaults[n]}


def _typed_weights(different: Mapping[str, Any]) -> bool:
    return any(different.get(name) is not None for name in WEIGHTS)


def _belongs(setting: Description) -> bool:
    """Whether it is for a person to choose: neither the machine's nor a file of it, nor settled.

    Words that guide a painting need a CLIP model, and no request may ask for one.
    """
    if setting.theme == WORDS:
        return False
    named = not setting.file or bool(setting.choices)
    return setting.scope == "task" and named and len(setting.choices) != 1


def _control(setting: Description) -> Control:
    bounds = setting.bounds
    low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
    kind: Kind = "text"
    if setting.kind in ("switch", "choice", "whole"):
        kind = setting.kind
    elif setting.kind == "number":
        narrow = low is not None and high is not None and high - low <= 1
        kind = "slider" if narrow else "number"
    return Control(
        setting.name,
        kind,
        FIRST_GROUP if setting.name in FIRST else setting.theme,
        _label(setting.name),
        _HELPS.get(setting.name) or _plain(setting.help),
        _range(bounds) if kind in ("whole", "number") else "",
        low=float(low if low is not None else 0),
        high=float(high if high is not None else 1),
        choices=_offered(setting),
        open=setting.open and not (setting.file or setting.name == "recipe"),  # may be a file too
        unset=(setting.unset or "—") if setting.optional else None,
    )


def _offered(setting: Description) -> tuple[str, ...]:
    """Its choices, but for methods that paint with a file, and recipes of what has its own page."""
    left = {"method": tuple(BY_FILE), "recipe": arrangements.KINDS}.get(setting.name, ())
    return tuple(choice for choice in setting.choices if choice not in left)


def _value(control: Control, settings: StyleSettings) -> Any:
    value = getattr(settings, control.name)
    if control.name == "strength" and value is None:
        return MIDDLE
    if control.written:
        return "" if value is None else format_value(value)
    return value


def _parsed(control: Control, value: Any) -> Any:
    """What the model is to be given for what a control holds."""
    if control.kind == "choice":
        if control.open and isinstance(value, str) and len(value) <= LONGEST_TEXT:
            return value.strip()  # the model says whether it may be
        if value not in control.choices:
            raise SettingError(
                f"{control.name} is {str(value)[:80]!r}: choose one of {', '.join(control.choices)}"
            )
        return value
    if control.kind == "switch":
        return bool(value)
    if control.written and control.kind in _NUMBERS and isinstance(value, str):
        value = _number(control, value)
    if control.kind == "text":
        if not isinstance(value, str | None) or len(value or "") > LONGEST_TEXT:
            raise SettingError(f"{control.name} is {str(value)[:80]!r}: give a text of one line")
        text = (value or "").strip()
        return None if not text and control.unset is not None else text
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise SettingError(f"{control.name} is {str(value)[:80]!r}: give a number")
    whole = control.kind == "whole" and isinstance(value, float) and value.is_integer()
    return int(value) if whole and value is not None else value


def _number(control: Control, text: str) -> float | None:
    """What is written in the box of a number that may be nothing; 1,000 is whole, 0,5 is not."""
    written = text.strip()
    written = written.replace(",", "" if _THOUSANDS.fullmatch(written) else ".")
    try:
        return float(written) if written else None
    except ValueError:
        raise SettingError(f"{control.name} is {text.strip()[:80]!r}: give a number") from None


def _may_be(name: str, value: Any) -> bool:
    """Whether a value stands for itself; where nothing cannot be, it means the recipe's own."""
    unset = {control.name: control.unset for control in controls()}[name]
    return value is not None or unset is not None


def _label(name: str) -> str:
    if name in _LABELS:
        return _LABELS[name]
    words = [_SPELT.get(word, word) for word in name.split("_")]
    return words[0][:1].upper() + " ".join(words)[1:]


def _plain(help: str) -> str:
    """Help without the command line's spelling, without files and without what others replace."""
    files = r" or image:FILE \([^)]*\)|: a recipe's name, a recipe FILE\.toml, .* made with it"
    help = re.sub(rf"{files}|; takes the place of [a-z ]+ weights", "", help)
    return re.sub(r"--([a-z-]+)", lambda option: option[1].replace("-", " "), help)


def _range(bounds: Mapping[str, Any]) -> str:
    signs = {"gt": ">", "ge": "≥", "le": "≤"}
    return ", ".join(
        f"{sign}\N{NO-BREAK SPACE}{bounds[n]:,}" for n, sign in signs.items() if n in bounds
    )
