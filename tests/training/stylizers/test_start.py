from __future__ import annotations

from pathlib import Path

import pytest
import torch

from impasto.errors import SettingError, UnknownNameError
from impasto.networks import features
from impasto.networks.stylizers import save
from impasto.training.stylizers.objective import LAYERS, Guide
from impasto.training.stylizers.start import PLANS, begin, bundled


def statistics(count: int) -> dict[str, object]:
    guide = Guide(features.load("slim", LAYERS, padding="reflect"))
    styles = torch.randn(count, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    return {layer: s.moments() for layer, s in guide.target(styles).full.items()}


def test_one_style_begins_as_the_bundled_network_paints_it_with_one_kernel_a_convolution() -> None:
    seen = statistics(1)
    network, whole = begin(["mine"], seen), bundled()
    assert network.plan.trunk_kernels == network.plan.top_kernels == 1
    x = torch.randn(1, 3, 48, 64, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        own = network.painter.paint(x, network.hand(network.code("mine")))
        theirs = whole.painter.paint(x, whole.hand(whole.read(seen)[0]))
    assert torch.allclose(own, theirs, atol=1e-3)


def test_many_styles_keep_the_kernels_and_have_a_row_each() -> None:
    network = begin(["one", "two"], statistics(2))
    assert network.plan == PLANS["m"]
    assert network.names == ("one", "two")
    assert not network.code("one").equal(network.code("two"))


def test_a_network_of_one_style_takes_little_room(tmp_path: Path) -> None:
    save(tmp_path / "own.safetensors", begin(["mine"], statistics(1)), {})
    assert (tmp_path / "own.safetensors").stat().st_size < 1_600_000


def test_from_scratch_the_seed_decides_and_other_random_numbers_stay_as_they_were() -> None:
    torch.manual_seed(5)
    untouched = torch.rand(1)
    torch.manual_seed(5)
    one, same, other = (begin(["x"], {}, width="s", seed=seed) for seed in (1, 1, 2))
    assert torch.rand(1).equal(untouched)
    assert one.painter.stem.weight.equal(same.painter.stem.weight)
    assert not one.painter.stem.weight.equal(other.painter.stem.weight)


def test_widths_and_starts_that_there_are_not_are_refused() -> None:
    with pytest.raises(SettingError, match="cannot start one of width l: choose --from scratch"):
        begin(["x"], {}, width="l", start="brush")
    with pytest.raises(UnknownNameError, match="xl"):
        begin(["x"], {}, width="xl")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="nothing"):
        begin(["x"], {}, start="nothing")  # type: ignore[arg-type]
