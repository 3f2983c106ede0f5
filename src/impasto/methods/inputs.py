"""What a run is given: pictures and masks as they were read, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor

from impasto import imaging
from impasto.errors import CheckpointError, PictureError, SettingError
from impasto.imaging.tensors import masks
from impasto.methods.optimization.checkpoint import InputFile
from impasto.settings import StyleSettings

__all__ = ["Inputs", "check_counts", "sources", "style_shape"]

# Strokes a tenth finer are not told from those that were asked for.
NOTICED = 1.1


@dataclass(frozen=True)
class Inputs:
    """Pictures and masks as they were read.

    Attributes:
        content: the content image.
        styles: at least one style image; what is hidden has the colours around it.
        init: the start image, or None.
        masks: one for each style, of the content image's size, or none.
        style_masks: one for each style, of its size, or none.
        weights_file: of the backbone, or None for its own.
    """

    content: imaging.Picture
    styles: tuple[imaging.Picture, ...]
    init: imaging.Picture | None = None
    masks: tuple[imaging.Picture, ...] = ()
    style_masks: tuple[imaging.Picture, ...] = ()
    weights_file: Path | None = None

    @classmethod
    def read(
        cls,
        content: imaging.Source,
        styles: imaging.Sources,
        settings: StyleSettings,
        *,
        masks: imaging.Sources | None = None,
        style_masks: imaging.Sources | None = None,
    ) -> Inputs:
        """Read them; arguments and errors are those of `Pictures.read`."""
        limit = settings.max_megapixels
        given, where, learnt_from = sources(styles), sources(masks), sources(style_masks)
        check_counts(len(given), len(where), len(learnt_from), settings)
        read = imaging.read(content, max_megapixels=limit)
        learnt = [imaging.filled(imaging.read(style, max_megapixels=limit)) for style in given]
        init = None
        if settings.init.startswith("image:"):
            path = settings.init.removeprefix("image:")
            init = imaging.filled(imaging.read(path, max_megapixels=limit))
        weights = settings.weights_file
        return cls(
            read,
            tuple(learnt),
            init,
            tuple(imaging.mask_for(mask, read, max_megapixels=limit) for mask in where),
            tuple(
                imaging.mask_for(mask, style, max_megapixels=limit)
                for mask, style in zip(learnt_from, learnt, strict=bool(learnt_from))
            ),
            None if weights is None else Path(weights),
        )

    def final_shape(self, settings: StyleSettings) -> tuple[int, int]:
        """(height, width) of the finished painting, in px."""
        return imaging.target_shape(
            self.content.height,
            self.content.width,
            size=settings.size,
            shape=settings.shape,
            fit=settings.fit,
            upscale=settings.upscale,
        )

    def fitted(
        self, picture: imaging.Picture, settings: StyleSettings, *, resample: str | None = None
    ) -> imaging.Picture:
        """A picture of the content image's size, cut and resized as that is."""
        return imaging.fitted(
            picture,
            size=settings.size,
            shape=settings.shape,
            fit=settings.fit,
            upscale=settings.upscale,
            resample=resample or settings.resample,
        )

    def style_counts(self, which: int, shape: tuple[int, int]) -> Tensor | None:
        """Where a style image is learnt from.

        Args:
            which: of the styles, from 0.
            shape: (height, width) at which it is read, in px.

        Returns:
            (1, 1, height, width) in [0, 1]; None for all of it.

        Raises:
            PictureError: if nothing of it is.
        """
        style = self.styles[which]
        mask = self.style_masks[which] if self.style_masks else None
        if mask is None and style.opacity is None:
            return None
        counts = np.float32(1) if mask is None else imaging.shares(mask)
        counts = counts * (np.float32(1) if style.opacity is None else style.opacity)
        if not counts.any():
            raise PictureError(
                f"nothing of {style.name} is left to learn from: what its mask shows is "
                "transparent; give another mask or none"
            )
        plane = torch.from_numpy(np.ascontiguousarray(counts))[None, None]
        return masks.resized(plane, *shape)

    def regions(self) -> int:
        """In how many regions features are weighed by place; 0 if in none."""
        weighed = self.masks or self.style_masks or self.content.alpha is not None
        some = weighed or any(style.alpha is not None for style in self.styles)
        return max(1, len(self.masks)) if some else 0

    def notes(self, settings: StyleSettings) -> Iterator[str]:
        """What a person may not expect of the sizes, in a sentence each."""
        final = self.final_shape(settings)
        for style in self.styles:
            wanted = round(settings.style_scale * max(final))
            longest = max(style.height, style.width)
            if settings.style_fit == "stretch" and settings.style_scale > 1:
                yield (
                    f"style_fit stretch takes {style.name} to {settings.style_scale:g} times the "
                    "picture's size, enlarging it where it is smaller"
                )
            capped = settings.style_fit == "contain" and not settings.upscale
            if capped and wanted > NOTICED * longest:
                yield (
                    f"{style.name} has {longest} px on its longer side and is read as it is, not "
                    f"enlarged to {wanted} px: strokes come out finer; --upscale enlarges it"
                )

    def __iter__(self) -> Iterator[tuple[str, imaging.Picture]]:
        """Every picture with its role, as checkpoints and messages call it."""
        yield "content", self.content
        for role, pictures in (
            ("style", self.styles),
            ("mask", self.masks),
            ("style mask", self.style_masks),
        ):
            for number, picture in enumerate(pictures, 1):
                yield role if number == 1 else f"{role} {number}", picture
        if self.init is not None:
            yield "init", self.init

    def paths(self) -> tuple[Path, ...]:
        """The files among the inputs."""
        found = [picture.path for _, picture in self if picture.path is not None]
        return (*found, *([] if self.weights_file is None else [self.weights_file]))

    def files(self) -> dict[str, InputFile]:
        """Where the inputs lie and what is in them, for a checkpoint.

        Raises:
            CheckpointError: if one came as an array or PIL image.
        """
        files = {}
        for role, picture in self:
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
        if self.weights_file is not None:
            given["weights_file"] = str(self.weights_file.absolute())
        return settings.replace(**given)


def sources(given: imaging.Sources | None) -> list[imaging.Source]:
    """One picture, several or none, as a list.

    Example:
        >>> sources("a.jpg"), sources(("a.jpg", "b.jpg")), sources(None)
        (['a.jpg'], ['a.jpg', 'b.jpg'], [])
    """
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [cast(imaging.Source, given)]


def style_shape(
    style: imaging.Picture, final: tuple[int, int], at: tuple[int, int], settings: StyleSettings
) -> tuple[int, int]:
    """(height, width) of a style image while a painting that will be `final` is at size `at`.

    Longest sides are as `style_scale` says at every scale, but the style image is never enlarged
    unless told to: a smaller one keeps its ratio to the picture through all scales, and so the
    size of its strokes.
    """
    scale = settings.style_scale
    if settings.style_fit == "stretch":
        return max(1, round(at[0] * scale)), max(1, round(at[1] * scale))
    longest = max(style.height, style.width)
    wanted = max(final) * scale
    wanted = wanted if settings.upscale else min(wanted, longest)
    ratio = wanted / longest * max(at) / max(final)
    return max(1, round(style.height * ratio)), max(1, round(style.width * ratio))


def check_counts(styles: int, masks: int, style_masks: int, settings: StyleSettings) -> None:
    """Refuse masks and shares that are not as many as the styles.

    Raises:
        SettingError: with both numbers.
    """
    if not styles:
        raise SettingError("no style is given: name at least one picture to learn from")
    for what, count in (("mask", masks), ("style mask", style_masks)):
        if count not in (0, styles):
            raise SettingError(
                f"{_counted(count, what)} for {_counted(styles, 'style')}: give one {what} for "
                "each style, in their order, or none"
            )
    blend = settings.style_blend
    if blend is not None and len(blend) != styles:
        raise SettingError(
            f"style_blend has {_counted(len(blend), 'share')} for {_counted(styles, 'style')}: "
            "give one share for each style, in their order"
        )
    if blend is not None and masks:
        raise SettingError(
            "masks say where each style paints, and style_blend how they mix everywhere: give "
            "one of them (a grey mask mixes where it is grey)"
        )


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
