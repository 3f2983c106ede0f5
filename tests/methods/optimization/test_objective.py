from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from impasto import losses
from impasto.errors import SettingError
from impasto.faces import Face
from impasto.methods.optimization.objective import Objective, layers_needed
from impasto.methods.optimization.targets import Region, Scene, StyleView
from impasto.networks.features import VGG, load
from impasto.settings import StyleSettings
from impasto.task import RegionOptions

Make = Callable[..., VGG]
LAYERS = ("relu1_1", "relu2_1", "relu2_2")
FACE = Face((8, 4, 23, 25), 1.0, (12, 11), (20, 11), (16, 15), (13, 20), (19, 20))


def noise(seed: int, height: int = 16, width: int = 20) -> Tensor:
    return torch.randn(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def settings(**changes: Any) -> StyleSettings:
    plain = {
        "content_layers": {"relu2_2": 0.5},
        "style_layers": {"relu1_1": 1.0, "relu2_1": 2.0},
        "content_weight": 3.0,
        "style_weight": 7.0,
        "tv_weight": 11.0,
    }
    return StyleSettings(**{**plain, **changes})


@pytest.mark.parametrize("content_loss", ["relative", "mse"])
@pytest.mark.parametrize("style_loss", ["moments", "gram-raw"])
@pytest.mark.parametrize("tv_loss", ["squared", "l1"])
def test_it_is_the_weighted_sum_written_out(
    tiny_vgg: Make, content_loss: str, style_loss: str, tv_loss: str
) -> None:
    x, content, style = noise(0), noise(1), noise(2, 14, 12)
    net = tiny_vgg(*LAYERS)
    options = settings(content_loss=content_loss, style_loss=style_loss, tv_loss=tv_loss)
    values = Objective(net, Scene.of(content, style), options)(x)

    features, c, s = net(x), net(content), net(style)
    apart = losses.mse if content_loss == "mse" else losses.relative_mse
    variation = losses.total_variation if tv_loss == "l1" else losses.squared_total_variation
    if style_loss == "moments":
        styles = {n: losses.moments_loss(features[n], losses.moments(s[n])) for n in LAYERS[:2]}
    else:
        styles = {n: losses.gram_loss(features[n], losses.gram_matrix(s[n])) for n in LAYERS[:2]}
    by_hand = {
        "content": 3 * 0.5 * apart(features["relu2_2"], c["relu2_2"]),
        "style": 7 * (1 * styles["relu1_1"] + 2 * styles["relu2_1"]),
        "tv": 11 * variation(x),
    }
    assert list(values) == ["content", "style", "tv", "total"]
    for name, value in by_hand.items():
        assert values[name].item() == pytest.approx(value.item(), rel=1e-5), name
    assert values["total"].item() == pytest.approx(sum(by_hand.values()).item(), rel=1e-5)


def test_the_content_is_no_way_from_itself(tiny_vgg: Make) -> None:
    content = noise(1)
    objective = Objective(
        tiny_vgg(*LAYERS), Scene.of(content, content.clone()), settings(tv_weight=0)
    )
    numbers, gradient = objective.evaluate(content)
    assert numbers == pytest.approx({"content": 0, "style": 0, "tv": 0, "total": 0}, abs=1e-9)
    assert gradient.abs().max() < 1e-6


@pytest.mark.parametrize("kind", ["moments", "shifted"])
def test_the_gradient_is_that_of_the_total(tiny_vgg: Make, kind: str) -> None:
    options = settings(style_loss=kind)
    objective = Objective(tiny_vgg(*LAYERS), Scene.of(noise(1), noise(2)), options)
    x = noise(0).requires_grad_()
    objective(x)["total"].backward()
    numbers, gradient = objective.evaluate(x.detach())
    assert x.grad is not None
    if kind == "moments":
        assert torch.allclose(gradient, x.grad, rtol=1e-4, atol=1e-7)
    assert (gradient - x.grad).norm() < 1e-5 * x.grad.norm()
    assert numbers["total"] == pytest.approx(objective(x)["total"].item(), rel=1e-6)


def test_evaluating_leaves_the_picture_alone(tiny_vgg: Make) -> None:
    x = noise(0)
    Objective(tiny_vgg(*LAYERS), Scene.of(noise(1), noise(2)), settings()).evaluate(x)
    assert torch.equal(x, noise(0))
    assert x.grad is None
    assert not x.requires_grad


@pytest.mark.parametrize(
    ("weights", "silent"),
    [({"content_weight": 0}, "content"), ({"style_weight": 0}, "style"), ({"tv_weight": 0}, "tv")],
    ids=["content", "style", "tv"],
)
def test_a_loss_without_weight_is_0_and_needs_no_layer(
    tiny_vgg: Make, weights: dict[str, float], silent: str
) -> None:
    options = settings(**weights)
    net = tiny_vgg(*layers_needed(options))
    numbers, gradient = Objective(net, Scene.of(noise(1), noise(2)), options).evaluate(noise(0))
    assert [name for name, value in numbers.items() if value == 0] == [silent]
    assert gradient.abs().max() > 0


def test_heads_reach_the_style_loss(tiny_vgg: Make) -> None:
    values = {
        Objective(
            tiny_vgg(*LAYERS), Scene.of(noise(1), noise(2)), settings(gram_heads=heads)
        ).evaluate(noise(0))[0]["style"]
        for heads in (1, 2)
    }
    assert len(values) == 2


def test_targets_keep_no_graph(tiny_vgg: Make) -> None:
    content, style = noise(1).requires_grad_(), noise(2).requires_grad_()
    Objective(tiny_vgg(*LAYERS), Scene.of(content, style), settings())(noise(0).requires_grad_())[
        "total"
    ].backward()
    assert content.grad is None
    assert style.grad is None


def test_layers_needed_are_those_with_a_weight_each_once() -> None:
    options = settings(
        content_layers={"relu2_1": 1.0, "relu3_1": 0.0}, style_layers={"relu1_1": 1, "relu2_1": 1}
    )
    assert layers_needed(options) == ["relu2_1", "relu1_1"]
    assert layers_needed(options.replace(content_weight=0)) == ["relu1_1", "relu2_1"]
    assert layers_needed(options.replace(style_weight=0)) == ["relu2_1"]


class CompiledBackbone(nn.Module):
    """Stands for what `torch.compile` gives: a module that wraps another and has no length."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner, self.calls = inner, 0

    def __len__(self) -> int:
        raise TypeError("no length")

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        self.calls += 1
        features: dict[str, Tensor] = self.inner(x)
        return features


def test_a_compiled_backbone_is_taken_for_the_passes_that_are_repeated() -> None:
    settings = StyleSettings(style_loss="moments")
    backbone = load("slim", layers_needed(settings))
    fast = CompiledBackbone(backbone)
    picture = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    objective = Objective(backbone, Scene.of(picture, picture), settings, compiled=fast)
    assert fast.calls == 0
    plain = Objective(backbone, Scene.of(picture, picture), settings)
    by_torch = {name: loss.item() for name, loss in plain(picture.flip(-1)).items()}
    assert objective.evaluate(picture.flip(-1))[0] == by_torch
    assert fast.calls == 1


@pytest.mark.parametrize("precision", ["float32", "bf16"])
@pytest.mark.parametrize("value", [torch.nan, -torch.nan, torch.inf])
def test_a_picture_that_is_not_finite_has_no_finite_gradient(
    tiny_vgg: Make, precision: str, value: float
) -> None:
    options = settings(precision=precision, tv_weight=0.0)
    objective = Objective(tiny_vgg(*LAYERS), Scene.of(noise(1), noise(2)), options)
    x = noise(0)
    assert objective.evaluate(x)[1].isfinite().all()
    x[..., 3, 5] = value
    assert not objective.evaluate(x)[1].isfinite().all()


GEOMETRY = {"relu1_1": (1, 3), "relu2_1": (2, 10), "relu2_2": (2, 14)}


def halves(height: int = 16, width: int = 20) -> tuple[Tensor, Tensor]:
    left = torch.zeros(1, 1, height, width)
    left[..., : width // 2] = 1
    return left, 1 - left


def regions(where: tuple[Tensor | None, ...]) -> tuple[Region, ...]:
    return tuple(
        Region((StyleView(noise(k)),), (1.0,), mask) for k, mask in enumerate(where, start=5)
    )


def test_a_region_pulls_its_own_half_alone(tiny_vgg: Make) -> None:
    left, _ = halves(32, 64)
    scene = Scene(noise(1, 32, 64), regions((left,)), painted=None)
    options = settings(content_weight=0, tv_weight=0)
    net = tiny_vgg(*layers_needed(options))
    _, gradient = Objective(net, scene, options, geometry=GEOMETRY).evaluate(noise(0, 32, 64))
    assert gradient[..., :24].abs().max() > 0
    assert gradient[..., 48:].abs().max() == 0


def test_two_halves_of_one_style_weigh_as_much_as_the_whole(tiny_vgg: Make) -> None:
    options = settings(content_weight=0, tv_weight=0, style_loss="gram", field_share=0)
    net = tiny_vgg(*layers_needed(options))
    flat = torch.full((1, 3, 16, 20), 0.5)  # statistics alike in every part of it
    style = StyleView(noise(2))
    parts = tuple(Region((style,), (1.0,), half) for half in halves())
    whole = Objective(net, Scene.of(flat, style.pixels), options)(flat)["style"]
    in_halves = Objective(net, Scene(flat, parts), options, geometry=GEOMETRY)(flat)["style"]
    # The network pads with zeros: features at the border differ a little from those inside.
    assert in_halves.item() == pytest.approx(whole.item(), rel=0.02)


def test_what_is_not_painted_has_no_gradient(tiny_vgg: Make) -> None:
    left, right = halves()
    scene = Scene(noise(1), regions((left,)), painted=left)
    objective = Objective(tiny_vgg(*LAYERS), scene, settings(), geometry=GEOMETRY)
    _, gradient = objective.evaluate(noise(0))
    assert (gradient * right).abs().max() == 0
    assert (gradient * left).abs().max() > 0


def test_blended_styles_are_one_target(tiny_vgg: Make) -> None:
    views = tuple(StyleView(noise(k, 14, 12)) for k in (2, 3))
    options = settings(content_weight=0, tv_weight=0, style_loss="moments")
    net = tiny_vgg(*layers_needed(options))
    x = noise(0)

    def style_loss(shares: tuple[float, float]) -> float:
        scene = Scene(noise(1), (Region(views, shares),))
        return Objective(net, scene, options)(x)["style"].item()

    alone = Objective(net, Scene.of(noise(1), views[0].pixels), options)(x)["style"].item()
    assert style_loss((1, 0)) == pytest.approx(alone, rel=1e-5)
    features, first, second = net(x), net(views[0].pixels), net(views[1].pixels)
    by_hand = 0.0
    for layer, weight in (("relu1_1", 1.0), ("relu2_1", 2.0)):
        one, two = losses.moments(first[layer]), losses.moments(second[layer])
        target = losses.Moments(
            0.75 * one.mean + 0.25 * two.mean, 0.75 * one.covariance + 0.25 * two.covariance
        )
        by_hand += 7 * weight * losses.moments_loss(features[layer], target).item()
    assert style_loss((3, 1)) == pytest.approx(by_hand, rel=1e-5)


class Brightness:
    """A term of another package: pulls the picture's mean to 0, and reads the picture alone."""

    name, weight, layers = "brightness", 2.0, ()

    def __call__(self, picture: Tensor, features: Any) -> Tensor:  # noqa: ARG002 - a term's
        return picture.mean().square()


def test_terms_that_are_brought_along_are_summed_under_their_names(tiny_vgg: Make) -> None:
    scene = Scene.of(noise(1), noise(2))
    plain = Objective(tiny_vgg(*LAYERS), scene, settings())
    more = Objective(tiny_vgg(*LAYERS), scene, settings(), terms=[lambda _: Brightness()])
    x = noise(0)
    before, after = plain(x), more(x)
    assert list(after) == ["content", "style", "tv", "brightness", "total"]
    assert after["brightness"].item() == pytest.approx(2 * x.mean().item() ** 2)
    assert after["total"].item() == pytest.approx((before["total"] + after["brightness"]).item())


def test_a_term_is_bound_to_what_a_scale_looks_at(tiny_vgg: Make) -> None:
    views = []

    def bind(view: Any) -> Brightness:
        views.append(view)
        return Brightness()

    scene = Scene.of(noise(1), noise(2))
    Objective(tiny_vgg(*LAYERS), scene, settings(), terms=[bind])
    (view,) = views
    assert view.scene is scene
    assert set(view.features(scene.content)) == set(LAYERS)


@pytest.mark.parametrize("name", ["total", "style"])
def test_a_term_cannot_have_a_name_that_is_taken(tiny_vgg: Make, name: str) -> None:
    term = Brightness()
    term.name = name
    with pytest.raises(SettingError, match=f"a loss term is called {name}, which is taken"):
        Objective(
            tiny_vgg(*LAYERS), Scene.of(noise(1), noise(2)), settings(), terms=[lambda _: term]
        )


def test_layers_of_regions_are_needed_too() -> None:
    own = [RegionOptions(), RegionOptions({"relu5_1": 1.0})]
    assert layers_needed(settings(), own) == ["relu2_2", "relu1_1", "relu2_1", "relu5_1"]


class Roundabout:
    """A network that gives features and no gradients of its own."""

    def __init__(self, network: VGG) -> None:
        self.network = network

    def __call__(self, x: Tensor) -> dict[str, Tensor]:
        features: dict[str, Tensor] = self.network(x)
        return features


def test_the_direct_way_is_the_way_of_torch_also_under_masks_and_for_faces(
    tiny_vgg: Make,
) -> None:
    net = tiny_vgg(*LAYERS)
    scene = Scene.of(noise(1, 32, 64), noise(2, 32, 64))
    where, contents = torch.zeros(1, 1, 32, 64), []
    where[..., :32] = 1
    region = replace(scene.regions[0], where=where)
    masked = replace(scene, regions=(region,), painted=where)
    kept = replace(scene, faces=(FACE,))
    for each, geometry in ((scene, None), (masked, GEOMETRY), (kept, GEOMETRY)):
        ways = [
            Objective(network, each, settings(), geometry=geometry)
            for network in (net, Roundabout(net))
        ]
        (numbers, gradient), (expected, its) = (way.evaluate(noise(0, 32, 64)) for way in ways)
        assert numbers == pytest.approx(expected, rel=1e-4)
        assert (gradient - its).norm() < 1e-4 * its.norm()
        contents.append(numbers["content"])
    assert contents[2] > 1.1 * contents[0]


@pytest.mark.parametrize("style_loss", ["moments", "sliced"])
def test_the_callers_inference_mode_is_none_of_its_own(tiny_vgg: Make, style_loss: str) -> None:
    options = settings(style_loss=style_loss)
    objective = Objective(tiny_vgg(*LAYERS), Scene.of(noise(1), noise(2)), options)
    numbers, gradient = objective.evaluate(noise(0))
    with torch.inference_mode():
        its, its_gradient = objective.evaluate(noise(0))
    assert its == numbers
    assert torch.equal(its_gradient, gradient)
    assert not its_gradient.is_inference()
