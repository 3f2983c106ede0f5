"""What is read off a painting: by two networks that guided nothing, and by its pixels alone."""

from __future__ import annotations

from pathlib import Path

from benchmarks.quality import evaluators, measures
from benchmarks.quality.pairs import Pair
from benchmarks.time_to_quality.judge import Judge, Target, as_tensor
from impasto import imaging
from impasto.methods.inputs import style_shape
from impasto.settings import StyleSettings

__all__ = ["FIGURES", "SQUEEZENET", "read"]

SQUEEZENET = "squeezenet1_1"
FIGURES = (
    "cd_vgg_style",
    "cd_vgg_content",
    f"{SQUEEZENET}_style",
    f"{SQUEEZENET}_content",
    "colour",
    "fine",
    "fine_ratio",
)
"""What `read` gives: distances, the better the less, and last how much grain there is."""


def read(judge: Judge, teachers: Path, pair: Pair, painting: Path) -> dict[str, float]:
    """Distances of a painting from its two pictures.

    The photograph is read at the painting's size, and the style with its longest side, never
    enlarged, as `benchmarks.quality` reads them.

    Args:
        judge: Collaborative Distillation's VGG, a pupil of VGG-19.
        teachers: folder of SqueezeNet's weights.
        pair: what was painted.
        painting: its file.

    Returns:
        By the names of `FIGURES`: style and content distance by each network, 0 for the same
        picture, about 1 for an unrelated one; `colour`, how far colours lie from the style's, from
        0 to 100; `fine`, the share of energy above half the Nyquist frequency, and `fine_ratio`,
        that over the larger one of the two pictures'.

    Raises:
        PictureError: a picture cannot be read.
        WeightsError: SqueezeNet's weights are not there.
    """
    painted, content, style = map(imaging.read, (painting, pair.content, pair.style))
    final, settings = (painted.height, painted.width), StyleSettings()
    content, style = (
        imaging.resized(picture, *shape, resample=settings.resample)
        for picture, shape in (
            (content, final),
            (style, style_shape(style, final, final, settings)),
        )
    )
    ours = Target(judge, content, style).read(as_tensor(painted))
    squeezed = evaluators.evaluate(SQUEEZENET, teachers, painted, content, style)
    fine, *own = (measures.fine_share(p.pixels) for p in (painted, content, style))
    colour = measures.colour_distance(painted.pixels, style.pixels)
    figures = (*ours, *squeezed, colour, fine, fine / max(own))
    return {name: round(figure, 4) for name, figure in zip(FIGURES, figures, strict=True)}
