"""Everything a painting needs before its first step, made ready or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from impasto import imaging
from impasto.errors import PictureError
from impasto.events import Started
from impasto.losses import check_heads
from impasto.methods import device as devices
from impasto.methods.optimization import memory
from impasto.methods.optimization.objective import Objective, layers_needed, style_layers
from impasto.methods.optimization.regions import Geometry, region_places
from impasto.methods.optimization.schedule import Scale, plan_scales
from impasto.methods.optimization.targets import Scene
from impasto.methods.pictures import Pictures
from impasto.networks import features
from impasto.settings import StyleSettings

__all__ = ["Preparation", "prepare"]


@dataclass(frozen=True)
class Preparation:
    """What a painting works with.

    Attributes:
        device: where it is computed.
        pictures: content, styles, masks and start image.
        scales: coarse to fine; none if only colours are moved.
        backbone: frozen, on the device; None if only colours are moved.
        compiled: the same, compiled, if the settings ask for it.
        geometry: of the backbone's layers.
        smallest_side: of any picture it may look at, in px.
        predicted_bytes: peak of memory, this process included.
        notes: what a person may not expect of this run.
    """

    device: torch.device
    pictures: Pictures
    scales: tuple[Scale, ...]
    backbone: features.VGG | None
    compiled: Callable[[Tensor], dict[str, Tensor]] | None
    geometry: Geometry
    smallest_side: int
    predicted_bytes: int
    notes: tuple[str, ...]

    def weights_sha256(self) -> str:
        """Of the backbone; empty where there is none."""
        return "" if self.backbone is None else self.backbone.sha256()

    def started(self, first_step: int) -> Started:
        """The event that a run begins with."""
        return Started(
            steps=sum(scale.steps for scale in self.scales),
            scales=tuple(((s.height, s.width), s.steps) for s in self.scales),
            backbone=self.pictures.settings.backbone,
            device=str(self.device),
            threads=torch.get_num_threads(),
            first_step=first_step,
            predicted_bytes=self.predicted_bytes,
            notes=self.notes,
        )

    def at(self, scale: Scale) -> tuple[Scene, Objective]:
        """What is looked at, and what is to be made small, at a scale."""
        assert self.backbone is not None  # there are scales only where something is painted
        scene = self.pictures.at(scale, self.smallest_side)
        objective = Objective(
            self.backbone,
            scene,
            self.pictures.settings,
            geometry=self.geometry,
            compiled=self.compiled,
        )
        return scene, objective


def prepare(
    content: imaging.Source,
    styles: imaging.Sources,
    settings: StyleSettings,
    on_fetch: Callable[[int, int | None], None] | None = None,
    *,
    masks: imaging.Sources | None = None,
    style_masks: imaging.Sources | None = None,
) -> Preparation:
    """Read the pictures, foresee the memory, then load the backbone: cheap refusals first.

    Raises:
        ImpastoError: whatever is wrong with the inputs; see `impasto.errors`.
    """
    device = devices.choose(settings.device)
    devices.set_up(settings, device)
    layers = layers_needed(settings)
    network = features.find(settings.backbone)
    plan = network.plan
    pooling = network.pooled(settings.pooling, settings.weights_file)
    smallest = plan.smallest_side(layers, name=settings.backbone)
    check_heads(settings.style_loss, settings.gram_heads)
    plan.check_heads(style_layers(settings), settings.gram_heads)
    predicted = 0

    def allow(shape: tuple[int, int], style_shapes: list[tuple[int, int]], regions: int) -> None:
        nonlocal predicted
        foreseen = settings.model_copy(update={"pooling": pooling})
        predicted = memory.check(plan, layers, shape, style_shapes, foreseen, device, regions)

    paints = settings.color != "only"
    pictures = Pictures.read(
        content,
        styles,
        settings,
        device,
        allow if paints else None,
        masks=masks,
        style_masks=style_masks,
    )
    if not paints:
        return Preparation(device, pictures, (), None, None, {}, 1, 0, ())
    pictures.check_sizes(smallest, settings.backbone)
    scales = plan_scales(
        *pictures.shape,
        settings.steps,
        coarsest=settings.coarsest,
        coarse_share=settings.coarse_share,
        smallest_side=smallest,
        margin=settings.margin,
    )
    geometry = plan.geometry()
    notes = [
        *pictures.inputs.notes(settings),
        *_left_out(pictures, scales, geometry, smallest),
    ]
    backbone = features.load(
        settings.backbone,
        layers,
        weights_file=settings.weights_file,
        pooling=pooling,
        padding=settings.padding,
        channels_last=settings.channels_last,
        on_progress=on_fetch,
    ).to(device)
    compiled = torch.compile(backbone, dynamic=True) if settings.compile else None
    return Preparation(
        device, pictures, scales, backbone, compiled, geometry, smallest, predicted, tuple(notes)
    )


def _left_out(
    pictures: Pictures, scales: Sequence[Scale], geometry: Geometry, smallest: int
) -> Iterator[str]:
    """A note for each region that some layers cannot show.

    Raises:
        PictureError: if none can at the final size.
    """
    layers = style_layers(pictures.settings)
    if not layers or not pictures.regional:
        return
    told: dict[tuple[int, str], dict[str, int]] = {}
    for scale in scales:
        scene = pictures.at(scale, smallest)
        for number, region in enumerate(scene.regions):
            name = " and ".join(style.name for style in region.styles)
            found = region_places(scene, region, geometry, layers)
            if scale is scales[-1] and not found:
                raise PictureError(
                    f"the part of {pictures.content.name} that is painted like {name}, or the "
                    f"part of {name} to learn from, is too small for every style layer at "
                    f"{scale.width} x {scale.height} px: make the mask larger, or pass a larger "
                    "--size"
                )
            for layer in layers:
                if layer not in found:
                    told.setdefault((number, name), {})[layer] = max(scale.height, scale.width)
    for (_, name), missing in told.items():
        sizes = ", ".join(f"{layer} up to {size} px" for layer, size in missing.items())
        yield f"{name} has too small a region for some layers, which are left out there: {sizes}"
