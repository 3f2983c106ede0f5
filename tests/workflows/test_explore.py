from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto import methods, samples
from impasto.errors import (
    MemoryShortError,
    NonFiniteError,
    PictureError,
    SettingError,
    UnknownNameError,
)
from impasto.events import Finished
from impasto.painting import stylize
from impasto.reports.sheet import EMPTY
from impasto.settings import StyleSettings
from impasto.workflows import executors
from impasto.workflows import explore_cells as exploring
from impasto.workflows.executors.local import SerialExecutor
from impasto.workflows.explore import Cell, explore, labels, plan, sheet
from tests.workflows.executors.simulated import Machines

CONTENT, STYLE = samples.content("chelsea"), samples.style("swirls")
TINY: dict[str, Any] = {"size": 64, "steps": 3, "precision": "float32"}
VARY: dict[str, Sequence[Any]] = {"strength": [0.2, 0.8], "tv_weight": [0, 1]}


def variations(vary: Mapping[str, Sequence[Any]], **options: Any) -> list[dict[str, Any]]:
    return [changes for changes, _ in plan(vary, **options)]


def test_the_first_setting_makes_columns_and_the_others_nest() -> None:
    cells = variations({"margin": [0, 0.1], "steps": [3, 5], "strength": [0, 1]})
    assert [tuple(cell.values()) for cell in cells] == [
        *((0, 3, 0.0), (0.1, 3, 0.0)),
        *((0, 3, 1.0), (0.1, 3, 1.0)),
        *((0, 5, 0.0), (0.1, 5, 0.0)),
        *((0, 5, 1.0), (0.1, 5, 1.0)),
    ]


def test_text_is_read_as_the_settings_read_it() -> None:
    cells = variations({"style_layers": ["relu1_1,relu2_1=0.5", "relu4_1"], "upscale": ["yes"]})
    assert cells[0] == {"style_layers": {"relu1_1": 1.0, "relu2_1": 0.5}, "upscale": True}


def test_cells_are_256_px_unless_told_otherwise() -> None:
    seeds = {"seed": [1]}
    assert plan(seeds)[0][1].size == 256
    assert plan(seeds, recipe="chapter")[0][1].size == 256
    assert plan(seeds, size=64)[0][1].size == 64
    assert plan(seeds, shape="30x40")[0][1].shape == (30, 40)
    assert plan({"size": [32]})[0][1].size == 32
    assert plan({"shape": ["30x40"]})[0][1].shape == (30, 40)


def test_settings_keep_what_they_are_beside_what_varies() -> None:
    from impasto.settings import StyleSettings

    base = StyleSettings(recipe="chapter", steps=7)
    ((_, settings),) = plan({"strength": [0.5]}, base, seed=3)
    assert (settings.steps, settings.seed, settings.shape) == (7, 3, (300, 450))
    assert (settings.strength, settings.style_weight) == (0.5, None)


def test_recipes_can_vary_too(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text("tv-weight = 7\n")
    cells = plan({"recipe": ["default", "gatys", str(own)]}, steps=3)
    assert [(settings.recipe, settings.tv_weight, settings.steps) for _, settings in cells] == [
        ("default", 1.0, 3),
        ("gatys", 2.0, 3),
        ("default", 7.0, 3),
    ]
    assert cells[2][0] == {"recipe": str(own)}


@pytest.mark.parametrize(
    ("vary", "options", "error", "message"),
    [
        ({"stregth": [1]}, {}, UnknownNameError, "did you mean 'strength'"),
        ({"strength": [0.5, 7]}, {}, SettingError, "strength is 7"),
        ({"strength": []}, {}, SettingError, "strength has no value"),
        ({}, {}, SettingError, "nothing varies"),
        ({"strength": [0.5], "style_weight": [2]}, {}, SettingError, "both set"),
        ({"strength": ["0.5", 0.50]}, {}, SettingError, "strength 0.5 is there twice"),
        ({"seed": range(65)}, {}, SettingError, "65 cells; a sheet has 64 at most"),
        ({"seed": range(9), "steps": range(1, 9)}, {}, SettingError, "72 cells"),
        ({"backbone": ["slim", "slem"]}, {}, UnknownNameError, "did you mean 'slim'"),
        ({"style_layers": ["relu1_1", "relu9_1"]}, {}, UnknownNameError, "not a layer of slim"),
        ({"seed": [1]}, {"device": "tpu"}, UnknownNameError, "not a device"),
        ({"recipe": ["default", "gatis"]}, {}, UnknownNameError, "did you mean 'gatys'"),
    ],
)
def test_every_combination_is_checked_before_the_first_is_painted(
    vary: dict[str, Any],
    options: dict[str, Any],
    error: type[Exception],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exploring, "run", None)
    with pytest.raises(error, match=message):
        explore(CONTENT, STYLE, vary, **options)


def test_pictures_are_read_before_the_first_is_painted(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"gone\.jpg"):
        explore(tmp_path / "gone.jpg", STYLE, VARY)
    with pytest.raises(PictureError, match=r"gone\.jpg"):
        explore(CONTENT, [STYLE, tmp_path / "gone.jpg"], VARY)


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    return list(explore(CONTENT, STYLE, VARY, **TINY))


def test_all_drafts_come_before_all_paintings(cells: list[Cell]) -> None:
    assert [(cell.index, cell.draft) for cell in cells] == [
        *((index, True) for index in (1, 2, 3, 4)),
        *((index, False) for index in (1, 2, 3, 4)),
    ]
    assert {cell.count for cell in cells} == {4}
    assert all(cell.error is None and cell.seconds > 0 for cell in cells)


def test_a_painting_is_what_its_settings_paint(cells: list[Cell]) -> None:
    last = cells[-1]
    assert last.varied == {"strength": 0.8, "tv_weight": 1.0}
    alone = stylize(CONTENT, STYLE, strength=0.8, tv_weight=1, **TINY)
    assert last.settings == alone.settings
    assert np.array_equal(np.asarray(last.picture), np.asarray(alone.picture))


def test_a_draft_has_fewer_pixels_and_a_third_of_the_steps() -> None:
    steps: list[int] = []

    def count(event: Any) -> None:
        if isinstance(event, Finished):
            steps.append(event.step)

    options = {"size": 192, "steps": 7, "coarsest": 0}
    draft, full = explore(CONTENT, STYLE, {"seed": [1]}, on_event=count, **options)
    assert (max(draft.picture.size), max(full.picture.size)) == (128, 192)  # type: ignore[union-attr]
    assert steps == [2, 7]
    assert draft.settings == full.settings


def test_a_draft_of_an_exact_shape_keeps_its_form() -> None:
    draft, full = explore(CONTENT, STYLE, {"seed": [1]}, shape=(96, 192), steps=1)
    assert draft.picture.size == (128, 64)  # type: ignore[union-attr]
    assert full.picture.size == (192, 96)  # type: ignore[union-attr]


def test_a_method_is_asked_about_every_cell_before_the_first_is_painted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Even:
        name, reads = "even", frozenset(StyleSettings.model_fields)

        def check(self, settings: StyleSettings) -> None:
            if settings.seed % 2:
                raise SettingError("even paints even seeds only")

    monkeypatch.setattr(exploring, "run", None)
    monkeypatch.setattr(methods, "find", lambda _: Even())
    with pytest.raises(SettingError, match="even seeds only"):
        explore(CONTENT, STYLE, {"seed": [2, 3]}, **TINY)


@pytest.mark.parametrize("error", [MemoryShortError("no room"), NonFiniteError("lost")])
def test_a_cell_that_fails_is_told_and_the_next_one_follows(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint = exploring.run

    def run(content: Any, style: Any, settings: Any, **more: Any) -> Any:
        if settings.tv_weight == 1:
            raise error
        return paint(content, style, settings, **more)

    monkeypatch.setattr(exploring, "run", run)
    cells = list(explore(CONTENT, STYLE, {"tv_weight": [1, 2]}, **TINY))
    assert [(cell.picture is None, cell.error) for cell in cells] == [
        (True, error),
        (False, None),
    ] * 2


def test_style_images_are_handed_on_as_they_were_given(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def run(_: Any, style: Any, *__: Any, **___: Any) -> Any:
        calls.append(style)
        raise NonFiniteError("enough")

    monkeypatch.setattr(exploring, "run", run)
    for style in (STYLE, [STYLE, CONTENT]):
        list(explore(CONTENT, style, {"seed": [1]}, **TINY))
        assert calls.pop() is calls.pop() is style


def test_labels_are_read_like_words() -> None:
    assert labels({"content_layers": {"relu3_1": 0.5}, "fit": "cover"}) == [
        "content layers relu3_1=0.5",
        "fit cover",
    ]


def test_a_sheet_has_a_place_for_every_cell() -> None:
    grid = sheet(CONTENT, [STYLE, STYLE], {**VARY, "coarsest": [0, 64]}, **TINY)
    assert (grid.across, grid.count) == (2, 8)
    empty = (np.asarray(grid.picture) == EMPTY).all(-1).sum()
    assert empty == 8 * 64 * 43


def test_pictures_without_a_file_have_a_sheet_too() -> None:
    grid = sheet(
        Image.open(CONTENT), np.zeros((40, 60, 3), np.uint8), {"shape": ["32x64", "64x32"]}
    )
    assert (np.asarray(grid.picture) == EMPTY).all(-1).sum() == 2 * 64 * 64


def test_styles_vary_like_a_setting_and_a_sample_goes_by_its_name(tmp_path: Path) -> None:
    own = tmp_path / "my_own.png"
    Image.open(STYLE).save(own)
    vary = {"style": ["swirls", own, "woodcut"]}
    cells = [cell for cell in explore(CONTENT, None, vary, **TINY) if not cell.draft]
    assert [cell.varied["style"] for cell in cells] == vary["style"]
    assert [labels(cell.varied) for cell in cells] == [["swirls"], ["my own"], ["woodcut"]]
    swirls, same, woodcut = (np.asarray(cell.picture) for cell in cells)
    assert np.array_equal(swirls, same)
    assert np.array_equal(swirls, np.asarray(stylize(CONTENT, STYLE, **TINY).picture))
    assert not np.array_equal(swirls, woodcut)


def test_styles_cross_with_settings_and_arrays_are_styles_too() -> None:
    arrays = [np.zeros((40, 60, 3), np.uint8), np.zeros((40, 60, 3), np.uint8)]
    crossed = plan({"style": arrays, "strength": [0.2, 0.8]}, **TINY)
    assert [cell["strength"] for cell, _ in crossed] == [0.2, 0.2, 0.8, 0.8]
    with pytest.raises(SettingError, match=r"strength 0\.2, a picture is there twice"):
        plan({"strength": [0.2], "style": [arrays[0], arrays[0]]}, **TINY)
    with pytest.raises(SettingError, match="swirls is there twice"):
        plan({"style": ["swirls", "swirls"]})


def test_a_style_is_either_varied_or_given() -> None:
    with pytest.raises(SettingError, match="style is varied and given"):
        explore(CONTENT, STYLE, {"style": ["swirls"]})
    with pytest.raises(SettingError, match="no style is given"):
        explore(CONTENT, None, VARY)
    with pytest.raises(PictureError, match="did you mean swirls"):
        explore(CONTENT, None, {"style": ["swirl"]})


def test_a_sheet_of_styles_alone_has_rows_of_four() -> None:
    grid = sheet(CONTENT, None, {"style": list(samples.names("style")[-7:])}, **TINY)
    assert (grid.across, grid.count) == (4, 7)
    assert (np.asarray(grid.picture) == EMPTY).all(-1).sum() >= 7 * 64 * 43
    crossed = sheet(CONTENT, None, {"style": ["swirls", "woodcut"], "steps": [1, 2]}, size=64)
    assert (crossed.across, crossed.count) == (2, 4)


def test_seeds_vary_only_where_something_is_random() -> None:
    seeds = {"seed": [1, 2]}
    with pytest.raises(SettingError, match=r"seed would paint the same .*; --init noise gives"):
        plan(seeds)
    with pytest.raises(SettingError, match="would paint the same"):
        plan({**seeds, "init": ["noise", "content"]})
    assert len(plan(seeds, init="noise")) == len(plan(seeds, style_loss="sliced")) == 2
    assert len(plan({"seed": [1]})) == 1


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
def test_a_cluster_paints_the_same_cells_in_the_same_order(
    cluster: Machines, tmp_path: Path
) -> None:
    start = tmp_path / "start.png"
    start.write_bytes(samples.content("coffee").read_bytes())
    vary = {"init": [f"image:{start}", "content"], "style": ["swirls", "mosaic"]}
    shared = {"size": 48, "steps": 3, "threads": 1}
    here = list(explore("chelsea", None, vary, **shared))
    away = list(explore("chelsea", None, vary, cluster=cluster.address, **shared))
    assert len(here) == len(away) == 8
    for one, other in zip(here, away, strict=True):
        assert (one.index, one.draft, one.varied) == (other.index, other.draft, other.varied)
        assert one.picture is not None
        assert other.picture is not None
        assert one.picture.tobytes() == other.picture.tobytes()


def test_a_cell_that_fails_elsewhere_tells_why_and_the_others_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(executors, "open", lambda *_, **__: SerialExecutor(), raising=False)
    cells = list(explore("chelsea", "swirls", {"size": [20, 48]}, steps=1, cluster="head"))
    assert [cell.error is None for cell in cells] == [False, True, False, True]
    assert "20" in str(cells[0].error)
