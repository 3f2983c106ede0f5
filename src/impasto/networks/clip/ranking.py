"""Pictures ranked by words: how near CLIP finds them, and the shares that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto import imaging
from impasto.imaging import tensors
from impasto.networks.clip.model import Clip
from impasto.words.choosing import Ranked, shares_of

__all__ = ["filled", "mean_of", "rank", "seen"]

SIDE = 512  # px of the longest side from which pictures are resized further


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
    looked_at = torch.cat([seen(clip, picture) for picture in pictures.values()])
    similarities = (looked_at @ text.mT).flatten().tolist()
    shares = shares_of(similarities, clip.scale)
    ranked = map(Ranked, pictures, similarities, shares)
    return sorted(ranked, key=lambda picture: (-picture.similarity, picture.name))


def seen(clip: Clip, picture: imaging.Source) -> Tensor:
    """The unit vector of a picture, (1, D), of the square in its middle.

    Raises:
        PictureError: it cannot be read.
    """
    with torch.no_grad():
        return clip.pictures(_shown(picture).to(clip.device))


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


def _shown(source: Any) -> Tensor:
    """A picture as CLIP takes it, (1, 3, H, W) in [0, 1]."""
    picture = imaging.filled(imaging.read(source))
    small = imaging.fitted(
        picture, size=SIDE, shape=None, fit="contain", crop="center", upscale=False
    )
    return tensors.postprocess(tensors.preprocess(small))
