from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from impasto.errors import UnknownNameError, WeightsError
from impasto.networks import features
from impasto.networks import weights as checkpoints
from impasto.networks.features.registry import BACKBONES, SLIM_FILE


@pytest.fixture(autouse=True)
def _empty_caches_and_no_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No weights on this machine, and nowhere to fetch them from."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("IMPASTO_WEIGHTS_URL", "http://127.0.0.1:9/")


def test_backbones_are_found_by_their_names() -> None:
    assert list(BACKBONES) == ["slim", "vgg19", "vgg16", "vgg19-original", "vgg19-normalized"]
    for name in BACKBONES:
        assert features.find(name).name == name


def test_an_unknown_backbone_is_told_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean 'vgg19'.*slim, vgg19, vgg16"):
        features.load("vgg_19", ["relu1_1"])


@pytest.mark.parametrize(
    ("name", "layer"), [("vgg16", "conv3_4"), ("vgg16", "relu5_4"), ("slim", "relu5_2")]
)
def test_a_layer_it_lacks_is_told_before_anything_is_fetched(name: str, layer: str) -> None:
    with pytest.raises(UnknownNameError, match=f"'{layer}' is not a layer of {name}.*conv1_1"):
        features.load(name, ["relu1_1", layer])


def test_slim_is_a_narrow_vgg19_down_to_relu5_1() -> None:
    slim, vgg19 = features.find("slim").plan, features.find("vgg19").plan
    assert slim.layers == vgg19.layers[: vgg19.layers.index("relu5_1") + 1]
    for narrow, wide in zip(slim, vgg19, strict=False):
        assert narrow.channels_out in (wide.channels_out * 2 // 8, wide.channels_out * 3 // 8)
        assert narrow.index == wide.index


def test_slim_loads_whole_and_sees_something_in_every_layer() -> None:
    layers = features.find("slim").plan.layers
    picture = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    for layer, feature in features.load("slim", layers)(picture).items():
        assert feature.dtype == torch.float32
        assert feature.isfinite().all(), layer
        assert feature.std() > 0.01, layer


def test_weights_can_come_from_a_file(tmp_path: Path) -> None:
    shapes = features.find("vgg16").plan.shapes(["relu1_1"])
    file = tmp_path / "mine.safetensors"
    save_file({name: torch.full(shape, 0.5) for name, shape in shapes.items()}, file)
    net = features.load("vgg16", ["relu1_1"], weights_file=str(file))
    # 0.5 · (27 ones) + 0.5, away from the border
    assert net(torch.ones(1, 3, 3, 3))["relu1_1"][0, :, 1, 1].unique().item() == 14.0


def test_weights_of_another_backbone_are_refused() -> None:
    with pytest.raises(WeightsError):
        features.load("vgg19", ["relu1_1"], weights_file=SLIM_FILE)


def test_options_reach_the_network() -> None:
    net = features.load("slim", ["relu1_1"], pooling="average", padding="reflect")
    assert (net.name, net.pooling, net.padding) == ("slim", "average", "reflect")


def test_a_backbone_pools_as_it_learnt_to_unless_told_otherwise() -> None:
    for backbone in BACKBONES.values():
        assert backbone.pooled("auto") == backbone.pooling
        assert [backbone.pooled(pooling) for pooling in ("max", "average")] == ["max", "average"]
    slim = features.find("slim")
    assert features.load("slim", ["relu1_1"]).pooling == slim.pooling


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_weights_that_say_their_pooling_are_pooled_so(pooling: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.safetensors"
    save_file({"features.0.weight": torch.zeros(1)}, file, metadata={"pooling": pooling})
    slim = features.find("slim")
    assert slim.pooled("auto", file) == pooling
    assert slim.pooled("max", file) == "max"
    save_file({"features.0.weight": torch.zeros(1)}, file, metadata={"pooling": "median"})
    assert slim.pooled("auto", file) == slim.pooling


def test_slim_is_listed_as_its_file_says() -> None:
    metadata, slim = checkpoints.metadata(SLIM_FILE), features.find("slim")
    assert metadata.get("pooling", "max") == slim.pooling


def test_facts_say_what_a_person_asks() -> None:
    for backbone in BACKBONES.values():
        facts = backbone.facts()
        assert list(facts) == ["layers", "weights", "size", "licence", "origin"]
        assert all(facts.values())


def test_facts_say_how_to_get_what_is_not_here() -> None:
    facts = features.find("vgg19").facts()
    assert "impasto backbone fetch vgg19" in facts["weights"]
    assert facts["size"] == "574.7 MB to fetch"


def test_facts_of_slim_name_the_bundled_file() -> None:
    assert features.find("slim").facts()["weights"] == f"bundled: {SLIM_FILE}"
