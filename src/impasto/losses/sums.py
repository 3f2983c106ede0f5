"""Sums over places that can be added up: style losses of a picture that is looked at in parts.

A picture too large to be looked at whole is looked at in tiles, a film frame by frame. Sums of
features and of their products, at a place and with another some steps further on, add up to those
of the whole. What a loss makes of them is differentiated by the sums, small matrices, and `pull`
carries that on to the features of each part. Letters as in `impasto.losses`; the batch is 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from impasto.losses.gram import head_size
from impasto.losses.spatial_weights import check_weights
from impasto.losses.windows import PART, Window

__all__ = ["PLACE", "Offset", "Slopes", "Sums", "measured", "merged", "pull", "slopes_of"]

Offset = tuple[int, int]
PLACE: Offset = (0, 0)  # a place with itself, the first of all offsets

# Of a product over places, added up afterwards: the processor's cores share them as they are, and
# so it is the same to the last bit however many there are.
CHUNKS = 4
# With fewer channels, products in bfloat16 take longer than in float32.
BFLOAT16_CHANNELS = 64


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
    float64; the number of threads changes no bit.

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
    with torch.no_grad():
        for part in _parts(features, window, offsets, weights, exact):
            for k, pair in enumerate(part.pairs):
                product[k] += _product(part.near, part.beside(k))
                if part.weights is None:
                    weight[k] += pair.rows * pair.columns
                    grid = part.places(part.raw)
                    near[k] += _total(grid[pair.near])
                    far[k] += _total(grid[pair.far])
                else:
                    own, others = part.weights.near, part.weights.beside(k)
                    weight[k] += _product(own, others).view(())
                    near[k] += _product(part.near, others).view(-1)
                    far[k] += _product(own, part.beside(k)).view(-1)
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
    if exact == torch.bfloat16 and (weights is not None or features.shape[1] < BFLOAT16_CHANNELS):
        exact = torch.float32
    with torch.no_grad():
        bend = _Bend.of(slopes, factor, exact, features.device)
        into = gradient[0].permute(1, 2, 0)  # (h, w, C)
        every: dict[tuple[_Pair, ...], Tensor] = {}  # of parts that lie alike
        for part in _parts(features, window, slopes.offsets, weights, exact):
            shifts = every.get(part.pairs) if weights is None else None
            if shifts is None:
                shifts = every[part.pairs] = bend.shifts(part)
            own = part.places(bend.of_part(part, shifts))
            places = into[part.rows, part.columns]
            places.add_(own[: places.shape[0], : places.shape[1]].to(gradient.dtype))


class _Bend(NamedTuple):
    """What slopes do to features.

    Attributes:
        of_near: K matrices (C, C), by which the far features are multiplied for the near ones.
        of_far: likewise the other way; the first, of places with themselves, is 0.
        near, far: (K, C), what else is added at every near and far place.
    """

    of_near: list[Tensor]
    of_far: list[Tensor]
    near: Tensor
    far: Tensor

    @classmethod
    def of(cls, slopes: Slopes, factor: float, dtype: torch.dtype, device: torch.device) -> _Bend:
        number, heads, size, _ = slopes.product.shape
        matrices = slopes.product.new_zeros(number, heads, size, heads, size)
        for head in range(heads):
            matrices[:, head, :, head] = slopes.product[:, head]
        exact = matrices.view(number, heads * size, heads * size) * factor
        near, far = slopes.near * factor, slopes.far * factor
        exact[0] += exact[0].mT.clone()
        near[0] += far[0]
        # With matrices as they are rounded: then what is the same everywhere has no gradient.
        rounded = exact.to(dtype)
        off = exact - rounded.to(exact)
        near += (off @ slopes.far_mean.unsqueeze(-1)).squeeze(-1)
        far += (off.mT @ slopes.near_mean.unsqueeze(-1)).squeeze(-1)
        every = list(rounded.to(device))
        back = [matrix.mT.contiguous() for matrix in every]
        single = torch.promote_types(dtype, torch.float32)
        return cls(back, every, near.to(single).to(device), far.to(single).to(device))

    def shifts(self, part: _Part) -> Tensor:
        """What is added at the places of a part whatever is there, before it is weighed."""
        added = torch.zeros_like(part.raw, dtype=self.near.dtype)
        grid = part.places(added)
        for k, pair in enumerate(part.pairs):
            for places, partners, shift in (
                (grid[pair.near], pair.far, self.near[k]),
                (grid[pair.far], pair.near, self.far[k]),
            ):
                if k == 0 or part.weights is None:
                    places += shift
                else:
                    places.addcmul_(part.places(part.weights.every)[partners], shift)
                if k == 0:
                    break  # the two are one place
        return added.to(part.raw.dtype)

    def of_part(self, part: _Part, shifts: Tensor) -> Tensor:
        """The gradient by all places of a part, as `_Part.raw` holds them."""
        near = len(part.near)
        own = shifts.clone()
        for k in range(len(part.pairs)):
            own[:near].addmm_(part.beside(k), self.of_near[k])
        # What lies behind the own places of a row, or below the last, is no near place.
        grid, given = part.places(own), part.places(shifts)
        rows, columns = part.pairs[0].rows, part.own_columns
        grid[rows:] = given[rows:]
        grid[:, columns:] = given[:, columns:]
        for k, pair in enumerate(part.pairs[1:], 1):
            own[pair.ahead : pair.ahead + near].addmm_(part.near, self.of_far[k])
        if part.weights is not None:
            own *= part.weights.every
        return own


class _Pair(NamedTuple):
    """An offset in a part.

    Attributes:
        down, right: from the near place to the far one.
        rows, columns: of the near places with a partner in the map, from the part's first on.
        ahead: from the one to the other in a part's memory, in places.
    """

    down: int
    right: int
    rows: int
    columns: int
    ahead: int

    @property
    def near(self) -> tuple[slice, slice]:
        """The near places, by row and column of the part."""
        return slice(0, self.rows), slice(0, self.columns)

    @property
    def far(self) -> tuple[slice, slice]:
        """Likewise the far ones."""
        return (
            slice(self.down, self.down + self.rows),
            slice(self.right, self.right + self.columns),
        )


class _Weights(NamedTuple):
    """Weights of a part's places, laid out as its features are, with one channel.

    Attributes:
        every: of all places.
        near: of the own ones, and zeros.
        pairs: of each offset.
    """

    every: Tensor
    near: Tensor
    pairs: tuple[_Pair, ...]

    def beside(self, k: int) -> Tensor:
        """What near places' weights are multiplied by, for what a pair counts."""
        if k == 0:
            return torch.ones_like(self.near)
        ahead = self.pairs[k].ahead
        return self.every[ahead : ahead + len(self.near)]


class _Part(NamedTuple):
    """Some rows of a window and the partners of their places, one after the other in memory.

    Behind each row, and below the last, there is room for partners, with zeros beyond the map. So
    places an offset apart are two slices; and where the near ones are not the part's own, they are
    zeros, which meet whatever comes in the next row.

    Attributes:
        raw: (all places, C), the features.
        weighted: the same times the weights of places; without weights, the same.
        near: (near places, C), the weighted own places, and zeros.
        weights: None for everywhere.
        pairs: of each offset.
        width: of a row, in places.
        own_columns: of it, the own places.
        rows, columns: what `raw` holds of the cut-out.
    """

    raw: Tensor
    weighted: Tensor
    near: Tensor
    weights: _Weights | None
    pairs: tuple[_Pair, ...]
    width: int
    own_columns: int
    rows: slice
    columns: slice

    def places(self, x: Tensor) -> Tensor:
        """(all places, …) by row and column."""
        return _by_row(x, self.width)

    def beside(self, k: int) -> Tensor:
        """What the near places are paired with: themselves, unweighted, or the far places."""
        if k == 0:
            return self.raw[: len(self.near)]
        ahead = self.pairs[k].ahead
        return self.weighted[ahead : ahead + len(self.near)]


def _parts(
    features: Tensor,
    window: Window,
    offsets: Sequence[Offset],
    weights: Tensor | None,
    dtype: torch.dtype,
) -> Iterator[_Part]:
    """The parts of a window, top to bottom; each is good until the next."""
    shortened = [(min(d, window.height - 1), min(r, window.width - 1)) for d, r in offsets]
    reach, margin = (max(offset[axis] for offset in shortened) for axis in (0, 1))
    window.check(features, reach, margin)
    x, channels = features[0].permute(1, 2, 0), features.shape[1]
    w = None
    if weights is not None:
        check_weights(weights, x.new_empty((), dtype=dtype).expand(features.shape))
        w = weights[0, 0].unsqueeze(-1).to(x.device, dtype)
    (rows, own_columns), first = window.size, window.rows.start
    if not rows or not own_columns:
        return

    width = own_columns + margin
    columns = slice(window.columns.start, min(window.columns.stop + margin, x.shape[1]))
    step = max(PART // (width * channels), CHUNKS * reach, 1)
    step = math.ceil(rows / math.ceil(rows / step))  # parts of one size
    step = CHUNKS * math.ceil(step / CHUNKS)

    def room(of: int, rows: int, behind: int = 0) -> Tensor:
        return x.new_zeros(rows * width + behind, of, dtype=dtype)

    # One memory serves all parts; where no place has a partner, the near ones are all there are.
    raw = weighted = room(channels, step + reach, margin)
    counts = None if w is None else room(1, step + reach, margin)
    if counts is not None:
        weighted = torch.zeros_like(raw)
    apart = margin > 0 or reach > 0
    near = room(channels, step) if apart else weighted
    near_counts = room(1, step) if apart else counts

    for begin in range(0, rows, step):
        own_rows, top = min(step, rows - begin), first + begin
        held = slice(top, min(top + own_rows + reach, x.shape[0]))
        below = window.height - window.top - top  # rows of the map from here on
        behind = window.width - window.left - columns.start
        pairs = tuple(
            _Pair(
                down,
                right,
                max(0, min(own_rows, below - down)),
                max(0, min(own_columns, behind - right)),
                down * width + right,
            )
            for down, right in shortened
        )
        own = slice(0, own_rows), slice(0, own_columns)
        _fill(raw, x[held, columns], width)
        own_weights = None
        if w is not None and counts is not None and near_counts is not None:
            _fill(counts, w[held, columns], width)
            torch.mul(raw, counts, out=weighted)
            if apart:
                _fill(near_counts, _by_row(counts, width)[own], width)
            own_weights = _Weights(counts, near_counts, pairs)
        if apart:
            _fill(near, _by_row(weighted, width)[own], width)
        yield _Part(raw, weighted, near, own_weights, pairs, width, own_columns, held, columns)


def _fill(room: Tensor, places: Tensor, width: int) -> None:
    """Places (h, w, C) into the beginning of rows of zeros; those below become zeros again."""
    grid = _by_row(room, width)
    grid[: places.shape[0], : places.shape[1]] = places
    grid[places.shape[0] :] = 0


def _by_row(x: Tensor, width: int) -> Tensor:
    """(places, C) as (rows, width, C); what is behind the last row is left out."""
    rows = len(x) // width
    return x[: rows * width].view(rows, width, x.shape[1])


def _product(a: Tensor, b: Tensor) -> Tensor:
    """aᵀ b of (places, …), in float64 on the CPU."""
    first, second = (x.view(CHUNKS, -1, x.shape[1]) for x in (a, b))
    return torch.bmm(first.mT, second).sum(0).to("cpu").double()


def _total(grid: Tensor) -> Tensor:
    """The sum over places, (C,), in float64 on the CPU."""
    by_column = grid.sum(0)  # torch would share the sum of one channel among threads
    return by_column.to("cpu").double().sum(0)
