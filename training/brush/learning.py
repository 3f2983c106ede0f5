"""The training, step by step: read this file and you have seen how brush learns."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from impasto.errors import NonFiniteError
from impasto.imaging.tensors import postprocess
from impasto.losses.moments import Moments
from impasto.networks import features
from impasto.networks.stylizers import OnePass, Plan
from impasto.networks.stylizers.reader import LAYERS as READ
from impasto.training.stylizers.objective import (
    LAYERS,
    Guide,
    Target,
    colour_statistics,
    evaluate,
    grey_content,
    statistics,
)
from training.brush.data import Batch, Pictures, resized

__all__ = ["Examination", "Learning", "Recipe"]

BETAS, CLIP = (0.9, 0.99), 2.0
WARM_UP, LOWEST = 200, 0.02
CALIBRATED = 24  # batches of styles whose statistics the reader takes for usual
EXAM_STRENGTHS = (-0.8, 0.0, 0.8)
IN_STEP = 8  # steps that a GPU may be ahead of the clock


@dataclass(frozen=True)
class Recipe:
    """What decides the weights, beside the pictures and the time.

    Attributes:
        styles, each: of a batch, and photographs for each style.
        sides, style_sides: of crops of photographs and of styles in px, one after the other for
            even parts of the training.
        lr: the highest learning rate.
        average: share of each step's weights in their average, which is what is kept.
        authors: share of the authors' VGG-19 in what guides the painter; slim has the rest.
        seed: of everything that is drawn.
    """

    styles: int = 12
    each: int = 1
    sides: tuple[int, ...] = (384,)
    style_sides: tuple[int, ...] = (288,)
    lr: float = 1e-3
    average: float = 0.002
    authors: float = 0.6
    seed: int = 0


@dataclass(frozen=True)
class Examination:
    """What the averaged network came to on pictures that it never learns from.

    Attributes:
        step: of the training.
        seconds: that it took.
        losses: by strength, then by name, unweighted by strength.
    """

    step: int
    seconds: float
    losses: dict[float, dict[str, float]]


class Learning:
    """A training in progress.

    Args:
        recipe: what decides the weights.
        seconds: how long it goes on; the learning rate falls along a cosine of the time.
        learnt, examined: pictures to learn from, and to judge by.
        device: "cpu" or "cuda".
        start: a network to begin from; None for random weights.

    Attributes:
        average: the network that is kept, in place.
        step: the last one that was taken.
        spent: seconds of learning so far.
    """

    def __init__(
        self,
        recipe: Recipe,
        seconds: float,
        learnt: Pictures,
        examined: Pictures,
        device: str = "cpu",
        start: OnePass | None = None,
    ) -> None:
        self.recipe, self.device = recipe, device
        self._seconds, self._learnt = seconds, learnt
        self._exam = examined.exam(3, recipe.sides[-1], recipe.style_sides[-1])
        dtype = torch.bfloat16
        slim = features.load("slim", LAYERS).to(device)
        self._guides = [Guide(slim, weight=1 - recipe.authors, dtype=dtype)]
        if recipe.authors:
            authors = features.load("vgg19-original", LAYERS, pooling="max").to(device)
            self._guides.append(
                Guide(authors, weight=recipe.authors, halves=False, shifted=(), dtype=dtype)
            )
        torch.manual_seed(recipe.seed)
        self.network = start or OnePass(Plan())
        self.network.to(device).train().requires_grad_(True)
        if start is None:
            self._calibrate()
        self.average = copy.deepcopy(self.network).requires_grad_(False).eval()
        self._weights: list[Tensor] = [p for p in self.network.parameters() if p.numel()]
        self._averaged: list[Tensor] = [p for p in self.average.parameters() if p.numel()]
        self._lr = torch.tensor(recipe.lr, device=device)
        cuda = device == "cuda"
        self._optimizer = torch.optim.Adam(
            self._weights, self._lr, BETAS, capturable=cuda, fused=cuda or None
        )
        self.step, self.spent, self._loss = 0, 0.0, torch.zeros((), device=device)
        self._batch: Batch | None = None
        self._graph: Any = None

    @torch.no_grad()
    def _calibrate(self) -> None:
        """Tell the reader what is usual among styles."""
        every: list[dict[str, Moments]] = []
        for number in range(CALIBRATED):
            styles = self._learnt.draw(-1 - number, *self._sides(0.0)).styles
            every.append(_read(self._guides[0].look(styles)))
        joined = {
            layer: Moments(
                torch.cat([one[layer].mean for one in every]),
                torch.cat([one[layer].covariance for one in every]),
            )
            for layer in READ
        }
        assert self.network.reader is not None
        self.network.reader.calibrate(joined)

    def __iter__(self) -> Iterator[float]:
        """Go on until the time is over; the share of it that is, after each step or few.

        Raises:
            NonFiniteError: the loss is; the weights are then worth nothing.
        """
        share = self.spent / self._seconds
        if self.device == "cuda":
            self._take(share)  # what is compiled and measured at first is not of the time
            torch.cuda.synchronize()
        begun = time.monotonic() - self.spent
        while share < 1:
            self._take(share)
            if self.step % IN_STEP == 0 or self.device == "cpu":
                if not math.isfinite(self._loss.item()):  # waits for what is computed
                    raise NonFiniteError(
                        f"the loss of step {self.step} is {self._loss.item()}: take a lower lr"
                    )
                self.spent = time.monotonic() - begun
                share = min(1.0, self.spent / self._seconds)
                yield share

    def _sides(self, share: float) -> tuple[int, int]:
        """Of the crops of photographs and styles, when this share of the training is over."""
        photographs, styles = self.recipe.sides, self.recipe.style_sides
        return photographs[int(share * len(photographs))], styles[int(share * len(styles))]

    def _take(self, share: float) -> None:
        self.step += 1
        wave = 0.5 * (1 + math.cos(math.pi * share))
        rate = LOWEST + (1 - LOWEST) * wave
        self._lr.fill_(self.recipe.lr * min(1.0, self.step / WARM_UP) * rate)
        batch = self._learnt.draw(self.step, *self._sides(share))
        if self.device == "cpu":
            self._batch = batch
            self._learn()
            return
        if self._batch is None or [*map(_shape, self._batch)] != [*map(_shape, batch)]:
            self._batch, self._graph = Batch(*(part.clone() for part in batch)), None
        for place, part in zip(self._batch, batch, strict=True):
            place.copy_(part)
        if self._graph is None:
            self._capture()
        self._graph.replay()

    def _capture(self) -> None:
        """Record a step once: its thousands of small kernels then start as one."""
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(3):
                self._learn()
        torch.cuda.current_stream().wait_stream(aside)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._learn()

    def _learn(self) -> None:
        """One step with what is in the batch."""
        assert self._batch is not None
        self._optimizer.zero_grad(set_to_none=False)
        total = self._losses(self.network, self._batch)["total"]
        total.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._weights, CLIP, foreach=True)
        self._optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(self._averaged, self._weights, self.recipe.average)
        self._loss.copy_(total.detach())

    def _losses(
        self, network: OnePass, batch: Batch, strengths: Tensor | None = None
    ) -> dict[str, Tensor]:
        style, photographs = batch.styles, batch.photographs
        each = len(photographs) // len(style)
        strengths = batch.strengths if strengths is None else strengths
        with torch.no_grad():
            looks = [guide.look(style) for guide in self._guides]
            targets: list[Target] = [
                guide.target(style, look).repeated(each)
                for guide, look in zip(self._guides, looks, strict=True)
            ]
            mean, covariance = colour_statistics(style)
            read = _read(looks[0])
        painted = self._paint(network, read, photographs, strengths)
        return evaluate(
            self._guides,
            targets,
            (mean.repeat_interleave(each, 0), covariance.repeat_interleave(each, 0)),
            painted,
            grey_content(photographs),
            strengths[:, 0],
        )

    def _paint(
        self, network: OnePass, read: dict[str, Moments], photographs: Tensor, strengths: Tensor
    ) -> Tensor:
        photographs = photographs.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device, torch.bfloat16):
            codes = network.read(read)
            codes = codes.repeat_interleave(len(photographs) // len(codes), 0)
            if self.device == "cuda":
                crowd = network.painter.crowd(codes, strengths)
                return network.painter.paint(photographs, crowd, wraps=True).float()
            hands = network.painter.hands(codes, strengths)
            parts = photographs.chunk(len(hands))
            painted = [
                network.painter.paint(part, hand, wraps=True)
                for part, hand in zip(parts, hands, strict=True)
            ]
        return torch.cat(painted).float()

    @torch.no_grad()
    def examine(self, seconds: float) -> Examination:
        """Losses of the averaged network at a few strengths."""
        found: dict[float, dict[str, float]] = {}
        for strength in EXAM_STRENGTHS:
            sums: dict[str, float] = {}
            for batch in self._exam:
                even = torch.full_like(batch.strengths, strength)
                for name, loss in self._losses(self.average, batch, even).items():
                    sums[name] = sums.get(name, 0.0) + loss.item() / len(self._exam)
            found[strength] = sums
        return Examination(self.step, seconds, found)

    def state(self) -> dict[str, Any]:
        """All that goes on from here, besides the recipe and the pictures."""
        return {
            "step": self.step,
            "seconds": self.spent,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from where `state` was taken."""
        self.step, self.spent = state["step"], state["seconds"]
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        for group in self._optimizer.param_groups:
            group["lr"] = self._lr

    @torch.no_grad()
    def sheet(self) -> Tensor:
        """Styles, photographs and paintings of the exam, (3, H, W) in [0, 1], on the CPU."""
        rows = []
        for batch in self._exam:
            read = _read(self._guides[0].look(batch.styles))
            middle = torch.zeros_like(batch.strengths)
            painted = self._paint(self.average, read, batch.photographs, middle)
            each = len(painted) // len(batch.styles)
            for n, style in enumerate(batch.styles):
                pairs = range(n * each, (n + 1) * each)
                style = resized(style[None], painted.shape[-1])[0]
                cells = [style, *(c for p in pairs for c in (batch.photographs[p], painted[p]))]
                rows.append(torch.cat([postprocess(cell[None])[0].cpu() for cell in cells], 2))
        return torch.cat(rows, 1)


def _shape(tensor: Tensor) -> torch.Size:
    return tensor.shape


def _read(look: dict[str, Tensor]) -> dict[str, Moments]:
    """What the reader takes of a style."""
    return {layer: statistics(look[layer]).moments() for layer in READ}
