"""How a setting is written down: its kind, and what the command line and the docs say of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from impasto.text import parse_layers, parse_numbers, parse_shape

__all__ = ["Group", "LayerWeights", "Shape", "Shares", "setting"]

LayerWeights = Annotated[dict[str, Annotated[float, Field(ge=0)]], BeforeValidator(parse_layers)]
Shape = Annotated[
    tuple[Annotated[int, Field(ge=1, le=100_000)], Annotated[int, Field(ge=1, le=100_000)]],
    BeforeValidator(parse_shape),
]
Shares = Annotated[
    tuple[Annotated[float, Field(ge=0, le=1_000_000)], ...],
    Field(min_length=1),
    BeforeValidator(parse_numbers),
]


class Group(BaseModel):
    """A part of `StyleSettings`: frozen, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def setting(default: Any, help: str, group: str, **more: Any) -> Any:
    """A field with what the command line and the docs need beside pydantic's own.

    Args:
        default: what the recipe `default` has.
        help: one sentence.
        group: the heading it stands under.
        **more: bounds, as pydantic knows them; `metavar`, what stands for its value; `flag`, its
            option if not its name; `unset`, what None means in words.
    """
    extra = {key: more.pop(key, None) for key in ("metavar", "flag", "unset")}
    return Field(default, description=help, json_schema_extra={"group": group, **extra}, **more)
