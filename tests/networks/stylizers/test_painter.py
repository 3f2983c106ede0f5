import pytest
import torch

from impasto.networks.stylizers.painter import HALO, Painter, Plan, framed

TINY = Plan(widths=(8, 8, 8, 16), blocks=5, trunk_kernels=2, top_kernels=3, code=6, hidden=8)


@pytest.fixture(scope="module")
def painter() -> Painter:
    torch.manual_seed(0)
    return Painter(TINY).eval().requires_grad_(False)


def hand_of(painter: Painter, seed: int = 0, strength: float = 0.0):
    code = torch.randn(1, TINY.code, generator=torch.Generator().manual_seed(seed))
    return painter.hands(code, torch.tensor([[strength]]))[0]


@pytest.mark.parametrize("size", [(16, 16), (17, 40), (64, 99)])
def test_a_painting_has_the_photographs_size(painter: Painter, size: tuple[int, int]) -> None:
    assert painter.paint(torch.randn(2, 3, *size), hand_of(painter)).shape == (2, 3, *size)


def test_the_frame_is_a_reflection_up_to_a_multiple_of_8() -> None:
    x = torch.arange(140.0).expand(1, 3, 41, 140)
    out = framed(x)
    assert out.shape == (1, 3, 80, 176)
    assert out[0, 0, 20, 15:18].tolist() == [1, 0, 1]


def test_styles_painted_together_are_painted_as_each_alone(painter: Painter) -> None:
    codes, strengths = torch.randn(2, TINY.code), torch.tensor([[0.3], [-1.0]])
    together = painter.hands(codes, strengths)
    for number, hand in enumerate(together):
        [alone] = painter.hands(codes[number, None], strengths[number, None])
        for name, weight in hand.weights.items():
            torch.testing.assert_close(weight, alone.weights[name])


def test_the_spreads_of_one_picture_paint_it_as_its_own_do(painter: Painter) -> None:
    x, hand, spreads = torch.randn(1, 3, 64, 80), hand_of(painter), {}
    first = painter.paint(x, hand, spreads)
    assert len(spreads) == 2 * TINY.blocks + 1
    torch.testing.assert_close(first, painter.paint(x, hand), rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(first, painter.paint(x, hand, spreads), rtol=1e-5, atol=1e-6)


def test_with_fixed_spreads_a_place_depends_on_nothing_beyond_the_halo(painter: Painter) -> None:
    x, hand, spreads = torch.randn(1, 3, 64, 320), hand_of(painter), {}
    first = painter.paint(x, hand, spreads)
    other = x.clone()
    other[..., :104] += 1
    apart = (painter.paint(other, hand, spreads) - first).abs().amax((0, 1, 2))
    assert apart[104 + HALO :].max() < 1e-5
    assert apart[:104].max() > 1e-3


def test_a_picture_that_wraps_sees_across_its_border(painter: Painter) -> None:
    x, hand = torch.randn(1, 3, 64, 320), hand_of(painter)
    other = x.clone()
    other[..., :8] += 1
    for wraps in (False, True):
        spreads = {}
        first = painter.paint(x, hand, spreads, wraps=wraps)
        apart = (painter.paint(other, hand, spreads, wraps=wraps) - first).abs()
        assert (apart[..., -24:].max() > 1e-6) == wraps


def test_strength_changes_the_painting(painter: Painter) -> None:
    x = torch.randn(1, 3, 32, 32)
    weak, strong = (painter.paint(x, hand_of(painter, strength=s)) for s in (-1.0, 1.0))
    assert (weak - strong).abs().max() > 1e-3
