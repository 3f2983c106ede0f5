"""How near the frames of a painted film are to their style, read by a network that guided none."""

from __future__ import annotations

from pathlib import Path

import torch

from benchmarks.film.frames import Pixels
from benchmarks.quality.evaluators import style_distance
from benchmarks.time_to_quality.judge import STYLE, Judge
from impasto import imaging
from impasto.errors import SettingError
from impasto.methods.inputs import style_shape
from impasto.settings import StyleSettings
from training.held_out import HELD_OUT, is_held_out

__all__ = ["StyleReader", "refuse_learnt"]


class StyleReader:
    """Reads the style distance of frames of one size.

    Args:
        judge: Collaborative Distillation's VGG.
        style: the picture; it is read with its longest side that of the frames, never enlarged, as
            `benchmarks.one_pass` reads it.
        shape: (H, W) of the frames.
    """

    def __init__(self, judge: Judge, style: Path, shape: tuple[int, int]) -> None:
        picture, settings = imaging.read(style), StyleSettings()
        size = style_shape(picture, shape, shape, settings)
        picture = imaging.resized(picture, *size, resample=settings.resample)
        self._judge = judge
        self._style = self._features(picture.pixels)

    def __call__(self, frame: Pixels) -> float:
        """Mean over layers of the distance of mean and covariance: 0 for the style itself."""
        features = self._features(frame)
        distances = [style_distance(features[layer], self._style[layer]) for layer in STYLE]
        return sum(distances) / len(distances)

    def _features(self, pixels: Pixels) -> dict[str, torch.Tensor]:
        tensor = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255
        return self._judge(tensor.contiguous())


def refuse_learnt(styles: list[Path]) -> None:
    """Refuse a style that something here may have learnt from.

    Raises:
        SettingError: the first that is not held out.
    """
    for path in styles:
        if not is_held_out(path.stem):
            raise SettingError(
                f"{path} is no style that is held out: give works by {', '.join(HELD_OUT)}, whose "
                "files are named after them"
            )
