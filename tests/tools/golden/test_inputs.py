from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from tools.golden import inputs
from tools.golden.compare import pixels

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("inputs")
    inputs.make(place, ROOT)
    return place


def test_inputs_are_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    inputs.make(tmp_path, ROOT)
    names = sorted(path.relative_to(folder) for path in folder.rglob("*.*"))
    assert len(names) > 10
    for name in names:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_the_masks_are_soft_and_share_the_picture(folder: Path) -> None:
    left, right = (pixels(folder / f"{name}.png").astype(int) for name in ("left", "right"))
    assert (left + right == 255).all()
    assert len(np.unique(left)) > 20
    assert left[0, 0] == 255
    assert left[0, -1] == 0


def test_the_deep_picture_uses_its_low_bytes(folder: Path) -> None:
    deep = pixels(folder / "deep.png")
    assert deep.dtype == np.uint16
    assert (deep // 256 == pixels(folder / "photo.png")).all()
    assert len(np.unique(deep % 256)) > 100


def test_the_weights_have_the_names_and_shapes_of_torchvisions_vgg19(folder: Path) -> None:
    weights = load_file(folder / "vgg19.safetensors")
    assert len(weights) == 32
    assert weights["features.0.weight"].shape == (64, 3, 3, 3)
    assert weights["features.28.weight"].shape == (512, 512, 3, 3)  # conv5_1
    assert weights["features.34.bias"].shape == (512,)  # conv5_4
    assert weights["features.28.weight"].std() == pytest.approx((2 / (9 * 512)) ** 0.5, rel=0.01)
