"""How well the student's features explain the teachers', and the loss that makes them."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from training.slim.config import Match, Recipe

__all__ = ["Heads", "residual"]

MOST_CHANNELS = 128
# Far below what any picture but a blank one has; it divides where all are blank.
SMALLEST = 1e-8
# Of the mean squared feature, added to each when heads are fitted.
RIDGE = 1e-5


class Heads(nn.Module):
    """A 1x1 head for every match, and each tap's size, by which its loss is divided.

    Args:
        recipe: which matches, and the student's widths.
        channels: of each tap, by (teacher, tap).
    """

    def __init__(self, recipe: Recipe, channels: Mapping[tuple[str, str], int]) -> None:
        super().__init__()
        self.matches = recipe.matches
        self.covariance = recipe.covariance
        widths = {c.relu: c.channels_out for c in recipe.plan}
        self.heads = nn.ModuleDict()
        for match in self.matches:
            wide = channels[match.teacher, match.tap]
            self.heads[key(match)] = nn.Conv2d(widths[match.layer], wide, 1)
            self.register_buffer(f"mean_{key(match)}", torch.zeros(wide))
            self.register_buffer(f"size_{key(match)}", torch.ones(()))

    def head(self, match: Match) -> nn.Conv2d:
        """What turns the match's layer, (B, C, H, W), into its tap, standardised."""
        head = self.heads[key(match)]
        assert isinstance(head, nn.Conv2d)
        return head

    @torch.no_grad()
    def calibrate(self, targets: Mapping[str, Mapping[str, Tensor]]) -> None:
        """Take each tap's mean and variance, all channels together, from these features.

        Args:
            targets: by teacher and tap, (B, C, H, W).
        """
        for match in self.matches:
            target = targets[match.teacher][match.tap].float()
            mean = target.mean((0, 2, 3))
            self.get_buffer(f"mean_{key(match)}").copy_(mean)
            variance = (target - mean.view(1, -1, 1, 1)).square().mean()
            self.get_buffer(f"size_{key(match)}").copy_(variance.clamp(min=SMALLEST).sqrt())

    @torch.no_grad()
    def fit(
        self, features: Mapping[str, Tensor], targets: Mapping[str, Mapping[str, Tensor]]
    ) -> None:
        """Set every head to the least squares, after `calibrate`; arguments as for `forward`."""
        for match in self.matches:
            feature = features[match.layer].double().movedim(1, -1).flatten(0, 2)
            target = self.standardise(match, targets[match.teacher][match.tap])
            target = target.double().movedim(1, -1).flatten(0, 2)
            mean, mean_t = feature.mean(0), target.mean(0)
            feature = feature - mean
            gram = feature.mT @ feature
            # A channel that never fires has no slope: the ridge gives it none.
            ridge = gram.diagonal().mean().clamp(min=SMALLEST) * RIDGE
            gram.diagonal().add_(ridge)
            slopes = torch.linalg.solve(gram, feature.mT @ (target - mean_t))
            head = self.head(match)
            head.weight.copy_(slopes.mT.view_as(head.weight))
            assert head.bias is not None
            head.bias.copy_(mean_t - mean @ slopes)

    def standardise(self, match: Match, target: Tensor) -> Tensor:
        """A tap with mean 0, and variance 1 over all its channels together.

        Not channel by channel: a distance of styles listens to loud channels, and so must this.
        """
        mean = self.get_buffer(f"mean_{key(match)}").view(1, -1, 1, 1)
        return (target.float() - mean) / self.get_buffer(f"size_{key(match)}")

    def forward(
        self,
        features: Mapping[str, Tensor],
        targets: Mapping[str, Mapping[str, Tensor]],
        corner: tuple[int, int] | None = None,
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss, and the unexplained share of every match.

        Args:
            features: the student's features by layer.
            targets: the teachers', by teacher and tap.
            corner: (0 or 1, 0 or 1): of maps of more than 20 x 20 places read only every second
                place each way from there on, and take covariances of 128 channels at most,
                which is a third of the work; None to read all.

        Returns:
            The loss, a scalar, and by the match's name the share of its tap left unexplained.
        """
        loss = torch.zeros((), device=next(iter(features.values())).device)
        shares: dict[str, Tensor] = {}
        for match in self.matches:
            target = thin(targets[match.teacher][match.tap], corner)
            target = self.standardise(match, target)
            guess = self.head(match)(thin(features[match.layer], corner)).float()
            share = residual(guess, target)
            shares[match.name] = share.detach()
            loss = loss + match.weight * share
            if self.covariance:
                apart = moments_apart(sample(guess, corner), sample(target, corner))
                loss = loss + match.weight * self.covariance * apart
        return loss, shares


def key(match: Match) -> str:
    """A match's name as a module may be called."""
    return f"{match.layer}_{match.teacher}_{match.tap}".replace(".", "_")


def thin(x: Tensor, corner: tuple[int, int] | None) -> Tensor:
    """A quarter of the places of a large map, from `corner` on; a small map as it is.

    Example:
        >>> thin(torch.zeros(1, 3, 32, 24), (1, 0)).shape
        torch.Size([1, 3, 16, 12])
    """
    if corner is None or min(x.shape[-2:]) <= 20:
        return x
    return x[..., corner[0] :: 2, corner[1] :: 2]


def sample(x: Tensor, corner: tuple[int, int] | None) -> Tensor:
    """At most 128 channels, evenly spread, others at another corner.

    Example:
        >>> sample(torch.zeros(1, 384, 2, 2), (0, 1)).shape
        torch.Size([1, 128, 2, 2])
    """
    apart = -(-x.shape[1] // MOST_CHANNELS)
    if corner is None or apart == 1:
        return x
    return x[:, (2 * corner[0] + corner[1]) % apart :: apart]


def residual(guess: Tensor, target: Tensor) -> Tensor:
    """Mean squared residual of a target of variance 1: 0 is perfect, 1 knows only the mean.

    Example:
        >>> residual(torch.zeros(1, 1, 1, 2), torch.tensor([[[[1.0, -1.0]]]])).item()
        1.0
    """
    return (guess - target).square().mean()


def moments_apart(guess: Tensor, target: Tensor) -> Tensor:
    """Distance of two features as a style: |μ - μ'|² / tr Σ' + |Σ - Σ'|² / |Σ'|².

    Args:
        guess, target: (B, C, H, W).

    Returns:
        A scalar, averaged over the pictures; what divides each one's terms has a floor, a tenth
        of what is usual in the batch (a blank wall has no covariance).
    """
    mean, covariance = _moments(guess)
    mean_t, covariance_t = _moments(target)
    variance = covariance_t.diagonal(dim1=-2, dim2=-1).sum(-1)
    size = covariance_t.square().sum((-2, -1))
    variance = (variance + 0.1 * variance.mean()).clamp(min=SMALLEST)
    size = (size + 0.1 * size.mean()).clamp(min=SMALLEST)
    first = (mean - mean_t).square().sum(-1) / variance
    second = (covariance - covariance_t).square().sum((-2, -1)) / size
    return (first + second).mean()


def _moments(x: Tensor) -> tuple[Tensor, Tensor]:
    x = x.flatten(2)  # (B, C, n)
    mean = x.mean(-1)
    x = x - mean.unsqueeze(-1)
    return mean, x @ x.mT / x.shape[-1]
