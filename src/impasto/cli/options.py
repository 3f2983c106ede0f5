"""Writes the commands' options from `StyleSettings`, so that none is listed a second time."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_args

import typer

from impasto.settings import Description, StyleSettings, describe, described
from impasto.text import format_value

__all__ = ["FIRST", "flag", "with_settings"]

FIRST = ("Recipe", "Size", "Masks", "Colour", "Output", "Server")
"""What people use first, in the order of help; other themes follow in the order of the settings."""


def flag(name: str) -> str:
    """The option of a setting.

    Example:
        >>> flag("content_weight"), flag("weights_file")
        ('--content-weight', '--weights')
    """
    return described(name).flag


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command every setting as an option, in place of its `settings` parameter.

    Its own options stand among them by the heading they have, `FIRST` first.

    The command receives in `settings` the dict of what was given, for `load_settings`.
    """
    signature = inspect.signature(command, eval_str=True)

    def wrapped(**values: Any) -> None:
        given = {
            name: value
            for name in StyleSettings.model_fields
            if (value := values.pop(name)) is not None
        }
        command(**values, settings=given)

    parameters = [p for name, p in signature.parameters.items() if name != "settings"]
    parameters += [_parameter(setting) for setting in describe()]
    parameters.sort(key=_rank)
    wrapped.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": None}
    wrapped.__doc__ = command.__doc__
    wrapped.__name__ = command.__name__
    return wrapped


def _rank(parameter: inspect.Parameter) -> int:
    """Where help shows a parameter; among equals the order stays. Without a heading: on top."""
    for said in get_args(parameter.annotation):
        if heading := getattr(said, "rich_help_panel", None):
            return FIRST.index(heading) if heading in FIRST else len(FIRST)
    return -1


def _parameter(setting: Description) -> inspect.Parameter:
    switch = setting.kind == "switch"
    # Text for everything but switches: the model checks it, and says what is wrong in one voice.
    annotation = bool | None if switch else str | None
    off = f"--no-{setting.name.replace('_', '-')}"
    default = setting.unset or format_value(setting.default)
    option = typer.Option(
        f"{setting.flag}/{off}" if switch else setting.flag,
        help=f"{setting.help} [dim]\\[default: {default}][/dim]",
        metavar=None if switch else _metavar(setting),
        rich_help_panel=setting.theme,
        show_default=False,
    )
    return inspect.Parameter(
        setting.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[annotation, option],
    )


def _metavar(setting: Description) -> str:
    """What stands for a value."""
    if setting.metavar:
        return setting.metavar
    if setting.choices and not setting.open:
        return "|".join(setting.choices)
    return {"whole": "N", "number": "X"}.get(setting.kind, "NAME")
