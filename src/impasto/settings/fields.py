"""How a setting is written down: its kind, and what the command line and the docs say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from impasto.errors import UnknownNameError
from impasto.settings import registry
from impasto.text import parse_layers, parse_numbers, parse_position, parse_shape

__all__ = ["Group", "LayerWeights", "Pixels", "Position", "Shape", "Shares", "name_in", "setting"]

LayerWeights = Annotated[dict[str, Annotated[float, Field(ge=0)]], BeforeValidator(parse_layers)]
Pixels = tuple[
    Annotated[int, Field(ge=1, le=100_000)],
    Annotated[int, Field(ge=1, le=100_000)],
]


def _shape(value: Any) -> Any:
    """A shape that is checked already: of a union pydantic would tell what is wrong twice."""
    shape = parse_shape(value)
    return shape if isinstance(shape, str) else _PIXELS.validate_python(shape)


def _position(value: str) -> str:
    parse_position(value)
    return "".join(value.split())


_PIXELS: TypeAdapter[Any] = TypeAdapter(Pixels)
Shape = Annotated[Pixels | str, BeforeValidator(_shape)]
Position = Annotated[str, AfterValidator(_position)]
Shares = Annotated[
    tuple[Annotated[float, Field(ge=0, le=1_000_000)], ...],
    Field(min_length=1),
    BeforeValidator(parse_numbers),
]


class Group(BaseModel):
    """A part of `StyleSettings`: frozen, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def setting(default: Any, help: str, theme: str, **more: Any) -> Any:
    """A field with what command line, docs and page need beside pydantic's own.

    Args:
        default: what the recipe `default` has.
        help: one sentence.
        theme: the heading it stands under.
        **more: bounds, as pydantic knows them; `metavar`, `flag`, `off`, `unset`, `scope`, `file`,
            `shapes_picture` and `everyday`, see `impasto.settings.describe.Description`; `group`,
            of `impasto.settings.registry`, whose names are its choices.
    """
    extra = {key: more.pop(key, plain) for key, plain in _USUAL.items()}
    return Field(default, description=help, json_schema_extra={"theme": theme, **extra}, **more)


_USUAL: Mapping[str, Any] = {
    "metavar": None,
    "flag": None,
    "off": None,
    "unset": None,
    "scope": "task",
    "file": False,
    "shapes_picture": True,
    "everyday": False,
    "group": None,
}


def name_in(group: str) -> AfterValidator:
    """Refuses a name that nothing of a group has, ours or another package's.

    Raises:
        UnknownNameError: with the nearest name and all that there are.
    """

    def check(name: str) -> str:
        if name not in registry.names(group):
            raise UnknownNameError(registry.KINDS[group], name, registry.names(group))
        return name

    return AfterValidator(check)
