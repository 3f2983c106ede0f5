"""Statistics of a picture from the sums of its parts, as those of the whole are."""

from __future__ import annotations

from torch import Tensor

from impasto.errors import SettingError
from impasto.losses.autocovariance import SMALLEST, Autocovariance
from impasto.losses.moments import Moments
from impasto.losses.sums import Sums

__all__ = ["autocovariance_of", "gram_of", "moments_of"]


def moments_of(sums: Sums) -> Moments:
    """Mean and covariance of what was summed, float64.

    The covariance is E[xy] - E[x]E[y], which loses digits where the mean is large: of float64's 16,
    twice as many as the mean has over the spread.

    Args:
        sums: the first offset is a place with itself.

    Raises:
        SettingError: no place counts.

    Example:
        >>> import torch
        >>> from impasto.losses.sums import measured
        >>> from impasto.losses.windows import Window
        >>> one = measured(torch.tensor([[[[1.0, 3.0]]]]), Window.whole(1, 2))
        >>> mean, covariance = moments_of(one)
        >>> mean.item(), covariance.item()
        (2.0, 1.0)
    """
    weight = _weight(sums)
    mean = _by_head(sums.near, sums)[:1] / weight  # (1, heads, C / heads, 1)
    return Moments(mean, sums.product[:1] / weight - mean @ mean.mT)


def autocovariance_of(sums: Sums) -> Autocovariance:
    """Moments, and covariances of places apart, of what was summed, float64.

    Args:
        sums: of the offsets of `impasto.losses.autocovariance`, behind a place with itself.

    Raises:
        SettingError: no place counts.

    Example:
        >>> import torch
        >>> from impasto.losses import PLACE, measured
        >>> from impasto.losses.windows import Window
        >>> stripes = torch.tensor([1.0, -1.0]).repeat(4).view(1, 1, 1, 8)
        >>> sums = measured(stripes, Window.whole(1, 8), [PLACE, (0, 3), (3, 0)])
        >>> autocovariance_of(sums).apart.flatten().tolist()
        [-1.0, 1.0]
    """
    own = moments_of(sums)
    mean, weight = own.mean, sums.weight[1:].view(-1, 1, 1, 1)
    near, far = (_by_head(part, sums)[1:] for part in (sums.near, sums.far))
    # Σ (x - μ)(y - μ)ᵀ = Σ xyᵀ - Σx μᵀ - μ Σyᵀ + N μμᵀ.
    apart = sums.product[1:] - near @ mean.mT - mean @ far.mT + weight * (mean @ mean.mT)
    apart = apart / weight.clamp(min=SMALLEST)  # (offsets, heads, C / heads, C / heads)
    return Autocovariance(*own, apart.transpose(0, 1).unsqueeze(0))


def gram_of(sums: Sums) -> Tensor:
    """The Gram matrix of what was summed, as `gram_matrix` gives it, float64.

    Raises:
        SettingError: no place counts.

    Example:
        >>> import torch
        >>> from impasto.losses.sums import measured
        >>> from impasto.losses.windows import Window
        >>> gram_of(measured(torch.ones(1, 2, 3, 3), Window.whole(3, 3)))[0, 0, 1].item()
        0.5
    """
    gram = sums.product[:1] / (_weight(sums) * sums.near.shape[1])
    return gram.squeeze(1) if gram.shape[1] == 1 else gram


def _weight(sums: Sums) -> Tensor:
    """Of all places together."""
    if not sums.weight[0] > 0:
        raise SettingError(
            "weights of places are all 0 in a picture: each picture needs one above 0"
        )
    return sums.weight[0]


def _by_head(part: Tensor, sums: Sums) -> Tensor:
    """(K, C) as (K, heads, C / heads, 1)."""
    return part.view(*sums.product.shape[:3], 1)
