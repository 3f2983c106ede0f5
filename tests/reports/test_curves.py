from __future__ import annotations

import sys
import warnings
from pathlib import Path

import pytest
from PIL import Image

from impasto.errors import OutputError
from impasto.events import Step
from impasto.reports import plot_losses
from impasto.reports.curves import PLOT_FORMATS, check_plot


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


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_the_plot_names_what_it_shows(tmp_path: Path) -> None:
    # matplotlib notes each text in a comment beside its glyphs
    svg = written(plot_losses(steps(), tmp_path / "plot.svg"))
    for text in ("content loss", "style loss", "total variation loss", "48 × 32", "96 × 64"):
        assert f"<!-- {text} -->" in svg, text


def test_a_loss_that_is_0_throughout_is_left_out(tmp_path: Path) -> None:
    svg = written(plot_losses(steps(tv=0.0), tmp_path / "plot.svg"))
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
    with pytest.raises(OutputError) as caught:
        check_plot(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its folder does not exist"):
        plot_losses(steps(), tmp_path / "nowhere" / "plot.png")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "plot.png").mkdir()
    with pytest.raises(OutputError, match=r"plot\.png cannot be written .*name a file"):
        plot_losses(steps(), tmp_path / "plot.png")


def test_no_window_system_is_touched(tmp_path: Path) -> None:
    plot_losses(steps(), tmp_path / "plot.png")
    assert "matplotlib.pyplot" not in sys.modules
