"""Where in a picture features count: weights of places, and means with and without them."""

from __future__ import annotations

from torch import Tensor

from impasto.errors import SettingError

__all__ = ["check_weights", "mean_over_places", "place_shares"]


def place_shares(weights: Tensor, features: Tensor) -> Tensor:
    """Weights of places as shares of their sum, laid out as features split into heads are.

    Args:
        weights: (1 or B, 1, H, W), at least 0, with any sum above 0 in each picture.
        features: (B, C, H, W), which they are for; shares have their dtype and device.

    Returns:
        (1 or B, 1, 1, n), each picture's summing to 1.

    Raises:
        SettingError: if the shapes do not fit, a weight is negative or not finite, or all are 0.

    Example:
        >>> import torch
        >>> weights = torch.tensor([0.0, 3.0, 9.0]).view(1, 1, 1, 3)
        >>> place_shares(weights, torch.zeros(1, 2, 1, 3)).flatten().tolist()
        [0.0, 0.25, 0.75]
    """
    flat = check_weights(weights, features)
    largest = flat.amax(-1, keepdim=True)
    if not (largest > 0).all():
        raise SettingError(
            "weights of places are all 0 in a picture: each picture needs one above 0"
        )
    flat = flat / largest  # so that a sum neither overflows nor vanishes
    return flat / flat.sum(-1, keepdim=True)


def check_weights(weights: Tensor, features: Tensor) -> Tensor:
    """Weights of places, laid out as features split into heads are: (1 or B, 1, 1, n).

    Raises:
        SettingError: if the shapes do not fit, or a weight is negative or not finite.
    """
    batch, _, height, width = features.shape
    if weights.shape not in [(1, 1, height, width), (batch, 1, height, width)]:
        raise SettingError(
            f"weights of places have the shape {tuple(weights.shape)}: for features of "
            f"{tuple(features.shape)} give (1 or {batch}, 1, {height}, {width})"
        )
    flat = weights.to(features).reshape(-1, 1, 1, height * width)
    if not (flat.isfinite().all() and (flat >= 0).all()):
        raise SettingError(
            f"weights of places lie between {flat.min().item():g} and {flat.max().item():g}: each "
            "has to be finite and at least 0"
        )
    return flat


def mean_over_places(values: Tensor, shares: Tensor | None) -> Tensor:
    """The mean of (…, n) values over places, (…, 1); `shares` of places sum to 1, or None.

    Example:
        >>> import torch
        >>> mean_over_places(torch.tensor([2.0, 4.0]), None).item()
        3.0
        >>> mean_over_places(torch.tensor([2.0, 4.0]), torch.tensor([1.0, 0.0])).item()
        2.0
    """
    if shares is None:
        return values.mean(-1, keepdim=True)
    return (values * shares).sum(-1, keepdim=True)
