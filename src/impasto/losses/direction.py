"""How far pictures have gone the way that words point, as directions in the space of CLIP."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

__all__ = ["THRESHOLD", "direction_loss"]

THRESHOLD = 0.7
"""Of the paper: what has come nearer than this is pulled no further (CLIPstyler, equation 5)."""


def direction_loss(
    pictures: Tensor,
    source: Tensor,
    text: Tensor,
    text_source: Tensor,
    threshold: float = THRESHOLD,
) -> Tensor:
    """Mean of how far 1 - cos(picture - source, text - text_source) is above a threshold.

    The paper leaves out what is below the threshold and counts the rest in full; here it counts as
    far as it exceeds it. The gradient is the same, and the loss does not jump, as no line search
    could bear.

    Args:
        pictures: (N, D), vectors of what is painted, or of parts of it.
        source: (1, D), of the photograph.
        text: (1, D), of what is wished for.
        text_source: (1, D), of what the photograph is, in words.
        threshold: up to it nothing counts: what is there already would be overdone.

    Returns:
        A scalar from 0, where all have gone that way, to 2 - `threshold`, where all have gone the
        other.

    Source: Kwon and Ye, "CLIPstyler: Image Style Transfer with a Single Text Condition" (CVPR
    2022), equations 3 to 5.

    Example:
        >>> import torch
        >>> origin, right = torch.zeros(1, 2), torch.tensor([[1.0, 0.0]])
        >>> gone = torch.tensor([[3.0, 0.0], [0.0, 2.0]])  # as the text points, and across
        >>> direction_loss(gone, origin, right, origin, 0.5).item()  # ½ · (0 + (1 - 0.5))
        0.25
    """
    apart = 1 - F.cosine_similarity(pictures - source, text - text_source)
    return F.relu(apart - threshold).mean()
