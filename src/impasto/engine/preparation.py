"""Everything a painting needs before its first step, made ready or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from impasto import backbones, image
from impasto.engine import device as devices
from impasto.engine import memory
from impasto.engine.objective import Objective, layers_needed
from impasto.engine.pictures import Pictures
from impasto.engine.schedule import Scale, plan_scales
from impasto.settings import StyleSettings

__all__ = ["Preparation", "prepare"]


@dataclass(frozen=True)
class Preparation:
    """What a painting works with.

    Attributes:
        device: where it is computed.
        pictures: content, style and start image.
        scales: coarse to fine.
        backbone: frozen, on the device.
        compiled: the same, compiled, if the settings ask for it.
        smallest_side: of any picture it may look at, in px.
        predicted_bytes: peak of memory, this process included.
    """

    device: torch.device
    pictures: Pictures
    scales: tuple[Scale, ...]
    backbone: backbones.VGG
    compiled: Callable[[Tensor], dict[str, Tensor]] | None
    smallest_side: int
    predicted_bytes: int

    def at(self, scale: Scale) -> tuple[Tensor, Tensor, Objective]:
        """Content, style and objective at a scale."""
        content, style = self.pictures.at(scale, self.smallest_side)
        settings = self.pictures.settings
        objective = Objective(self.backbone, content, style, settings, compiled=self.compiled)
        return content, style, objective


def prepare(
    content: image.Source,
    style: image.Source,
    settings: StyleSettings,
    on_fetch: Callable[[int, int | None], None] | None = None,
) -> Preparation:
    """Read the pictures, foresee the memory, then load the backbone: cheap refusals first.

    Raises:
        ImpastoError: whatever is wrong with the inputs; see `impasto.errors`.
    """
    device = devices.choose(settings.device)
    devices.set_up(settings, device)
    layers = layers_needed(settings)
    network = backbones.find(settings.backbone)
    plan = network.plan
    pooling = network.pooled(settings.pooling, settings.weights_file)
    smallest = plan.smallest_side(layers, name=settings.backbone)
    if settings.weights.style:
        weighed = [layer for layer, weight in settings.style_layers.items() if weight]
        plan.check_heads(weighed, settings.gram_heads)
    predicted = 0

    def allow(shape: tuple[int, int], style_shape: tuple[int, int]) -> None:
        nonlocal predicted
        foreseen = settings.model_copy(update={"pooling": pooling})
        predicted = memory.check(plan, layers, shape, style_shape, foreseen, device)

    pictures = Pictures.read(content, style, settings, device, allow)
    pictures.check_sizes(smallest, settings.backbone)
    scales = plan_scales(
        pictures.content.height,
        pictures.content.width,
        settings.steps,
        coarsest=settings.coarsest,
        coarse_share=settings.coarse_share,
        smallest_side=smallest,
        margin=settings.margin,
    )
    backbone = backbones.load(
        settings.backbone,
        layers,
        weights_file=settings.weights_file,
        pooling=pooling,
        padding=settings.padding,
        channels_last=settings.channels_last,
        on_progress=on_fetch,
    ).to(device)
    compiled = torch.compile(backbone, dynamic=True) if settings.compile else None
    return Preparation(device, pictures, scales, backbone, compiled, smallest, predicted)
