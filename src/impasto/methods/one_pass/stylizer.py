"""A network that is loaded once and paints many pictures, in as many threads as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Unpack

from torch import Tensor

from impasto import imaging, methods
from impasto.errors import PictureError, SettingError
from impasto.methods.one_pass.ready import made_ready, read, refuse_reading, taught
from impasto.methods.one_pass.run import OnePass, prepared
from impasto.methods.protocol import RunOptions
from impasto.methods.result import Result
from impasto.networks.features import find
from impasto.networks.features.layers import smallest_side
from impasto.networks.stylizers.reader import LAYERS
from impasto.samples.lookup import located, sample_or
from impasto.settings import StyleOptions, StyleSettings, complete
from impasto.task import Role, StyleTask

__all__ = ["ReadStyle", "Stylizer"]


@dataclass(frozen=True)
class ReadStyle:
    """A style as a network knows it: what it once read, or was taught, to paint with again.

    Attributes:
        code: (S,).
        network: SHA-256 of the network's file, in hex.
    """

    code: Tensor = field(repr=False)
    network: str


class Stylizer:
    """Paints many pictures with one network, which is read once; threads may share it.

    Args:
        settings: for every picture; `method` one-pass, all else as in `default`, if left out.
        **overrides: single settings, in place of those.

    Raises:
        WeightsError: the network that `model` names cannot be read.
        SettingError: a setting that one pass does not heed.

    Example:
        >>> stylizer = Stylizer(size=64)
        >>> swirls = stylizer.read("swirls")
        >>> [stylizer.paint(photo, swirls).picture.size for photo in ("chelsea", "coffee")]
        [(64, 43), (64, 43)]
    """

    def __init__(
        self, settings: StyleSettings | None = None, **overrides: Unpack[StyleOptions]
    ) -> None:
        if settings is None:
            overrides = {"method": "one-pass", **overrides}
        settings = complete(settings, overrides)
        if settings.method != OnePass.name:
            raise SettingError(
                f"method is {settings.method}, and a Stylizer paints with a network: leave it out, "
                "or call impasto.stylize"
            )
        methods.choose(settings)
        self._engine, self._rows, self.settings = made_ready(settings)

    @property
    def rows(self) -> tuple[str, ...]:
        """Names of the styles that the network was taught."""
        return self._engine.network.names

    def style(self, row: str) -> ReadStyle:
        """A style that the network was taught.

        Args:
            row: its name, or its number from 1.

        Raises:
            UnknownNameError: there is none.
        """
        return ReadStyle(self._engine.network.code(row), self._engine.sha256)

    def read(self, *styles: imaging.Source, shares: Sequence[float] | None = None) -> ReadStyle:
        """What the network makes of a style picture, or of several that are blended.

        It is read as large as for a painting of this stylizer's `size` or `shape`. A photograph
        that is smaller is painted as with a style of a larger one: strokes come out coarser.

        Args:
            styles: as `impasto.stylize` takes them, at least one.
            shares: of each; equal ones if left out.

        Raises:
            PictureError: one cannot be read, or is smaller than 32 px.
            SettingError: no style, not as many shares, or a network that reads none.
        """
        if not styles:
            raise SettingError("no style is given: name at least one picture to learn from")
        task = StyleTask((), tuple(sample_or("style", style) for style in styles))
        task.check_blend(shares)
        smallest = smallest_side(find("slim"), list(LAYERS))
        codes = []
        for number, source in enumerate(task.styles, 1):
            limit, name = self.settings.max_megapixels, Role("style", number).phrase
            style = imaging.filled(imaging.read(source, max_megapixels=limit, name=name))
            if min(style.height, style.width) < smallest:
                raise PictureError(
                    f"{style.name} is {style.width} x {style.height} px; the smallest style that "
                    f"can be read has {smallest} px on its shorter side: pass a larger picture"
                )
            side = self._longest or max(style.height, style.width)
            codes.append(read(self._engine, style, None, (side, side), self.settings))
        code = self._engine.blended(codes, shares or [1.0] * len(codes))
        return ReadStyle(code, self._engine.sha256)

    @property
    def _longest(self) -> int | None:
        """Longest side of the paintings in px, where the settings say it."""
        shape = self.settings.shape
        return max(shape) if isinstance(shape, tuple) else self.settings.size

    def paint(
        self,
        content: imaging.Source,
        style: ReadStyle | imaging.Sources | None = None,
        **overrides: Unpack[StyleOptions],
    ) -> Result:
        """Paint a picture.

        Args:
            content: as `impasto.stylize` takes it.
            style: what `read` or `style` gave, or pictures, which are then read for this painting
                alone; None for the rows that the settings name.
            **overrides: single settings for this picture: not the network's, nor the machine's.

        Raises:
            ImpastoError: as for `impasto.stylize`.
        """
        fixed = {"method", "model", "device", "precision", "threads"} & set(overrides)
        if fixed:
            raise SettingError(
                f"{', '.join(sorted(fixed))} cannot change from picture to picture: make another "
                "Stylizer"
            )
        settings = self.settings.replace(**overrides) if overrides else self.settings
        methods.choose(settings)
        if style is None or isinstance(style, ReadStyle):
            refuse_reading(overrides)
        if isinstance(style, ReadStyle):
            if style.network != self._engine.sha256:
                raise SettingError(
                    "the style was read by another network: read it again with this Stylizer"
                )
            codes = [style.code]
        else:
            codes = taught(self._engine, self._rows) if style is None else []
        pictures = () if codes else style
        task = located(StyleTask.of(content, pictures, taught=bool(codes)))
        run = prepared(task, settings, RunOptions(), self._engine, codes)
        for _ in run:
            pass
        return run.result()
