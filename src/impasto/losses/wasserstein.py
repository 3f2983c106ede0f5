"""Mean and covariance as a normal distribution, and how far one is carried to become another."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from impasto.losses.moments import Moments, moments
from impasto.losses.norm_floor import least, least_spread

__all__ = ["Gaussian", "bures", "gaussian", "wasserstein_distance", "wasserstein_loss"]

# Standard deviations times the target's, over the target's mean variance, below which a direction
# counts less and less: where one of the two has none, the square root has no derivative.
FAINT = 1e-4


class Gaussian(NamedTuple):
    """A normal distribution, ready to be compared with.

    Attributes:
        mean: (B, heads, C / heads, 1).
        root: (B, heads, C / heads, C / heads), the symmetric square root of the covariance.
    """

    mean: Tensor
    root: Tensor


def gaussian(target: Moments) -> Gaussian:
    """The normal distribution of such moments.

    Example:
        >>> import torch
        >>> gaussian(Moments(torch.zeros(1, 1, 2, 1), torch.diag(torch.tensor([4.0, 9.0])))).root
        tensor([[2., 0.],
                [0., 3.]])
    """
    values, vectors = _eigen(_double(target.covariance))
    root = (vectors * values.sqrt().unsqueeze(-2)) @ vectors.mT
    return Gaussian(target.mean, root.to(target.covariance))


def bures(covariance: Tensor, root: Tensor) -> Tensor:
    """tr Σ + tr Σ' - 2 tr (Σ'^½ Σ Σ'^½)^½, the squared Bures distance of two covariances.

    Computed in float64. The gradient, I - Σ'^½ (Σ'^½ Σ Σ'^½)^-½ Σ'^½, is a closed form: through
    the eigenvectors it would break wherever two eigenvalues are alike. Faint directions, see
    `FAINT`, count a little less, so that it stays finite.

    Args:
        covariance: Σ, (…, C, C), symmetric, no eigenvalue below 0.
        root: Σ'^½, (…, C, C), symmetric; it gets no gradient.

    Returns:
        (…), at least 0; NaN where Σ is not finite.

    Source: Bhatia, Jain and Lim, "On the Bures-Wasserstein distance between positive definite
    matrices" (2019).

    Example:
        >>> import torch
        >>> covariance = torch.diag(torch.tensor([16.0, 9.0]))
        >>> bures(covariance, torch.diag(torch.tensor([1.0, 3.0]))).item()  # (4 - 1)² + (3 - 3)²
        9.0
    """
    distance: Tensor = _Bures.apply(covariance, root)  # type: ignore[no-untyped-call]
    return distance


def wasserstein_loss(
    features: Tensor, target: Gaussian, heads: int = 1, weights: Tensor | None = None
) -> Tensor:
    """|μ - μ'|² / |μ'|² + Bures(Σ, Σ')² / tr Σ'; floors as in `moments_loss`.

    The two parts of the squared Wasserstein distance of normal distributions, each over the
    target's own.

    Args:
        features: (B, C, H, W).
        target: `gaussian` of the style's moments, with the same heads.
        heads: see `moments`.
        weights: (1 or B, 1, H, W), where features count; see `place_shares`.

    Returns:
        A scalar, at least 0: about 0 for the same moments, about 2 for a picture without
        features, averaged over the batch.

    Source: Dowson and Landau, "The Fréchet distance between multivariate normal distributions"
    (1982). For style: Mroueh, "Wasserstein style transfer" (2020), who carries features where
    this project moves pixels.

    Example:
        >>> import torch
        >>> x = 1 + torch.randn(1, 4, 8, 8)
        >>> wasserstein_loss(x.flip(-1), gaussian(moments(x))).item() < 1e-4
        True
        >>> round(wasserstein_loss(torch.zeros_like(x), gaussian(moments(x))).item(), 1)
        2.0
    """
    return wasserstein_distance(moments(features, heads, weights), target)


def wasserstein_distance(own: Moments, target: Gaussian) -> Tensor:
    """`wasserstein_loss` of features whose moments are known."""
    mean, covariance = own
    channels = mean.shape[1] * mean.shape[2]
    size = target.mean.square().mean((1, 2, 3))
    variance = target.root.square().sum((1, 2, 3)) / channels  # tr Σ' = |Σ'^½|²
    floor = least(size + variance)
    mean_term = (mean - target.mean).square().mean((1, 2, 3)) / (size + floor)
    apart = bures(covariance, target.root).sum(1) / channels
    spread = torch.maximum(variance + floor, least_spread(size + variance))
    return (mean_term + apart / spread).mean()


class _Bures(torch.autograd.Function):
    """`bures`, its gradient made on the way: both need the same eigenvectors."""

    @staticmethod
    def forward(ctx: Any, covariance: Tensor, root: Tensor) -> Tensor:
        sigma, half = _double(covariance), _double(root).expand(covariance.shape)
        product = half @ sigma @ half
        values, vectors = _eigen((product + product.mT) / 2)
        target_trace = half.square().sum((-2, -1))
        faint = (FAINT * target_trace / half.shape[-1]).square().clamp(min=1e-60).unsqueeze(-1)
        # v / √(v + ε) for √v, and its derivative: they differ by less than ε / v.
        overlap = (values / (values + faint).sqrt()).sum(-1)
        slope = (values / 2 + faint) / (values + faint).pow(1.5)
        turned = half @ vectors
        gradient = (
            torch.eye(half.shape[-1]).to(half) - 2 * (turned * slope.unsqueeze(-2)) @ turned.mT
        )
        trace = sigma.diagonal(dim1=-2, dim2=-1).sum(-1)
        distance = (trace + target_trace - 2 * overlap).clamp(min=0)
        ctx.save_for_backward(gradient.to(covariance))
        return distance.to(covariance)

    @staticmethod
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor, None]:
        (gradient,) = ctx.saved_tensors
        return outer[..., None, None] * gradient, None


def _eigen(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues, at least 0, and eigenvectors; values are NaN where the matrix is not finite.

    The solver would refuse such a matrix, where a painting can go back a step.
    """
    finite = matrix.isfinite().all(-1).all(-1)[..., None]
    values, vectors = torch.linalg.eigh(matrix.where(finite[..., None], torch.zeros_like(matrix)))
    return values.clamp(min=0).where(finite, torch.full_like(values, torch.nan)), vectors


def _double(matrix: Tensor) -> Tensor:
    """In float64, on the CPU where the device has none."""
    device = "cpu" if matrix.device.type == "mps" else matrix.device
    return matrix.to(device, torch.float64)
