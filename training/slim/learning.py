"""The training, step by step: read this file and you have seen how slim learns."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from impasto.errors import NonFiniteError
from impasto.training.crops import generator_for
from training.slim import teachers
from training.slim.augment import corrupt
from training.slim.config import Recipe
from training.slim.data import Crops, Folder, standardise
from training.slim.distillation import Heads
from training.slim.lr_schedule import Length, pace
from training.slim.precision import mixed_precision
from training.slim.self_generated import SIDE, ReplayBuffer
from training.slim.student import Student

__all__ = ["Learning", "StepResult"]

# Crops that are never learnt from, to judge by: so many of the last photographs and paintings.
EXAM_PHOTOS, EXAM_ART = 24, 4
# Side in px and number of the crops that taps are calibrated on, and of those judged by.
CALIBRATION = (128, 64)
EXAMINATION = ((128, 32), (256, 12))


@dataclass(frozen=True)
class StepResult:
    """What one step came to.

    Attributes:
        step: from 1.
        share: of the training that is over.
        loss: of this step, all matches together.
        lr: this step's learning rate.
        seconds: of learning since the beginning, without the pauses before a resumption.
    """

    step: int
    share: float
    loss: float
    lr: float
    seconds: float


class Learning:
    """A training in progress.

    Args:
        recipe: what decides the weights.
        length: when it ends.
        photos, art: pictures to learn from.
        teacher_folder: where the teachers lie that are files.
        device: "cpu" or "cuda".
        start: folded weights to begin from, of the recipe's layout; None for random ones.
    """

    def __init__(
        self,
        recipe: Recipe,
        length: Length,
        photos: Folder,
        art: Folder,
        teacher_folder: Path | None,
        device: str = "cpu",
        start: Mapping[str, Tensor] | None = None,
    ) -> None:
        self.recipe, self.length, self.device = recipe, length, device
        photos, exam_photos = photos.to(device).split(EXAM_PHOTOS)
        art, exam_art = art.to(device).split(EXAM_ART)
        self.crops = Crops(photos, art.balanced(), recipe.art)
        self.exam_crops = Crops(exam_photos, exam_art, recipe.art)
        self.teachers = {
            name: teachers.choose(teacher_folder, name, recipe.taps(name)).to(device)
            for name in teachers.TEACHERS
            if recipe.taps(name)
        }
        torch.manual_seed(recipe.seed)
        self.student = Student(recipe).to(device)
        x = standardise(self.crops.draw(*CALIBRATION, generator_for(recipe.seed))).to(device)
        targets = self.ask_teachers(x)
        channels = {(n, t): f.shape[1] for n, taps in targets.items() for t, f in taps.items()}
        self.heads = Heads(recipe, channels).to(device)
        self.heads.calibrate(targets)
        if start is not None:
            self.student.unfold(start, x)
            self.heads.fit(self.student.eval()(x), targets)
        self.replay = ReplayBuffer(recipe, self.crops)
        self.optimizer = torch.optim.AdamW(
            [*self.student.parameters(), *self.heads.parameters()],
            recipe.lr,
            weight_decay=recipe.weight_decay,
        )
        self.step, self.seconds = 0, 0.0

    def __iter__(self) -> Iterator[StepResult]:
        """Go on to the end; between two steps the state may be saved.

        Raises:
            NonFiniteError: if a loss is; the state is then worth nothing.
        """
        while (share := self.length.share(self.step, self.seconds)) < 1:
            start = time.monotonic()
            self.step += 1
            lr = self.recipe.lr * pace(self.step, share, self.recipe.warmup)
            for group in self.optimizer.param_groups:
                group["lr"] = lr
            loss = self._learn(share)
            self.seconds += time.monotonic() - start
            progress = self.length.share(self.step, self.seconds)
            yield StepResult(self.step, progress, loss, lr, self.seconds)

    def _learn(self, share: float) -> float:
        recipe = self.recipe
        self.student.train()
        if share >= 1 - recipe.frozen_norm:
            self.student.freeze_norm()
        if recipe.painted and self.step % recipe.painted_every == 0:
            self.replay.paint(self.student, self.step)
        generator = generator_for(recipe.seed, self.step)
        side, count = recipe.crops[self.step % len(recipe.crops)]
        x = self._batch(side, count, generator)
        corner = (self.step // 2 % 2, self.step % 2)
        targets = self.ask_teachers(x)
        with mixed_precision(self.device):
            loss, _ = self.heads(self.student(x), targets, corner)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.student.parameters(), 5.0)
        self.optimizer.step()
        value = float(loss.item())
        if not math.isfinite(value):
            raise NonFiniteError(f"the loss of step {self.step} is {value}: take a lower lr")
        return value

    def _batch(self, side: int, count: int, generator: torch.Generator) -> Tensor:
        own = min(round(count * self.recipe.painted), count - 1)
        own = own if self.replay.count and side <= SIDE else 0
        pixels = self.crops.draw(side, count - own, generator)
        x = corrupt(standardise(pixels.to(self.device)), self.recipe.corrupted, generator)
        if own:
            pictures = self.replay.draw(side, own, generator)
            x = torch.cat((x, standardise(pictures.to(self.device))))
        return x.contiguous(memory_format=torch.channels_last)

    @torch.no_grad()
    def ask_teachers(self, x: Tensor) -> dict[str, dict[str, Tensor]]:
        """What the teachers say of (B, 3, H, W), by teacher and tap."""
        with mixed_precision(self.device):
            return {name: teacher(x.to(self.device)) for name, teacher in self.teachers.items()}

    @torch.no_grad()
    def examine(self) -> dict[str, float]:
        """The share of every match left unexplained, on crops that are never learnt from.

        Crops of 128 and 256 px, the same at every call, and, as `painted`, the mean over all
        matches of the pictures painted last, which the student has hardly seen.
        """
        self.student.eval()
        generator = generator_for(self.recipe.seed, -1)
        batches = [self.exam_crops.draw(side, count, generator) for side, count in EXAMINATION]
        if self.replay.count:
            batches.append(self.replay.latest())
        readings: list[dict[str, Tensor]] = []
        for pixels in batches:
            x = standardise(pixels.to(self.device))
            with mixed_precision(self.device):
                readings.append(self.heads(self.student(x), self.ask_teachers(x))[1])
        on_crops = readings[: len(EXAMINATION)]
        shares = {
            name: float(sum(f[name] for f in on_crops)) / len(on_crops) for name in readings[0]
        }
        for reading in readings[len(EXAMINATION) :]:
            shares["painted"] = float(sum(reading.values())) / len(reading)
        return shares

    def weights(self) -> dict[str, Tensor]:
        """The student's weights as they are now, batch norm folded; see `Student`."""
        return self.student.folded_weights()

    def state(self) -> dict[str, Any]:
        """All that the next step depends on."""
        return {
            "recipe": self.recipe.as_dict(),
            "step": self.step,
            "seconds": self.seconds,
            "student": self.student.state_dict(),
            "heads": self.heads.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "painted": self.replay.state(),  # the name of older checkpoints
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from where `state` was taken."""
        self.step, self.seconds = state["step"], state["seconds"]
        self.student.load_state_dict(state["student"])
        self.heads.load_state_dict(state["heads"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.replay.restore(state["painted"])
