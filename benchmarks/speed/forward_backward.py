"""(a) One pass at 512 px through VGG-19: frozen, as here, against naive, as in the chapter."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn

from impasto.methods.optimization.objective import Objective, layers_needed
from impasto.methods.optimization.targets import Scene
from impasto.networks.features import BACKBONES, VGG
from impasto.settings import StyleSettings

__all__ = ["compare"]

INDICES, CONTENT_INDEX = (0, 5, 10, 19, 28), 25


class Naive:
    """The chapter's pass: every weight asks for its gradient, though none is ever used."""

    def __init__(self, weights: dict[str, Tensor], content: Tensor, style: Tensor) -> None:
        modules: list[nn.Module] = []
        for c in BACKBONES["vgg19"].plan.upto(["conv5_1"]):
            if c.pooled:
                modules.append(nn.MaxPool2d(2, 2))
            modules += [nn.Conv2d(c.channels_in, c.channels_out, 3, padding=1), nn.ReLU(True)]
        self.net = nn.Sequential(*modules[:-1])
        self.net.load_state_dict({k.removeprefix("features."): v for k, v in weights.items()})
        features = self.extract(content)
        self.content_target = features[CONTENT_INDEX].detach()
        features = self.extract(style)
        self.style_targets = {i: self.gram(features[i]).detach() for i in INDICES}

    def extract(self, x: Tensor) -> dict[int, Tensor]:
        features = {}
        for index, module in enumerate(self.net):
            x = module(x)
            if index in (*INDICES, CONTENT_INDEX):
                features[index] = x
        return features

    @staticmethod
    def gram(x: Tensor) -> Tensor:
        channels, places = x.shape[1], x.numel() // x.shape[1]
        x = x.reshape(channels, places)
        return x @ x.T / (channels * places)

    def evaluate(self, x: nn.Parameter) -> float:
        x.grad = None
        features = self.extract(x)
        loss = (features[CONTENT_INDEX] - self.content_target).square().mean()
        for index, target in self.style_targets.items():
            loss = loss + 1e4 * (self.gram(features[index]) - target).square().mean()
        loss = loss + 5 * (x[:, :, 1:] - x[:, :, :-1]).abs().mean()
        loss = loss + 5 * (x[:, :, :, 1:] - x[:, :, :, :-1]).abs().mean()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.item()


def compare(repeats: int = 7, shape: tuple[int, int] = (384, 512)) -> dict[str, Any]:
    """Seconds of both passes in turn, and the median of their ratios."""
    generator = torch.Generator().manual_seed(0)
    plan = BACKBONES["vgg19"].plan
    settings = StyleSettings(recipe="chapter", channels_last=True)
    layers = layers_needed(settings)
    weights = {
        name: torch.randn(size, generator=generator)
        * (2 / (9 * size[-3 if len(size) > 1 else 0])) ** 0.5
        for name, size in plan.shapes(layers).items()
    }
    content, style, start = (torch.randn(1, 3, *shape, generator=generator) for _ in range(3))
    ours = Objective(VGG(plan, layers, weights), Scene.of(content, style), settings)
    naive, x = Naive(weights, content, style), nn.Parameter(start.clone())
    seconds: dict[str, list[float]] = {"ours": [], "naive": []}
    losses: dict[str, float] = {}
    for _ in range(repeats + 1):
        start_s = time.perf_counter()
        losses["ours"] = ours.evaluate(start)[0]["total"]
        middle = time.perf_counter()
        losses["naive"] = naive.evaluate(x)
        seconds["ours"].append(middle - start_s)
        seconds["naive"].append(time.perf_counter() - middle)
    if abs(losses["ours"] - losses["naive"]) > 1e-3 * losses["naive"]:
        raise RuntimeError(f"the two passes disagree: {losses}")
    ours_s, naive_s = seconds["ours"][1:], seconds["naive"][1:]  # the first of each warms up
    ratios = [n / o for n, o in zip(naive_s, ours_s, strict=True)]
    return {
        "shape": list(shape),
        "repeats": repeats,
        "naive_s": [round(s, 3) for s in naive_s],
        "ours_s": [round(s, 3) for s in ours_s],
        "times_faster": {
            "median": round(median(ratios), 2),
            "min": round(min(ratios), 2),
            "max": round(max(ratios), 2),
        },
    }
