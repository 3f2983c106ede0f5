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
from training.slim import teachers
from training.slim.augment import corrupted
from training.slim.config import Recipe
from training.slim.data import Crops, Folder, drawn_by, standardised
from training.slim.distillation import Heads
from training.slim.lr_schedule import Length, pace
from training.slim.precision import mixed
from training.slim.self_generated import SIDE, ReplayBuffer
from training.slim.student import Student

__all__ = ["Learned", "Learning"]

# Crops that are never learnt from, to judge by: so many of the last photographs and paintings.
KEPT_PHOTOS, KEPT_ART = 24, 4
# Side in px and number of the crops that taps are calibrated on, and of those judged by.
CALIBRATED_ON = (128, 64)
EXAMINED_ON = ((128, 32), (256, 12))


@dataclass(frozen=True)
class Learned:
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
        teacher_folder: where the teachers lie.
        device: "cpu" or "cuda".
        start: folded weights to begin from, of the recipe's layout; None for random ones.
    """

    def __init__(
        self,
        recipe: Recipe,
        length: Length,
        photos: Folder,
        art: Folder,
        teacher_folder: Path,
        device: str = "cpu",
        start: Mapping[str, Tensor] | None = None,
    ) -> None:
        self.recipe, self.length, self.device = recipe, length, device
        photos, kept_photos = photos.split(KEPT_PHOTOS)
        art, kept_art = art.split(KEPT_ART)
        self.crops = Crops(photos, art, recipe.art)
        self.kept = Crops(kept_photos, kept_art, recipe.art)
        self.teachers = {
            name: teachers.load(teacher_folder, name, recipe.taps(name)).to(device)
            for name in teachers.TEACHERS
            if recipe.taps(name)
        }
        torch.manual_seed(recipe.seed)
        self.student = Student(recipe).to(device)
        x = standardised(self.crops.draw(*CALIBRATED_ON, drawn_by(recipe.seed))).to(device)
        taught = self.taught(x)
        channels = {(n, t): f.shape[1] for n, taps in taught.items() for t, f in taps.items()}
        self.heads = Heads(recipe, channels).to(device)
        self.heads.calibrate(taught)
        if start is not None:
            self.student.unfold(start, x)
            self.heads.fit(self.student.eval()(x), taught)
        self.replay = ReplayBuffer(recipe, self.crops)
        self.optimizer = torch.optim.AdamW(
            [*self.student.parameters(), *self.heads.parameters()],
            recipe.lr,
            weight_decay=recipe.weight_decay,
        )
        self.step, self.seconds = 0, 0.0

    def __iter__(self) -> Iterator[Learned]:
        """Go on to the end; between two steps the state may be saved.

        Raises:
            NonFiniteError: if a loss is; the state is then worth nothing.
        """
        while (share := self.length.share(self.step, self.seconds)) < 1:
            begun = time.monotonic()
            self.step += 1
            lr = self.recipe.lr * pace(self.step, share, self.recipe.warmup)
            for group in self.optimizer.param_groups:
                group["lr"] = lr
            loss = self._learn(share)
            self.seconds += time.monotonic() - begun
            done = self.length.share(self.step, self.seconds)
            yield Learned(self.step, done, loss, lr, self.seconds)

    def _learn(self, share: float) -> float:
        recipe = self.recipe
        self.student.train()
        if share >= 1 - recipe.frozen_norm:
            self.student.freeze_norm()
        if recipe.painted and self.step % recipe.painted_every == 0:
            self.replay.paint(self.student, self.step)
        generator = drawn_by(recipe.seed, self.step)
        side, count = recipe.crops[self.step % len(recipe.crops)]
        x = self._batch(side, count, generator)
        corner = (self.step // 2 % 2, self.step % 2)
        taught = self.taught(x)
        with mixed(self.device):
            loss, _ = self.heads(self.student(x), taught, corner)
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
        x = corrupted(standardised(pixels.to(self.device)), self.recipe.corrupted, generator)
        if own:
            pictures = self.replay.draw(side, own, generator)
            x = torch.cat((x, standardised(pictures.to(self.device))))
        return x.contiguous(memory_format=torch.channels_last)

    @torch.no_grad()
    def taught(self, x: Tensor) -> dict[str, dict[str, Tensor]]:
        """What the teachers say of (B, 3, H, W), by teacher and tap."""
        with mixed(self.device):
            return {name: teacher(x.to(self.device)) for name, teacher in self.teachers.items()}

    @torch.no_grad()
    def examine(self) -> dict[str, float]:
        """The share of every match left unexplained, on crops that are never learnt from.

        Crops of 128 and 256 px, the same at every call, and, as `painted`, the mean over all
        matches of the pictures painted last, which the student has hardly seen.
        """
        self.student.eval()
        generator = drawn_by(self.recipe.seed, -1)
        batches = [self.kept.draw(side, count, generator) for side, count in EXAMINED_ON]
        if self.replay.count:
            batches.append(self.replay.latest())
        found: list[dict[str, Tensor]] = []
        for pixels in batches:
            x = standardised(pixels.to(self.device))
            with mixed(self.device):
                found.append(self.heads(self.student(x), self.taught(x))[1])
        judged = found[: len(EXAMINED_ON)]
        shares = {name: float(sum(f[name] for f in judged)) / len(judged) for name in found[0]}
        for of_painted in found[len(EXAMINED_ON) :]:
            shares["painted"] = float(sum(of_painted.values())) / len(of_painted)
        return shares

    def weights(self) -> dict[str, Tensor]:
        """The student's weights as they are now, batch norm folded; see `Student.folded`."""
        return self.student.folded()

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
