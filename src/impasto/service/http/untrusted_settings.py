"""Settings that strangers post: they may name no file and nothing of this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from impasto.errors import SettingError, UnknownNameError
from impasto.service.http.json_object import json_object, quoted
from impasto.settings import StyleSettings, describe
from impasto.settings.guidance import GuidanceSettings
from impasto.settings.heeded import HEEDED, refuse_unheeded
from impasto.settings.model_files import BY_FILE
from impasto.settings.recipes import recipe_names
from impasto.task import start_file

__all__ = ["SERVER_ONLY", "untrusted_settings"]

# Settings of the machine that change nothing for others, or only the bytes of the picture.
_HARMLESS = ("precision", "deterministic", "channels_last")
SERVER_ONLY = (
    "weights_file",
    "model",
    *GuidanceSettings.model_fields,  # costly, and a model is needed
    *(s.name for s in describe() if s.scope == "machine" and s.name not in (*_HARMLESS, "clip")),
)
"""What only who runs the server may choose: files, CLIP and the machine."""

GUIDING = tuple(name for name in GuidanceSettings.model_fields if name != "clip")
"""Of these what a request may choose where the server has a CLIP model."""


def untrusted_settings(
    text: str,
    *,
    max_megapixels: float = 100.0,
    defaults: Mapping[str, Any] | None = None,
    max_text_crops: int = 0,
) -> StyleSettings:
    """Complete settings from the JSON of a request.

    Args:
        text: a JSON object of settings by name; empty for the recipe `default`.
        max_megapixels: the server's limit, which those of the settings are brought down to.
        defaults: settings that count where the text does not name them.
        max_text_crops: cut-outs that CLIP may look at in a step, where words may guide a painting;
            0 where they may not.

    Raises:
        SettingError: no JSON object, a key twice, a setting out of its range, one that names a
            file or the machine, or one that the method does not heed and that is not the recipe's.
        UnknownNameError: a name that is not one of the known ones; recipes are the built-in ones.

    Example:
        >>> untrusted_settings('{"recipe": "gatys", "steps": 20}').init
        'noise'
        >>> untrusted_settings('{"device": "auto"}').device  # as it is when nobody chooses
        'auto'
    """
    values = {**(defaults or {}), **json_object(text, "settings", '{"steps": 100}')}
    recipe = values.get("recipe", "default")
    if not isinstance(recipe, str) or recipe not in recipe_names():
        raise UnknownNameError("recipe", str(recipe)[:80], recipe_names())
    refused = [name for name in SERVER_ONLY if not (max_text_crops and name in GUIDING)]
    for name in refused:
        plain = StyleSettings.model_fields[name].default
        if values.get(name) not in (None, plain):
            if name in GUIDING:
                raise SettingError(
                    f"{name} is {quoted(values[name])}, and here no CLIP model reads words and "
                    "looks at this painting: leave it out"
                )
            raise SettingError(
                f"{name} is {quoted(values[name])}, but it is for who runs the server to choose: "
                "leave it out"
            )
    if values.get("precision") == "bf16":
        raise SettingError(
            "precision is bf16, which takes a server without the hardware many times as long: "
            "leave it out, and it is taken where it is faster"
        )
    if values.get("method") in BY_FILE:
        raise SettingError(
            f"method is {values['method']}, which paints with a file that only who runs the server "
            "can name: choose one-pass"
        )
    start = values.get("init")
    if isinstance(start, str) and start_file(start) is not None:
        raise SettingError(
            f"init is {quoted(start)}, and a server opens no file by its name: start from "
            "content, noise, blend or style"
        )
    own = {name: StyleSettings.model_fields[name].default for name in refused}
    settings = StyleSettings(**{**values, **own})
    if max_text_crops and settings.text_crops > max_text_crops:
        raise SettingError(
            f"text_crops is {settings.text_crops}, above the server's limit of {max_text_crops}: "
            "look at fewer cut-outs"
        )
    _refuse_unheeded(settings, values)
    if settings.max_megapixels <= max_megapixels:
        return settings
    return settings.replace(max_megapixels=max_megapixels)


def _refuse_unheeded(settings: StyleSettings, values: Mapping[str, Any]) -> None:
    """Refuse what a built-in method does not heed; what is the recipe's own is no wish."""
    if settings.method not in HEEDED:
        return
    own = StyleSettings(recipe=settings.recipe)
    given = {
        name
        for name, value in values.items()
        if value is not None and getattr(settings, name) != getattr(own, name)
    }
    refuse_unheeded(given, settings.method, HEEDED[settings.method])
