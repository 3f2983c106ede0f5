"""Every colour that has a name here, and a colour by any way of writing its name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from impasto.chinese import is_chinese, simplified
from impasto.errors import UnknownNameError

__all__ = ["Colour", "catalogue", "find", "known_names", "spelling"]

_NEAR = 0.5  # of two characters one: the nearest names of 石金 are those with 石 or 金


class Colour(NamedTuple):
    """A colour with a name.

    Attributes:
        name: as `names.toml` writes it; English, or Chinese for the traditional ones.
        value: sRGB as "#rrggbb", in lower case.
        gloss: the same in the other language; empty for a name of CSS without one.
        kind: the list that it comes from.
    """

    name: str
    value: str
    gloss: str
    kind: Literal["css", "pigments", "chinese"]


@cache
def catalogue() -> Mapping[str, Colour]:
    """Every colour by its name, in the order of `names.toml`.

    Example:
        >>> catalogue()["石青"].value, catalogue()["ochre"].gloss
        ('#1685a9', '赭黄')
    """
    lists = _lists()
    rows = [Colour(name, value, "", "css") for name, value in lists["css"].items()]
    pigments, chinese = lists["pigments"].items(), lists["chinese"].items()
    rows += [Colour(name, value, gloss, "pigments") for name, (value, gloss) in pigments]
    rows += [Colour(name, value, gloss, "chinese") for name, (value, gloss) in chinese]
    return MappingProxyType({row.name: row for row in rows})


def find(name: str) -> Colour:
    """The colour that a name means.

    Args:
        name: English or Chinese; case, spaces, hyphens, "gray" or "grey", a final 色, traditional
            characters and full-width forms make no difference. A name that CSS gives a value has
            that value.

    Raises:
        UnknownNameError: no colour has that name; the nearest are told.

    Example:
        >>> find("Steel Blue").value, find("硃紅色").name, find("grey").name, find("红").name
        ('#4682b4', '朱红', 'gray', 'red')
    """
    if (found := _by_spelling().get(spelling(name))) is None:
        # Those of its own language: one Chinese character is like no English letter.
        chinese = any(map(is_chinese, name))
        names = [known for known in known_names() if is_chinese(known[0]) == chinese]
        raise UnknownNameError("colour", name, names, _NEAR, "`impasto words colour`")
    return found


@cache
def known_names() -> tuple[str, ...]:
    """Every name that `find` knows, as it is written: names, Chinese of pigments, other words."""
    lists = _lists()
    glosses = [gloss for _, gloss in lists["pigments"].values()]
    return tuple(dict.fromkeys([*catalogue(), *glosses, *lists["same"]]))


def spelling(name: str) -> str:
    """What all ways of writing a name have in common.

    Example:
        >>> spelling("Dark-Gray"), spelling(" payne’s GREY "), spelling("茜色"), spelling("色")
        ('darkgrey', 'paynesgrey', '茜', '色')
    """
    text = re.sub(r"[\s\-_'’.]", "", simplified(name).casefold()).replace("gray", "grey")
    return text.removesuffix("色") or text


@cache
def _by_spelling() -> Mapping[str, Colour]:
    found: dict[str, Colour] = {}
    every = catalogue()
    for colour in every.values():
        # Earlier lists win: what CSS defines is what CSS says.
        found.setdefault(spelling(colour.name), colour)
    for name, (_, gloss) in _lists()["pigments"].items():
        found.setdefault(spelling(gloss), every[name])
    for name, target in _lists()["same"].items():
        found.setdefault(spelling(name), every[target])
    return MappingProxyType(found)


@cache
def _lists() -> dict[str, dict[str, Any]]:
    text = (files("impasto.colours") / "names.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
