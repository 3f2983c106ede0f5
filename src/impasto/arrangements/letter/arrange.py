"""Words in the effect of a style picture, as a task: read this file to see the whole of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from impasto import imaging
from impasto.arrangements.letter.bands import Band, bands_between, layers_within
from impasto.arrangements.letter.distance import half_width, signed_distance
from impasto.arrangements.letter.effect import Ground, reach_of, seen
from impasto.arrangements.letter.layout import Glyphs, OwnGlyphs, Words
from impasto.arrangements.letter.lifting import lifted
from impasto.arrangements.letter.options import LetterOptions
from impasto.arrangements.letter.patchmatch import Guide, put_together
from impasto.arrangements.letter.reading import Cutting, longest_of, prepared
from impasto.arrangements.letter.sheet import SHORTEST, THIN_PX, Sheet
from impasto.arrangements.letter.texture import RIM, loosened, shades_of, shades_wanted
from impasto.errors import InputError
from impasto.imaging import Picture
from impasto.settings import StyleSettings
from impasto.settings.model_files import ONE_PASS
from impasto.task import RegionOptions, StyleTask

__all__ = ["arrange"]

Plane = NDArray[np.float32]
Pixels = NDArray[np.float32]

TIGHT, LOOSE = 3.0, 0.1  # weight of the guide at looseness 0 and 1
SIDES = 0.5  # of the side on which a place lies, beside its distance
DEEPEST = 1.2  # half-widths inside: what lies deeper is alike
TEXTURE_STROKES = 40.0  # half-widths of the words' strokes that the longest side of a texture shows
# Of the guide of a texture, beside that of an effect: shades may miss, and the drawing of the style
# stays whole.
TEXTURE_WEIGHT = 0.2
SOLID = 0.7  # opacity from which on a place is painted


@dataclass(frozen=True)
class _Lettering:
    """What a lettering is made from."""

    style: Picture
    glyphs: Glyphs
    options: LetterOptions
    settings: StyleSettings
    notes: tuple[str, ...]


def arrange(
    pictures: Mapping[str, Picture], options: LetterOptions, settings: StyleSettings
) -> StyleTask[Picture]:
    """The task of a lettering.

    Args:
        pictures: by role: "style", and if they were given "style mask", where its letters are, and
            "content", glyphs in place of the words.
        options: the words and how they are set.
        settings: `size` or `shape` say how large the picture is; `style_scale` and `seed` count.

    Raises:
        SettingError: nothing to draw, or too much for the size.
        PictureError: a picture in which nothing is found.
    """
    if "style 2" in pictures or "style mask 2" in pictures:
        raise InputError("words are painted in one style: leave out the others")
    options.check_with(pictures)
    style, mask = prepared(pictures["style"], settings), pictures.get("style mask")
    if mask is not None:
        mask = imaging.mask_for(mask, style, max_megapixels=settings.max_megapixels)
    glyphs, notes = _glyphs(pictures.get("content"), options)
    effect = seen(style, mask, options.reading)
    notes = (*notes, *(() if mask is None else mask.notes), effect.note)
    made = _Lettering(style, glyphs, options, settings, notes)
    if effect.glyph is None:
        return _as_texture(made)
    return _as_effect(made, effect.glyph, effect.ground)


def _glyphs(own: Picture | None, options: LetterOptions) -> tuple[Glyphs, tuple[str, ...]]:
    if own is not None:
        return OwnGlyphs(own), ()
    words = Words(options.text, options.font, options.vertical, options.align)
    return words, (f"the words are set in {' and '.join(words.fonts)}", *words.notes)


def _as_effect(made: _Lettering, glyph: NDArray[np.bool_], ground: Ground) -> StyleTask[Picture]:
    """Letters with the effect that the letters of the style have."""
    own = signed_distance(glyph)
    reach, stroke = reach_of(own, ground), half_width(own)
    sheet = Sheet.of(made.glyphs, reach, made.settings)
    factor, around = sheet.half_width / stroke, (reach + 1) * stroke
    cutting = Cutting.of(made.style, glyph, factor, around, sheet, made.settings)
    style = cutting.style.floats

    own = signed_distance(cutting.glyph)
    normal = own / np.float32(half_width(own))
    guide = Guide(
        _guide_of(own, normal, reach),
        _guide_of(sheet.distance, sheet.normal, reach),
        _weight(made.options.looseness),
    )
    pixels = put_together(style, guide, made.settings.seed)

    ground_stays = made.options.ground == "painted"
    if ground_stays or (made.options.ground == "auto" and not ground.is_plain):
        bands = bands_between(sheet.normal, normal, reach, with_ground=True)
        return _task(made, pixels, None, cutting.style, bands, sheet)
    over = lifted(pixels, sheet.normal, sheet.ink, style, normal, reach)
    # What the page is seen through keeps the colours it was given: the style has none for it.
    solid, own = (
        np.where(opacity > SOLID, distance, np.float32(np.inf))
        for opacity, distance in ((over.opacity, sheet.normal), (over.own, normal))
    )
    bands = bands_between(solid, own, reach, with_ground=False)
    return _task(made, over.pixels, over.opacity, cutting.style, bands, sheet)


def _as_texture(made: _Lettering) -> StyleTask[Picture]:
    """Letters filled with a texture."""
    looseness = made.options.looseness
    sheet = Sheet.of(made.glyphs, looseness / 2, made.settings)
    whole = np.ones((made.style.height, made.style.width), bool)
    factor = TEXTURE_STROKES * sheet.half_width / max(whole.shape)
    style = Cutting.of(made.style, whole, factor, 0.0, sheet, made.settings).style
    shades = shades_of(style.floats, sheet.half_width)
    painted = made.options.ground == "painted"
    # Where the texture lies around the words too, its shades are all that tells them.
    weight = _weight(looseness) * (1.0 if painted else TEXTURE_WEIGHT)
    guide = Guide(shades[..., None], shades_wanted(sheet)[..., None], weight)
    pixels = put_together(style.floats, guide, made.settings.seed)
    if painted:
        light = shades >= RIM
        dark = ~light
        if not light.any():  # of one shade alone
            light = dark
        bands = [Band(sheet.distance < 0, light), Band(sheet.distance >= 0, dark)]
        return _task(made, pixels, None, style, bands, sheet)
    sheet = loosened(sheet, pixels, looseness)
    bands = [Band(sheet.ink > 0, np.ones(shades.shape, bool))]
    return _task(made, pixels, sheet.ink, style, bands, sheet)


def _weight(looseness: float) -> float:
    return float(TIGHT * (LOOSE / TIGHT) ** looseness)


def _guide_of(distance: Plane, normal: Plane, reach: float) -> Pixels:
    """What a place is like: how far out, and on which side of the letters, where it is near."""
    far = normal.clip(-DEEPEST, reach + 1)
    far = np.where(far > 1, 1 + np.log(far.clip(1)), far)
    down, right = np.gradient(distance)
    near = SIDES * np.exp(-np.abs(far))
    return np.stack([far, down * near, right * near], 2).astype(np.float32)


def _task(
    made: _Lettering,
    pixels: Pixels,
    opacity: Plane | None,
    style: Picture,
    bands: Iterable[Band],
    sheet: Sheet,
) -> StyleTask[Picture]:
    """What the engine paints: each band like its own part of the style."""
    notes, settings, bands = made.notes, made.settings, list(bands)
    if sheet.half_width < THIN_PX:
        notes += (
            f"the strokes of the words are {2 * sheet.half_width:.0f} px wide, and the effect has "
            "little room: a larger --size or shorter lines show more of it",
        )
    content = Picture(
        np.rint(pixels.clip(0, 1) * 255).astype(np.uint8),
        alpha=None if opacity is None else np.rint(opacity * 255).astype(np.uint8),
        name="the lettering",
        notes=notes,
    )
    style, room = _padded(style, longest_of(sheet, settings))
    return StyleTask(
        content,
        (style,) * len(bands),
        tuple(imaging.mask_of(band.where) for band in bands),
        tuple(imaging.mask_of(np.pad(band.counts, room)) for band in bands),
        regions=_regions(bands, settings),
    )


def _regions(bands: Iterable[Band], settings: StyleSettings) -> tuple[RegionOptions, ...]:
    if settings.method in ONE_PASS:  # whose networks look at layers of their own
        return ()
    layers = settings.style_layers
    return tuple(RegionOptions(layers_within(band, layers), hard=True) for band in bands)


def _padded(style: Picture, longest: int) -> tuple[Picture, list[tuple[int, int]]]:
    """The style on a sheet of so many px, as large as the settings have it read."""
    high, wide = style.height, style.width
    other = min(SHORTEST, longest)
    least = longest if wide >= high else other, longest if wide < high else other
    room = [(0, max(0, side - had)) for side, had in zip(least[::-1], (high, wide), strict=True)]
    pixels = np.pad(style.pixels, [*room, (0, 0)], "edge")
    return replace(style, pixels=pixels, alpha=None, notes=()), room
