"""Pictures painted with the student itself, for it to learn from.

A painter finds whatever pictures please the network that guides it, and where the student is
wrong, such pictures are not what its teachers would have wanted. Shown to both, they are exactly
the lessons the student lacks. The store is a ring: new ones take the place of the oldest.
"""

from __future__ import annotations

import torch
from torch import Tensor

from impasto.imaging.tensors import postprocess
from impasto.losses import moments, moments_loss
from training.slim.config import Recipe
from training.slim.data import Crops, drawn_by, standardised
from training.slim.precision import mixed
from training.slim.student import Student

__all__ = ["SIDE", "Painted"]

# Of a painted picture, in px.
SIDE = 128
BATCH = 8
STEPS = 24
LR = 0.12
# Of the store, in pictures.
ROOM = 768
STYLE = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
CONTENT = ("relu3_1", "relu4_1")


class Painted:
    """A store of painted pictures.

    Args:
        recipe: the seed.
        crops: to paint, and to paint in the style of.
    """

    def __init__(self, recipe: Recipe, crops: Crops) -> None:
        self.recipe, self.crops = recipe, crops
        self.pictures = torch.zeros(ROOM, 3, SIDE, SIDE, dtype=torch.uint8)
        self.count = 0

    def draw(self, side: int, count: int, generator: torch.Generator) -> Tensor:
        """Crops of stored pictures, (count, 3, side, side) uint8, with side at most `SIDE`."""
        which = torch.randint(min(self.count, ROOM), (count,), generator=generator)
        top, left = torch.randint(SIDE - side + 1, (2,), generator=generator).tolist()
        return self.pictures[which, :, top : top + side, left : left + side]

    def latest(self) -> Tensor:
        """The pictures of the last round, (`BATCH`, 3, `SIDE`, `SIDE`) uint8."""
        return self.pictures[(torch.arange(BATCH) + self.count - BATCH) % ROOM]

    def paint(self, student: Student, step: int) -> None:
        """Paint `BATCH` pictures with the student as it is now, and keep them.

        Args:
            student: left in the mode it was in.
            step: of the training; decides what is drawn.
        """
        generator = drawn_by(self.recipe.seed, step, 1)
        device = next(student.parameters()).device
        content, style = (
            standardised(self.crops.draw(SIDE, BATCH, generator).to(device)) for _ in range(2)
        )
        modes = [(module, module.training) for module in student.modules()]
        student.eval()
        painted = _descended(student, content, style, generator)
        for module, mode in modes:
            module.training = mode
        where = (torch.arange(BATCH) + self.count) % ROOM
        self.pictures[where] = _as_bytes(painted)
        self.count += BATCH

    def state(self) -> dict[str, object]:
        """For a checkpoint."""
        # A slice alone would be saved with the whole store behind it.
        return {"pictures": self.pictures[: min(self.count, ROOM)].clone(), "count": self.count}

    def restore(self, state: dict[str, object]) -> None:
        """Take the place of the store that `state` was read from."""
        pictures, count = state["pictures"], state["count"]
        assert isinstance(pictures, Tensor)
        assert isinstance(count, int)
        self.pictures[: len(pictures)] = pictures
        self.count = count


def _descended(
    student: Student, content: Tensor, style: Tensor, generator: torch.Generator
) -> Tensor:
    """Some steps of Adam from between content and noise, each picture at a strength of its own."""
    batch = len(content)
    weight = 10 ** (2 * torch.rand(batch, generator=generator) - 1.3).to(content)
    blend = torch.rand(batch, 1, 1, 1, generator=generator).square()
    white = torch.randn(content.shape, generator=generator)
    x = torch.lerp(content, white.to(content), blend.to(content)).requires_grad_()
    steps = 1 + int(torch.randint(STEPS // 2, STEPS, (), generator=generator))
    adam = torch.optim.Adam([x], LR)
    with torch.no_grad():
        wanted = _features(student, content)
        targets = {layer: moments(f) for layer, f in _features(student, style).items()}
    for _ in range(steps):
        features = _features(student, x)
        loss = x.new_zeros(())
        for layer, target in targets.items():
            loss = loss + moments_loss(features[layer], target)
        for layer in CONTENT:
            apart = (features[layer] - wanted[layer]).square().mean((1, 2, 3))
            loss = loss + (weight * apart).mean() / wanted[layer].var()
        adam.zero_grad()
        # Only the picture moves: gradients of the student's own weights are never asked for.
        x.grad = torch.autograd.grad(loss, x)[0]
        adam.step()
    return x.detach()


def _features(student: Student, x: Tensor) -> dict[str, Tensor]:
    with mixed(x.device.type):
        features = student(x)
    return {layer: features[layer].float() for layer in STYLE}


def _as_bytes(x: Tensor) -> Tensor:
    """Standardised pictures as uint8."""
    return (postprocess(x.cpu()) * 255).round().to(torch.uint8)
