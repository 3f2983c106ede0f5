"""Recipe `chapter` against the chapter's own equations, written out here as one literal loop.

Two right implementations drift apart: Adam's first steps follow the gradient's sign, so a
rounding in the last digit becomes a different picture within a dozen steps. Hence three
free-running steps, and then loss and gradient step by step at the engine's own pictures.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from impasto import samples
from impasto.events import Step
from impasto.methods.optimization.objective import Objective, layers_needed
from impasto.methods.optimization.pyramid import Pyramid
from impasto.methods.optimization.schedule import Scale
from impasto.networks.features import BACKBONES, load
from impasto.painting import run
from impasto.settings import StyleSettings

STYLE_INDICES, CONTENT_INDEX = (0, 5, 10, 19, 28), 25
MEAN = torch.tensor([0.485, 0.456, 0.406])
STD = torch.tensor([0.229, 0.224, 0.225])
# torchvision's vgg19: numbers are widths of convolutions, "M" is a max pooling.
LAYOUT = [64, 64, "M", 128, 128, "M", *[256] * 4, "M", *[512] * 4, "M", *[512] * 4, "M"]

SIZES = [(60, 90), pytest.param((300, 450), marks=pytest.mark.slow)]


class Oracle:
    """The chapter's code in its own order, with its in-place ReLUs and unfrozen habits."""

    def __init__(self, weights: dict[str, Tensor], shape: tuple[int, int]) -> None:
        modules: list[nn.Module] = []
        channels = 3
        for entry in LAYOUT:
            if entry == "M":
                modules.append(nn.MaxPool2d(2, 2))
            else:
                assert isinstance(entry, int)
                modules += [nn.Conv2d(channels, entry, 3, padding=1), nn.ReLU(inplace=True)]
                channels = entry
        features = nn.Sequential(*modules[: max(*STYLE_INDICES, CONTENT_INDEX) + 1])
        features.load_state_dict({k.removeprefix("features."): v for k, v in weights.items()})
        self.net = features
        self.shape = shape
        content, style = samples.content("chelsea"), samples.style("swirls")
        self.content_x = self.preprocess(content)
        content_features, _ = self.extract(self.content_x)
        _, style_features = self.extract(self.preprocess(style))
        self.content_target = content_features.detach()
        self.style_targets = [self.gram(y.detach()) for y in style_features]

    def preprocess(self, path: Path) -> Tensor:
        height, width = self.shape
        picture = Image.open(path).convert("RGB").resize((width, height), Image.BILINEAR)
        x = torch.from_numpy(np.array(picture)).float() / 255
        return ((x - MEAN) / STD).permute(2, 0, 1).unsqueeze(0)

    def extract(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        contents, styles = [], []
        for index, layer in enumerate(self.net):
            x = layer(x)
            if index in STYLE_INDICES:
                styles.append(x)
            if index == CONTENT_INDEX:
                contents.append(x)
        return contents[0], styles

    @staticmethod
    def gram(x: Tensor) -> Tensor:
        channels, n = x.shape[1], x.numel() // x.shape[1]
        x = x.reshape(channels, n)
        return torch.matmul(x, x.T) / (channels * n)

    def losses(self, x: Tensor) -> dict[str, Tensor]:
        content_features, style_features = self.extract(x)
        content = torch.square(content_features - self.content_target).mean()
        styles = [
            torch.square(self.gram(y) - target).mean()
            for y, target in zip(style_features, self.style_targets, strict=True)
        ]
        tv = 0.5 * (
            torch.abs(x[:, :, 1:, :] - x[:, :, :-1, :]).mean()
            + torch.abs(x[:, :, :, 1:] - x[:, :, :, :-1]).mean()
        )
        terms = {"content": 1 * content, "style": 1e4 * sum(styles), "tv": 10 * tv}
        return terms | {"total": sum(terms.values())}

    def train(self, steps: int) -> tuple[list[dict[str, float]], Tensor]:
        x = nn.Parameter(self.content_x.clone())
        trainer = torch.optim.Adam([x], lr=0.3)
        scheduler = torch.optim.lr_scheduler.StepLR(trainer, 50, 0.8)
        history = []
        for _ in range(steps):
            trainer.zero_grad()
            losses = self.losses(x)
            losses["total"].backward()
            trainer.step()
            scheduler.step()
            history.append({name: value.item() for name, value in losses.items()})
        pixels = x.detach()[0].permute(1, 2, 0) * STD + MEAN
        return history, pixels.clamp(0, 1)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Tensor], Path]:
    """Random VGG-19 weights under torchvision's names, whose features keep their size."""
    generator = torch.Generator().manual_seed(19)
    tensors = {}
    for name, shape in BACKBONES["vgg19"].plan.shapes(["conv5_1"]).items():
        spread = (2 / (9 * shape[1])) ** 0.5 if name.endswith("weight") else 0.05
        tensors[name] = spread * torch.randn(shape, generator=generator)
    path = tmp_path_factory.mktemp("weights") / "vgg19-random.pth"
    torch.save(tensors, path)
    return tensors, path


def chapter(shape: tuple[int, int], path: Path, steps: int) -> StyleSettings:
    return StyleSettings(recipe="chapter", shape=shape, steps=steps, weights_file=str(path))


@pytest.mark.parametrize("shape", SIZES)
def test_three_free_running_steps_agree_with_the_chapter(
    shape: tuple[int, int], weights: tuple[dict[str, Tensor], Path]
) -> None:
    tensors, path = weights
    expected, picture = Oracle(tensors, shape).train(3)
    painting = run(
        samples.content("chelsea"), samples.style("swirls"), chapter(shape, path, steps=3)
    )
    steps = [event for event in painting if isinstance(event, Step)]
    assert len(steps) == len(expected) == 3
    for step, numbers in zip(steps, expected, strict=True):
        for name, value in numbers.items():
            assert abs(step.losses[name] - value) <= 1e-3 * max(value, 1e-3), (step.step, name)
    difference = np.abs(painting.result().pixels - picture.numpy()).mean()
    assert difference <= 0.5 / 255


@pytest.mark.parametrize("shape", SIZES)
def test_loss_and_gradient_agree_at_the_engines_own_pictures(
    shape: tuple[int, int], weights: tuple[dict[str, Tensor], Path]
) -> None:
    tensors, path = weights
    oracle = Oracle(tensors, shape)
    settings = chapter(shape, path, steps=12)
    painting = run(samples.content("chelsea"), samples.style("swirls"), settings)
    layers = layers_needed(settings)
    scale = Scale(*shape, steps=12)
    scene = Pyramid(painting.pictures, [scale], 32, torch.device("cpu")).at(scale)
    backbone = load("vgg19", layers, weights_file=path, channels_last=settings.channels_last)
    objective = Objective(backbone, scene, settings)
    x = oracle.content_x.clone()
    count = 0
    for event in painting:
        if not isinstance(event, Step):
            continue
        probe = x.clone().requires_grad_()
        numbers = oracle.losses(probe)
        numbers["total"].backward()
        assert probe.grad is not None
        for name, value in numbers.items():
            assert abs(event.losses[name] - value.item()) <= 1e-4 * max(value.item(), 1e-3), name
        _, gradient = objective.evaluate(x)
        error = (gradient - probe.grad).norm() / probe.grad.norm()
        assert error <= 1e-4
        x = painting.standardised().clone()
        count += 1
    assert count == 12


def test_the_recipe_names_the_layers_that_in_place_relus_leave() -> None:
    by_index = {c.index: c for c in BACKBONES["vgg19"].plan}
    *others, last = (by_index[i] for i in STYLE_INDICES)
    expected = [c.relu for c in others] + [last.conv]
    settings = StyleSettings(recipe="chapter")
    assert list(settings.style_layers) == expected
    assert list(settings.content_layers) == [by_index[CONTENT_INDEX].relu]
