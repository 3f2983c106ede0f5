"""Settings as strangers may give them: checked, and nothing in them that is this machine's."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from impasto.errors import SettingError, UnknownNameError
from impasto.settings import StyleSettings, describe
from impasto.settings.recipes import recipe_names
from impasto.task import start_file

__all__ = ["OURS", "settings_from"]

# Settings of the machine that change nothing for others, or only the bytes of the picture.
_HARMLESS = ("precision", "deterministic", "channels_last")
OURS = (
    "weights_file",
    *(s.name for s in describe() if s.scope == "machine" and s.name not in _HARMLESS),
)
"""What only who runs the server may choose: files and the machine."""


def settings_from(text: str, *, max_megapixels: float = 100.0) -> StyleSettings:
    """Complete settings from the JSON of a request.

    Args:
        text: a JSON object of settings by name; empty for the recipe `default`.
        max_megapixels: the server's limit, which those of the settings are brought down to.

    Raises:
        SettingError: no JSON object, a key twice, a setting out of its range, or one that names a
            file or the machine.
        UnknownNameError: a name that is not one of the known ones; recipes are the built-in ones.

    Example:
        >>> settings_from('{"recipe": "gatys", "steps": 20}').init
        'noise'
        >>> settings_from('{"device": "auto"}').device  # as it is when nobody chooses
        'auto'
    """
    given = _object(text) if text.strip() else {}
    recipe = given.get("recipe", "default")
    if not isinstance(recipe, str) or recipe not in recipe_names():
        raise UnknownNameError("recipe", str(recipe)[:80], recipe_names())
    for name in OURS:
        plain = StyleSettings.model_fields[name].default
        if given.get(name) not in (None, plain):
            raise SettingError(
                f"{name} is {_shown(given[name])}, but it is for who runs the server to choose: "
                "leave it out"
            )
    start = given.get("init")
    if isinstance(start, str) and start_file(start) is not None:
        raise SettingError(
            f"init is {_shown(start)}, and a server opens no file by its name: start from "
            "content, noise, blend or style"
        )
    plain_ours = {name: StyleSettings.model_fields[name].default for name in OURS}
    settings = StyleSettings(**{**given, **plain_ours})
    if settings.max_megapixels <= max_megapixels:
        return settings
    return settings.replace(max_megapixels=max_megapixels)


def _object(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text, parse_constant=_no_number, object_pairs_hook=_each_once)
    except RecursionError:
        raise SettingError(
            "settings is nested too deeply: give a JSON object of settings"
        ) from None
    except json.JSONDecodeError as error:
        raise SettingError(
            f"settings is not JSON: {error.msg.lower()} at character {error.pos + 1}"
        ) from None
    except ValueError:  # Python reads no whole number of thousands of digits
        raise SettingError(
            "settings has a number too long to be read: give a shorter one"
        ) from None
    if not isinstance(given, dict):
        raise SettingError('settings has to be a JSON object, like {"steps": 100}')
    return given


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise SettingError(f"settings has {_shown(twice)} twice: give each setting once")
    return found


def _no_number(text: str) -> NoReturn:
    raise SettingError(f"settings has {text}, which is no JSON number: give a finite number")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"
