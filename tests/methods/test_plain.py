from __future__ import annotations

import numpy as np
import pytest
import torch

import impasto
from impasto import samples
from impasto.events import Started
from impasto.imaging import Picture
from impasto.methods.plain import is_blank, is_plain, local_contrast
from impasto.settings import StyleSettings

PAPER = (243, 237, 219)
SMALL = {"size": 64, "steps": 40, "coarsest": 0, "device": "cpu"}


def paper(noise: float = 2.0) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    grain = np.random.default_rng(0).normal(0, noise, (90, 120, 1)) if noise else 0
    return np.clip(np.full((90, 120, 3), PAPER) + grain, 0, 255).astype(np.uint8)


def ramp(levels: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    across = np.linspace(200 - levels, 200, 120).round()
    return np.broadcast_to(across[None, :, None], (90, 120, 3)).astype(np.uint8)


@pytest.mark.parametrize("pixels", [paper(0), paper(), ramp(90)])
def test_one_colour_noise_nobody_sees_and_a_gradient_are_plain(pixels: object) -> None:
    assert is_plain(Picture(np.array(pixels)))


def test_no_sample_style_is_plain() -> None:
    for name in samples.names("style"):
        assert not is_plain(impasto.imaging.read(samples.style(name)))


def test_a_mark_on_paper_is_no_texture_but_a_drawing_is() -> None:
    signed, drawn = paper(0), paper(0)
    signed[80:84, 90:106] = 20
    drawn[::12], drawn[:, ::12] = 20, 20
    assert is_plain(Picture(signed))
    assert not is_blank(Picture(signed))  # as a photograph it shows something
    assert not is_plain(Picture(drawn))


def test_only_what_is_learnt_from_counts() -> None:
    half = np.concatenate([paper(), paper(80)], axis=1)
    left = torch.zeros(1, 1, 90, 240)
    left[..., :120] = 1
    assert is_plain(Picture(half), left)
    assert not is_plain(Picture(half))
    assert local_contrast(torch.ones(1, 3, 8, 8), torch.zeros(1, 1, 8, 8)) == 0


def test_a_foggy_photograph_is_not_blank() -> None:
    fog = np.clip(paper(5), 0, 255)
    assert is_blank(Picture(paper(0)))
    assert not is_blank(Picture(fog))


@pytest.mark.parametrize("kind", ["moments", "wasserstein", "sliced", "histogram", "gram"])
def test_a_plain_style_gives_its_colour_under_every_loss(kind: str) -> None:
    photo = samples.content("chelsea")
    result = impasto.stylize(photo, paper(), style_loss=kind, **SMALL)
    before = np.abs(result.content.pixels.reshape(-1, 3).mean(0) - PAPER).max()
    after = np.abs(result.pixels.reshape(-1, 3).mean(0) * 255 - PAPER).max()
    assert after < before / 2
    # The cat is still there: what is dark in the photograph is darker than the rest.
    light, painted = result.content.floats.mean(-1), result.pixels.mean(-1)
    assert np.corrcoef(light.ravel(), painted.ravel())[0, 1] > 0.2


def test_a_plain_style_and_a_blank_canvas_are_named() -> None:
    settings = StyleSettings(size=64, steps=2, device="cpu")
    started = next(iter(impasto.run(paper(0), paper(), settings)))
    assert isinstance(started, Started)
    blank, plain = started.notes
    assert "is blank" in blank
    assert "is plain" in plain


def test_a_blank_canvas_is_painted() -> None:
    style = samples.style("swirls")
    result = impasto.stylize(paper(0), style, strength=1.0, **SMALL)
    assert result.pixels.std() > 0.1
