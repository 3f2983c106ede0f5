"""What a network has to tell and give to be looked through: the contract of feature extractors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

__all__ = ["Extractor", "OnProgress", "Padding", "Pooling", "Stage"]

Pooling: TypeAlias = Literal["max", "average"]
Padding: TypeAlias = Literal["zero", "reflect", "replicate"]
# Called with (bytes here, bytes in all) while weights are fetched.
OnProgress: TypeAlias = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Stage:
    """A step of a network: one convolution, or a small module that is kept whole.

    Attributes:
        layers: names of the features it can give.
        channels_in, channels_out: widths.
        stride: px of the picture to one of its places.
        field: side in px of the square of the picture that one place sees.
        pooled: whether a pooling stands before it.
        weights: numbers that it has learnt.
    """

    layers: tuple[str, ...]
    channels_in: int
    channels_out: int
    stride: int
    field: int
    pooled: bool
    weights: int


class Extractor(Protocol):
    """A network that can be chosen by the setting `backbone`.

    Another package adds one by an entry point of the group `impasto.extractors` that names an
    instance; `docs/extending.md` has one. It may have a `supply`, as in
    `impasto.networks.weights.supply`, which `impasto backbone fetch` asks for the weights.

    Attributes:
        name: what settings call it.
        licence, origin: of its weights.
    """

    @property
    def name(self) -> str: ...

    @property
    def licence(self) -> str: ...

    @property
    def origin(self) -> str: ...

    def stages(self) -> Sequence[Stage]:
        """Its steps from shallow to deep; memory, masks and messages are told from them."""

    def load(
        self,
        layers: Sequence[str],
        *,
        weights_file: str | Path | None = None,
        pooling: Literal["auto", "max", "average"] = "auto",
        padding: Padding = "zero",
        channels_last: bool = True,
        on_progress: OnProgress | None = None,
    ) -> Any:
        """The frozen network: a module that gives features by layer.

        Args:
            layers: names of the features to collect.
            weights_file: to use in place of its own weights.
            pooling, padding: as far as it has a choice; "auto" is what it learnt with.
            channels_last: memory layout of the features.
            on_progress: listens while weights are fetched.

        Returns:
            A module called with (B, 3, H, W), RGB, standardised, that gives a dict of (B, C,
            H // stride, W // stride) by layer, and has `layers`, `smallest_side` and `sha256()`.
            Where it has `value_and_gradient` too, as our VGGs have, it is asked for gradients by
            that.

        Raises:
            WeightsError: the weights are not its own.
            FetchError: they could not be fetched.
            MissingPackageError: the package that has them is not installed.
        """

    def pooled(
        self, pooling: Literal["auto", "max", "average"], weights_file: str | Path | None = None
    ) -> Pooling:
        """The pooling asked for; if "auto" is, the one that the weights learnt with."""

    def facts(self) -> dict[str, str]:
        """What a person asks about it: layers, where its weights are, size, licence, origin."""
