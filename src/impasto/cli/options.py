"""Writes the commands' options from `StyleSettings`, so that none is listed a second time."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer
from pydantic.fields import FieldInfo

from impasto.settings import StyleSettings
from impasto.text import format_value

__all__ = ["flag", "with_settings"]


def flag(name: str) -> str:
    """The option of a setting.

    Example:
        >>> flag("content_weight"), flag("weights_file")
        ('--content-weight', '--weights')
    """
    return _extra(StyleSettings.model_fields[name]).get("flag") or f"--{name.replace('_', '-')}"


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command every setting as an option, in place of its `settings` parameter.

    The command receives in `settings` the dict of what was given, for `StyleSettings(**settings)`.
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
    parameters += [_parameter(name, field) for name, field in StyleSettings.model_fields.items()]
    wrapped.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": None}
    wrapped.__doc__ = command.__doc__
    wrapped.__name__ = command.__name__
    return wrapped


def _parameter(name: str, field: FieldInfo) -> inspect.Parameter:
    kind = _kind(field)
    # Text for everything but switches: the model checks it, and says what is wrong in one voice.
    annotation = bool | None if kind is bool else str | None
    names = [f"{flag(name)}/--no-{name.replace('_', '-')}"] if kind is bool else [flag(name)]
    option = typer.Option(
        *names,
        help=f"{field.description} [dim]\\[default: {_default(field)}][/dim]",
        metavar=None if kind is bool else _metavar(kind, field),
        rich_help_panel=_extra(field)["group"],
        show_default=False,
    )
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[annotation, option],
    )


def _kind(field: FieldInfo) -> Any:
    """The type of a field without its `None`."""
    annotation = field.annotation
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    return annotation


def _metavar(kind: Any, field: FieldInfo) -> str:
    if given := _extra(field)["metavar"]:
        return str(given)
    if get_origin(kind) is Literal:
        return "|".join(get_args(kind))
    return {int: "N", float: "X"}.get(kind, "NAME")


def _default(field: FieldInfo) -> str:
    return str(_extra(field)["unset"] or format_value(field.default))


def _extra(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    return extra
