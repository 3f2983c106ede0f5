"""What is known of each setting, read off the model once: for options, docs, page and API."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from impasto.settings.fields import Group, LayerWeights, Pixels, Shares
from impasto.settings.recipes import RECIPES
from impasto.settings.registry import names
from impasto.settings.style_settings import STARTS, StyleSettings
from impasto.text import POSITIONS

__all__ = ["Description", "Kind", "describe", "described"]

Kind = Literal["switch", "choice", "whole", "number", "text", "layers", "shape", "numbers"]
Scope = Literal["task", "machine", "server"]

_COMPOUND: Mapping[Any, Kind] = {
    LayerWeights.__origin__: "layers",  # type: ignore[attr-defined]
    Pixels: "shape",
    Shares.__origin__: "numbers",  # type: ignore[attr-defined]
}
_PLAIN: Mapping[Any, Kind] = {bool: "switch", int: "whole", float: "number"}


@dataclass(frozen=True)
class Description:
    """One setting.

    Attributes:
        name: of the field, as in Python and JSON.
        flag: its option.
        off: the option that switches a switch off.
        kind: what its values are.
        theme: the heading it stands under.
        scope: "task" is the person's who paints, "machine" that of whoever runs the process,
            "server" of whoever runs a studio: a limit of what may be asked, or how it is run.
        help: one sentence.
        default: what the recipe `default` has.
        optional: whether it may be None.
        unset: what nothing means, in words; None where its value says it.
        metavar: what stands for its value on the command line; None for a usual one.
        bounds: of a number, by name: ge, gt, le, lt.
        choices: every value it may have, if they can be listed.
        open: whether other values than the choices may be given, such as a file.
        file: whether it names a file, or may.
        shapes_picture: whether another value may paint another picture.
        everyday: whether people use it often: `--help` shows these, `--help-all` every one.
    """

    name: str
    flag: str
    kind: Kind
    theme: str
    scope: Scope
    help: str
    default: Any
    optional: bool
    unset: str | None
    metavar: str | None
    bounds: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    open: bool = False
    file: bool = False
    shapes_picture: bool = True
    off: str = ""
    everyday: bool = False


@cache
def describe(model: type[Group] = StyleSettings) -> tuple[Description, ...]:
    """Every setting, in the order of the model.

    Args:
        model: whose; `ServerOptions` of `impasto.settings.server` are those of a studio.

    Example:
        >>> [setting.name for setting in describe()][:2]
        ['recipe', 'embed_recipe']
        >>> described("steps").bounds
        {'ge': 1, 'le': 1000000}
    """
    return tuple(_described(name, field) for name, field in model.model_fields.items())


def described(name: str) -> Description:
    """The setting of that name.

    Raises:
        KeyError: there is none.
    """
    return {setting.name: setting for setting in describe()}[name]


def _described(name: str, info: FieldInfo) -> Description:
    annotation, optional = info.annotation, False
    if get_origin(annotation) in (Union, types.UnionType):
        optional = True
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    while get_origin(annotation) not in (None, Literal, dict, tuple):  # Annotated
        annotation = get_args(annotation)[0]
    extra: Any = info.json_schema_extra
    literal = get_origin(annotation) is Literal
    choices, open_ = _choices(name, extra, get_args(annotation) if literal else ())
    kind = _PLAIN.get(annotation) or _COMPOUND.get(annotation) or ("choice" if choices else "text")
    if open_ and not choices:
        kind = "text"
    return Description(
        name,
        extra["flag"] or f"--{name.replace('_', '-')}",
        kind,
        extra["theme"],
        extra["scope"],
        info.description or "",
        info.default,
        optional,
        extra["unset"],
        extra["metavar"],
        {
            bound: getattr(rule, bound)
            for rule in info.metadata
            for bound in ("ge", "gt", "le", "lt")
            if hasattr(rule, bound)
        },
        choices,
        open_,
        extra["file"],
        extra["shapes_picture"],
        (extra["off"] or f"--no-{name.replace('_', '-')}") if kind == "switch" else "",
        extra["everyday"],
    )


def _choices(
    name: str, extra: Mapping[str, Any], literal: tuple[str, ...]
) -> tuple[tuple[str, ...], bool]:
    """What can be chosen, and whether that is not all that can be given."""
    if name == "recipe":
        return tuple(RECIPES), True
    if name == "init":
        return STARTS, True
    if name == "crop":
        return tuple(POSITIONS), True
    if extra["group"] is not None:
        return names(extra["group"]), False
    return literal, False
