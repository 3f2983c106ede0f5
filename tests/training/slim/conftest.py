"""Teachers of a few channels, pictures of a few blots, and a training that is over in seconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor

from training.slim.config import Recipe
from training.slim.data import Folder
from training.slim.learning import Learning
from training.slim.lr_schedule import Length

FIRES = ("fire3", "fire4", "fire6", "fire7", "fire9", "fire10", "fire11", "fire12")


def convolution(name: str, wide: int, before: int, side: int) -> dict[str, Tensor]:
    """Weights and biases by the names of the teachers' files, uniform in [0, 1)."""
    weight = torch.rand(wide, before, side, side)
    return {f"{name}.weight": weight, f"{name}.bias": torch.rand(wide)}


def positive_squeezenet(channels: int = 3) -> dict[str, Tensor]:
    """SqueezeNet 1.1's convolutions, 2 or 2 · `channels` channels wide."""
    weights = convolution("conv1", 4, 3, 3)
    before = 4
    for fire in FIRES:
        weights |= convolution(f"{fire}.squeeze", 2, before, 1)
        weights |= convolution(f"{fire}.expand1x1", channels, 2, 1)
        weights |= convolution(f"{fire}.expand3x3", channels, 2, 3)
        before = 2 * channels
    return weights


def positive_components() -> dict[str, Tensor]:
    """The convolutions of VGG-19's components, 3 to 6 channels wide, and one eigenbasis."""
    weights = convolution("preprocess", 3, 3, 1) | {"eigenbasis.relu1_1": torch.rand(8, 3)}
    before = 3
    for block, (wide, depth) in enumerate(((3, 2), (4, 2), (5, 4), (6, 1)), 1):
        for number in range(1, depth + 1):
            weights |= convolution(f"conv{block}_{number}", wide, before, 3)
            before = wide
    return weights


def centre(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same with weights of both signs that keep the size of features, and small biases."""
    return {
        name: (tensor - 0.5) * (6 / tensor[0].numel() ** 0.5 if tensor.ndim == 4 else 0.2)
        for name, tensor in weights.items()
    }


@pytest.fixture
def squeezenet() -> Callable[..., dict[str, Tensor]]:
    """Makes SqueezeNet's weights, all positive; the same every time."""

    def make(channels: int = 3) -> dict[str, Tensor]:
        torch.manual_seed(3)
        return positive_squeezenet(channels)

    return make


@pytest.fixture
def components() -> dict[str, Tensor]:
    """The components' weights, all positive; the same every time."""
    torch.manual_seed(4)
    return positive_components()


@pytest.fixture(scope="session")
def teacher_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both teachers' files."""
    folder = tmp_path_factory.mktemp("teachers")
    torch.manual_seed(5)
    save_file(centre(positive_squeezenet()), folder / "squeezenet1_1.safetensors")
    save_file(centre(positive_components()), folder / "vgg19_pca.safetensors")
    return folder


def blots(seed: int, height: int, width: int) -> Image.Image:
    """A picture of soft blots of random colours."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(1, 3, height // 8, width // 8, generator=generator)
    fine = F.interpolate(coarse, (height, width), mode="bicubic").clamp(0, 1)
    return Image.fromarray((fine[0].permute(1, 2, 0) * 255).byte().numpy())


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of five pictures, 136 x 160 px."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(5):
        blots(number, 136, 160).save(folder / f"photo{number}.png")
    return folder


@pytest.fixture(scope="session")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of four pictures, 144 x 128 px."""
    folder = tmp_path_factory.mktemp("art")
    for number in range(4):
        blots(100 + number, 144, 128).save(folder / f"art{number}.png")
    return folder


@pytest.fixture
def recipe() -> Recipe:
    """A student of a few channels, on small crops; it paints at steps 4, 8 …"""
    changes = {"widths": (4, 4, 8, 8, 8), "crops": ((32, 4),), "warmup": 2}
    return Recipe().replace(**changes, painted_every=4, painted_batch=2)


@pytest.fixture
def learning(
    photos: Path, art: Path, teacher_folder: Path, recipe: Recipe
) -> Callable[..., Learning]:
    """Makes a `Learning` of so many steps, with some fields of the recipe changed."""

    def make(steps: int, start: dict[str, Tensor] | None = None, **changes: object) -> Learning:
        folders = (Folder.read(path, smallest=128, longest=160) for path in (photos, art))
        variant = recipe.replace(**changes)
        return Learning(variant, Length(steps), *folders, teacher_folder, start=start)

    return make


@pytest.fixture(autouse=True)
def small_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured and painted on the way is kept small; no test here turns on its size."""
    monkeypatch.setattr("training.slim.learning.CALIBRATION", (64, 8))
    monkeypatch.setattr("training.slim.learning.EXAMINATION", ((64, 4), (32, 4)))
    monkeypatch.setattr("training.slim.self_generated.STEPS", 2)
