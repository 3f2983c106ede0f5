"""The ONNX graphs that a model is, and what a task may ask of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from impasto.errors import SettingError, WeightsError
from impasto.methods import coloring
from impasto.networks.graphs import Graph
from impasto.settings import StyleSettings
from impasto.settings.heeded import ONNX_STYLE
from impasto.settings.model_files import model_file, painter_of, reader_of
from impasto.task import StyleTask
from impasto.text import format_path

__all__ = ["Networks"]


@dataclass(frozen=True)
class Networks:
    """The graphs of a model: one that paints, and for a painter of any style its reader."""

    painter: Graph
    reader: Graph | None

    @classmethod
    def opened(cls, settings: StyleSettings) -> Networks:
        """Those of the setting `model`; a reader lies beside its painter.

        Raises:
            WeightsError: a file that cannot be used, or one without the other.
        """
        path = model_file(settings.model)
        assert path is not None
        path = painter_of(path)
        painter = Graph(path, settings.threads)
        if painter.kind == "baked":
            return cls(painter, None)
        if painter.kind != "painter":
            stem = path.stem.removesuffix("-reader")
            raise WeightsError(
                f"{format_path(path)} reads styles and paints nothing: name the file that paints, "
                f"{stem}-painter.onnx"
            )
        other = reader_of(path)
        if not other.exists():
            raise WeightsError(
                f"{format_path(path)} paints by the code that {other.name} reads off a style, and "
                "there is no such file beside it: put it there"
            )
        reader = Graph(other, settings.threads)
        if reader.kind != "reader" or reader.text.get("pair") != painter.text.get("pair"):
            raise WeightsError(
                f"{format_path(other)} does not belong to {path.name}: export both anew"
            )
        return cls(painter, reader)

    @property
    def name(self) -> str:
        """What messages call the file that paints."""
        return format_path(self.painter.path)

    def check(self, task: StyleTask[Any], settings: StyleSettings) -> None:
        """Refuse a task or settings that do not go with a style that is baked in, or with none.

        Raises:
            SettingError: naming what to leave out, or that a style is missing.
        """
        if self.reader is not None:
            if not task.styles:
                raise SettingError(f"{self.name} paints any style, and none is given: name one")
            return
        style = self.painter.text.get("style", "one style")
        if task.styles:
            raise SettingError(f"{self.name} paints {style!a} and nothing else: leave STYLE out")
        for name in sorted(settings.explicit & ONNX_STYLE):
            raise SettingError(
                f"{self.name} paints {style!a} as it was exported, and {name} would change that: "
                "leave it out, or export it anew"
            )
        if settings.keep_faces:
            raise SettingError(
                f"keep_faces paints faces at a lower strength, and {self.name} was exported at one "
                "of its own: leave it out, or paint with a network that reads styles"
            )
        if settings.color in coloring.MOVES and settings.color != "luminance":
            raise SettingError(
                f"color {settings.color} gives the style the photograph's colours before it is "
                f"read, and that of {self.name} is baked in: choose another --color"
            )
