from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import impasto
from impasto import samples
from impasto.errors import (
    CheckpointError,
    MemoryShortError,
    NonFiniteError,
    PictureError,
    SettingError,
)
from impasto.events import Event, Finished, Preview, Started, Step
from impasto.imaging import Picture
from impasto.imaging.color import to_oklab
from impasto.imaging.tensors import postprocess
from impasto.methods import checkpoint as checkpoints
from impasto.methods.optimization.objective import Objective, layers_needed
from impasto.methods.optimization.optimizers import LBFGS
from impasto.methods.optimization.settling import WINDOW
from impasto.methods.protocol import Run, RunOptions
from impasto.networks.features import load
from impasto.painting import paint, resumed, run, stylize
from impasto.settings import StyleSettings
from impasto.task import RegionOptions, StyleTask

CONTENT, STYLE = samples.content("chelsea"), samples.style("swirls")
SMALL = StyleSettings(size=144, coarsest=72, steps=9, threads=1)
TV = {"proximal": "l1"}  # by optimizer; without a corner to meet it is plain L-BFGS


def finish(painting: Run) -> bytes:
    for _ in painting:
        pass
    return painting.result().pixels.tobytes()


def test_events_tell_the_whole_run_in_order() -> None:
    start, *between, end = run(CONTENT, STYLE, SMALL)
    assert isinstance(start, Started)
    assert isinstance(end, Finished)
    steps = [event for event in between if isinstance(event, Step)]
    assert [step.step for step in steps] == list(range(1, 10))
    sizes = [size for size, count in start.scales for _ in range(count)]
    assert [step.scale for step in steps] == sizes
    assert set(sizes) == {(48, 72), (96, 144)}
    assert end.picture.size == (144, 96)


@pytest.mark.parametrize("every", [0, 1, 4])
def test_a_run_is_as_long_as_its_events_are_many(every: int) -> None:
    painting = run(CONTENT, STYLE, SMALL, preview_every=every)
    assert len(painting) == len(list(painting)) == 2 + 9 + (9 // every if every else 0)
    assert len(painting) == 11 + (9 // every if every else 0)  # after its end as before


def test_a_progress_bar_ends_at_its_total() -> None:
    tqdm = pytest.importorskip("tqdm", reason="gradio brings it")
    bar = tqdm.tqdm(run(CONTENT, STYLE, SMALL), file=io.StringIO())
    for _ in bar:
        pass
    assert (bar.n, bar.total) == (11, 11)


def test_a_run_that_goes_on_is_as_long_as_what_is_left(tmp_path: Path) -> None:
    painting = run(CONTENT, STYLE, SMALL)
    while not (isinstance(event := next(painting), Step) and event.step == 5):
        pass
    checkpoints.save(painting.checkpoint(), tmp_path / "run")
    later = resumed(checkpoints.load(tmp_path / "run"), preview_every=2)
    assert len(later) == 1 + 4 + 2 + 1 == len(list(later))


def test_a_result_knows_its_scales() -> None:
    painting = run(CONTENT, STYLE, SMALL)
    start = next(painting)
    assert isinstance(start, Started)
    assert painting.result().scales == start.scales != ()


def test_total_is_the_sum_of_the_weighted_losses() -> None:
    losses = stylize(CONTENT, STYLE, SMALL, tv_weight=0.5).losses
    for step in losses:
        assert step["total"] == pytest.approx(step["content"] + step["style"] + step["tv"])
    assert losses[-1]["tv"] > 0


def test_painting_lowers_the_loss() -> None:
    losses = stylize(CONTENT, STYLE, SMALL, coarsest=0, steps=12).losses
    assert losses[-1]["total"] < 0.7 * losses[0]["total"]


def test_first_content_loss_is_zero_when_started_from_the_content() -> None:
    losses = stylize(CONTENT, STYLE, SMALL, coarsest=0, steps=1).losses
    assert losses[0]["content"] == 0


def test_the_same_run_gives_the_same_bytes() -> None:
    noisy = SMALL.replace(init="blend", seed=5)
    assert finish(run(CONTENT, STYLE, noisy)) == finish(run(CONTENT, STYLE, noisy))


def test_another_seed_gives_another_picture() -> None:
    first = finish(run(CONTENT, STYLE, SMALL.replace(init="noise", seed=1)))
    assert first != finish(run(CONTENT, STYLE, SMALL.replace(init="noise", seed=2)))


def test_every_start_paints_a_picture_of_its_own() -> None:
    starts = ["content", "noise", "blend", "style", f"image:{STYLE}"]
    pictures = {finish(run(CONTENT, STYLE, SMALL, init=init, steps=3)) for init in starts}
    assert len(pictures) == len(starts)


def test_paths_pil_images_and_arrays_paint_alike() -> None:
    pil_content, pil_style = Image.open(CONTENT), Image.open(STYLE)
    of_paths = finish(run(str(CONTENT), STYLE, SMALL))
    assert of_paths == finish(run(pil_content, pil_style, SMALL))
    assert of_paths == finish(run(np.array(pil_content), np.array(pil_style), SMALL))


def test_strength_0_stays_nearer_to_the_photograph_than_1() -> None:
    photograph = np.asarray(Image.open(CONTENT).resize((144, 96), Image.LANCZOS)) / 255

    def distance(strength: float) -> float:
        painting = stylize(CONTENT, STYLE, SMALL, strength=strength, steps=30).pixels
        return float(np.abs(painting - photograph).mean())

    assert distance(0) < 0.7 * distance(1)


def test_previews_come_as_often_as_asked() -> None:
    previews = [e for e in run(CONTENT, STYLE, SMALL, preview_every=4) if isinstance(e, Preview)]
    assert [preview.step for preview in previews] == [4, 8]


def test_the_picture_can_be_had_at_its_final_size_at_any_time() -> None:
    painting = run(CONTENT, STYLE, SMALL)
    assert painting.picture().size == (144, 96)
    next(painting)
    next(painting)
    assert painting.picture().size == (144, 96)


@pytest.mark.parametrize("optimizer", ["lbfgs", "proximal", "adam"])
@pytest.mark.parametrize("stop_after", [1, 4, 5, 6, 8])
def test_a_resumed_run_ends_with_the_same_bytes(
    optimizer: str, stop_after: int, tmp_path: Path
) -> None:
    lr = 0.1 if optimizer == "adam" else 1.0
    settings = SMALL.replace(
        optimizer=optimizer, lr=lr, tv_loss=TV.get(optimizer, "vectorial"), init="blend"
    )
    whole = run(CONTENT, STYLE, settings)
    expected = finish(whole)
    painting = run(CONTENT, STYLE, settings)
    for event in painting:
        if isinstance(event, Step) and event.step == stop_after:
            break
    checkpoints.save(painting.checkpoint(), tmp_path / "run")
    again = resumed(checkpoints.load(tmp_path / "run"))
    steps = [event.step for event in again.past_events() if isinstance(event, Step)]
    assert steps == list(range(1, stop_after + 1))
    assert finish(again) == expected
    assert again.losses == whole.losses


# So large a tolerance lets the coarse scale end at the first step that may say so.
SETTLING = SMALL.replace(steps=30, scale_tolerance=0.99)


def test_a_scale_that_settles_gives_way_to_the_next() -> None:
    painting = run(CONTENT, STYLE, SETTLING)
    start, *between, end = painting
    assert isinstance(start, Started)
    assert isinstance(end, Finished)
    (coarse, most), (fine, last) = start.scales
    steps = [event for event in between if isinstance(event, Step)]
    assert [step.scale for step in steps] == [coarse] * (WINDOW + 1) + [fine] * last
    assert most > WINDOW + 1
    assert [step.steps for step in steps] == [most + last] * (WINDOW + 1) + [len(steps)] * last
    assert end.step == len(steps)
    result = painting.result()
    assert result.scales == ((coarse, WINDOW + 1), (fine, last))
    assert len(result.losses) == len(steps)


def test_a_tolerance_of_nothing_paints_every_step() -> None:
    events = list(run(CONTENT, STYLE, SETTLING.replace(scale_tolerance=0.0)))
    assert len(events) == SETTLING.steps + 2


@pytest.mark.parametrize("stop_after", [WINDOW, WINDOW + 1, WINDOW + 2])
def test_a_run_that_goes_on_settles_where_it_would_have(stop_after: int, tmp_path: Path) -> None:
    whole = run(CONTENT, STYLE, SETTLING)
    told = [event for event in whole if isinstance(event, Step)]
    painting = run(CONTENT, STYLE, SETTLING)
    for event in painting:
        if isinstance(event, Step) and event.step == stop_after:
            break
    checkpoints.save(painting.checkpoint(), tmp_path / "run")
    again = resumed(checkpoints.load(tmp_path / "run"))
    past = [event for event in again.past_events() if isinstance(event, Step)]
    start, *rest = again
    assert isinstance(start, Started)
    assert start.steps == told[stop_after - 1].steps
    after = [event for event in rest if isinstance(event, Step)]
    told_again = [(step.step, step.steps, step.scale, step.losses) for step in (*past, *after)]
    assert told_again == [(step.step, step.steps, step.scale, step.losses) for step in told]
    assert again.result().pixels.tobytes() == whole.result().pixels.tobytes()
    assert again.result().scales == whole.result().scales


def second_start(settings: StyleSettings, patch: pytest.MonkeyPatch) -> torch.Tensor:
    """The picture that the second scale begins from."""
    seen: list[torch.Tensor] = []
    evaluate = Objective.evaluate

    def look(self: Objective, x: torch.Tensor) -> Any:
        seen.append(x.clone())
        return evaluate(self, x)

    patch.setattr(Objective, "evaluate", look)
    painting = run(CONTENT, STYLE, settings)
    for event in painting:
        if isinstance(event, Step) and event.step > painting.scales[0].steps:
            break
    return seen[-1]


def moved_by_detail(patch: pytest.MonkeyPatch, **changes: Any) -> float:
    settings = SMALL.replace(steps=3, **changes)
    with_it, without = (second_start(settings.replace(detail=d), patch) for d in (1.0, 0.0))
    return (with_it - without).abs().max().item()


@pytest.mark.parametrize("init", ["content", "blend"])
def test_a_finer_scale_begins_with_the_photographs_detail(
    init: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert moved_by_detail(monkeypatch, init=init) > 0.1


@pytest.mark.parametrize(
    "changes",
    [
        {"init": "noise"},
        {"init": "style"},
        {"content_weight": 0.0, "style_weight": 1.0},
        {"content_layers": {"relu3_1": 0.0}},
    ],
)
def test_no_detail_comes_from_a_photograph_that_does_not_count(
    changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert moved_by_detail(monkeypatch, **changes) == 0


def test_an_input_that_changed_since_is_told(tmp_path: Path) -> None:
    copy = tmp_path / "photo.png"
    Image.open(CONTENT).save(copy)
    painting = run(copy, STYLE, SMALL)
    next(painting)
    next(painting)
    state = painting.checkpoint()
    Image.open(CONTENT).rotate(180).save(copy)
    with pytest.raises(CheckpointError, match=r"content .*photo\.png, has changed"):
        resumed(state)
    copy.unlink()
    with pytest.raises(CheckpointError, match="cannot be read"):
        resumed(state)


def test_a_checkpoint_needs_files_and_a_step() -> None:
    painting = run(CONTENT, STYLE, SMALL)
    with pytest.raises(CheckpointError, match="nothing is painted yet"):
        painting.checkpoint()
    painting = run(Image.open(CONTENT), STYLE, SMALL)
    next(painting)
    next(painting)
    with pytest.raises(CheckpointError, match="content image is not a file"):
        painting.checkpoint()


class Faulty:
    """Stands in for `Objective.evaluate`, with NaN at the evaluations named."""

    def __init__(self, bad: set[int]) -> None:
        self.true, self.bad, self.calls = Objective.evaluate, bad, 0

    def __call__(self, objective: Objective, x: torch.Tensor) -> object:
        self.calls += 1
        losses, gradient = self.true(objective, x)
        return (
            (losses | {"total": float("nan")}, gradient)
            if self.calls in self.bad
            else (
                losses,
                gradient,
            )
        )


@pytest.mark.parametrize("optimizer", ["lbfgs", "proximal", "adam"])
def test_a_step_that_is_not_finite_is_undone_and_retried(
    optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = Faulty({4, 5})
    monkeypatch.setattr(Objective, "evaluate", lambda self, x: faulty(self, x))
    events = run(
        CONTENT, STYLE, SMALL.replace(optimizer=optimizer, tv_loss=TV.get(optimizer, "vectorial"))
    )
    steps = [event for event in events if isinstance(event, Step)]
    assert [step.retries for step in steps] == [0, 0, 0, 2, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_three_in_a_row_end_the_run_with_the_last_good_picture(
    optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = SMALL.replace(optimizer=optimizer, coarsest=0)
    painting = run(CONTENT, STYLE, settings)
    good = [painting.standardised().clone()]
    for event in painting:
        if isinstance(event, Step) and event.step < 3:
            good.append(painting.standardised().clone())
    faulty = Faulty({4, 5, 6})
    monkeypatch.setattr(Objective, "evaluate", lambda self, x: faulty(self, x))
    with pytest.raises(NonFiniteError, match="step 4, 3 times") as error:
        finish(run(CONTENT, STYLE, settings))
    pixels = error.value.result.pixels
    # One of the three pictures that had a finite loss, and of Adam's the last.
    distances = [np.abs(pixels - postprocess(x)[0].permute(1, 2, 0).numpy()).max() for x in good]
    assert min(distances) < 1e-6
    assert optimizer == "lbfgs" or distances[-1] < 1e-6


def test_a_checkpoint_does_not_change_while_the_run_goes_on(tmp_path: Path) -> None:
    painting = run(CONTENT, STYLE, SMALL)
    for event in painting:
        if isinstance(event, Step) and event.step == 3:
            break
    checkpoint = painting.checkpoint()
    expected = finish(painting)
    checkpoints.save(checkpoint, tmp_path / "run")
    assert finish(resumed(checkpoints.load(tmp_path / "run"))) == expected


def test_other_weights_than_the_run_began_with_are_told() -> None:
    painting = run(CONTENT, STYLE, SMALL)
    next(painting)
    next(painting)
    checkpoint = painting.checkpoint()
    state = replace(checkpoint, state={**checkpoint.state, "weights_sha256": "0" * 64})
    with pytest.raises(CheckpointError, match="weights are not those"):
        resumed(state)


def test_memory_that_runs_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def short(*_: object) -> None:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

    painting = run(CONTENT, STYLE, SMALL)
    monkeypatch.setattr(Objective, "evaluate", short)
    with pytest.raises(MemoryShortError, match="pass a smaller --size"):
        finish(painting)


def test_memory_that_runs_out_while_a_run_is_resumed_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    painting = run(CONTENT, STYLE, SMALL)
    next(painting)
    next(painting)
    state = painting.checkpoint()

    def short(*_: object) -> None:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(LBFGS, "load", short)
    with pytest.raises(MemoryShortError, match="pass a smaller --size"):
        resumed(state)


def test_adam_lowers_the_loss_with_its_own_learning_rate() -> None:
    losses = stylize(CONTENT, STYLE, SMALL, optimizer="adam", coarsest=0, steps=25).losses
    assert losses[-1]["total"] < 0.7 * losses[0]["total"]


def test_seconds_stop_when_the_run_ends() -> None:
    painting = run(CONTENT, STYLE, SMALL)
    finish(painting)
    assert painting.seconds == painting.result().seconds


def test_transparency_comes_back() -> None:
    cutout = Image.open(CONTENT).convert("RGBA")
    cutout.putalpha(Image.linear_gradient("L").resize(cutout.size))
    picture = stylize(cutout, STYLE, SMALL).picture
    assert picture.mode == "RGBA"
    alpha = np.asarray(picture)[..., 3]
    assert alpha[0].max() < 10
    assert alpha[-1].min() > 245


def test_a_picture_too_small_for_the_deepest_layer_is_told() -> None:
    tiny = Image.open(CONTENT).resize((40, 9))
    with pytest.raises(PictureError, match=r"40 x 9 px; the smallest .* has 32 px"):
        run(tiny, STYLE, SMALL)
    with pytest.raises(PictureError, match=r"style .* 32 px"):
        run(CONTENT, tiny, SMALL)


def test_a_painting_keeps_the_precision_that_it_was_begun_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hardware(*, has: bool) -> None:
        monkeypatch.setattr("impasto.methods.precision.has_bfloat16", lambda *_: has)

    hardware(has=True)
    settings = StyleSettings(size=48, steps=4, coarsest=0)
    whole = run(CONTENT, STYLE, settings)
    expected = finish(whole)
    painting = run(CONTENT, STYLE, settings)
    started = next(painting)
    assert isinstance(started, Started)
    assert (started.precision, started.notes) == ("bf16", ())
    next(painting)
    checkpoints.save(painting.checkpoint(), tmp_path / "begun.safetensors")
    assert whole.result().settings.precision == "bf16"

    hardware(has=False)
    state = checkpoints.load(tmp_path / "begun.safetensors")
    assert state.settings["precision"] == "bf16"
    again = resumed(state)
    started = next(again)
    assert isinstance(started, Started)
    assert started.precision == "bf16"
    assert any("was begun in bf16 and goes on in it" in note for note in started.notes)
    assert finish(again) == expected


def test_what_was_begun_in_float32_goes_on_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painting = run(CONTENT, STYLE, SMALL, precision="float32")
    next(painting)
    next(painting)
    checkpoints.save(painting.checkpoint(), tmp_path / "begun.safetensors")
    monkeypatch.setattr("impasto.methods.precision.has_bfloat16", lambda *_: True)
    again = resumed(checkpoints.load(tmp_path / "begun.safetensors"))
    assert again.settings.precision == "float32"


def test_settings_may_be_given_one_by_one_or_whole_with_exceptions() -> None:
    one_by_one = run(CONTENT, STYLE, size=64, steps=3, precision="float32").settings
    assert one_by_one == StyleSettings(size=64, steps=3, precision="float32")
    small = SMALL.replace(precision="float32")
    assert run(CONTENT, STYLE, small, steps=3).settings == small.replace(steps=3)
    with pytest.raises(SettingError, match="steps is 0"):
        run(CONTENT, STYLE, steps=0)


def test_the_style_is_not_enlarged_and_keeps_its_size_beside_the_picture() -> None:
    style = Image.open(STYLE).resize((60, 48))
    painting = run(CONTENT, style, SMALL.replace(coarsest=36))
    shapes = [painting.pictures.style_shape((s.height, s.width)) for s in painting.scales]
    assert shapes == [(24, 30), (48, 60)]


def test_the_public_call_is_the_same(tmp_path: Path) -> None:
    result = impasto.stylize(CONTENT, STYLE, SMALL)
    path = result.save(tmp_path / "painted.png")
    assert np.array_equal(np.asarray(Image.open(path)), np.asarray(result.picture))


# Several styles, masks, colours, transparency

OTHER = samples.style("woodcut")


def left_half(height: int = 96, width: int = 144) -> np.ndarray[Any, Any]:
    mask = np.zeros((height, width), np.uint8)
    mask[:, : width // 2] = 255
    return mask


def pixels(*styles: Any, **options: Any) -> np.ndarray[Any, Any]:
    return np.asarray(stylize(CONTENT, list(styles), SMALL, **options).pixels)


def test_a_blend_that_is_all_of_one_style_is_that_style() -> None:
    alone = pixels(STYLE)
    assert np.allclose(pixels(STYLE, OTHER, style_blend=(1, 0)), alone, atol=1e-4)
    assert np.abs(pixels(STYLE, OTHER) - alone).mean() > 0.01


def test_the_photograph_stays_where_no_mask_paints() -> None:
    result = stylize(CONTENT, STYLE, SMALL, masks=left_half())
    photo, painting = result.content.floats, result.pixels
    assert np.abs(painting[:, 74:] - photo[:, 74:]).max() < 1e-6
    assert np.abs(painting[:, :70] - photo[:, :70]).mean() > 0.02


@pytest.mark.parametrize("color", ["style", "luminance", "only"])
def test_what_is_kept_stays_to_the_pixel_and_the_rest_is_painted(color: str) -> None:
    result = stylize(CONTENT, [STYLE, OTHER], SMALL, keep=left_half(), color=color)
    photo, painting = result.content.floats, result.pixels
    assert np.abs(painting[:, :70] - photo[:, :70]).max() < 1e-6
    assert np.abs(painting[:, 74:] - photo[:, 74:]).mean() > 0.02
    if color == "only":
        everywhere = pixels(STYLE, OTHER, color="only")
        assert np.allclose(painting[:, 74:], everywhere[:, 74:], atol=1e-6)


def test_one_style_and_what_is_kept_are_one_style_and_the_inverse_mask() -> None:
    kept, masked = pixels(STYLE, keep=left_half()), pixels(STYLE, masks=255 - left_half())
    # Grey edges are rounded to 8 bits both ways, and steps enlarge the difference in single places.
    assert np.abs(kept - masked).mean() < 0.005


def test_what_is_masked_stays_from_any_start_and_at_any_time() -> None:
    painting = run(CONTENT, STYLE, SMALL.replace(init="noise"), masks=left_half())
    next(painting)
    next(painting)
    result = painting.result()  # in the midst of the coarse scale
    assert np.abs(result.pixels[:, 74:] - result.content.floats[:, 74:]).max() < 1e-6


def test_masks_say_which_style_paints_where() -> None:
    left = left_half()
    # Another order of sums is seen in bf16, and after some steps, once it flips a ReLU.
    exact = {"precision": "float32", "steps": 3}
    both = pixels(STYLE, OTHER, masks=[left, 255 - left], **exact)
    exchange = pixels(OTHER, STYLE, masks=[255 - left, left], **exact)
    assert np.allclose(both, exchange, atol=1e-5)
    right, wrong = (pixels(*s, masks=[left, 255 - left]) for s in ((STYLE, OTHER), (OTHER, STYLE)))
    assert np.abs(right - wrong).mean() > 0.01


def test_luminance_keeps_the_photographs_chroma_within_a_hundredth() -> None:
    result = stylize(CONTENT, STYLE, SMALL, color="luminance")
    chroma, expected = (
        np.hypot(*np.moveaxis(to_oklab(p)[..., 1:], -1, 0))
        for p in (result.pixels, result.content.floats)
    )
    assert np.abs(chroma - expected).mean() < 0.01 * expected.mean()
    light, before = (to_oklab(p)[..., 0] for p in (result.pixels, result.content.floats))
    assert np.abs(light - before).mean() > 0.01


def test_every_colour_paints_and_previews_look_like_results() -> None:
    for colour in ("luminance", "match", "histogram"):
        painting = run(CONTENT, STYLE, SMALL, color=colour, preview_every=9)
        previews = [event for event in painting if isinstance(event, Preview)]
        assert np.array_equal(previews[-1].picture, painting.picture())


def test_colours_alone_take_no_step() -> None:
    start, end = run(CONTENT, STYLE, SMALL, color="only")
    assert isinstance(start, Started)
    assert (start.steps, start.scales) == (0, ())
    assert isinstance(end, Finished)
    style = np.asarray(Image.open(STYLE).convert("RGB"), np.float32) / 255
    picture = np.asarray(end.picture, np.float32) / 255
    assert picture.mean((0, 1)) == pytest.approx(style.mean((0, 1)), abs=0.03)


def sticker(colour: tuple[int, int, int]) -> np.ndarray[Any, Any]:
    """A disc of the photograph, with a colour of choice under what is transparent."""
    photo = np.asarray(Image.open(CONTENT).convert("RGB").resize((144, 144)))
    rows, columns = np.mgrid[:144, :144]
    away = np.hypot(rows - 71.5, columns - 71.5)
    alpha = (255 * np.clip(60 - away, 0, 1)).astype(np.uint8)
    return np.dstack([np.where(alpha[..., None] > 0, photo, np.uint8(colour)), alpha])


def test_what_is_hidden_changes_nothing_that_is_painted() -> None:
    green, black = (
        stylize(sticker(colour), STYLE, SMALL).picture for colour in ((0, 255, 0), (0, 0, 0))
    )
    assert green.mode == "RGBA"
    assert green.tobytes() == black.tobytes()
    visible = np.asarray(green)[np.asarray(green)[..., 3] > 0].astype(int)
    assert (visible[:, 1] - visible[:, [0, 2]].max(-1)).max() < 150  # no pure green anywhere


def test_a_style_is_learnt_from_what_is_visible_of_it() -> None:
    style = np.asarray(Image.open(STYLE).convert("RGB").resize((144, 144)))
    half = np.dstack([style, np.full((144, 144), 255, np.uint8)])
    half[:, 72:] = (255, 0, 255, 0)
    result = pixels(half)
    assert not (result[..., [0, 2]].min(-1) - result[..., 1] > 0.5).any()  # no magenta
    assert result.shape == (96, 144, 3)


def test_a_run_of_several_styles_and_masks_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    left = left_half()
    paths = [tmp_path / "left.png", tmp_path / "right.png"]
    for path, mask in zip(paths, (left, 255 - left), strict=True):
        Image.fromarray(mask).save(path)
    options: dict[str, Any] = {"masks": paths, "style_masks": [STYLE, OTHER]}
    whole = finish(run(CONTENT, [STYLE, OTHER], SMALL, **options))
    painting = run(CONTENT, [STYLE, OTHER], SMALL, **options)
    while not (isinstance(event := next(painting), Step) and event.step == 7):
        pass
    checkpoints.save(painting.checkpoint(), tmp_path / "run.safetensors")
    assert finish(resumed(checkpoints.load(tmp_path / "run.safetensors"))) == whole


def test_finer_strokes_come_of_a_smaller_style() -> None:
    painting = run(CONTENT, STYLE, SMALL, style_scale=0.5)
    assert painting.pictures.style_shape(painting.shape)[1] == 72


# Regions with options, networks and terms of one's own


def test_a_region_with_layers_of_its_own_paints_otherwise_and_only_there() -> None:
    left = left_half()
    task = StyleTask.of(CONTENT, [STYLE, OTHER], masks=[left, 255 - left])

    def paint_with(options: RegionOptions) -> np.ndarray[Any, Any]:
        run = paint(task.replace(regions=(options, RegionOptions())), SMALL)
        for _ in run:
            pass
        return np.asarray(run.result().pixels)

    plain, fine = paint_with(RegionOptions()), paint_with(RegionOptions({"relu1_1": 1.0}))
    apart = np.abs(plain - fine).mean(-1)
    # What is painted at the one side reaches over the border by the fields of the layers.
    assert apart[:, :48].mean() > 3 * apart[:, 120:].mean()
    assert apart[:, :48].mean() > 0.005


def test_a_region_that_asks_more_of_the_content_stays_nearer_to_the_photograph() -> None:
    left = left_half()
    task = StyleTask.of(CONTENT, [STYLE, STYLE], masks=[left, 255 - left])
    away = []
    for weight in (1.0, 30.0):
        options = (RegionOptions(content_weight=weight), RegionOptions())
        run = paint(task.replace(regions=options), SMALL, steps=20)
        for _ in run:
            pass
        result = run.result()
        away.append(np.abs(result.pixels - result.content.floats)[:, :60].mean())
    assert away[1] < 0.8 * away[0]


def test_hard_edges_leave_every_pixel_to_the_one_or_the_other() -> None:
    grey = np.tile(np.linspace(0, 255, 144).astype(np.uint8), (96, 1))
    task = StyleTask.of(CONTENT, STYLE, masks=grey, regions=[RegionOptions(hard=True)])
    run = paint(task, SMALL)
    for _ in run:
        pass
    result = run.result()
    photograph = np.abs(result.pixels - result.content.floats).max((0, 2)) < 1e-6
    assert photograph[:70].all()
    assert not photograph[76:].any()


def test_a_run_with_regions_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    mask = tmp_path / "left.png"
    Image.fromarray(left_half()).save(mask)
    options = RegionOptions({"relu1_1": 1.0, "relu2_1": 0.5}, content_weight=3.0, hard=True)
    task = StyleTask.of(CONTENT, STYLE, masks=mask, regions=[options])
    whole = finish(paint(task, SMALL))
    painting = paint(task, SMALL)
    while not (isinstance(event := next(painting), Step) and event.step == 4):
        pass
    checkpoints.save(painting.checkpoint(), tmp_path / "run")
    assert finish(resumed(checkpoints.load(tmp_path / "run"))) == whole


def test_an_extractor_of_ones_own_looks_in_place_of_the_backbone() -> None:
    layers = layers_needed(SMALL)
    slim = load("slim", layers, padding=SMALL.padding, pooling="auto")
    task = StyleTask.of(CONTENT, STYLE)
    exact = SMALL.replace(precision="float32")  # which is what `auto` is for a network of others
    own = paint(task, SMALL, RunOptions(extractor=slim))
    assert own.settings.precision == "float32"
    assert finish(own) == finish(paint(task, exact))


@pytest.mark.parametrize(
    ("more", "settings", "expected"),
    [
        ({}, {}, "bf16"),
        ({"masks": left_half()}, {}, "float32"),
        ({"keep": left_half()}, {}, "float32"),
        ({}, {"style_loss": "wasserstein"}, "float32"),
        ({}, {"gram_heads": 2}, "float32"),
    ],
    ids=["plain", "mask", "keep", "no tap", "heads"],
)
def test_auto_is_bf16_only_where_a_step_gains_by_it(
    more: dict[str, Any],
    settings: dict[str, Any],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("impasto.methods.precision.has_bfloat16", lambda *_: True)
    task = StyleTask.of(CONTENT, STYLE, **more)
    started = next(paint(task, SMALL.replace(device="cpu", **settings)))
    assert isinstance(started, Started)
    assert started.precision == expected


def test_terms_of_ones_own_are_told_and_painted() -> None:
    class Dark:
        name, weight, layers = "dark", 50.0, ()

        def __call__(self, picture: torch.Tensor, features: object) -> torch.Tensor:  # noqa: ARG002
            return (picture + 2).square().mean()

    task = StyleTask.of(CONTENT, STYLE)
    run = paint(task, SMALL, RunOptions(terms=(lambda _: Dark(),)))
    steps = [event for event in run if isinstance(event, Step)]
    assert list(steps[0].losses) == ["content", "style", "tv", "dark", "total"]
    assert run.result().pixels.mean() < stylize(CONTENT, STYLE, SMALL).pixels.mean() - 0.1


def test_a_start_picture_takes_the_place_of_the_setting() -> None:
    task = StyleTask.of(CONTENT, STYLE, start=Image.open(OTHER))
    expected = finish(run(CONTENT, STYLE, SMALL.replace(init=f"image:{OTHER}")))
    assert finish(paint(task, SMALL)) == expected


def test_what_the_file_cannot_hold_is_told_at_the_end() -> None:
    def notes(format: str | None) -> tuple[str, ...]:
        task = StyleTask.of(sticker((0, 0, 0)), STYLE)
        *_, end = paint(task, SMALL, RunOptions(output_format=format))
        assert isinstance(end, Finished)
        return end.notes

    assert notes("JPEG") == (
        "JPEG holds no transparency: what is hidden becomes white; .png would keep it",
    )
    assert notes("PNG") == notes(None) == ()


def test_what_reading_changed_is_told_at_the_start() -> None:
    picture = Picture(np.asarray(Image.open(CONTENT)), notes=("only the first frame is painted",))
    start = next(run(picture, STYLE, SMALL))
    assert isinstance(start, Started)
    assert start.notes == ("only the first frame is painted",)
    assert (start.method, start.shape) == ("optimization", (96, 144))


# What `stylize` tells while it paints


def test_stylize_tells_every_event_that_run_does() -> None:
    events: list[Event] = []
    result = stylize(CONTENT, STYLE, SMALL, on_event=events.append)
    assert [type(event) for event in events] == [type(e) for e in run(CONTENT, STYLE, SMALL)]
    assert [event.losses for event in events if isinstance(event, Step)] == result.losses


def test_what_a_listener_raises_goes_through() -> None:
    class StopError(Exception):
        pass

    def stop_at_3(event: Event) -> None:
        if isinstance(event, Step) and event.step == 3:
            raise StopError

    with pytest.raises(StopError):
        stylize(CONTENT, STYLE, SMALL, on_event=stop_at_3)


def test_pictures_from_bytes_files_and_tensors_paint_the_same() -> None:
    expected = stylize(CONTENT, STYLE, SMALL).pixels
    with CONTENT.open("rb") as photo:
        from_files = stylize(photo, io.BytesIO(STYLE.read_bytes()), SMALL)
    assert from_files.inputs == (CONTENT,)
    assert np.array_equal(from_files.pixels, expected)
    assert np.array_equal(stylize(CONTENT.read_bytes(), STYLE, SMALL).pixels, expected)
    tensor = torch.from_numpy(np.array(Image.open(STYLE).convert("RGB"))).permute(2, 0, 1)
    assert np.array_equal(stylize(CONTENT, tensor[None], SMALL).pixels, expected)
