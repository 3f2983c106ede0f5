from __future__ import annotations

import pytest
import torch

from impasto.networks.stylizers import Painter, Plan
from impasto.networks.stylizers.folding import folded


@pytest.fixture
def painter() -> Painter:
    torch.manual_seed(0)
    painter = Painter(Plan(widths=(8, 8, 8, 16), blocks=2))
    painter.numbers.bias.data.normal_(0, 0.1)
    return painter


def painted(painter: Painter, code: torch.Tensor, strength: float) -> torch.Tensor:
    x = torch.linspace(-2, 2, 3 * 40 * 56).view(1, 3, 40, 56).sin()
    with torch.no_grad():
        [hand] = painter.hands(code[None], torch.full((1, 1), strength))
        return painter.paint(x, hand)


def test_a_folded_painter_paints_its_style_as_before_with_one_kernel_each(painter: Painter) -> None:
    code = torch.randn(128)
    own = folded(painter, code)
    assert {kernels.shape[0] for kernels in own.kernels.values()} == {1}
    assert torch.allclose(painted(own, code, 0.0), painted(painter, code, 0.0), atol=1e-5)


def test_scales_and_shifts_of_a_folded_painter_follow_the_strength(painter: Painter) -> None:
    code = torch.randn(128)
    own = folded(painter, code)
    assert not torch.allclose(painted(own, code, 1.0), painted(own, code, 0.0), atol=1e-3)


def test_the_painter_that_was_folded_stays_as_it_was(painter: Painter) -> None:
    before = {name: tensor.clone() for name, tensor in painter.state_dict().items()}
    folded(painter, torch.randn(128))
    assert all(tensor.equal(before[name]) for name, tensor in painter.state_dict().items())
