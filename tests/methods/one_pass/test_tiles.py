import pytest
import torch
from torch import Tensor

from impasto.methods.one_pass import engine as engines
from impasto.methods.one_pass import tiles as module
from impasto.methods.one_pass.engine import Engine
from impasto.methods.one_pass.photo import Photo
from impasto.methods.one_pass.tiles import tiles
from impasto.networks.stylizers import Hand, OnePass, Plan
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


@pytest.fixture
def tiled(monkeypatch: pytest.MonkeyPatch) -> tuple[Engine, Tensor, Hand]:
    """An engine that paints in small tiles, and a photograph of nine of them."""
    monkeypatch.setattr(engines, "WHOLE_PX", 100)
    monkeypatch.setattr(module, "SIDE", 160)
    monkeypatch.setattr(module, "SAMPLE", 96)
    torch.manual_seed(0)
    engine = Engine(OnePass(TINY, rows=("a",), reads=False).eval())
    photo = torch.randn(1, 3, 300, 421)
    return engine, photo, engine.hand(torch.randn(6), 0.5)


def test_tiles_paint_what_the_whole_picture_would(tiled: tuple[Engine, Tensor, Hand]) -> None:
    ready, photo, hand = tiled
    *_, (done, count, painting) = ready.paint(photo, hand)
    assert done == count == len(ready.parts(300, 421)) == 9
    whole = framed(photo)
    with torch.inference_mode():
        spreads = ready.sampled(Photo(photo), hand)
        expected = ready.network.painter(whole, hand, spreads)
    expected = expected[..., MARGIN : MARGIN + 300, MARGIN : MARGIN + 421]
    torch.testing.assert_close(painting, expected, rtol=1e-3, atol=1e-4)


def test_one_sample_of_a_small_picture_is_all_of_it() -> None:
    torch.manual_seed(0)
    ready = Engine(OnePass(TINY, rows=("a",), reads=False).eval())
    hand, photo = ready.hand(torch.randn(6), 0.5), torch.randn(1, 3, 40, 60)
    sampled = ready.sampled(Photo(photo), hand)
    for name, (mean, variance) in ready.spreads(photo, hand).items():
        torch.testing.assert_close(sampled[name], (mean, variance))


def test_tiles_without_their_frame_cover_the_picture_once() -> None:
    covered = torch.zeros(1003, 517)
    for tile in Engine.parts(1003, 517, "off") + tiles(1040, 552, 128):
        covered[tile.place(1003, 517)] += 1
    assert (covered == 2).all()


@pytest.mark.parametrize(("tile", "count"), [("off", 1), ("auto", 9), ("128", 12), ("400", 2)])
def test_a_tile_is_as_large_as_it_is_asked_to_be(
    tile: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "WHOLE_PX", 100)
    monkeypatch.setattr(module, "SIDE", 160)
    parts = Engine.parts(300, 421, tile)
    assert len(parts) == count
    if count > 1:
        assert len(Engine.parts(9, 11, tile)) == 1  # at once, as auto paints it
    # The side is divided evenly, to multiples of 8.
    assert max(part.own[1].stop - part.own[1].start for part in parts) <= 456


def test_a_tile_that_is_not_painted_yet_shows_the_photograph(
    tiled: tuple[Engine, Tensor, Hand],
) -> None:
    ready, photo, hand = tiled
    _, _, painting = next(ready.paint(photo, hand))
    torch.testing.assert_close(painting[..., 200:, 200:], photo[..., 200:, 200:])
