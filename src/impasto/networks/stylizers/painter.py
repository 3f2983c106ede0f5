"""The painter: a feed-forward network that paints a photograph in one pass, in the style of a code.

A style reaches it as numbers alone: every convolution behind the encoder has several kernels, of
which the style takes a weighted sum, and scales and shifts what comes out (Dumoulin et al., 2017,
for the scales and shifts; Yang et al., "CondConv", 2019, for the sums of kernels). For one style
the sums are taken once, and what is left is a plain network of small convolutions.

Letters used for shapes: B pictures, C channels, H height, W width, K kernels, S size of a code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.networks.stylizers.crowd import Crowd

__all__ = [
    "BEND",
    "HALO",
    "MARGIN",
    "MULTIPLE",
    "Hand",
    "Painter",
    "Plan",
    "Spreads",
    "Styled",
    "bent",
    "framed",
    "phased",
    "reflected",
]

MULTIPLE = 8  # px: what the sides of a framed picture are multiples of
EDGE = 2  # places at an eighth that zeros around the picture reach
MARGIN = EDGE * MULTIPLE  # px that a picture is reflected around
BEND = 0.5
EPSILON = 1e-5  # of instance normalisation
# Below so many places torch normalises channels that lie last up to twenty times as slowly.
FEW_PLACES = 1024
# What lies farther off than this, in px, changes a place only through the spreads.
HALO = 104

# Mean and variance of normalised features, (C,) each, by the name of their convolution.
Spreads: TypeAlias = dict[str, tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Plan:
    """The layout of a painter.

    Attributes:
        widths: channels at the picture's size, half, a quarter and an eighth of it.
        blocks: residual blocks at an eighth.
        trunk_kernels, top_kernels: that a convolution of a block, and of the way up, sums.
        code: numbers of a style.
        hidden: width of the layer between a code and the painter's numbers.
    """

    widths: tuple[int, int, int, int] = (16, 32, 48, 96)
    blocks: int = 5
    trunk_kernels: int = 3
    top_kernels: int = 5
    code: int = 128
    hidden: int = 232

    def styled(self) -> Iterator[Styled]:
        """The convolutions that a style changes, in their order."""
        full, half, quarter, eighth = self.widths
        for block in range(self.blocks):
            for name in "ab":
                yield Styled(f"block{block}{name}", eighth, eighth, self.trunk_kernels)
        ways = ((eighth, quarter), (quarter, half), (half, full), (full, 3))
        for name, (before, after) in zip(("up1", "up2", "up3", "out"), ways, strict=True):
            yield Styled(name, before, after, self.top_kernels)


class Styled(NamedTuple):
    """A convolution that a style changes: how many channels come in and go out, and its kernels."""

    name: str
    before: int
    after: int
    kernels: int


class Hand(NamedTuple):
    """What a style makes of a painter: the numbers of each convolution, by its name.

    Attributes:
        weights: (after, before, 3, 3) each.
        scales, shifts: (after,) each.
        gains: of the two paths beside the trunk, (C,) each.
    """

    weights: dict[str, Tensor]
    scales: dict[str, Tensor]
    shifts: dict[str, Tensor]
    gains: dict[str, Tensor]


class Painter(nn.Module):
    """Encoder, residual blocks at an eighth of the size, and the way back up.

    Args:
        plan: its layout.

    Example:
        >>> painter = Painter(Plan(widths=(8, 8, 8, 8), blocks=1))
        >>> [hand] = painter.hands(torch.zeros(1, 128), torch.zeros(1, 1))
        >>> painter.paint(torch.zeros(1, 3, 50, 70), hand).shape
        torch.Size([1, 3, 50, 70])
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        full, half, quarter, eighth = plan.widths
        self.stem = nn.Conv2d(3, full, 3, padding=1)
        self.down1 = nn.Conv2d(full, half, 3, padding=1)
        self.down2 = nn.Conv2d(half, quarter, 3, padding=1)
        self.down3 = nn.Conv2d(quarter, eighth, 3, padding=1)
        self.skip2 = nn.Conv2d(quarter, quarter, 1, bias=False)
        self.skip1 = nn.Conv2d(half, half, 1, bias=False)
        self.kernels = nn.ParameterDict()
        for one in plan.styled():
            kernels = torch.randn(one.kernels, one.after, one.before, 3, 3)
            self.kernels[one.name] = kernels * (2 / (9 * one.before)) ** 0.5
        self._sizes = [*self._numbers()]
        self.hidden = nn.Linear(plan.code + 1, plan.hidden)
        self.numbers = nn.Linear(plan.hidden, sum(self._sizes))
        with torch.no_grad():  # begins near a plain network that paints grey
            self.kernels["out"] *= 0.2
            self.numbers.weight *= 0.3
            self.numbers.bias.zero_()

    def _numbers(self) -> Iterator[int]:
        """How many numbers of a style each part takes, in the order of `hands`."""
        for one in self.plan.styled():
            yield from (one.kernels - 1, one.after, one.after)
        yield self.plan.widths[2]
        yield self.plan.widths[1]

    def hands(self, codes: Tensor, strengths: Tensor) -> list[Hand]:
        """What each of several styles makes of this painter.

        Args:
            codes: (N, S).
            strengths: (N, 1): 0 in the middle, below it nearer to the photograph, above to the
                style; learnt from -1 to 1.
        """
        hands = [Hand({}, {}, {}, {}) for _ in codes]
        parts = self._parts(codes, strengths)
        for one in self.plan.styled():
            shares, scales, shifts = next(parts), next(parts), next(parts)
            kernels = self.kernels[one.name]
            weights = (_with_one(shares) @ kernels.flatten(1)).view(-1, *kernels.shape[1:])
            for hand, weight, scale, shift in zip(
                hands, weights.unbind(), scales.unbind(), shifts.unbind(), strict=True
            ):
                hand.weights[one.name] = weight.contiguous(memory_format=torch.channels_last)
                hand.scales[one.name], hand.shifts[one.name] = 1 + scale, shift
        for name in ("skip2", "skip1"):
            for hand, gain in zip(hands, next(parts).unbind(), strict=True):
                hand.gains[name] = 1 + gain
        return hands

    def crowd(self, codes: Tensor, strengths: Tensor) -> Crowd:
        """What styles make of this painter, a style for each picture of a batch.

        Args:
            codes, strengths: as for `hands`.

        Example:
            >>> painter = Painter(Plan(widths=(8, 8, 8, 8), blocks=1))
            >>> x, codes, middle = torch.randn(2, 3, 16, 16), torch.randn(2, 128), torch.zeros(2, 1)
            >>> together = painter.paint(x, painter.crowd(codes, middle))
            >>> apart = painter.paint(x[1:], painter.hands(codes, middle)[1])
            >>> torch.allclose(together[1:], apart, atol=1e-4)
            True
        """
        crowd = Crowd({}, {}, {}, {}, {})
        parts = self._parts(codes, strengths)
        for one in self.plan.styled():
            shares, scales, shifts = next(parts), next(parts), next(parts)
            crowd.kernels[one.name] = self.kernels[one.name].flatten(0, 1)
            crowd.shares[one.name] = _with_one(shares)
            crowd.scales[one.name], crowd.shifts[one.name] = 1 + scales, shifts
        for name in ("skip2", "skip1"):
            crowd.gains[name] = 1 + next(parts)
        return crowd

    def _parts(self, codes: Tensor, strengths: Tensor) -> Iterator[Tensor]:
        """The numbers of styles, part by part, in the order of `_numbers`."""
        hidden = F.relu(self.hidden(torch.cat((codes, bent(strengths)), 1)))
        return iter(self.numbers(hidden).split(self._sizes, 1))

    def paint(
        self, x: Tensor, hand: Hand | Crowd, spreads: Spreads | None = None, *, wraps: bool = False
    ) -> Tensor:
        """Paint pictures of any size.

        Args:
            x: (B, 3, H, W), standardised.
            hand: of the style.
            spreads, wraps: see `forward`.

        Returns:
            (B, 3, H, W), standardised, not clamped.
        """
        height, width = x.shape[-2:]
        painted: Tensor = self(framed(x), hand, spreads, wraps)
        return painted[..., MARGIN : MARGIN + height, MARGIN : MARGIN + width]

    def forward(
        self, x: Tensor, hand: Hand | Crowd, spreads: Spreads | None = None, wraps: bool = False
    ) -> Tensor:
        """Paint pictures with their frame.

        Args:
            x: (B, 3, H, W), as `framed` gives it.
            hand: of the style.
            spreads: mean and variance of the normalised features, where they are not to be those
                of each picture: for parts of one picture, or frames of a film. An empty one takes
                those of all pictures together, and holds them afterwards.
            wraps: whether the blocks take each side of a picture for the neighbour of the opposite
                one, with a frame of `EDGE` places alone. It is for learning: a painter that can
                tell how far a border is puts there what its picture lacks of the style elsewhere.

        Returns:
            (B, 3, H, W), standardised, not clamped.
        """
        full = _rectified(self.stem(x))
        half = _rectified(self.down1(F.avg_pool2d(full, 2)))
        del full
        quarter = _rectified(self.down2(F.avg_pool2d(half, 2)))
        h = _rectified(self.down3(F.avg_pool2d(quarter, 2)))
        edge = EDGE if wraps else 0
        h, mode = (h[..., edge:-edge, edge:-edge], "circular") if wraps else (h, "replicate")
        for block in range(self.plan.blocks):
            a = F.pad(h, (1, 1, 1, 1), mode=mode)
            a = _rectified(_normal(a, hand, f"block{block}a", spreads))
            a = F.pad(a, (1, 1, 1, 1), mode=mode)
            h = _added(h, _normal(a, hand, f"block{block}b", spreads))
        h = F.pad(h, [edge] * 4, mode=mode) if edge else h
        h = _rectified(_normal(h, hand, "up1", spreads, grows=True))
        h = _added(h, _beside(quarter, self.skip2.weight, hand.gains["skip2"]))
        del quarter
        h = _rectified(_scaled(h, hand, "up2", grows=True))
        h = _added(h, _beside(half, self.skip1.weight, hand.gains["skip1"]))
        del half
        h = _rectified(_scaled(h, hand, "up3", grows=True))
        # The last sums in the precision of its own kernels: colours are finer than bfloat16.
        if isinstance(hand, Hand):
            h = h.to(hand.weights["out"].dtype)
        return _scaled(h, hand, "out")


def bent(strengths: Tensor) -> Tensor:
    """Strengths as a painter is told them: the middle, the default, lies nearer to the style.

    Example:
        >>> bent(torch.tensor([-1.0, 0.0, 1.0])).tolist()
        [-1.0, 0.5, 1.0]
    """
    return strengths + BEND * (1 - strengths * strengths)


def framed(x: Tensor) -> Tensor:
    """(B, 3, H, W) with its reflection around: `MARGIN` px, and up to sides of a multiple of 8.

    A picture that is smaller than its frame is reflected again and again.
    """
    height, width = x.shape[-2:]
    right, below = MARGIN + -width % MULTIPLE, MARGIN + -height % MULTIPLE
    if right < width and below < height:
        return F.pad(x, (MARGIN, right, MARGIN, below), mode="reflect")
    x = x.index_select(2, reflected(height).to(x.device))
    return x.index_select(3, reflected(width).to(x.device))


def reflected(side: int) -> Tensor:
    """For each place of a framed side the place of the picture that it shows.

    Example:
        >>> reflected(100)[:18].tolist()
        [16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1]
    """
    turn = max(1, 2 * side - 2)
    end = side + MARGIN + -side % MULTIPLE
    places = torch.arange(-MARGIN, end) % turn
    return torch.minimum(places, turn - places)


def _normal(
    x: Tensor, hand: Hand | Crowd, name: str, spreads: Spreads | None, *, grows: bool = False
) -> Tensor:
    """A convolution whose outcome is normalised, then scaled and shifted."""
    if isinstance(hand, Crowd):
        return hand.normal(x, name, grows=grows, epsilon=EPSILON)
    weight, scale, shift = hand.weights[name], hand.scales[name], hand.shifts[name]
    y = _grown(x, weight, None, len(scale)) if grows else F.conv2d(x, weight)
    if spreads is None and y.requires_grad:  # forward and back a quarter faster than below
        y = F.instance_norm(y, eps=EPSILON)
        return torch.addcmul(shift.view(1, -1, 1, 1), y, scale.view(1, -1, 1, 1))
    if spreads is None:  # instance normalisation, ten times as fast by this name
        if y.shape[-2] * y.shape[-1] >= FEW_PLACES:
            return F.group_norm(y, len(scale), scale, shift, EPSILON)
        y = F.group_norm(y.contiguous(), len(scale), scale, shift, EPSILON)
        return y.contiguous(memory_format=torch.channels_last)
    if name not in spreads:
        variance, mean = torch.var_mean(y.float(), (0, 2, 3), correction=0)
        spreads[name] = mean, variance
    mean, variance = spreads[name]
    factor = scale * (variance + EPSILON).rsqrt().to(scale)
    offset = shift - mean.to(scale) * factor
    return torch.addcmul(offset.view(1, -1, 1, 1), y, factor.view(1, -1, 1, 1))


def _scaled(x: Tensor, hand: Hand | Crowd, name: str, *, grows: bool = False) -> Tensor:
    """A convolution whose outcome is scaled and shifted: the scale is in its kernel."""
    if isinstance(hand, Crowd):
        return hand.scaled(x, name, grows=grows)
    weight, scale, shift = hand.weights[name], hand.scales[name], hand.shifts[name]
    after, phases = len(scale), len(weight) // len(scale)
    if phases > 1:
        scale, shift = scale.repeat(phases), shift.repeat(phases)
    weight = weight * scale.view(-1, 1, 1, 1)
    if grows:
        return _grown(x, weight, shift, after)
    return F.conv2d(x, weight, shift, padding=1)


def _grown(x: Tensor, weight: Tensor, bias: Tensor | None, after: int) -> Tensor:
    """A convolution at twice the size, of each place shown four times; see `phased`."""
    if len(weight) == after:
        return F.conv2d(F.interpolate(x, scale_factor=2, mode="nearest"), weight, bias, padding=1)
    batch, _, height, width = x.shape
    y = F.conv2d(x, weight, bias, padding=1).permute(0, 2, 3, 1)
    y = y.view(batch, height, width, 2, 2, after).transpose(2, 3)
    return y.reshape(batch, 2 * height, 2 * width, after).permute(0, 3, 1, 2)


def phased(hand: Hand) -> Hand:
    """The same hand for painting alone, in less memory and time.

    A convolution of doubled places meets each of them in four ways, by the row and the column
    that its middle lies on: four kernels of the places as they are, (4 · after, before, 3, 3).
    Nothing of twice the size is then written but the outcome.

    Example:
        >>> painter = Painter(Plan(widths=(8, 8, 8, 8), blocks=1))
        >>> [hand] = painter.hands(torch.ones(1, 128), torch.ones(1, 1))
        >>> x = torch.randn(1, 3, 32, 32)
        >>> apart = painter.paint(x, hand) - painter.paint(x, phased(hand))
        >>> bool(apart.abs().max() < 1e-4)
        True
    """
    weights = dict(hand.weights)
    for name in ("up1", "up2", "up3"):
        kernels = weights[name]
        rows = _SEEN.to(kernels)
        four = torch.einsum("aij,ocjk,blk->abocil", rows, kernels, rows).flatten(0, 2)
        weights[name] = four.contiguous(memory_format=torch.channels_last)
    return hand._replace(weights=weights)


# For each of the two rows that a place becomes: which place each of a kernel's three rows meets.
_SEEN = torch.tensor([[[1.0, 0, 0], [0, 1, 1], [0, 0, 0]], [[0.0, 0, 0], [1, 1, 0], [0, 0, 1]]])


def _with_one(shares: Tensor) -> Tensor:
    """The shares of all kernels: the first one's is 1, (N, K)."""
    return torch.cat((shares.new_ones(len(shares), 1), shares), 1)


def _rectified(x: Tensor) -> Tensor:
    return F.relu(x, inplace=not torch.is_grad_enabled())


def _beside(x: Tensor, weight: Tensor, gain: Tensor) -> Tensor:
    """What goes past the trunk: features without their surroundings, 3 x 3, by the style's gain."""
    detail = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    detail = x - detail if torch.is_grad_enabled() else torch.sub(x, detail, out=detail)
    if gain.dim() > 1:  # a gain for each picture
        y = F.conv2d(detail, weight)
        return y * gain[..., None, None].to(y)
    return F.conv2d(detail, weight * gain.view(-1, 1, 1, 1))


def _added(x: Tensor, y: Tensor) -> Tensor:
    return x + y if torch.is_grad_enabled() else x.add_(y)
