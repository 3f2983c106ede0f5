from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from impasto import imaging, samples
from impasto.events import Started
from impasto.faces import Face
from impasto.methods import checkpoint as checkpoints
from impasto.methods.optimization.kept_faces import content_in_faces, parts_of
from impasto.methods.optimization.targets import Scene
from impasto.methods.protocol import RunOptions
from impasto.painting import paint, stylize
from impasto.settings import StyleSettings
from impasto.task import StyleTask

GEOMETRY = {"relu1_1": (1, 3), "relu2_1": (2, 10), "relu3_1": (4, 24), "relu4_2": (8, 92)}
LAYERS: dict[str, Any] = {
    "content_layers": {"relu3_1": 1.0},
    "style_layers": {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0},
}
FAST: dict[str, Any] = {
    **LAYERS,
    "size": 160,
    "steps": 6,
    "coarsest": 80,
    "precision": "float32",
    "device": "cpu",
    "scale_tolerance": 0,
}
FACE = Face((30, 30, 90, 114), 1.0, (45, 60), (75, 60), (60, 75), (48, 93), (72, 93))


def scene(*kept: Face) -> Scene:
    plain = Scene.of(torch.zeros(1, 3, 152, 120), torch.zeros(1, 3, 40, 40))
    return replace(plain, faces=kept)


def test_without_faces_nothing_is_weighed() -> None:
    settings = StyleSettings(**LAYERS)
    assert content_in_faces(scene(), settings, GEOMETRY) == []
    assert parts_of(scene(), None, 1, 3) == [(1.0, None)]


def test_content_counts_in_the_face_alone_and_most_on_eyes_and_mouth() -> None:
    settings = StyleSettings(strength=0.8, **LAYERS)
    kept = content_in_faces(scene(FACE), settings, GEOMETRY)
    assert [own.layer for own in kept] == ["relu3_1", "relu2_1"]
    places = kept[0].places[0, 0]
    assert places.shape == (38, 30)
    eye, nose, corner = places[15, 11].item(), places[18, 15].item(), places[0, 0].item()
    assert eye > 2 > 1.5 > nose > 0.9
    assert corner == 0


def test_a_bolder_painting_holds_faces_by_more_and_a_subtle_one_by_no_more_than_all() -> None:
    def weight(strength: float) -> float:
        settings = StyleSettings(strength=strength, **LAYERS)
        return content_in_faces(scene(FACE), settings, GEOMETRY)[0].weight

    assert weight(0.8) > 2 * weight(0.5) > 0
    assert content_in_faces(scene(FACE), StyleSettings(strength=0.2, **LAYERS), GEOMETRY) == []


def test_features_hold_a_face_by_less_where_its_forms_are_held_too() -> None:
    settings, small = StyleSettings(strength=0.8, **LAYERS), FACE.moved(0.5, 0.5, 0, 90)

    def held(*formed: Face) -> tuple[float, float]:
        """By how much the large face and the small one are, over what counts everywhere."""
        kept = content_in_faces(scene(FACE, small), settings, GEOMETRY, formed=formed)[0]
        more = kept.weight / kept.places.mean()
        ats = ((round(face.mouth[1]) // 4, round(face.mouth[0]) // 4) for face in (FACE, small))
        large, other = (float(more * kept.places[0, 0][at]) for at in ats)
        return large, other

    (large, small_one), both = held(FACE), held(FACE, small)
    neither = held()
    assert large == pytest.approx(both[0])
    assert small_one == pytest.approx(neither[1])
    assert large < 0.8 * neither[0]
    assert both[1] < 0.8 * small_one


def test_a_large_face_is_held_by_less_and_one_that_is_turned_by_more() -> None:
    settings = StyleSettings(strength=0.8, **LAYERS)
    turned = replace(FACE, right_eye=(60, 60), right_mouth=(62, 93))

    def held(face: Face) -> float:
        kept = content_in_faces(scene(face), settings, GEOMETRY)
        return kept[0].places.max().item()

    assert held(FACE.moved(2, 2, -60, -70)) < 0.7 * held(FACE)
    assert held(turned) > 1.2 * held(FACE)


def test_a_layer_that_sees_strokes_counts_inside_and_outside_apart() -> None:
    (outside, out), (inside, within) = parts_of(scene(FACE), None, 4, 24)
    assert outside + inside == pytest.approx(1)
    assert within is not None
    assert out is not None
    assert torch.allclose(out + within, torch.ones_like(out))


def test_a_layer_that_sees_whole_faces_counts_outside_alone() -> None:
    ((outside, out),) = parts_of(scene(FACE), None, 8, 92)
    assert outside < 1
    assert out is not None
    assert out[0, 0, 9, 7] < 0.1


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> StyleTask[str]:
    """The astronaut's head, in a file, and a style."""
    head = Image.open(samples.content("astronaut")).convert("RGB").resize((512, 512))
    place = tmp_path_factory.mktemp("head") / "head.png"
    head.crop((120, 20, 330, 230)).save(place)
    return StyleTask.of(str(place), str(samples.style("swirls")))


def painted(task: StyleTask[str], options: RunOptions | None = None, **changes: Any) -> Any:
    run = paint(task, StyleSettings(**{**FAST, "strength": 0.9, **changes}), options)
    for _ in run:
        pass
    return run.result()


def test_a_face_is_painted_nearer_to_the_photograph_and_the_rest_as_before(
    task: StyleTask[str],
) -> None:
    plain, kept = (painted(task, keep_faces=keep, steps=24).pixels for keep in (False, True))
    photo = imaging.resized(imaging.read(task.content), 160, 160).floats

    def alike(picture: Any, rows: slice, columns: slice) -> float:
        """How far light and dark go together with the photograph's."""
        light = [own[rows, columns].mean(-1).ravel() for own in (picture, photo)]
        return float(np.corrcoef(*light)[0, 1])

    face, corner = (slice(45, 115), slice(50, 110)), (slice(130, 160), slice(0, 160))
    assert alike(kept, *face) > alike(plain, *face) + 0.05
    assert alike(kept, *corner) < alike(plain, *corner) + 0.05


def test_what_is_found_is_told_and_a_picture_without_a_face_painted_as_ever() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (80, 80, 3), np.uint8)
    results = [
        stylize(noise, "swirls", StyleSettings(**{**FAST, "size": 80}), keep_faces=keep)
        for keep in (False, True)
    ]
    assert (results[0].pixels == results[1].pixels).all()
    assert "no face is found" in results[1].content.notes[-1]


def test_tiles_keep_faces_as_the_whole_does(task: StyleTask[str]) -> None:
    whole, tiled = (painted(task, keep_faces=True, tile=tile) for tile in ("off", "128"))
    assert np.abs(whole.pixels - tiled.pixels).mean() < 0.5 / 255


def test_a_run_goes_on_to_the_same_bytes(task: StyleTask[str], tmp_path: Any) -> None:
    settings = StyleSettings(**FAST, keep_faces=True)
    run = paint(task, settings)
    for _ in range(4):
        next(run)
    checkpoints.save(run.checkpoint(), tmp_path / "state")
    for _ in run:
        pass
    state = checkpoints.load(tmp_path / "state")
    again = paint(state.task(), settings, RunOptions(resume=state))
    for _ in again:
        pass
    assert (run.result().pixels == again.result().pixels).all()


def test_what_was_begun_before_faces_had_forms_goes_on_without_them(
    task: StyleTask[str],
) -> None:
    settings = StyleSettings(**FAST, keep_faces=True)
    run = paint(task, settings)
    for _ in range(2):
        next(run)
    now = run.checkpoint()
    before = replace(now, state={k: v for k, v in now.state.items() if k != "forms"})
    guides = []
    for state, forms in ((now, True), (before, False)):
        again = paint(task, settings, RunOptions(resume=state))
        assert again.pictures.forms is forms
        guides.append(again.pictures.guide.floats)
        next(again)
        next(again)
        (content, *_) = again._ready.objective(again.scales[0], again._scene).terms
        assert (content.seen is not None) is forms
        assert again.checkpoint().state["forms"] is forms
    tinted = np.abs(guides[0] - guides[1]).max(-1)
    assert tinted[60:100, 60:100].max() > 0.02
    assert tinted[:, :20].max() == 0


def test_several_styles_masks_and_keep_go_together_with_faces(task: StyleTask[str]) -> None:
    left = np.zeros((210, 210), np.uint8)
    left[:, :105] = 255
    result = stylize(
        task.content,
        ["swirls", "woodcut"],
        StyleSettings(**{**FAST, "size": 96, "steps": 3}),
        masks=[left, 255 - left],
        keep=np.pad(np.full((20, 210), 255, np.uint8), ((190, 0), (0, 0))),
        keep_faces=True,
    )
    assert np.isfinite(result.pixels).all()


def test_faces_that_are_known_are_not_looked_for(task: StyleTask[str]) -> None:
    settings = {"size": 96, "steps": 2}
    nowhere = painted(task, RunOptions(faces=()), keep_faces=True, **settings)
    plain = painted(task, keep_faces=False, **settings)
    assert (nowhere.pixels == plain.pixels).all()


def test_where_colours_alone_are_moved_it_is_told_that_nothing_is_kept_or_drawn(
    task: StyleTask[str],
) -> None:
    settings = StyleSettings(**FAST, color="only", keep_faces=True, lines=1.0)
    started = next(paint(task, settings))
    assert isinstance(started, Started)
    assert "colours alone are moved, which keeps faces as they are" in started.notes
    assert "colours alone are moved: flat_colors and lines change nothing" in started.notes
