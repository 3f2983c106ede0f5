"""The layout of a VGG as data: which layers there are, how wide, at which stride.

Letters used for shapes throughout the package: B pictures, C channels, H height, W width.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from impasto.errors import UnknownNameError

__all__ = ["Convolution", "Plan"]


@dataclass(frozen=True)
class Convolution:
    """One 3x3 convolution and the ReLU behind it.

    Attributes:
        block: 1 to 5; a pooling stands before the first convolution of blocks 2 to 5.
        number: its place in the block, from 1.
        index: its place in torchvision's `features`, which names the weights.
        channels_in, channels_out: widths.
        field: side in px of the square of the picture that one place of it sees.
    """

    block: int
    number: int
    index: int
    channels_in: int
    channels_out: int
    field: int

    @property
    def conv(self) -> str:
        """Name of the convolution's output, before its ReLU."""
        return f"conv{self.block}_{self.number}"

    @property
    def relu(self) -> str:
        """Name of the output after the ReLU."""
        return f"relu{self.block}_{self.number}"

    @property
    def stride(self) -> int:
        """Pixels of the picture to one place of this layer."""
        return int(2 ** (self.block - 1))

    @property
    def pooled(self) -> bool:
        """Whether a pooling stands before it."""
        return self.block > 1 and self.number == 1


@dataclass(frozen=True)
class Plan:
    """Which convolutions a VGG has.

    Args:
        widths: channels of blocks 1 to 5.
        depths: convolutions in each of them.

    Example:
        >>> vgg19 = Plan((64, 128, 256, 512, 512), (2, 2, 4, 4, 4))
        >>> [c.index for c in vgg19.upto(["conv2_1"])]
        [0, 2, 5]
        >>> vgg19.shapes(["relu1_1"])
        {'features.0.weight': (64, 3, 3, 3), 'features.0.bias': (64,)}
    """

    widths: tuple[int, ...]
    depths: tuple[int, ...]

    def __iter__(self) -> Iterator[Convolution]:
        index, before, field = 0, 3, 1
        for block, (width, depth) in enumerate(zip(self.widths, self.depths, strict=True), 1):
            stride = 2 ** (block - 1)
            field += stride // 2  # a pooling sees one place of the block before it more
            for number in range(1, depth + 1):
                field += 2 * stride
                yield Convolution(block, number, index, before, width, field)
                index, before = index + 2, width
            index += 1

    @property
    def layers(self) -> list[str]:
        """Every layer that can be asked for, from shallow to deep."""
        return [name for c in self for name in (c.conv, c.relu)]

    def upto(self, layers: Iterable[str], *, name: str = "this backbone") -> list[Convolution]:
        """The convolutions down to the deepest of `layers`.

        Raises:
            UnknownNameError: if a layer is not one of `self.layers`; `name` is for the message.
        """
        names = set(layers)
        for layer in sorted(names - set(self.layers)):
            raise UnknownNameError(f"layer of {name}", layer, self.layers)
        deepest = max((i for i, c in enumerate(self) if names & {c.conv, c.relu}), default=-1)
        return list(self)[: deepest + 1]

    def shapes(self, layers: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """Names and shapes, as torchvision has them, of the weights that `layers` need."""
        shapes: dict[str, tuple[int, ...]] = {}
        for c in self.upto(layers):
            shapes[f"features.{c.index}.weight"] = (c.channels_out, c.channels_in, 3, 3)
            shapes[f"features.{c.index}.bias"] = (c.channels_out,)
        return shapes

    def smallest_side(self, layers: Iterable[str], *, name: str = "this backbone") -> int:
        """Shortest side of a picture, in px, whose deepest feature map still has two places.

        Reflect padding needs two places, and one place alone has no covariance.

        Example:
            >>> Plan((64, 128, 256), (2, 2, 4)).smallest_side(["relu1_1", "relu3_1"])
            8
        """
        return 2 * max((c.stride for c in self.upto(layers, name=name)), default=1)
