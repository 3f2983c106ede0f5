"""Pictures painted with the student itself, for it to learn from.

A painter finds whatever pictures please the network that guides it, and where the student is
wrong, such pictures are not what its teachers would have wanted. Shown to both, they are exactly
the lessons the student lacks.

They are painted one by one, by the method that everybody's pictures are painted by. The same
pictures as one batch, in a loop that was kept for them alone, took 0.85 of the CPU time (medians of
five rounds of 8 pictures, 20 steps, in turn, one thread of an AVX2 processor).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from impasto import painting
from impasto.errors import NonFiniteError
from impasto.methods.protocol import RunOptions
from impasto.settings import StyleSettings
from impasto.task import StyleTask
from training.slim.config import Recipe
from training.slim.data import Crops, generator_for
from training.slim.precision import mixed_precision
from training.slim.student import Student

__all__ = ["SIDE", "ReplayBuffer"]

# Of a painted picture, in px.
SIDE = 128
# Pictures of a round, and the most steps of each.
BATCH = 8
STEPS = 24
LR = 0.12
# Of the buffer, in pictures.
CAPACITY = 768
STYLE = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
CONTENT = ("relu3_1", "relu4_1")


class ReplayBuffer:
    """The pictures painted last, in a ring: new ones take the place of the oldest.

    Args:
        recipe: the seed.
        crops: to paint, and to paint in the style of.
    """

    def __init__(self, recipe: Recipe, crops: Crops) -> None:
        self.recipe, self.crops = recipe, crops
        self.pictures = torch.zeros(CAPACITY, 3, SIDE, SIDE, dtype=torch.uint8)
        self.count = 0

    def draw(self, side: int, count: int, generator: torch.Generator) -> Tensor:
        """Crops of stored pictures, (count, 3, side, side) uint8, with side at most `SIDE`."""
        which = torch.randint(min(self.count, CAPACITY), (count,), generator=generator)
        top, left = torch.randint(SIDE - side + 1, (2,), generator=generator).tolist()
        return self.pictures[which, :, top : top + side, left : left + side]

    def latest(self) -> Tensor:
        """The pictures of the last round, (`BATCH`, 3, `SIDE`, `SIDE`) uint8."""
        return self.pictures[(torch.arange(BATCH) + self.count - BATCH) % CAPACITY]

    def paint(self, student: Student, step: int) -> None:
        """Paint `BATCH` pictures with the student as it is now, and keep them.

        Args:
            student: left in the mode it was in.
            step: of the training; decides what is drawn.
        """
        generator = generator_for(self.recipe.seed, step, 1)
        contents, styles = (self.crops.draw(SIDE, BATCH, generator) for _ in range(2))
        modes = [(module, module.training) for module in student.modules()]
        student.eval()
        with _own_precision():
            pictures = _paint(student, contents, styles, generator)
        for module, mode in modes:
            module.training = mode
        places = (torch.arange(BATCH) + self.count) % CAPACITY
        self.pictures[places] = pictures
        self.count += BATCH

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


class MixedPrecision(nn.Module):
    """The student as a painting asks it: computed in mixed precision, read in float32.

    Args:
        student: in evaluation mode.
    """

    smallest_side = SIDE

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.student = student

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features by layer of (1, 3, H, W), standardised."""
        with mixed_precision(x.device.type):
            features: dict[str, Tensor] = self.student(x)
        return {layer: feature.float() for layer, feature in features.items()}


@contextmanager
def _own_precision() -> Iterator[None]:
    """Put back how CUDA multiplies: a painting switches TF32 off for the whole process."""
    cudnn, matmul = torch.backends.cudnn, torch.backends.cuda.matmul
    before = cudnn.allow_tf32, matmul.allow_tf32
    try:
        yield
    finally:
        cudnn.allow_tf32, matmul.allow_tf32 = before


def _paint(
    student: Student, contents: Tensor, styles: Tensor, generator: torch.Generator
) -> Tensor:
    """Each content in its style, from between content and noise, at a strength of its own.

    Args:
        student: in evaluation mode.
        contents, styles: (B, 3, `SIDE`, `SIDE`) uint8.
        generator: on the CPU.

    Returns:
        The same shape, uint8.
    """
    count = len(contents)
    weights = 10 ** (2 * torch.rand(count, generator=generator) - 1.3)
    noises = torch.rand(count, generator=generator).square()
    seeds = torch.randint(2**31, (count,), generator=generator)
    common = StyleSettings(
        shape=(SIDE, SIDE),
        fit="stretch",
        style_fit="stretch",
        coarsest=0,
        margin=0.0,
        content_layers=dict.fromkeys(CONTENT, 1.0),
        style_layers=dict.fromkeys(STYLE, 1.0),
        style_weight=1.0,
        tv_weight=0.0,
        content_loss="relative",
        style_loss="moments",
        init="blend",
        optimizer="adam",
        lr=LR,
        lr_schedule="constant",
        steps=1 + int(torch.randint(STEPS // 2, STEPS, (), generator=generator)),
        device=str(next(student.parameters()).device),
        force=True,  # whether a training fits is not asked again in each round
    )
    options = RunOptions(extractor=MixedPrecision(student))
    pictures = []
    for content, style, weight, noise, seed in zip(
        contents, styles, weights.tolist(), noises.tolist(), seeds.tolist(), strict=True
    ):
        settings = common.replace(content_weight=weight, noise=noise, seed=seed)
        task = StyleTask.of(*(x.permute(1, 2, 0).numpy() for x in (content, style)))
        run = painting.paint(task, settings, options)
        try:
            for _ in run:
                pass
            pixels = torch.from_numpy(run.result().pixels).permute(2, 0, 1)
        except NonFiniteError:  # the student is young: its photograph is a lesson too
            pixels = content / 255
        pictures.append(pixels)
    return (torch.stack(pictures) * 255).round().to(torch.uint8)
