"""Pictures painted with the student itself, for it to learn from.

A painter finds whatever pictures please the network that guides it, and where the student is
wrong, such pictures are not what its teachers would have wanted. Shown to both, they are exactly
the lessons the student lacks.

The pictures of a round are painted as one batch, by a short loop of their own: on a GPU, which
waits for each of a painting's many small steps, a batch takes as long as one picture.
"""

from __future__ import annotations

import torch
from torch import Tensor

from impasto.imaging.tensors import postprocess
from impasto.losses import moments, moments_loss
from impasto.training.crops import generator_for
from training.slim.config import Recipe
from training.slim.data import Crops, standardise
from training.slim.precision import mixed_precision
from training.slim.student import Student

__all__ = ["SIDE", "ReplayBuffer"]

# Of a painted picture, in px.
SIDE = 128
# The most steps of a picture.
STEPS = 24
LR = 0.12
# Of the buffer, in pictures.
CAPACITY = 768
STYLE = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
CONTENT = ("relu3_1", "relu4_1")
# Far below the variance of any features but a blank picture's, which it divides.
SMALLEST = 1e-12


class ReplayBuffer:
    """The pictures painted last, in a ring: new ones take the place of the oldest.

    Args:
        recipe: the seed, and how many pictures a round has.
        crops: to paint, and to paint in the style of.
    """

    def __init__(self, recipe: Recipe, crops: Crops) -> None:
        self.recipe, self.crops = recipe, crops
        self.batch = recipe.painted_batch
        self.pictures = torch.zeros(CAPACITY, 3, SIDE, SIDE, dtype=torch.uint8)
        self.count = 0

    def draw(self, side: int, count: int, generator: torch.Generator) -> Tensor:
        """Crops of stored pictures, (count, 3, side, side) uint8, with side at most `SIDE`."""
        which = torch.randint(min(self.count, CAPACITY), (count,), generator=generator)
        top, left = torch.randint(SIDE - side + 1, (2,), generator=generator).tolist()
        return self.pictures[which, :, top : top + side, left : left + side]

    def latest(self) -> Tensor:
        """The pictures of the last round, (B, 3, `SIDE`, `SIDE`) uint8."""
        return self.pictures[(torch.arange(self.batch) + self.count - self.batch) % CAPACITY]

    def paint(self, student: Student, step: int) -> None:
        """Paint a round of pictures with the student as it is now, and keep them.

        Args:
            student: left in the mode it was in.
            step: of the training; decides what is drawn.
        """
        generator = generator_for(self.recipe.seed, step, 1)
        contents, styles = (self.crops.draw(SIDE, self.batch, generator) for _ in range(2))
        modes = [(module, module.training) for module in student.modules()]
        student.eval()
        pictures = _paint(student, contents, styles, generator)
        for module, mode in modes:
            module.training = mode
        places = (torch.arange(self.batch) + self.count) % CAPACITY
        self.pictures[places] = pictures
        self.count += self.batch

    def state(self) -> dict[str, object]:
        """For a checkpoint."""
        # A slice alone would be saved with the whole store behind it.
        return {"pictures": self.pictures[: min(self.count, CAPACITY)].clone(), "count": self.count}

    def restore(self, state: dict[str, object]) -> None:
        """Take the place of the store that `state` was read from."""
        pictures, count = state["pictures"], state["count"]
        assert isinstance(pictures, Tensor)
        assert isinstance(count, int)
        self.pictures[: len(pictures)] = pictures
        self.count = count


def _paint(
    student: Student, contents: Tensor, styles: Tensor, generator: torch.Generator
) -> Tensor:
    """Each content in its style, from between content and noise, at a strength of its own.

    Args:
        student: in evaluation mode.
        contents, styles: (B, 3, `SIDE`, `SIDE`) uint8.
        generator: on the CPU.

    Returns:
        The same shape, uint8, on the CPU.
    """
    device = next(student.parameters()).device
    content, style = (standardise(pixels.to(device)) for pixels in (contents, styles))
    batch = len(content)
    weights = 10 ** (2 * torch.rand(batch, generator=generator) - 1.3).to(device)
    shares = torch.rand(batch, 1, 1, 1, generator=generator).square().to(device)
    noise = torch.randn(content.shape, generator=generator).to(device)
    steps = 1 + int(torch.randint(STEPS // 2, STEPS, (), generator=generator))

    with torch.no_grad():
        wanted = _features(student, content)
        sizes = {layer: wanted[layer].var().clamp(min=SMALLEST) for layer in CONTENT}
        targets = {layer: moments(f) for layer, f in _features(student, style).items()}
    x = torch.lerp(content, noise, shares).requires_grad_()
    adam = torch.optim.Adam([x], LR)
    for _ in range(steps):
        features = _features(student, x)
        loss = x.new_zeros(())
        for layer, target in targets.items():
            loss = loss + moments_loss(features[layer], target)
        for layer in CONTENT:
            apart = (features[layer] - wanted[layer]).square().mean((1, 2, 3))  # (B,)
            loss = loss + (weights * apart).mean() / sizes[layer]
        # Only the picture moves: gradients of the student's own weights are never asked for.
        x.grad = torch.autograd.grad(loss, x)[0]
        adam.step()
    # A student that is young may paint nothing: the photograph is a lesson too.
    finite = x.detach().isfinite().flatten(1).all(1).view(-1, 1, 1, 1)
    pictures = torch.where(finite, x.detach(), content)
    return (postprocess(pictures.cpu()) * 255).round().to(torch.uint8)


def _features(student: Student, x: Tensor) -> dict[str, Tensor]:
    """Of all layers of `STYLE`, computed in mixed precision, read in float32."""
    with mixed_precision(x.device.type):
        features = student(x)
    return {layer: features[layer].float() for layer in STYLE}
