"""Sums over places that can be added up: style losses of a picture that is looked at in parts.

A picture too large to be looked at whole is looked at in tiles, a film frame by frame. Sums of
features and of their products, at a place and with another some steps further on, add up to those
of the whole. What a loss makes of them is differentiated by the sums, small matrices, and `pull`
carries that on to the features of each part. Letters as in `impasto.losses`; the batch is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from impasto.losses.gram import head_size
from impasto.losses.partners import CHUNKS, PLACE, Offset, laid_out
from impasto.losses.windows import Window

__all__ = ["Slopes", "Sums", "measured", "merged", "pull", "slopes_of"]


class Sums(NamedTuple):
    """Over pairs of places: of K offsets d, those of an own place p and of the place p + d.

    A pair counts as the product of its places' weights; a place with itself, as its weight.

    Attributes:
        weight: (K,), of all pairs together; their number without weights.
        near, far: (K, C), of the features at p, and of those at p + d.
        product: (K, heads, C / heads, C / heads), rows for a channel at p, columns for p + d.
    """

    weight: Tensor
    near: Tensor
    far: Tensor
    product: Tensor


class Slopes(NamedTuple):
    """How a loss changes with `Sums` of the same shapes, and what they were taken of.

    Attributes:
        offsets: K of them.
        near, far, product: the derivatives by the sums of those names, float64.
        near_mean, far_mean: (K, C), the features' means over all pairs, float64.
    """

    offsets: tuple[Offset, ...]
    near: Tensor
    far: Tensor
    product: Tensor
    near_mean: Tensor
    far_mean: Tensor


def measured(
    features: Tensor,
    window: Window,
    offsets: Sequence[Offset] = (PLACE,),
    heads: int = 1,
    weights: Tensor | None = None,
) -> Sums:
    """The sums of one part: over its own places, and the partners that they have in the whole map.

    Products are made in float32 (float64 of float64) of a few rows at a time, and added up in
    float64; the number of threads, up to eight, changes no bit.

    Args:
        features: (1, C, h, w) of the cut-out, in float32, float64 or bfloat16.
        window: what of them is this part's own.
        offsets: (down, right), at least 0, of which the first is `PLACE`; one that reaches beyond
            a small map is as long as the map allows.
        heads: as for `impasto.losses.moments`.
        weights: (1, 1, h, w), at least 0, where features count; all 0 is allowed here.

    Returns:
        Sums in float64, on the CPU.

    Raises:
        SettingError: the cut-out ends before a partner does; heads or weights that do not fit.

    Example:
        >>> x = torch.tensor([[[[1.0, 3.0, 5.0]]]])
        >>> sums = measured(x, Window.whole(1, 3), [(0, 0), (0, 1)])
        >>> sums.weight.tolist(), sums.near.flatten().tolist(), sums.product.flatten().tolist()
        ([3.0, 2.0], [9.0, 4.0], [35.0, 18.0])
    """
    channels, size = features.shape[1], head_size(features.shape[1], heads)
    exact = torch.float64 if features.dtype == torch.float64 else torch.float32
    number = len(offsets)
    weight = torch.zeros(number, dtype=torch.float64)
    near, far = (torch.zeros(number, channels, dtype=torch.float64) for _ in range(2))
    product = torch.zeros(number, channels, channels, dtype=torch.float64)
    ones = 0 if weights is None else 1
    with torch.no_grad():
        for part in laid_out(features, window, offsets, weights, exact, ones=ones):
            by_column: dict[tuple[int, int], Tensor] = {}
            for k, pair in enumerate(part.pairs):
                own = _product(part.near, part.beside(k))
                product[k] += own[:channels, :channels]
                if ones:
                    weight[k] += own[-1, -1]
                    near[k] += own[:-1, -1]
                    far[k] += own[-1, :-1]
                else:  # sums are had for less than products with ones
                    weight[k] += pair.rows * pair.columns
                    near[k] += part.total(pair.near, by_column)
                    far[k] += part.total(pair.far, by_column)
    blocks = product.view(number, heads, size, heads, size).diagonal(dim1=1, dim2=3)
    return Sums(weight, near, far, blocks.permute(0, 3, 1, 2).contiguous())


def merged(one: Sums, other: Sums) -> Sums:
    """The sums of two parts together; to the same bytes only in the same order.

    Example:
        >>> one = Window.whole(1, 1)
        >>> left, right = (measured(torch.full((1, 1, 1, 1), v), one) for v in (1.0, 3.0))
        >>> merged(left, right).near.item()
        4.0
    """
    return Sums(*(a + b for a, b in zip(one, other, strict=True)))


def slopes_of(
    loss: Callable[[Sums], Tensor], sums: Sums, offsets: Sequence[Offset]
) -> tuple[float, Slopes]:
    """A loss of sums, and its derivatives by them; the weights of places are constants.

    Example:
        >>> sums = measured(torch.tensor([[[[1.0, 3.0]]]]), Window.whole(1, 2))
        >>> value, slopes = slopes_of(lambda sums: sums.near.square().sum(), sums, [PLACE])
        >>> value, slopes.near.item()
        (16.0, 8.0)
    """
    weight, *others = (part.detach().to("cpu", torch.float64) for part in sums)
    with torch.enable_grad():
        leaves = [part.clone().requires_grad_() for part in others]
        value = loss(Sums(weight, *leaves))
        near, far, product = torch.autograd.grad(value, leaves, materialize_grads=True)
    pairs = weight.unsqueeze(1)
    means = (torch.where(pairs > 0, part / pairs, 0.0) for part in others[:2])
    return value.item(), Slopes(tuple(offsets), near, far, product, *means)


def pull(
    features: Tensor,
    gradient: Tensor,
    window: Window,
    slopes: Slopes,
    weights: Tensor | None = None,
    factor: float = 1.0,
) -> None:
    """Add `factor` times a loss's gradient by the features that a part's sums were taken of.

    Own places get theirs, and so do the partners of own places, in the cut-out though another's.

    Args:
        features, window, weights: as for `measured`.
        gradient: of the features' shape and precision; changed in place.
        slopes: of the loss of the whole.
        factor: of the loss in a sum.

    Example:
        >>> x = torch.tensor([[[[1.0, 3.0]]]])
        >>> sums, gradient = measured(x, Window.whole(1, 2)), torch.zeros_like(x)
        >>> _, slopes = slopes_of(lambda sums: sums.product.sum(), sums, [PLACE])
        >>> pull(x, gradient, Window.whole(1, 2), slopes)
        >>> gradient.flatten().tolist()
        [2.0, 6.0]
    """
    exact = features.dtype
    if exact == torch.bfloat16 and weights is not None:  # a product with weights loses digits
        exact = torch.float32
    with torch.no_grad():
        # In bfloat16 what is added everywhere has two rows, and twice as many digits.
        ones = 2 if exact == torch.bfloat16 else 1
        of_near, of_far = _matrices(slopes, factor, exact, features.device, ones)
        into = gradient[0].permute(1, 2, 0)  # (h, w, C)
        own: Tensor | None = None  # of a part, in one memory for all
        for part in laid_out(features, window, slopes.offsets, weights, exact, ones=ones):
            near = len(part.near)
            if own is None:
                own = into.new_zeros(len(part.raw), into.shape[2], dtype=exact)
            for k in range(len(part.pairs)):
                _add_product(own[:near], part.beside(k), of_near[k], fresh=k == 0)
            # What lies behind the own places of a row, or below the last, is no near place.
            grid = part.places(own)
            grid[part.pairs[0].rows :] = 0
            grid[:, part.pairs[0].columns :] = 0
            for k, pair in enumerate(part.pairs[1:], 1):
                _add_product(own[pair.ahead : pair.ahead + near], part.near, of_far[k])
            if weights is not None:
                own *= part.weighted[:, -1:]
            places = into[part.rows, part.columns]
            places.add_(grid[: places.shape[0], : places.shape[1]].to(gradient.dtype))


def _matrices(
    slopes: Slopes, factor: float, dtype: torch.dtype, device: torch.device, ones: int
) -> tuple[Tensor, Tensor]:
    """What far places, and ones, make of near ones' gradients, and the other way round.

    Returns:
        (K, C + ones, C) each. The second has no use for the first offset, of equal places.
    """
    number, heads, size, _ = slopes.product.shape
    blocks = slopes.product.new_zeros(number, heads, size, heads, size)
    for head in range(heads):
        blocks[:, head, :, head] = slopes.product[:, head]
    exact = blocks.view(number, heads * size, heads * size) * factor
    near, far = slopes.near * factor, slopes.far * factor
    exact[0] += exact[0].mT.clone()
    near[0] += far[0]
    # With matrices as they are rounded: then what is the same everywhere has no gradient.
    off = exact - exact.to(dtype).to(exact)
    near = near.unsqueeze(1) + slopes.far_mean.unsqueeze(1) @ off.mT  # (K, 1, C)
    far = far.unsqueeze(1) + slopes.near_mean.unsqueeze(1) @ off

    def with_rows(matrices: Tensor, rest: Tensor) -> Tensor:
        rows = [matrices.to(dtype)]
        for _ in range(ones):
            rows.append(rest.to(dtype))
            rest = rest - rows[-1].to(rest)
        return torch.cat(rows, 1).to(device)

    return with_rows(exact.mT, near), with_rows(exact, far)


def _product(a: Tensor, b: Tensor) -> Tensor:
    """aᵀ b of (places, …), in float64 on the CPU."""
    first, second = (x.view(CHUNKS, -1, x.shape[1]) for x in (a, b))
    return torch.bmm(first.mT, second).sum(0).to("cpu").double()


def _add_product(into: Tensor, x: Tensor, matrix: Tensor, *, fresh: bool = False) -> None:
    """into += x @ matrix, of (places, …), in place; without what was there if `fresh`."""
    beta = 0 if fresh else 1
    if x.dtype == torch.bfloat16:  # never divided otherwise than by places, and faster so
        into.addmm_(x, matrix, beta=beta)
        return
    own, others = (y.view(CHUNKS, -1, y.shape[1]) for y in (into, x))
    own.baddbmm_(others, matrix.expand(CHUNKS, -1, -1), beta=beta)
