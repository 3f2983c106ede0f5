import pytest
import torch

from impasto.methods.one_pass import engine as engines
from impasto.methods.one_pass import tiles as module
from impasto.methods.one_pass.engine import Engine
from impasto.methods.one_pass.tiles import sampled_spreads, tiles
from impasto.networks.stylizers import OnePass, Plan
from impasto.networks.stylizers.painter import MARGIN, framed

TINY = Plan(widths=(8, 8, 8, 16), blocks=5, trunk_kernels=1, top_kernels=1, code=6, hidden=8)


def test_tiles_cover_every_pixel_once() -> None:
    covered = torch.zeros(2056, 1032)
    for tile in tiles(2056, 1032):
        covered[tile.own] += 1
        for own, seen in zip(tile.own, tile.seen, strict=True):
            assert seen.start <= own.start < own.stop <= seen.stop
            assert seen.start % 8 == own.start % 8 == 0
    assert (covered == 1).all()


def test_tiles_paint_what_the_whole_picture_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "WHOLE_PX", 100)
    monkeypatch.setattr(module, "SIDE", 160)
    monkeypatch.setattr(module, "SAMPLE", 96)
    torch.manual_seed(0)
    ready = Engine(OnePass(TINY, rows=("a",), reads=False).eval())
    photo, hand = torch.randn(1, 3, 300, 421), ready.hand(torch.randn(6), 0.5)
    *_, (done, count, tiled) = ready.paint(photo, hand)
    assert done == count == ready.parts(300, 421) == 9
    whole = framed(photo)
    with torch.inference_mode():
        spreads = sampled_spreads(ready.network.painter, whole, hand)
        expected = ready.network.painter(whole, hand, spreads)
    expected = expected[..., MARGIN : MARGIN + 300, MARGIN : MARGIN + 421]
    torch.testing.assert_close(tiled, expected, rtol=1e-3, atol=1e-4)


def test_one_sample_of_a_small_picture_is_all_of_it() -> None:
    torch.manual_seed(0)
    painter = OnePass(TINY, rows=("a",), reads=False).painter
    [hand] = painter.hands(torch.randn(1, 6), torch.zeros(1, 1))
    whole = framed(torch.randn(1, 3, 40, 60))
    spreads = {}
    with torch.no_grad():
        painter(whole, hand, spreads)
        sampled = sampled_spreads(painter, whole, hand)
    for name, (mean, variance) in spreads.items():
        torch.testing.assert_close(sampled[name], (mean, variance))


def test_a_tile_that_is_not_painted_yet_shows_the_photograph(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engines, "WHOLE_PX", 100)
    monkeypatch.setattr(module, "SIDE", 160)
    monkeypatch.setattr(module, "SAMPLE", 96)
    torch.manual_seed(0)
    ready = Engine(OnePass(TINY, rows=("a",), reads=False).eval())
    photo, hand = torch.randn(1, 3, 300, 421), ready.hand(torch.randn(6), 0.5)
    _, _, painting = next(ready.paint(photo, hand))
    torch.testing.assert_close(painting[..., 200:, 200:], photo[..., 200:, 200:])
