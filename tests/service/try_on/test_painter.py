"""What the try-on paints: thumbnails and drafts."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto import samples
from impasto.service.try_on.painter import (
    DRAFT_PX,
    SIDE,
    Draft,
    Item,
    Look,
    Read,
    Refusal,
    Shrink,
    Thumbnail,
    WarmUp,
    draft_settings,
    work,
)
from impasto.settings import StyleSettings
from tests.clips import write_clip
from tests.studio import png

CHELSEA = samples.content("chelsea")


def done(item: Item) -> bytes:
    (value,) = work(item)
    assert isinstance(value, bytes), value
    return value


def refused(item: Item) -> Refusal:
    (value,) = work(item)
    assert isinstance(value, Refusal)
    return value


def picture(data: bytes) -> Image.Image:
    opened = Image.open(io.BytesIO(data))
    assert opened.format == "JPEG"
    return opened.convert("RGB")


def picture_of(source: bytes | Path, side: int) -> np.ndarray[Any, Any]:
    """A square picture as floats from 0 to 255, so large."""
    with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as opened:
        return np.asarray(opened.convert("RGB").resize((side, side)), np.float32)


@pytest.fixture(scope="module")
def square() -> bytes:
    return done(Shrink(CHELSEA.read_bytes(), 1.0))


def test_the_square_is_the_middle_of_the_photograph() -> None:
    wide = Image.new("RGB", (300, 100), "red")
    wide.paste("blue", (100, 0, 200, 100))
    file = io.BytesIO()
    wide.save(file, "PNG")
    pixels = np.frombuffer(done(Shrink(file.getvalue(), 1.0)), np.uint8)
    assert pixels.size == SIDE * SIDE * 3
    inside = pixels.reshape(SIDE, SIDE, 3)[:, 6:-6]  # Lanczos reaches three px over an edge
    assert (inside == (0, 0, 255)).all()


def test_what_is_transparent_lies_on_paper() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")
    assert min(done(Shrink(file.getvalue(), 1.0))) > 200


def test_a_photograph_of_16_bits_is_shrunk_too(tmp_path: Path) -> None:
    from impasto import imaging

    path = tmp_path / "deep.png"
    imaging.write(path, np.full((8, 8, 3), 0.5, np.float32), bits=16)
    assert set(done(Shrink(path.read_bytes(), 1.0))) <= {127, 128}


def test_vectors_of_samples_and_of_words_are_clip_s(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="the extra clip is not installed")
    from impasto.networks.clip import model, ranking

    name = str(write_clip(tmp_path / "clip"))
    swirls = json.loads(done(Look(name, "swirls")))
    read = json.loads(done(Read(name, "cold blue water")))
    clip = model.load(name)
    (expected,) = ranking.rank(clip, {"swirls": samples.style("swirls")}, "cold blue water")
    assert np.dot(swirls, read["vector"]) == pytest.approx(expected.similarity, abs=1e-6)
    assert read["scale"] == clip.scale
    assert refused(Look(str(tmp_path / "none"), "swirls")).kind == "weights"


def test_each_style_makes_another_thumbnail_of_the_same_photograph(square: bytes) -> None:
    work_of = {name: picture(done(Thumbnail(square, name))) for name in ("swirls", "woodcut")}
    assert {one.size for one in work_of.values()} == {(SIDE, SIDE)}
    swirls, woodcut = (np.asarray(one, np.float32) for one in work_of.values())
    assert np.abs(swirls - woodcut).mean() > 8  # of 255; two JPEGs of one painting differ by none
    photograph = np.frombuffer(square, np.uint8).reshape(SIDE, SIDE, 3).mean(-1)
    for painted in (swirls, woodcut):
        assert np.corrcoef(painted.mean(-1).ravel(), photograph.ravel())[0, 1] > 0.5


def test_to_warm_up_says_nothing() -> None:
    assert list(work(WarmUp())) == []


def test_a_draft_has_the_proportions_of_its_painting_and_is_small() -> None:
    inputs = {"content": CHELSEA.read_bytes(), "style": samples.style("swirls")}
    painted = picture(done(Draft(inputs, StyleSettings(size=2000), 1.0)))
    with Image.open(CHELSEA) as original:
        assert painted.width / painted.height == pytest.approx(
            original.width / original.height, rel=0.01
        )
    assert max(painted.size) <= DRAFT_PX


def test_a_draft_leaves_the_photograph_where_the_mask_is_black() -> None:
    black = io.BytesIO()
    mask = Image.new("L", (64, 64), 0)
    mask.paste(255, (0, 0, 32, 64))
    mask.save(black, "PNG")
    inputs = {
        "content": png(64, 64, "gray"),
        "style": samples.style("swirls"),
        "mask": black.getvalue(),
    }
    pixels = np.asarray(picture(done(Draft(inputs, StyleSettings(), 1.0))), np.float32)
    assert np.abs(pixels[:, 48:] - 128).max() <= 6
    assert np.abs(pixels[:, :24] - 128).mean() > 6


@pytest.mark.parametrize(
    ("item", "status", "kind"),
    [
        (lambda: Shrink(b"", 1.0), 422, "picture"),
        (lambda: Shrink(b"no picture" * 9, 1.0), 422, "picture"),
        (lambda: Shrink(CHELSEA.read_bytes()[:4000], 1.0), 422, "picture"),
        (lambda: Shrink(png(1200, 1000), 1.0), 422, "picture"),
        (
            lambda: Draft({"content": png(64, 64), "style": png(4, 4)}, StyleSettings(), 1.0),
            422,
            "",
        ),
    ],
)
def test_what_cannot_be_painted_is_refused_in_a_sentence(
    item: Callable[[], Item], status: int, kind: str
) -> None:
    refusal = refused(item())
    assert refusal.status == status
    assert kind in refusal.kind
    assert "\n" not in refusal.detail


@pytest.mark.parametrize(
    ("wanted", "size"),
    [
        (StyleSettings(shape=(600, 1200)), (512, 256)),
        (StyleSettings(shape=(64, 48)), (48, 64)),
        (StyleSettings(shape="1:1"), (400, 400)),  # the photograph has 600 x 400 px
        (StyleSettings(size=96, shape="1:1"), (96, 96)),
    ],
)
def test_a_draft_has_the_shape_that_is_asked_for(
    wanted: StyleSettings, size: tuple[int, int]
) -> None:
    inputs = {"content": samples.content("coffee"), "style": samples.style("swirls")}
    assert picture(done(Draft(inputs, wanted, 1.0))).size == size


def test_a_draft_heeds_what_one_pass_can_heed_and_nothing_of_the_machine() -> None:
    wanted = StyleSettings(
        strength=0.9, color="luminance", backbone="vgg19", steps=900, device="cuda", size=256
    )
    draft = draft_settings(wanted, 2.0)
    assert (draft.strength, draft.color, draft.size) == (0.9, "luminance", 256)
    assert (draft.method, draft.device, draft.threads) == ("one-pass", "cpu", 1)
    assert draft.max_megapixels == 2.0


def test_the_draft_of_a_portrait_keeps_the_face() -> None:
    inputs = {"content": samples.content("astronaut"), "style": samples.style("woodcut")}
    photograph = picture_of(samples.content("astronaut"), 256)
    off = [
        np.abs(picture_of(done(Draft(inputs, settings, 1.0)), 256) - photograph)
        for settings in (
            StyleSettings(size=256, strength=1.0),
            StyleSettings(size=256, strength=1.0, keep_faces=True),
        )
    ]
    face, elsewhere = (slice(40, 70), slice(95, 130)), (slice(160, 250), slice(0, 60))
    assert off[1][face].mean() < 0.9 * off[0][face].mean()
    assert off[1][elsewhere].mean() == pytest.approx(off[0][elsewhere].mean(), rel=0.01)


def test_the_draft_of_a_cartoon_has_its_flat_colours_and_lines() -> None:
    cartoon = StyleSettings(recipe="cartoon", size=192)
    draft = draft_settings(cartoon)
    assert (draft.keep_faces, draft.flat_colors, draft.lines) == (True, 12, 1.0)
    inputs = {"content": samples.content("chelsea"), "style": samples.style("woodcut")}
    plain = cartoon.replace(keep_faces=False, flat_colors=0, lines=0.0)
    flat = cartoon.replace(keep_faces=False)
    photographic, flat_one = (
        np.asarray(picture(done(Draft(inputs, settings, 1.0))), np.float32)
        for settings in (plain, flat)
    )
    assert np.abs(photographic - flat_one).mean() > 4
