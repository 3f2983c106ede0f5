"""Masks of films: pictures that hold for all of it, and films that are read beside it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.errors import InputError, OutputError, PictureError, SettingError
from impasto.media.film import is_moving
from impasto.workflows.film.ask import asked
from impasto.workflows.film.frames import frames, read
from impasto.workflows.film.order import Order
from impasto.workflows.film.places import places_of
from tests.films import make_film

Films = Callable[..., Path]
LEFT = np.zeros((48, 64, 3), np.uint8)
LEFT[:, :32] = 255


@pytest.fixture
def left(tmp_path: Path) -> Path:
    path = tmp_path / "left.png"
    Image.fromarray(LEFT).save(path)
    return path


@pytest.fixture
def wipe(tmp_path: Path) -> Path:
    """A mask of 12 frames, white up to 5 px more from frame to frame."""
    pictures = [np.where(np.arange(64)[None, :, None] < 5 * n, 255, 0) for n in range(12)]
    shown = [np.broadcast_to(each, (48, 64, 3)).astype(np.uint8) for each in pictures]
    return make_film(tmp_path / "wipe.mkv", pictures=shown, codec="ffv1", layout="bgr0")


def order(film: Path, tmp_path: Path, **more: object) -> Order:
    return asked(film, "swirls", tmp_path / "out.mp4", **more)


def widths(order: Order, start: Fraction | None = None) -> list[int]:
    """Of each frame, how many columns its first mask, or what is kept, has white."""
    found = []
    for seen in frames(order, start):
        if seen is not None:
            mask = seen.where.keep if seen.where.masks is None else seen.where.masks[0]
            assert mask is not None
            found.append(int((mask[0] > 127).sum()))
    return found


def test_a_picture_holds_for_all_frames(film: Films, tmp_path: Path, left: Path) -> None:
    assert widths(order(film(), tmp_path, masks=left)) == [32] * 12
    assert widths(order(film(), tmp_path, keep=left, size=32)) == [16] * 12


def test_a_film_is_read_frame_by_frame(film: Films, tmp_path: Path, wipe: Path) -> None:
    assert widths(order(film(), tmp_path, keep=wipe)) == [5 * n for n in range(12)]
    assert widths(order(film(), tmp_path, masks=[wipe], start=0.2)) == [5 * n for n in range(5, 12)]


@pytest.mark.parametrize("begins", range(0, 12, 3))
def test_a_frame_has_the_same_mask_wherever_reading_begins(
    film: Films, tmp_path: Path, wipe: Path, begins: int
) -> None:
    found = widths(order(film(), tmp_path, keep=wipe), Fraction(begins, 25))
    assert found == [5 * n for n in range(begins, 12)]


def test_numbered_pictures_have_the_rate_of_the_film(tmp_path: Path) -> None:
    times = [Fraction(n, 5) for n in range(8)]
    source = make_film(tmp_path / "in.mp4", times=times, until=Fraction(8, 5), count=8)
    folder = tmp_path / "mask"
    folder.mkdir()
    for number in range(8):
        pixels = np.zeros((48, 64), np.uint8)
        pixels[:, : 8 * number] = 255
        Image.fromarray(pixels).save(folder / f"{number}.png")
    for name in (folder, folder / "%d.png"):
        masked = order(source, tmp_path, keep=name)
        assert widths(masked) == [8 * n for n in range(8)]
        assert widths(masked, Fraction(7, 5)) == [56]


def test_a_mask_of_fewer_frames_holds_until_its_next_wherever_reading_begins(
    film: Films, tmp_path: Path
) -> None:
    shown = [np.repeat(np.where(np.arange(64) < 5 * n, 255, 0)[None], 48, 0) for n in range(3)]
    slow = make_film(
        tmp_path / "slow.mkv",
        pictures=[np.repeat(each[..., None], 3, 2).astype(np.uint8) for each in shown],
        times=[Fraction(n, 5) for n in range(3)],
        codec="ffv1",
        layout="bgr0",
    )
    masked = order(film(), tmp_path, keep=slow)
    whole = widths(masked)
    assert whole == [0] * 5 + [5] * 5 + [10] * 2
    assert widths(masked, Fraction(8, 25)) == whole[8:]


def test_what_reading_a_film_of_masks_has_to_say_is_told_at_its_end(
    film: Films, tmp_path: Path
) -> None:
    narrow = make_film(tmp_path / "narrow.mp4", shape=(48, 32), aspect=Fraction(2), count=12)
    notes: list[str] = []
    assert len(list(read(order(film(), tmp_path, keep=narrow), notes=notes))) >= 12
    assert any("the pixels of" in note and "narrow.mp4 are not square" in note for note in notes)


def test_that_numbered_pictures_know_no_unequal_times_is_told(
    film: Films, tmp_path: Path, wipe: Path
) -> None:
    times = [Fraction(n * n, 25) for n in range(4)]
    source = make_film(tmp_path / "in.mp4", count=4, times=times, until=Fraction(16, 25))
    folder = cut_outs(tmp_path / "cut")
    notes = places_of(order(source, tmp_path, keep=folder)).notes
    assert any("in.mp4 shows its frames for unequal times, and the pic" in note for note in notes)
    assert any("cut are taken 6.25 a second" in note for note in notes)
    for same in (order(source, tmp_path, keep=wipe), order(film(), tmp_path, keep=folder)):
        assert not any("unequal" in note for note in places_of(same).notes)


def test_masks_of_both_kinds_go_together(
    film: Films, tmp_path: Path, left: Path, wipe: Path
) -> None:
    both = asked(film(), ["swirls", "swirls"], tmp_path / "out.mp4", masks=[left, wipe], keep=wipe)
    assert both.styles[0] == both.styles[1]
    last = list(frames(both))[-1]
    assert last is not None
    masks, keep = last.where.masks, last.where.keep
    assert masks is not None
    assert keep is not None
    assert [int((mask[0] > 127).sum()) for mask in (*masks, keep)] == [32, 55, 55]


def test_coding_makes_no_white_grey(film: Films, tmp_path: Path) -> None:
    shown = [LEFT - LEFT // 128 + 1] * 12  # 254 and 1
    coded = make_film(tmp_path / "coded.mkv", pictures=shown, codec="ffv1", layout="bgr0")
    first = next(iter(frames(order(film(), tmp_path, keep=coded))))
    assert first is not None
    assert first.where.keep is not None
    assert set(first.where.keep.flat) == {0, 255}


def test_a_mask_that_ends_before_the_film_is_told(film: Films, tmp_path: Path, wipe: Path) -> None:
    longer = film(60, 0)
    with pytest.raises(InputError, match=r"wipe.mkv, a mask, ends before .* goes on at 1\.4"):
        widths(order(longer, tmp_path, keep=wipe))
    assert len(widths(order(longer, tmp_path, keep=wipe, end=0.4))) == 10


def test_one_picture_of_an_animation_is_a_picture_where_all_masks_are(
    film: Films, tmp_path: Path
) -> None:
    path = tmp_path / "mask.gif"
    shown = [Image.fromarray(LEFT), Image.fromarray(255 - LEFT)]
    shown[0].save(path, save_all=True, append_images=shown[1:], duration=40)
    assert is_moving(path)
    still = order(film(), tmp_path, keep=path, still_masks=True)
    assert widths(still) == [32] * 12
    told = f"{path}: it is an animation, of which the first picture is read"
    assert places_of(still).notes == [told]


def test_what_is_wrong_with_a_mask_is_told_at_once(film: Films, tmp_path: Path, left: Path) -> None:
    wide, white = tmp_path / "wide.png", tmp_path / "white.png"
    Image.new("L", (64, 20), 255).save(wide)
    Image.new("L", (64, 48), 255).save(white)
    with pytest.raises(PictureError, match=r"wide.png is 64 x 20 px, and .*film.mp4"):
        order(film(), tmp_path, masks=wide)
    with pytest.raises(PictureError, match="keeps all of"):
        order(film(), tmp_path, keep=white)
    with pytest.raises(PictureError, match="does not exist"):
        order(film(), tmp_path, keep=tmp_path / "gone.png")
    with pytest.raises(SettingError, match="2 masks for 1 style"):
        order(film(), tmp_path, masks=[left, left])
    with pytest.raises(SettingError, match="style_at has others come in later"):
        order(film(), tmp_path, masks=left, style_at={1: "woodcut"})
    with pytest.raises(SettingError, match="masks say where each style paints"):
        order(film(), tmp_path, masks=left, style_blend=[1])


def test_a_mask_of_a_style_is_not_painted_over(film: Films, tmp_path: Path) -> None:
    mask = tmp_path / "mask.gif"
    Image.new("L", (64, 64), 255).save(mask)
    with pytest.raises(OutputError, match=r"mask.gif is one of the inputs"):
        asked(film(), "swirls", mask, style_masks=mask)


@pytest.mark.parametrize("name", ["left.pgm", "left.tga", "text.png", ""])
def test_what_is_no_picture_that_is_read_is_told_as_a_mask_and_not_as_a_film(
    film: Films, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name if name else ""
    if name.startswith("left"):
        Image.new("L", (64, 48), 255).save(path)
    elif name:
        Path(path).write_text("no picture")
    with pytest.raises(PictureError, match=name or "the name of a mask is empty"):
        order(film(), tmp_path, keep=path)


def test_a_camera_has_no_film_as_mask(film: Films, tmp_path: Path, left: Path, wipe: Path) -> None:
    with pytest.raises(SettingError, match=r"wipe.mkv is a film, and a mask of .* a camera"):
        order(film(), tmp_path, keep=wipe, live=True)
    assert order(film(), tmp_path, keep=left, live=True).places == (str(left),)


def test_what_may_surprise_in_a_mask_is_told(film: Films, tmp_path: Path) -> None:
    path = tmp_path / "cut-out.png"
    pixels = np.zeros((48, 64, 4), np.uint8)
    pixels[:, :20] = 200, 90, 30, 255
    Image.fromarray(pixels).save(path)
    cut_out = order(film(), tmp_path, keep=path)
    assert places_of(cut_out).notes == [
        f"{path} is a cut-out: what is opaque in it counts as white"
    ]
    assert widths(cut_out) == [20] * 12


def cut_outs(folder: Path) -> Path:
    """Numbered pictures of 64 x 48 px, each a red card on nothing, 4 px wider than the last."""
    folder.mkdir()
    for number in range(12):
        pixels = np.zeros((48, 64, 4), np.uint8)
        pixels[:, : 4 * number] = 200, 90, 30, 255
        Image.fromarray(pixels).save(folder / f"{number:02d}.png")
    return folder


def test_numbered_cut_outs_count_where_they_are_opaque(film: Films, tmp_path: Path) -> None:
    masked = order(film(), tmp_path, keep=cut_outs(tmp_path / "cut"))
    assert widths(masked) == [4 * n for n in range(12)]


def test_animated_cut_outs_count_where_they_are_opaque(film: Films, tmp_path: Path) -> None:
    path, folder = tmp_path / "cut.png", cut_outs(tmp_path / "cut")
    first, *rest = (Image.open(each) for each in sorted(folder.iterdir())[1:])
    first.save(path, save_all=True, append_images=rest, duration=40)
    masked = order(film(11, 0), tmp_path, keep=path)
    assert widths(masked) == [4 * n for n in range(1, 12)]
    assert places_of(masked).notes == [f"{path} is a cut-out: what is opaque in it counts as white"]


def test_a_film_of_another_ratio_is_refused_at_once(film: Films, tmp_path: Path) -> None:
    wide = make_film(tmp_path / "wide.mp4", shape=(24, 64), count=12)
    with pytest.raises(PictureError, match=r"wide.mp4 is 64 x 24 px, and .*film.mp4"):
        order(film(), tmp_path, keep=wide)
