"""A task as it was read: its pictures and masks in memory, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from impasto import imaging
from impasto.errors import PictureError
from impasto.folders import check_scratch
from impasto.methods.size_notes import size_notes
from impasto.networks.clip.folder import located_model
from impasto.painters.painted import source_of
from impasto.settings import StyleOptions, StyleSettings
from impasto.settings.recipe_writing import record
from impasto.task import RegionOptions, Role, StyleTask

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "GENTLE",
    "Inputs",
    "learnt_from",
    "one_pass_shape",
    "painter_strength",
    "style_shape",
]

# Strokes a tenth finer are not told from those that were asked for.
NOTICED = 1.1
# A network that paints in one pass reads a style with at most this longest side, in px, times
# `style_scale`: larger strokes than those of such a picture the painter has no reach for.
LONGEST_STYLE, LARGEST_STYLE = 768, 1536
# The strength at which such a network paints faces that are kept like themselves.
GENTLE = 0.0


@dataclass(frozen=True)
class Inputs:
    """The pictures and masks of a task, as they were read.

    Attributes:
        task: with pictures; what is hidden of a style or start image has the colours around it,
            masks have the size of what they are for.
        weights_file: of the backbone, or None for its own.
    """

    task: StyleTask[imaging.Picture]
    weights_file: Path | None = None

    @classmethod
    def read(cls, task: StyleTask[Any], settings: StyleSettings, taught: int = 0) -> Inputs:
        """Read everything that a task names.

        Args:
            task: sources, as `impasto.imaging.read` takes them.
            taught: styles that a network paints in, where no picture is given.
            settings: `max_megapixels` and `weights_file` matter, and whether shares fit the styles.

        Raises:
            PictureError: one cannot be read.
            SettingError: shares that are not as many as the styles, or that masks contradict.
        """
        task.check_blend(settings.style_blend, taught)
        limit = settings.max_megapixels
        scratch = check_scratch(settings.scratch)

        def opened(source: Any, kind: str, number: int = 1) -> imaging.Picture:
            name = Role(kind, number).phrase
            return imaging.read(source, max_megapixels=limit, name=name, scratch=scratch)

        content = opened(task.content, "content")
        styles = tuple(
            imaging.filled(opened(style, "style", number))
            for number, style in enumerate(task.styles, 1)
        )
        start = None if task.start is None else imaging.filled(opened(task.start, "init"))
        read = StyleTask(
            content,
            styles,
            tuple(imaging.mask_for(mask, content, max_megapixels=limit) for mask in task.masks),
            tuple(
                imaging.mask_for(mask, style, max_megapixels=limit)
                for mask, style in zip(task.style_masks, styles, strict=bool(task.style_masks))
            ),
            start,
            task.regions,
            task.prompt,
            None
            if task.keep is None
            else imaging.mask_for(task.keep, content, max_megapixels=limit),
            task.taught,
            task.asked,
        )
        weights = settings.weights_file
        return cls(read, None if weights is None else Path(weights))

    @property
    def content(self) -> imaging.Picture:
        """The content image."""
        return self.task.content

    @property
    def styles(self) -> tuple[imaging.Picture, ...]:
        """At least one style image."""
        return self.task.styles

    @property
    def masks(self) -> tuple[imaging.Picture, ...]:
        """One for each style, of the content image's size, or none."""
        return self.task.masks

    @property
    def style_masks(self) -> tuple[imaging.Picture, ...]:
        """One for each style, of its size, or none."""
        return self.task.style_masks

    def region_options(self, which: int) -> RegionOptions:
        """How the region of a mask is painted."""
        return self.task.regions[which] if self.task.regions else RegionOptions()

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
            crop=settings.crop,
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
        mask = self.style_masks[which] if self.style_masks else None
        counts = learnt_from(self.styles[which], mask)
        if counts is None:
            return None
        # Here: pictures are read, fitted and told of where torch is not installed.
        import torch

        from impasto.imaging.tensors import masks

        plane = torch.from_numpy(np.ascontiguousarray(counts))[None, None]
        return masks.resized(plane, *shape)

    def regions(self) -> int:
        """In how many regions features are weighed by place; 0 if in none."""
        weighed = self.masks or self.style_masks or self.task.keep is not None
        weighed = weighed or self.content.alpha is not None
        some = weighed or any(style.alpha is not None for style in self.styles)
        return max(1, len(self.masks)) if some else 0

    def notes(self, settings: StyleSettings) -> Iterator[str]:
        """What reading changed and what may surprise in the sizes, in a sentence each."""
        told = dict.fromkeys(
            note
            for picture in (*self.task.given().values(), *self.task.by_role().values())
            for note in picture.notes
        )
        yield from told  # each once: what is made of a picture may have its notes
        content = self.content
        yield from size_notes(content.name, content.height, content.width, settings)
        final = self.final_shape(settings)
        for style in self.styles:
            side = round(settings.style_scale * max(final))
            longest = max(style.height, style.width)
            if settings.style_fit == "stretch" and settings.style_scale > 1:
                yield (
                    f"style_fit stretch takes {style.name} to {settings.style_scale:g} times the "
                    "picture's size, enlarging it where it is smaller"
                )
            capped = settings.style_fit == "contain" and not settings.upscale
            if capped and side > NOTICED * longest:
                yield (
                    f"{style.name} has {longest} px on its longer side and is read as it is, not "
                    f"enlarged to {side} px: strokes come out finer; --upscale enlarges it"
                )

    def paths(self) -> tuple[Path, ...]:
        """The files among the inputs."""
        pictures = self.task.given().values()
        files = [picture.path for picture in pictures if picture.path is not None]
        return (*files, *([] if self.weights_file is None else [self.weights_file]))

    def record(self, settings: StyleSettings) -> str | None:
        """How a painting of these is made, for its file; None if the settings want none there."""
        if not settings.embed_recipe:
            return None
        pictures = {
            role: (_named(picture), picture.sha256) for role, picture in self.task.given().items()
        }
        asked = self.task.asked
        arranged = None if asked is None else asked.for_others()
        guiding = self.task.prompt if settings.text_weight else ""
        return record(settings, pictures, arranged, guiding)

    def located(self, settings: StyleSettings) -> StyleSettings:
        """The settings with absolute paths of all that they name, for use from any folder."""
        changes: StyleOptions = {}
        if self.task.start is not None and self.task.start.path is not None:
            changes["init"] = f"image:{self.task.start.path}"
        if self.weights_file is not None:
            changes["weights_file"] = str(self.weights_file.absolute())
        if settings.clip is not None:
            changes["clip"] = located_model(settings.clip)
        if settings.scratch is not None:
            changes["scratch"] = str(Path(settings.scratch).absolute())
        return settings.replace(**changes) if changes else settings


def learnt_from(style: imaging.Picture, mask: imaging.Picture | None) -> NDArray[np.float32] | None:
    """Where a style image is learnt from: where its mask is white and itself is opaque.

    Args:
        style: as it was read.
        mask: of its size; None for all of it.

    Returns:
        (height, width) in [0, 1]; None for all of it.

    Raises:
        PictureError: if nothing of it is.
    """
    if mask is None and style.opacity is None:
        return None
    counts = np.float32(1) if mask is None else imaging.shares(mask)
    counts = counts * (np.float32(1) if style.opacity is None else style.opacity)
    if not counts.any():
        raise PictureError(
            f"nothing of {style.name} is left to learn from: what its mask shows is "
            "transparent; give another mask or none"
        )
    return np.asarray(counts, np.float32)


def _named(picture: imaging.Picture) -> str:
    """What a recipe calls a picture: its file without folders, or what it was painted with."""
    if (source := source_of(picture.path)) is not None:
        return source.text
    return "" if picture.path is None else picture.path.name


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
    side = max(final) * scale
    side = side if settings.upscale else min(side, longest)
    ratio = side / longest * max(at) / max(final)
    return max(1, round(style.height * ratio)), max(1, round(style.width * ratio))


def one_pass_shape(
    style: imaging.Picture, final: tuple[int, int], settings: StyleSettings
) -> tuple[int, int]:
    """(height, width) at which a network that paints in one pass reads a style image.

    Args:
        style: of any size.
        final: (height, width) in px of the painting.
        settings: `style_scale`, `style_fit` and `upscale` matter; beyond `LARGEST_STYLE` px nothing
            gets larger, as the painter has no reach for such strokes.
    """
    share = min(1.0, LONGEST_STYLE / max(final))
    height, width = (max(1, round(side * share)) for side in final)
    height, width = style_shape(style, (height, width), (height, width), settings)
    share = min(1.0, LARGEST_STYLE / max(height, width))
    return max(1, round(height * share)), max(1, round(width * share))


def painter_strength(strength: float | None) -> float:
    """A strength as the networks that paint in one pass take it, from -1 to 1.

    Args:
        strength: from 0, near the photograph, to 1, near the style; None, where settings have
            weights in its place, is the middle.

    Example:
        >>> painter_strength(0.75), painter_strength(None)
        (0.5, 0.0)
    """
    return 0.0 if strength is None else 2 * strength - 1
