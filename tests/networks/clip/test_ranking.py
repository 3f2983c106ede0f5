from __future__ import annotations

import numpy as np
import pytest
import torch

from impasto.networks.clip.choosing import plan_by_clip
from impasto.networks.clip.model import Clip, load
from impasto.networks.clip.ranking import mean_of, rank
from impasto.words import plan_of
from tests.clips import write_clip

pytest.importorskip("transformers", reason="the extra clip is not installed")

WORDS = "cold blue water"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    return load(str(write_clip(tmp_path_factory.mktemp("models") / "clip")))


def drawn(count: int = 9) -> dict[str, np.ndarray]:
    random = np.random.default_rng(3)
    return {f"picture {n}": random.integers(0, 255, (20, 30, 3), np.uint8) for n in range(count)}


def test_the_order_is_that_of_the_cosines(clip: Clip) -> None:
    pictures = drawn()
    ranked = rank(clip, pictures, WORDS)
    text, cosines = clip.words([WORDS])[0], {}
    for name, pixels in pictures.items():
        seen = clip.pictures(torch.tensor(pixels).permute(2, 0, 1)[None] / 255)[0]
        cosines[name] = (torch.dot(seen, text) / seen.norm() / text.norm()).item()
    assert [picture.name for picture in ranked] == sorted(cosines, key=lambda n: -cosines[n])
    for picture in ranked:
        assert picture.similarity == pytest.approx(cosines[picture.name], abs=1e-5)
    shares = [picture.share for picture in ranked]
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)
    ratio = np.exp(clip.scale * (ranked[0].similarity - ranked[1].similarity))
    assert shares[0] / shares[1] == pytest.approx(ratio)


def test_templates_are_averaged(clip: Clip) -> None:
    both = clip.words(["fire", "a photo of fire"]).mean(0)
    expected = both / both.norm()
    assert torch.allclose(mean_of(clip, ["{}", "a photo of {}"], "fire")[0], expected, atol=1e-6)


def test_a_picture_with_transparency_is_read(clip: Clip) -> None:
    pixels = np.full((8, 8, 4), 128, np.uint8)
    assert [picture.share for picture in rank(clip, {"one": pixels}, "fire")] == [1.0]


def test_words_that_name_no_style_take_the_nearest_pictures(clip: Clip) -> None:
    pictures = {name.replace(" ", "-"): pixels for name, pixels in drawn().items()}
    plan = plan_by_clip("cold and dark", clip, pictures=pictures)
    nearest = [picture.name for picture in rank(clip, pictures, "cold and dark")]
    assert plan.sources() == nearest[: len(plan.styles)]
    assert 1 <= len(plan.styles) <= 3
    assert sum(style.share for style in plan.styles) == pytest.approx(1)
    assert plan.tone == plan_of("cold and dark").tone
    assert f"CLIP finds these nearest ({nearest[0]} " in plan.notes[-1]
    assert plan.command("a.jpg").startswith(f"impasto stylize a.jpg {nearest[0]}")


def test_words_that_the_vocabulary_does_not_know_are_read_by_clip(clip: Clip) -> None:
    plan = plan_by_clip("qwertyuiop", clip, pictures={"one": drawn(1)["picture 0"]})
    assert plan.sources() == ["one"]
    assert plan.notes[0] == "the vocabulary knows nothing of it: CLIP alone reads it"


def test_named_and_given_styles_stay(clip: Clip) -> None:
    assert plan_by_clip("woodcut, cold", clip, pictures={}) == plan_of("woodcut, cold")
    assert plan_by_clip("cold", clip, given=1, pictures={}) == plan_of("cold", given=1)


@pytest.mark.slow
def test_the_samples_are_chosen_from_where_nothing_else_is(clip: Clip) -> None:
    assert plan_by_clip("cold", clip).sources()
