"""The pictures of a run at each of its scales, as tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from impasto import canvas, image
from impasto.engine.checkpoint import InputFile
from impasto.engine.schedule import Scale
from impasto.errors import CheckpointError, PictureError
from impasto.settings import StyleSettings

__all__ = ["Pictures"]


@dataclass(frozen=True)
class Pictures:
    """Content, style and, for `init="image:FILE"`, the start, read and cut to the final size.

    Attributes:
        content: at the painting's final size.
        style: as it was read.
        init: at the painting's final size, or None.
        settings: how they meet.
        device: where tensors go.
    """

    content: image.Picture
    style: image.Picture
    init: image.Picture | None
    settings: StyleSettings
    device: torch.device

    @classmethod
    def read(
        cls,
        content: image.Source,
        style: image.Source,
        settings: StyleSettings,
        device: torch.device,
        allow: Callable[[tuple[int, int], tuple[int, int]], None] | None = None,
    ) -> Pictures:
        """Read the inputs and cut them to size.

        Args:
            content, style, settings, device: as for `impasto.run`.
            allow: called with the final (height, width) of the painting and of the style image
                before anything is enlarged, to refuse what would not fit in memory.

        Raises:
            PictureError: if one cannot be read.
        """
        limit = settings.max_megapixels
        read = image.read(content, max_megapixels=limit)
        learnt = image.read(style, max_megapixels=limit)
        shape = image.target_shape(
            read.height,
            read.width,
            size=settings.size,
            shape=settings.shape,
            fit=settings.fit,
            upscale=settings.upscale,
        )
        if allow is not None:
            allow(shape, _style_shape(learnt, shape, shape, settings))
        fitted = image.fitted(
            read,
            size=settings.size,
            shape=settings.shape,
            fit=settings.fit,
            upscale=settings.upscale,
            resample=settings.resample,
        )
        init = None
        if settings.init.startswith("image:"):
            path = settings.init.removeprefix("image:")
            init = image.resized(
                image.read(path, max_megapixels=limit),
                fitted.height,
                fitted.width,
                resample=settings.resample,
            )
        return cls(fitted, learnt, init, settings, device)

    def style_shape(self, scale: Scale) -> tuple[int, int]:
        """(height, width) in px of the style image at a scale.

        Longest sides are alike at every scale, but the style image is never enlarged: a smaller
        one keeps its ratio to the picture through all scales, and so the size of its strokes.
        """
        final = self.content.height, self.content.width
        return _style_shape(self.style, final, (scale.height, scale.width), self.settings)

    def check_sizes(self, smallest_side: int, backbone: str) -> None:
        """Refuse pictures that the deepest layer cannot see.

        Raises:
            PictureError: if content or style is smaller than `smallest_side` px.
        """
        content, style = self.content, self.style
        if min(content.height, content.width) < smallest_side:
            raise PictureError(
                f"{content.name} would be painted at {content.width} x {content.height} px; the "
                f"smallest picture {backbone} can paint with these layers has {smallest_side} px "
                "on its shorter side: pass a larger picture or --size, or --upscale"
            )
        if min(style.height, style.width) < smallest_side:
            raise PictureError(
                f"{style.name} is {style.width} x {style.height} px; the smallest style "
                f"{backbone} can learn from with these layers has {smallest_side} px on its "
                "shorter side: pass a larger picture"
            )

    def at(self, scale: Scale, smallest_side: int) -> tuple[Tensor, Tensor]:
        """Content with its margin, and style: (1, 3, H, W) and (1, 3, h, w), standardised."""
        height, width = self.style_shape(scale)
        # A long, thin style would vanish at the coarse scales.
        grow = max(1.0, smallest_side / min(height, width))
        return (
            self._canvas(self.content, scale),
            self._tensor(self.style, round(height * grow), round(width * grow)),
        )

    def paths(self) -> tuple[Path, ...]:
        """The files among the inputs."""
        pictures = (self.content, self.style, self.init)
        found = [p.path for p in pictures if p is not None and p.path is not None]
        if self.settings.weights_file is not None:
            found.append(Path(self.settings.weights_file))
        return tuple(found)

    def files(self) -> dict[str, InputFile]:
        """Where the inputs lie and what is in them, for a checkpoint.

        Raises:
            CheckpointError: if one came as an array or PIL image.
        """
        named = {"content": self.content, "style": self.style}
        if self.init is not None:
            named["init"] = self.init
        files = {}
        for role, picture in named.items():
            if picture.path is None:
                raise CheckpointError(
                    f"the {role} image is not a file, so a checkpoint could not find it again: "
                    "pass its path"
                )
            files[role] = InputFile(str(picture.path), picture.sha256)
        return files

    def located(self, settings: StyleSettings) -> StyleSettings:
        """The settings with the files they name as absolute paths, for use from any folder."""
        given = {}
        if self.init is not None and self.init.path is not None:
            given["init"] = f"image:{self.init.path}"
        if settings.weights_file is not None:
            given["weights_file"] = str(Path(settings.weights_file).absolute())
        return settings.but(**given)

    def start_at(self, scale: Scale) -> Tensor:
        """The start image at a scale, with its margin, (1, 3, H, W), standardised."""
        if self.init is None:
            raise ValueError("these settings start from no image")
        return self._canvas(self.init, scale)

    def _canvas(self, picture: image.Picture, scale: Scale) -> Tensor:
        return canvas.mirrored(self._tensor(picture, scale.height, scale.width), scale.margin)

    def _tensor(self, picture: image.Picture, height: int, width: int) -> Tensor:
        resized = image.resized(picture, height, width, resample=self.settings.resample)
        return image.preprocess(resized).to(self.device)


def _style_shape(
    style: image.Picture, final: tuple[int, int], at: tuple[int, int], settings: StyleSettings
) -> tuple[int, int]:
    """(height, width) of the style image while a painting that will be `final` is at size `at`."""
    if settings.style_fit == "stretch":
        return at
    longest = max(style.height, style.width)
    wanted = max(final) if settings.upscale else min(max(final), longest)
    ratio = wanted / longest * max(at) / max(final)
    return max(1, round(style.height * ratio)), max(1, round(style.width * ratio))
