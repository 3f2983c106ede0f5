"""A kind of arrangement for tests, which turns a picture round: what holds for it holds for all."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import pytest

from impasto import arrangements
from impasto.arrangements.options import Options
from impasto.imaging import Picture
from impasto.settings import StyleSettings
from impasto.settings.fields import setting
from impasto.task import StyleTask

KIND = "toy"


class Toy(Options):
    takes: ClassVar[tuple[str, ...]] = ("labels",)

    upside_down: bool = setting(False, "Whether it is turned over too.", "Toy")
    title: str = setting("", "What stands below.", "Toy")
    font: str | None = setting(None, "The file of a font.", "Toy", file=True)


def arrange(pictures: dict[str, Picture], options: Toy, _: StyleSettings) -> StyleTask[Any]:
    pixels = pictures["content"].pixels[:, ::-1]
    if options.upside_down:
        pixels = pixels[::-1]
    where = pictures["content"].path
    notes = (f"{where} is mirrored",) if where else ()
    mirrored = Picture(np.ascontiguousarray(pixels), name="the mirrored", notes=notes)
    return StyleTask.of(mirrored, pictures["style"])


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the kind known."""
    module = ModuleType("toy_kind")
    module.Toy, module.arrange = Toy, arrange  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "toy_kind", module)
    monkeypatch.setattr(arrangements, "_HOMES", {KIND: ("toy_kind:Toy", "toy_kind:arrange")})
    monkeypatch.setattr(arrangements, "KINDS", (KIND,))
