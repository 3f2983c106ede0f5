"""Pictures ranked by words: how near CLIP finds them, and the shares that follow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto import imaging
from impasto.imaging import tensors
from impasto.networks.clip.model import Clip

__all__ = ["Ranked", "filled", "mean_of", "rank", "shares_of"]

SIDE = 512  # px of the longest side from which pictures are resized further


@dataclass(frozen=True)
class Ranked:
    """A picture and how near the words it is.

    Attributes:
        name: of the picture.
        similarity: cosine of the two vectors, from -1 to 1.
        share: of all that were ranked; all shares are 1 together.
    """

    name: str
    similarity: float
    share: float


def rank(
    clip: Clip,
    pictures: Mapping[str, imaging.Source],
    words: str,
    *,
    templates: Sequence[str] = ("{}",),
) -> list[Ranked]:
    """Pictures by how near the words they are, the nearest first.

    Args:
        clip: what looks and reads.
        pictures: at least one, by name; of each the square in its middle is looked at.
        words: any.
        templates: sentences in which the words take the place of {}.

    Raises:
        PictureError: one cannot be read.
    """
    text = mean_of(clip, templates, words)
    with torch.no_grad():
        seen = torch.cat(
            [clip.pictures(_shown(picture).to(clip.device)) for picture in pictures.values()]
        )
        similarities = (seen @ text.mT).flatten().tolist()
    shares = shares_of(similarities, clip.scale)
    ranked = map(Ranked, pictures, similarities, shares)
    return sorted(ranked, key=lambda picture: (-picture.similarity, picture.name))


def mean_of(clip: Clip, templates: Sequence[str], words: str) -> Tensor:
    """The unit vector of words, (1, D): the mean of those of sentences that they stand in."""
    return F.normalize(clip.words(filled(templates, words)).mean(0, keepdim=True), dim=-1)


def filled(templates: Sequence[str], words: str) -> list[str]:
    """Sentences with words in the place of their braces.

    Example:
        >>> filled(["{}", " a picture of {}"], "fire")
        ['fire', 'a picture of fire']
    """
    return [template.strip().replace("{}", words) for template in templates]


def shares_of(similarities: Sequence[float], scale: float) -> list[float]:
    """The softmax of similarities.

    Args:
        similarities: cosines.
        scale: factor before the softmax; the larger, the more the nearest has.

    Example:
        >>> shares_of([0.3, 0.3], 100.0), shares_of([1.0, 0.0], 1000.0)
        ([0.5, 0.5], [1.0, 0.0])
    """
    most = max(similarities)
    powers = [math.exp(scale * (similarity - most)) for similarity in similarities]
    return [power / sum(powers) for power in powers]


def _shown(source: Any) -> Tensor:
    """A picture as CLIP takes it, (1, 3, H, W) in [0, 1]."""
    picture = imaging.filled(imaging.read(source))
    small = imaging.fitted(
        picture, size=SIDE, shape=None, fit="contain", crop="center", upscale=False
    )
    return tensors.postprocess(tensors.preprocess(small))
