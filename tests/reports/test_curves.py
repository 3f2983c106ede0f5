from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto import imaging
from impasto.errors import OutputError
from impasto.events import Step
from impasto.methods.result import Result
from impasto.reports import plot_losses
from impasto.reports.curves import PLOT_FORMATS, check_plot, loss_colours
from impasto.settings import StyleSettings


def steps(tv: float = 1e-3) -> list[Step]:
    sizes = [(32, 48)] * 5 + [(64, 96)] * 5
    return [
        Step(n, 10, size, {"content": (n - 1) / 10, "style": 5 / n, "tv": tv, "total": 1.0}, n)
        for n, size in enumerate(sizes, 1)
    ]


@pytest.mark.parametrize("ending", PLOT_FORMATS)
def test_equal_runs_make_equal_files(ending: str, tmp_path: Path) -> None:
    one, other = (plot_losses(steps(), tmp_path / f"{name}{ending}") for name in "ab")
    assert one.read_bytes() == other.read_bytes()
    assert one.stat().st_size > 1000


def test_a_png_holds_no_date_and_no_program(tmp_path: Path) -> None:
    with Image.open(plot_losses(steps(), tmp_path / "plot.PNG")) as plot:
        assert plot.info.keys() <= {"dpi"}
        assert min(plot.size) > 500


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_the_plot_names_what_it_shows(tmp_path: Path) -> None:
    # matplotlib notes each text in a comment beside its glyphs
    svg = text_of(plot_losses(steps(), tmp_path / "plot.svg"))
    for text in ("content loss", "style loss", "total variation loss", "48 × 32", "96 × 64"):
        assert f"<!-- {text} -->" in svg, text


def test_a_result_is_drawn_as_its_steps_are(tmp_path: Path) -> None:
    losses = [dict(step.losses) for step in steps()]
    sizes = (((32, 48), 5), ((64, 96), 5))
    picture = imaging.read(np.zeros((8, 9, 3), np.uint8))
    result = Result(
        imaging.array_to_pil(picture.floats),
        picture.floats,
        losses,
        StyleSettings(),
        1.0,
        picture,
        scales=sizes,
    )
    expected = plot_losses(steps(), tmp_path / "steps.svg").read_bytes()
    assert plot_losses(result, tmp_path / "result.svg").read_bytes() == expected


def test_losses_alone_are_drawn_without_scales(tmp_path: Path) -> None:
    alone = text_of(plot_losses([step.losses for step in steps()], tmp_path / "plot.svg"))
    assert "<!-- style loss -->" in alone
    assert "<!-- 48 × 32 -->" not in alone


def test_a_loss_that_is_0_throughout_is_left_out(tmp_path: Path) -> None:
    svg = text_of(plot_losses(steps(tv=0.0), tmp_path / "plot.svg"))
    assert "<!-- total variation loss -->" not in svg
    assert "<!-- style loss -->" in svg


@pytest.mark.parametrize("count", [0, 1])
def test_a_run_of_hardly_a_step_is_drawn_without_a_warning(count: int, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plot_losses(steps()[:count], tmp_path / "plot.png").is_file()


@pytest.mark.parametrize("name", ["plot", "plot.jpeg", "plot.png.txt"])
def test_an_unknown_format_is_told_those_there_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"end its name in \.pdf, \.png, \.svg"):
        check_plot(tmp_path / name)


@pytest.mark.parametrize("name", ["two\nlines.txt", "two\nlines/plot.png"])
def test_an_odd_name_keeps_the_message_on_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as error:
        check_plot(tmp_path / name)
    assert "\n" not in str(error.value)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its folder does not exist"):
        plot_losses(steps(), tmp_path / "nowhere" / "plot.png")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "plot.png").mkdir()
    with pytest.raises(OutputError, match=r"plot\.png cannot be written .*name a file"):
        plot_losses(steps(), tmp_path / "plot.png")


def test_losses_are_drawn_by_whatever_names_they_have(tmp_path: Path) -> None:
    run = [
        Step(1, 2, (8, 8), {"sky_style": 2.0, "clip": 0.0, "total": 2.0}),
        Step(2, 2, (8, 8), {"sky_style": 1.0, "clip": 0.5, "temporal": 0.1, "total": 1.6}),
    ]
    svg = text_of(plot_losses(run, tmp_path / "plot.svg"))
    for text in ("sky style loss", "clip loss", "temporal loss"):
        assert f"<!-- {text} -->" in svg, text
    assert "<!-- total loss -->" not in svg
    assert "<!-- content loss -->" not in svg


def test_steps_of_a_method_without_losses_make_an_empty_plot(tmp_path: Path) -> None:
    run = [Step(n, 2, (8, 8)) for n in (1, 2)]
    assert "loss -->" not in text_of(plot_losses(run, tmp_path / "plot.svg")).replace(
        "weighted loss -->", ""
    )


def test_each_loss_has_a_colour_of_its_own_which_known_ones_keep() -> None:
    colours = loss_colours(["clip", "style", "temporal"])
    assert len(set(colours.values())) == 3
    assert colours["style"] == loss_colours(["style"])["style"]


def test_no_window_system_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)  # importing it fails now
    assert plot_losses(steps(), tmp_path / "plot.png").is_file()


def test_a_home_that_cannot_be_written_to_is_no_matter(tmp_path: Path) -> None:
    program = (
        "from impasto.reports import plot_losses;"
        f"plot_losses([{{'content': 1.0, 'total': 1.0}}], {str(tmp_path / 'a.png')!r})"
    )
    environment = {**os.environ, "HOME": os.devnull, "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""}
    environment.pop("MPLCONFIGDIR", None)
    process = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, timeout=120
    )
    assert (process.returncode, process.stderr) == (0, b"")
