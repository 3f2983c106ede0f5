"""The network that looks, before its weights are here: what it needs, and what it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from impasto.errors import SettingError
from impasto.losses import STYLE_LOSSES, check_heads, style_loss
from impasto.methods.inputs import Inputs, style_shape
from impasto.methods.optimization import fitting
from impasto.methods.optimization.memory import Asked
from impasto.methods.optimization.objective import (
    goes_direct,
    layers_needed,
    style_layers,
)
from impasto.methods.optimization.regions import Geometry
from impasto.methods.optimization.schedule import Scale
from impasto.methods.optimization.tiles.sharing import AwayPaintings
from impasto.methods.planes import Planes
from impasto.methods.protocol import OnFetch, RunOptions
from impasto.networks import EARLIER, features
from impasto.networks.features.layers import check_heads as check_channels
from impasto.networks.features.layers import geometry as geometry_of
from impasto.networks.features.layers import smallest_side, stages_upto
from impasto.settings import StyleSettings
from impasto.task import RegionOptions

__all__ = ["Looker"]


@dataclass(frozen=True)
class Looker:
    """The network that looks, before its weights are here: one by name, or one brought along.

    Attributes:
        settings: with the pooling that the network will have.
        layers: that it collects.
        smallest_side: of a picture that it can look at, in px.
        geometry: of its layers; empty where nobody can tell, and masks then need none.
        brought: a module in place of the backbone that the settings name.
    """

    settings: StyleSettings
    layers: list[str]
    smallest_side: int
    geometry: Geometry
    brought: Any = None

    @classmethod
    def of(
        cls, settings: StyleSettings, regions: Sequence[RegionOptions], options: RunOptions
    ) -> Looker:
        """Refuses layers and heads that the network has not."""
        layers = layers_needed(settings, regions)
        more = [layer for term in options.terms for layer in getattr(term, "layers", ())]
        layers = list(dict.fromkeys([*layers, *more]))
        check_heads(settings.style_loss, settings.gram_heads)
        if (brought := options.extractor) is not None:
            geometry = getattr(brought, "geometry", None)
            return cls(
                settings,
                layers,
                brought.smallest_side,
                geometry() if callable(geometry) else {},
                brought,
            )
        network = features.find(settings.backbone)
        smallest = smallest_side(network, layers)
        check_channels(network, style_layers(settings), settings.gram_heads)
        pooling = network.pooled(settings.pooling, settings.weights_file)
        chosen = settings.model_copy(update={"pooling": pooling})
        return cls(chosen, layers, smallest, geometry_of(network))

    def computed_in(self, precision: str) -> Looker:
        """The same, with the precision that the painting was given."""
        return replace(self, settings=self.settings.model_copy(update={"precision": precision}))

    def is_direct(self, device: torch.device) -> bool:
        """Whether losses of features and their gradients come by the direct pass alone."""
        tapped = style_loss(self.settings.style_loss).tap is not None
        tapped = tapped and self.settings.gram_heads == 1
        return self.brought is None and tapped and self._goes_direct(device)

    def _goes_direct(self, device: torch.device) -> bool:
        network = features.find(self.settings.backbone)
        return isinstance(network, features.Backbone) and goes_direct(self.settings, device)

    def check_memory(
        self,
        inputs: Inputs,
        scale: Scale,
        device: torch.device,
        options: RunOptions,
        planes: Planes,
        away: AwayPaintings | None = None,
    ) -> tuple[tuple[int, int], int]:
        """Px of a tile and of its width, and the predicted peak in bytes at the final scale.

        The px are 0 for the whole, those of the width for as many as from top to bottom; the bytes
        are 0 if nobody can tell.

        Raises:
            MemoryShortError: it is more than what is free.
            OutputError: so it is for the disk.
            SettingError: tiles are asked for, and these losses or this network have none.
        """
        refusal = self.untiled(options, device)
        wished = self.settings.tile
        if options.resume is not None:
            wished = str(options.resume.state.get("tile") or "off")
        if wished.isdecimal() and refusal:
            raise SettingError(f"tile is {wished}, and {refusal}")
        if self.brought is not None:
            return (0, 0), 0
        shape = scale.height, scale.width
        styles = [style_shape(style, shape, shape, self.settings) for style in inputs.styles]
        network = features.find(self.settings.backbone)
        asked = Asked(
            stages_upto(network, self.layers),
            self.layers,
            shape,
            styles,
            self.settings,
            max(inputs.regions(), 2 * self.settings.keep_faces),
            direct=self._goes_direct(device),
            steps=scale.steps,
            guided_bytes=sum(getattr(term, "kept_bytes", int)() for term in options.terms),
        )
        if options.resume is not None:
            asked = replace(asked, wide=int(options.resume.state.get("wide", 0)))
        elif away is not None and not wished.isdecimal():
            tile, wide = away.cut(asked)
            wished, asked = str(tile), replace(asked, wide=wide)
        tile, predicted = fitting.check(asked, device, wished, planes, refusal)
        if away is not None and tile:
            away.fit(asked, tile, planes.in_files)
        return (tile, asked.wide), predicted

    def untiled(self, options: RunOptions, device: torch.device) -> str:
        """Why nothing here can be painted in tiles, in words; empty where it can."""
        if device.type != "cpu":
            return "tiles are computed on the CPU alone: pass --device cpu"
        if self.brought is not None or not isinstance(
            features.find(self.settings.backbone), features.Backbone
        ):
            return "only the VGGs can be looked through in tiles: leave --tile out"
        if self.settings.text_weight:
            return "CLIP looks at the whole picture: leave --tile or --text-weight out"
        if options.terms:
            return "a loss term of another package sees the whole picture: leave --tile out"
        kind = self.settings.style_loss
        if style_layers(self.settings) and not style_loss(kind).additive:
            others = ", ".join(name for name, other in STYLE_LOSSES.items() if other.additive)
            return f"style_loss {kind} sees the whole picture at once: take one of {others}"
        return ""

    def load(self, options: RunOptions) -> Any:
        """The network with its weights: those that a run that goes on began with, if they are here.

        Where they are not, the run itself refuses the others.
        """
        if self.brought is not None:
            return self.brought
        network = self._load(self.settings.weights_file, options.on_fetch)
        if options.resume is None or self.settings.weights_file is not None:
            return network
        begun = options.resume.state.get("weights_sha256")
        if begun != network.sha256():
            for file in EARLIER.get(self.settings.backbone, ()):
                earlier = self._load(str(file), options.on_fetch)
                if begun == earlier.sha256():
                    return earlier
        return network

    def _load(self, weights_file: str | None, on_fetch: OnFetch | None) -> Any:
        return features.load(
            self.settings.backbone,
            self.layers,
            weights_file=weights_file,
            pooling=self.settings.pooling,
            padding=self.settings.padding,
            channels_last=self.settings.channels_last,
            on_progress=on_fetch,
        )
