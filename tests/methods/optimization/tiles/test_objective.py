"""Tiles against the whole, whose gradient torch finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from torch import Tensor

from impasto.methods.optimization.objective import Objective, layers_needed
from impasto.methods.optimization.targets import Region, Scene, StyleView
from impasto.methods.optimization.tiles.grid import Reach
from impasto.methods.optimization.tiles.objective import TiledObjective, tile_work
from impasto.methods.planes import Planes
from impasto.networks.features import VGG
from impasto.networks.features.plan import Plan
from impasto.settings import StyleSettings
from impasto.task import RegionOptions

# As deep and as far-sighted as slim, with few channels.
PLAN = Plan((2, 2, 4, 4, 4), (2, 2, 4, 4, 1))
CHANGES: Mapping[str, st.SearchStrategy[Any]] = {
    "style_loss": st.sampled_from(["moments", "shifted", "gram", "gram-raw"]),
    "content_loss": st.sampled_from(["relative", "mse"]),
    "tv_loss": st.sampled_from(["squared", "l1", "charbonnier", "vectorial"]),
    "padding": st.sampled_from(["reflect", "zero", "replicate"]),
    "pooling": st.sampled_from(["max", "average"]),
    "gram_heads": st.sampled_from([1, 2]),
}
# At every size the deepest layer is looked at.
PLAIN = {"pooling": "max", "field_share": 0.0}
Made = tuple[Objective, TiledObjective, Tensor]
Make = Callable[..., Made]


def smooth(seed: int, height: int, width: int, dtype: torch.dtype = torch.float64) -> Tensor:
    noise = torch.randn(
        1, 3, height + 4, width + 4, generator=torch.Generator().manual_seed(seed), dtype=dtype
    )
    return 3 * F.avg_pool2d(noise, 5, 1)


def network(settings: StyleSettings, dtype: torch.dtype) -> VGG:
    layers = layers_needed(settings)
    generator = torch.Generator().manual_seed(7)
    weights = {
        name: torch.randn(shape, generator=generator) / (3 * shape[1] ** 0.5)
        if len(shape) > 1
        else 0.1 * torch.randn(shape, generator=generator)
        for name, shape in PLAN.shapes(layers).items()
    }
    pooling, padding = settings.pooling, settings.padding
    assert pooling != "auto"
    return VGG(PLAN, layers, weights, pooling=pooling, padding=padding).to(dtype)


def geometry() -> dict[str, tuple[int, int]]:
    return {layer: (c.stride, c.field) for c in PLAN for layer in (c.conv, c.relu)}


def made(
    scene: Scene, core: int = 128, *, dtype: torch.dtype = torch.float64, **changes: Any
) -> Made:
    """The objective of a scene, its tiles, and a picture to look at."""
    settings = StyleSettings(precision="float32", **{**PLAIN, **changes})
    own = network(settings, dtype)
    whole = Objective(own, scene, settings, geometry=geometry())
    if dtype == torch.float64:
        whole._direct = None  # which sums up in float32
    work = tile_work(own, scene, settings, geometry(), core)
    return whole, TiledObjective(work, scene, Planes()), smooth(3, *scene.content.shape[-2:], dtype)


def scene(height: int, width: int, **more: Any) -> Scene:
    content, style = smooth(1, height, width), smooth(2, 150, 170)
    return replace(Scene.of(content, style), **more)


def apart(one: Tensor, other: Tensor) -> float:
    return float((one - other).norm() / other.norm())


def check(whole: Objective, tiled: TiledObjective, x: Tensor, within: float = 1e-12) -> None:
    losses, gradient = whole.evaluate(x)
    found, summed = tiled.evaluate(x)
    assert found == pytest.approx(losses, rel=1e-11, abs=1e-12)
    assert apart(summed, gradient) < within


@given(st.integers(130, 330), st.integers(130, 330), st.fixed_dictionaries(CHANGES))
@hypothesis_settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_the_gradient_is_that_of_the_whole(
    height: int, width: int, changes: dict[str, Any]
) -> None:
    check(*made(scene(height, width), **changes))


def test_the_gradient_of_wasserstein_is_that_of_the_whole() -> None:
    # The root of a matrix has fewer digits than its entries.
    check(*made(scene(200, 260), style_loss="wasserstein"), within=1e-9)


def test_with_16_px_less_to_see_it_is_not() -> None:
    whole, tiled, x = made(scene(300, 330), style_loss="moments")
    reach = tiled.work.grid.reach
    assert reach == (80, 80)
    short = replace(tiled.work, grid=replace(tiled.work.grid, reach=Reach(64, 64)))
    _, gradient = whole.evaluate(x)
    _, summed = TiledObjective(short, tiled.scene, Planes()).evaluate(x)
    assert apart(summed, gradient) > 1e-8


def test_the_next_evaluation_holds_nothing_of_the_last() -> None:
    _, tiled, x = made(scene(200, 260))
    _, first = tiled.evaluate(x)
    first = first.clone()
    tiled.evaluate(2 * x)
    assert torch.equal(tiled.evaluate(x)[1], first)


def test_masks_transparency_and_what_is_kept_count_as_in_the_whole() -> None:
    height, width = 210, 330
    content = smooth(1, height, width)
    down = torch.linspace(0, 1, height, dtype=torch.float64).view(1, 1, -1, 1)
    above = (down < 0.5).double().expand(1, 1, height, width)
    styles = [StyleView(smooth(n, 150, 170)) for n in (4, 5, 6)]
    own = RegionOptions(style_layers={"relu2_1": 1.0}, content_weight=2.0, hard=True)
    regions = (
        Region(tuple(styles[:2]), (1.0, 3.0), 0.8 * above),
        Region((styles[2],), (1.0,), 1 - above, own),
    )
    painted, visible = torch.ones(1, 1, height, width).double(), torch.ones_like(content[:, :1])
    painted[..., 30:150, 40:180] = 0.0
    visible[..., :70, 200:] = 0.3
    check(*made(Scene(content, regions, painted, visible), style_loss="shifted"))


def test_a_style_counts_where_its_mask_is_white() -> None:
    counts = torch.zeros(1, 1, 300, 200, dtype=torch.float64)
    counts[..., 40:260, 20:180] = 1.0
    view = StyleView(smooth(2, 300, 200), counts)
    own = Scene(smooth(1, 200, 200), (Region((view,), (1.0,)),))
    check(*made(own, style_loss="moments"))


def test_in_float32_it_is_as_near_as_rounding_lets_it() -> None:
    own = scene(300, 411)
    own = replace(
        Scene.of(own.content.float(), smooth(2, 150, 170, torch.float32)), margin=own.margin
    )
    whole, tiled, x = made(own, 160, dtype=torch.float32)
    _, gradient = whole.evaluate(x)
    _, summed = tiled.evaluate(x)
    off = (summed - gradient).abs()
    assert off.median() < 1e-5 * gradient.abs().median()
    assert off.max() < 1e-3 * gradient.abs().max()


def test_without_the_direct_pass_it_is_the_same() -> None:
    _, tiled, x = made(scene(200, 260))
    _, gradient = tiled.evaluate(x)
    passes = replace(tiled.work.passes, direct=False)
    other = TiledObjective(replace(tiled.work, passes=passes), tiled.scene, Planes())
    assert apart(other.evaluate(x)[1], gradient) < 1e-12


def test_files_hold_what_memory_holds(tmp_path: Any) -> None:
    _, tiled, x = made(scene(200, 260))
    other = TiledObjective(tiled.work, tiled.scene, Planes(tmp_path))
    losses, gradient = tiled.evaluate(x)
    found, filed = other.evaluate(x)
    assert found == losses
    assert torch.equal(filed, gradient)
    assert not list(tmp_path.iterdir())
