from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from impasto.errors import CheckpointError, SettingError, WeightsError
from impasto.events import Started, Step
from impasto.imaging.tensors import MEAN, STD
from impasto.methods import checkpoint, seedless
from impasto.methods.optimization import guidance, run
from impasto.methods.optimization.guidance import HELD, Guidance, TextTerm, perspective
from impasto.methods.optimization.objective import View
from impasto.methods.optimization.optimizers import choose
from impasto.methods.optimization.targets import Scene
from impasto.networks.clip.model import load
from impasto.painting import resumed, stylize
from impasto.painting import run as begin
from impasto.settings import StyleSettings
from tests.clips import write_clip

pytest.importorskip("transformers", reason="the extra clip is not installed")

PICTURE = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
CPU = torch.device("cpu")
WORDS = "a painting of cold water"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("models") / "clip")


def settings_of(folder: Path, **more: Any) -> StyleSettings:
    options = {"size": 64, "steps": 4, "device": "cpu", "coarsest": 0, "text_weight": 1.0}
    return StyleSettings(**{**options, "clip": str(folder), **more})


def asked_of(folder: Path, words: str = WORDS, **more: Any) -> Guidance:
    asked = Guidance.of(settings_of(folder, **more), words, CPU)
    assert asked is not None
    return asked


def content(height: int = 48, width: int = 64) -> torch.Tensor:
    return torch.randn(1, 3, height, width, generator=torch.Generator().manual_seed(5))


def test_the_loss_is_a_formula_on_cut_outs_of_the_picture(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guidance, "DISTORTION", 0.0)
    clip, asked = load(str(folder)), asked_of(folder, text_crops=3, text_templates="{}; a {}")
    term = TextTerm(asked, content(), margin=4)
    mean, std = (torch.tensor(value).view(3, 1, 1) for value in (MEAN, STD))

    def shown(x: torch.Tensor) -> torch.Tensor:
        return (x[..., 4:-4, 4:-4] * std + mean).clamp(0, 1)

    x = content() + 0.3
    side = 40  # all of the shorter side of 40 x 56 px
    offsets = sorted({left for _, left in term._corners})
    assert offsets[0] >= 0
    assert offsets[-1] <= 56 - side
    text, source = (
        F.normalize(clip.words([words, f"a {words}"]).mean(0), dim=0)
        for words in (WORDS, "a photo")
    )
    losses = []
    for top, left in term._corners:
        cut = shown(x)[..., top : top + side, left : left + side]
        way = clip.pictures(cut)[0] - clip.pictures(shown(content()))[0]
        apart = 1 - torch.dot(way, text - source) / way.norm() / (text - source).norm()
        losses.append(max(0.0, apart.item() - 0.7))
    assert sum(losses) > 0
    assert term(x, {}).item() == pytest.approx(sum(losses) / 3, abs=1e-6)


def test_it_reads_pixels_alone_and_goes_in_a_direct_step() -> None:
    assert (TextTerm.name, tuple(TextTerm.layers)) == ("text", ())


def test_a_square_that_is_not_turned_looks_at_itself() -> None:
    grid = perspective(torch.zeros(4, 2, dtype=torch.float64), 5)
    picture = torch.rand(1, 2, 5, 5)
    assert torch.allclose(
        F.grid_sample(picture, grid[None], align_corners=False), picture, atol=1e-6
    )


def test_corners_see_points_within_the_square() -> None:
    inwards = torch.zeros(4, 2, dtype=torch.float64)
    inwards[0] = torch.tensor([0.5, 0.25])
    seen = perspective(inwards, 1000)
    assert seen[0, 0].tolist() == pytest.approx([-0.5, -0.75], abs=0.005)
    assert seen[0, -1].tolist() == pytest.approx([1, -1], abs=0.005)
    assert seen[-1, -1].tolist() == pytest.approx([1, 1], abs=0.005)
    random = torch.rand(50, 4, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert all(perspective(0.5 * moves, 20).abs().max() <= 1 for moves in random)


def test_cut_outs_lie_evenly_and_stay_for_some_steps(folder: Path) -> None:
    term = TextTerm(asked_of(folder, text_crops=16), content(256, 256), margin=0)
    quarters = {(2 * top // 193, 2 * left // 193) for top, left in term._corners}
    assert len(quarters) == 4  # of all places, 193 each way, some in each quarter
    first = term._corners
    assert [term.begin(step) for step in range(1, HELD + 2)] == [*[False] * (HELD - 1), True, False]
    assert term._corners != first
    term.begin(0)
    assert term._corners == first
    other = TextTerm(asked_of(folder, text_crops=16, seed=3), content(256, 256), margin=0)
    assert other._corners != first


def test_words_that_are_asked_for_and_missing_are_refused_at_once(folder: Path) -> None:
    with pytest.raises(SettingError, match=r"text_weight is 1, and there are no words to follow"):
        stylize(PICTURE, PICTURE, settings_of(folder))
    with pytest.raises(SettingError, match=r"no CLIP model reads the words: name one with --clip"):
        stylize(PICTURE, PICTURE, size=64, text_weight=0.5, prompt="fire")
    with pytest.raises(WeightsError, match="is no folder"):
        stylize(PICTURE, PICTURE, settings_of(folder / "nowhere"), prompt="fire")
    with pytest.raises(SettingError, match="no way from one to the other"):
        stylize(PICTURE, PICTURE, settings_of(folder), prompt="a photo")
    with pytest.raises(SettingError, match="text_weight means nothing to the method one-pass"):
        stylize(PICTURE, PICTURE, method="one-pass", text_weight=0.5, prompt="fire")


def test_the_same_bytes_on_cuda_are_not_promised(folder: Path) -> None:
    settings = settings_of(folder, deterministic=True)
    guidance.check_text(settings, WORDS, CPU)
    with pytest.raises(SettingError, match="never quite the same on CUDA: leave --deterministic"):
        guidance.check_text(settings, WORDS, torch.device("cuda"))


def test_words_without_weight_change_nothing(folder: Path) -> None:
    settings = settings_of(folder / "nowhere", text_weight=0.0)
    plain = stylize(PICTURE, PICTURE, settings.replace(clip=None)).pixels
    assert (stylize(PICTURE, PICTURE, settings, prompt="fire").pixels == plain).all()


def test_tiles_are_refused_with_a_sentence(folder: Path) -> None:
    with pytest.raises(SettingError, match="tile is 128, and CLIP looks at the whole picture"):
        stylize(PICTURE, PICTURE, settings_of(folder, tile="128"), prompt=WORDS)


def test_words_too_long_for_the_model_are_told(folder: Path) -> None:
    started = next(begin(PICTURE, PICTURE, settings_of(folder), prompt="fire " * 30))
    assert isinstance(started, Started)
    assert "the words have 36 tokens, of which clip reads 16" in started.notes


def test_its_memory_is_foreseen(folder: Path) -> None:
    def predicted(**more: Any) -> int:
        started = next(begin(PICTURE, PICTURE, settings_of(folder, **more), prompt=WORDS))
        assert isinstance(started, Started)
        return started.predicted_bytes

    more = (
        asked_of(folder, text_crops=200).kept_bytes() - asked_of(folder, text_crops=1).kept_bytes()
    )
    assert more == 199 * 4 * guidance.KEPT * 2 * 17 * 16  # layers, places, width
    asked = predicted(text_crops=200) - predicted(text_crops=1)
    assert asked == pytest.approx(more, abs=3e7)  # what the process holds by then comes on top


def test_the_picture_goes_the_way_the_words_point(folder: Path) -> None:
    settings = settings_of(folder, steps=10, text_weight=20.0, content_weight=0.1, style_weight=0.1)
    painting = begin(PICTURE, PICTURE, settings, prompt=WORDS)
    told = [event.losses["text"] for event in painting if isinstance(event, Step)]
    assert told[0] > 0
    assert told[-1] < 0.8 * told[0]


@pytest.mark.parametrize("optimizer", ["lbfgs", "proximal", "adam"])
def test_a_run_goes_on_to_the_same_bytes(
    optimizer: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guidance, "HELD", 3)
    monkeypatch.chdir(folder.parent)
    files = [tmp_path / "content.png", tmp_path / "style.png"]
    for file in files:
        Image.fromarray(PICTURE).save(file)
    tv = {"tv_loss": "l1"} if optimizer == "proximal" else {}
    settings = settings_of("clip", steps=9, coarsest=32, optimizer=optimizer, **tv)  # type: ignore[arg-type]
    painting = begin(*files, settings, prompt=WORDS)
    states = [painting.checkpoint() for event in painting if isinstance(event, Step)]
    whole = painting.result().pixels
    monkeypatch.chdir(tmp_path)
    for state in (states[2], states[3], states[7]):
        checkpoint.save(state, tmp_path / "run.safetensors")
        onward = resumed(checkpoint.load(tmp_path / "run.safetensors"))
        for _ in onward:
            pass
        assert (onward.result().pixels == whole).all()


def test_a_run_that_goes_on_within_a_retry_looks_at_the_cut_outs_of_its_step(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guidance, "HELD", 3)
    file = tmp_path / "content.png"
    Image.fromarray(PICTURE).save(file)
    painting = begin(file, file, settings_of(folder, steps=6, coarsest=0), prompt=WORDS)
    steps, states = [], []
    for event in painting:
        if isinstance(event, Step):
            steps.append(event.losses)
            states.append(painting.checkpoint())
    state = replace(states[4], state={**states[4].state, "retries": 1})
    (last,) = [event.losses for event in resumed(state) if isinstance(event, Step)][-1:]
    assert last == steps[5]


def test_another_model_is_no_way_to_go_on(tmp_path: Path) -> None:
    file = tmp_path / "content.png"
    Image.fromarray(PICTURE).save(file)
    moved = write_clip(tmp_path / "clip")
    painting = begin(file, file, settings_of(moved), prompt=WORDS)
    next(painting), next(painting)
    state = painting.checkpoint()
    write_clip(moved, seed=1)
    with pytest.raises(CheckpointError, match="the CLIP model is not the one this run began with"):
        resumed(state)


def test_an_optimizer_looks_at_its_picture_again_when_cut_outs_are_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guidance, "HELD", 2)
    renewed = []
    monkeypatch.setattr(run.OptimizationRun, "_renew", lambda _, other: renewed.append(other))
    stylize(PICTURE, PICTURE, settings_of(folder, steps=5), prompt=WORDS)
    assert renewed == [False, False, True, False, True]


@pytest.mark.parametrize("name", ["lbfgs", "proximal"])
def test_a_renewed_line_search_probes_the_accepted_picture(name: str) -> None:
    pixels = torch.nn.Parameter(torch.full((1, 1, 2, 2), 3.0))
    optimizer = choose(StyleSettings(optimizer=name, tv_loss="l1"), pixels, 9)
    for _ in range(2):
        at = optimizer.ask()
        optimizer.tell(at.square().sum().item(), 2 * at)
    best = optimizer.best().clone()
    assert not torch.equal(optimizer.ask(), best)
    optimizer.renew()  # type: ignore[attr-defined]
    assert torch.equal(optimizer.ask(), best)
    optimizer.tell(1e9, 2 * best)  # of another function: nothing to compare it with
    assert torch.equal(optimizer.best(), best)


def test_a_seed_means_something_where_cut_outs_are_drawn(folder: Path) -> None:
    assert seedless(settings_of(folder)) == ""
    assert seedless(settings_of(folder, text_weight=0.0))


def test_a_scene_gives_the_term_its_margin(folder: Path) -> None:
    scene = replace(Scene.of(content(), content()), margin=4)
    term = asked_of(folder)(View(scene, settings_of(folder), lambda _: {}, {}))
    assert term._size == (40, 56)
