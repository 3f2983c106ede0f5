"""Films at the command line: what is asked is written, whatever stops it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto.cli import main
from impasto.cli.film import Following
from impasto.cli.film_progress import FilmProgress
from impasto.errors import OutputError
from impasto.media.film import FilmReader, probe
from impasto.workflows.film.events import FilmEvent, FilmFrame
from impasto.workflows.film.order import SEGMENTS
from tests import warm
from tests.films import card, make_film
from tests.workflows.film.conftest import two_shots

Films = Callable[..., Path]

# Runs the command line and sends itself a signal once a frame is told: the same moment every time,
# with no clock involved.
PROGRAM = """
import os, sys
from impasto.cli import main
from impasto.cli.film_progress import FilmProgress
from impasto.workflows.film.events import FilmEvent, FilmFrame
from impasto.workflows.film.order import SEGMENTS
SEGMENTS["one-pass"] = 8
tell = FilmProgress.__call__
def tell_and_signal(self, event):
    tell(self, event)
    if isinstance(event, FilmFrame) and event.number == {frame}:
        os.kill(os.getpid(), {signal})
FilmProgress.__call__ = tell_and_signal
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


def run_with_signal(number: int, frame: int, *words: str) -> subprocess.CompletedProcess[str]:
    code = PROGRAM.format(frame=frame, signal=int(number))
    return warm.run(["-c", code, *words], capture_output=True, text=True)


def video(*words: object, code: int = 0) -> None:
    assert main(["video", *map(str, words)]) == code


@pytest.mark.parametrize(("frame", "kept"), [(7, 0), (15, 8), (17, 16)])
def test_a_killed_film_is_gone_on_with_to_the_same_bytes(
    tmp_path: Path,
    frame: int,
    kept: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(SEGMENTS, "one-pass", 8)
    source = make_film(tmp_path / "in.mp4", pictures=two_shots(16, 2), sounds=["aac"])
    output, whole = tmp_path / "out.mp4", tmp_path / "whole.mp4"
    words = ["swirls", "--threads", "1"]
    killed = run_with_signal(signal.SIGKILL, frame, "video", str(source), *words, "-o", str(output))
    assert killed.returncode == -signal.SIGKILL
    assert not output.exists()
    assert main(["resume", str(tmp_path / "out.checkpoint.safetensors")]) == 0
    done = f", {kept} of them painted already" if kept else ""
    assert f"18 frames of 64 x 48 px, 2 shots{done}\n" in capsys.readouterr().err
    video(source, *words, "-o", whole)
    assert output.read_bytes() == whole.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.mp4", "out.mp4", "whole.mp4"]


def test_ctrl_c_keeps_what_is_painted_and_says_how_to_go_on(tmp_path: Path) -> None:
    # Segments end after 8, 16 and 20 frames: of the second nothing is kept yet.
    source = make_film(tmp_path / "in.mp4", count=20)
    output = tmp_path / "out.mp4"
    stopped = run_with_signal(
        signal.SIGINT, 15, "video", str(source), "swirls", "-o", str(output), "--threads", "1"
    )
    assert stopped.returncode == 130
    journal = tmp_path / "out.checkpoint.safetensors"
    assert stopped.stderr.splitlines()[-1] == (
        "stopped after frame 15 of 20: 8 frames are kept beside the output; go on with: "
        f"impasto resume {journal}"
    )
    again = run_with_signal(
        signal.SIGINT, 0, "video", str(source), "swirls", "-o", str(output), "--threads", "1"
    )
    assert again.returncode == 2
    assert "was begun already: go on with impasto resume" in again.stderr
    assert main(["resume", str(journal), "-q"]) == 0
    assert probe(output).frames == 20


@pytest.mark.usefixtures("smears")
def test_frames_of_whole_segments_are_told_to_be_kept(
    film: Films,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(SEGMENTS, "one-pass", 4)
    take = Following.take

    def broken(self: Following, event: FilmEvent) -> None:
        take(self, event)
        if isinstance(event, FilmFrame) and event.number == 7:
            raise OutputError("the disk is full: make room")

    monkeypatch.setattr(Following, "take", broken)
    video(film(12, 0), "swirls", "-o", tmp_path / "out.mp4", code=2)
    # Segments end after 4, 8 and 12 frames.
    assert "make room; 4 frames are kept beside" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.usefixtures("smears")
def test_an_error_on_the_way_says_how_to_go_on(
    film: Films,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OutputError("the disk is full: make room")

    monkeypatch.setattr("impasto.media.film.join", full)
    video(film(), "swirls", "-o", tmp_path / "out.mp4", code=2)
    journal = tmp_path / "out.checkpoint.safetensors"
    assert capsys.readouterr().err.splitlines()[-1] == (
        "impasto: the disk is full: make room; 12 frames are kept beside the output: go on with "
        f"impasto resume {journal}"
    )
    monkeypatch.undo()
    assert main(["resume", str(journal)]) == 0


@pytest.mark.usefixtures("warm_workers")
def test_shots_that_are_painted_at_once_make_the_same_film(tmp_path: Path) -> None:
    source = make_film(tmp_path / "in.mp4", pictures=two_shots(5, 5))
    words = [source, "swirls", "--threads", "1"]
    video(*words, "-o", tmp_path / "one.mp4")
    video(*words, "-o", tmp_path / "two.mp4", "--jobs", 2)
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


@pytest.mark.usefixtures("smears")
def test_a_program_reads_one_line(
    film: Films,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "out.mp4"
    video(film(), "swirls", "-o", output, "--json")
    captured = capsys.readouterr()
    record = json.loads(captured.out)
    assert captured.err == ""
    del record["seconds"]
    assert record == {
        "output": str(output),
        "width": 64,
        "height": 48,
        "frames": 12,
        "shots": 2,
        "length": 0.48,
        "method": "one-pass",
        "notes": [],
    }


@pytest.mark.usefixtures("smears")
def test_a_program_reads_of_errors_too(
    film: Films,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    video(film(), "swirls", "-o", tmp_path / "out.xyz", "--json", code=2)
    record = json.loads(capsys.readouterr().out)
    assert record["exit_code"] == 2
    assert "which is no film that can be written" in record["error"]


@pytest.mark.usefixtures("smears")
def test_a_film_that_is_there_is_kept_unless_it_may_be_replaced(
    film: Films,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "out.mp4"
    output.write_bytes(b"mine")
    video(film(), "swirls", "-o", output, code=2)
    assert "is there already: choose another name or --overwrite" in capsys.readouterr().err
    assert output.read_bytes() == b"mine"
    video(film(), "swirls", "-o", output, "--overwrite")
    assert probe(output).frames == 12


@pytest.mark.usefixtures("smears")
def test_pictures_that_are_there_are_kept_unless_they_may_be_replaced(
    film: Films,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "out" / "%03d.png"
    video(film(4, 0), "swirls", "-o", output)
    assert sorted(p.name for p in output.parent.iterdir()) == [f"00{n}.png" for n in (1, 2, 3, 4)]
    video(film(4, 0), "swirls", "-o", output, code=2)
    assert "001.png is there already" in capsys.readouterr().err
    video(film(4, 0), "swirls", "-o", output, "--overwrite")


@pytest.mark.usefixtures("smears")
def test_a_preview_has_the_latest_frame(
    film: Films,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("impasto.cli.film.PREVIEW_EVERY_S", 1e-9)
    video(film(), "swirls", "-o", tmp_path / "out", "--preview", tmp_path / "now.png")
    with (
        Image.open(tmp_path / "now.png") as now,
        Image.open(tmp_path / "out/frame-000012.png") as last,
    ):
        assert np.array_equal(np.array(now), np.array(last))


@pytest.mark.usefixtures("smears")
def test_raw_frames_go_to_standard_output(
    film: Films,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    source = film(4, 0)
    video(source, "swirls", "-o", "-", "--format", "raw", "-q")
    data = capsysbinary.readouterr().out
    assert len(data) == 4 * 48 * 64 * 3
    frames = np.frombuffer(data, np.uint8).reshape(4, 48, 64, 3)
    with FilmReader(source) as reader:
        first = next(iter(reader)).pixels
    assert np.array_equal(frames[0], 255 - first)


@pytest.mark.usefixtures("smears")
def test_y4m_is_what_a_pipe_gets_without_a_format(
    film: Films,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    video(film(4, 0), "swirls", "-o", "-")
    captured = capsysbinary.readouterr()
    assert captured.out[:24] == b"YUV4MPEG2 W64 H48 F25:1 "
    assert captured.out.count(b"FRAME\n") == 4
    assert b"standard output  64 x 48 px, 4 frames" in captured.err


@pytest.mark.usefixtures("smears")
def test_a_live_film_is_painted_as_it_comes_and_says_what_it_cannot(
    film: Films,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    video("--live", film(30, 0), "swirls", "-o", tmp_path / "out.mkv")
    assert "it cannot be resumed" in capsys.readouterr().err
    assert 0 < probe(tmp_path / "out.mkv").frames <= 30
    assert {p.name for p in tmp_path.iterdir()} == {"film.mp4", "out.mkv"}


@pytest.mark.usefixtures("smears")
def test_a_live_film_that_is_stopped_is_whole(
    film: Films,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell = FilmProgress.__call__

    def tell_and_stop(self: Any, event: Any) -> None:
        tell(self, event)
        if isinstance(event, FilmFrame):
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(FilmProgress, "__call__", tell_and_stop)
    output = tmp_path / "out.mkv"
    video("--live", film(30, 0), "swirls", "-o", output, code=130)
    assert probe(output).frames == 1
    assert f"stopped after frame 1: the film so far is in {output}\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["swirls", "--format", "y4m", "-o", "a.mp4"], "--format y4m is of frames on standard"),
        (["swirls", "--live", "--start", "3", "-o", "a.mp4"], "are of films that are there whole"),
        (["swirls", "--steps", "3", "-o", "a.mp4"], "steps means nothing to the method one-pass"),
        (["-o", "a.mp4"], "Missing argument 'STYLE'"),
        (["swirls", "--style-at", "soon=woodcut", "-o", "a.mp4"], "give seconds, as 12.5"),
        (["swirls", "--start", "0:05", "-o", "a.mp4"], "start before that"),
        (["swirsl", "-o", "a.mp4"], "did you mean swirls"),
        (["swirls", "--size", "8", "-o", "a.mp4"], "the smallest picture that is painted in one"),
        (["swirls", "-o", "no/a.mp4"], "no does not exist; create it first"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    film: Films,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    video(film(2, 0).name, *words, code=2)
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert {p.name for p in tmp_path.iterdir()} == {"film.mp4"}


def test_a_missing_film_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    video(tmp_path / "no.mp4", "swirls", "-o", tmp_path / "a.mp4", code=2)
    assert "no.mp4" in capsys.readouterr().err


def test_a_checkpoint_of_a_film_takes_no_other_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = make_film(tmp_path / "in.mp4", count=5)
    output = str(tmp_path / "out.mp4")
    run_with_signal(signal.SIGKILL, 2, "video", str(source), "swirls", "-o", output)
    journal = str(tmp_path / "out.checkpoint.safetensors")
    assert main(["resume", journal, "-o", "x.mp4"]) == 2
    assert "a film goes on where it was begun" in capsys.readouterr().err


def flickering(count: int) -> list[np.ndarray]:
    """Paintings of a still card, whose lightness goes up and down."""
    return [
        np.clip(card(0).astype(int) + 30 * (n % 2), 0, 255).astype(np.uint8) for n in range(count)
    ]


def test_a_painted_film_is_steadied_and_keeps_the_sound_of_its_original(tmp_path: Path) -> None:
    painted = make_film(tmp_path / "painted.mp4", pictures=flickering(20))
    original = make_film(tmp_path / "in.mp4", pictures=[card(0)] * 20, sounds=["aac"])
    output = tmp_path / "out.mkv"
    words = ["steady", str(painted), "--like", str(original), "-o", str(output)]
    assert main([*words, "--codec", "ffv1"]) == 0

    def jumps(path: Path) -> float:
        with FilmReader(path) as reader:
            means = [float(frame.pixels.mean()) for frame in reader]
        return float(np.abs(np.diff(means[5:])).mean())

    assert jumps(output) < jumps(painted) / 3
    assert (probe(output).frames, probe(output).sounds) == (20, 1)


def test_steady_of_one_killed_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SEGMENTS, "one-pass", 8)
    painted = make_film(tmp_path / "painted.mp4", pictures=flickering(20))
    original = make_film(tmp_path / "in.mp4", pictures=[card(0)] * 20)
    output, whole = tmp_path / "out.mp4", tmp_path / "whole.mp4"
    words = ["steady", str(painted), "--like", str(original), "-o"]
    run_with_signal(signal.SIGKILL, 15, *words, str(output))
    assert main(["resume", "-q", str(tmp_path / "out.checkpoint.safetensors")]) == 0
    assert main([*words, str(whole), "-q"]) == 0
    assert output.read_bytes() == whole.read_bytes()


def test_a_film_is_painted_by_optimization_in_styles_that_change(tmp_path: Path) -> None:
    source = make_film(tmp_path / "in.mp4", count=4)
    words = [source, "swirls", "--style-at", "0:00.04=woodcut", "--style-fade", "0.08"]
    quick = ["--method", "optimization", "--steps", "4", "--coarsest", "32", "--threads", "1"]
    output = tmp_path / "out"
    video(*words, *quick, "-o", output)
    painted = [np.array(Image.open(path)).astype(int) for path in sorted(output.iterdir())]
    with FilmReader(source) as reader:
        photos = [frame.pixels.astype(int) for frame in reader]
    assert [picture.shape for picture in painted] == [(48, 64, 3)] * 4
    assert all(np.abs(a - b).mean() > 1 for a, b in zip(painted, photos, strict=True))


def test_a_cluster_and_what_is_not_there_whole_exclude_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["video", str(tmp_path / "in.mp4"), "swirls", "-o", "-", "--cluster", "local:2"]
    assert main(words) == 2
    assert "--cluster paints the shots of a film that is there whole" in capsys.readouterr().err


@pytest.mark.usefixtures("smears")
def test_masks_say_where_a_film_is_painted(film: Films, tmp_path: Path) -> None:
    mask, style_mask, output = tmp_path / "keep.png", tmp_path / "s.png", tmp_path / "out.mkv"
    left = np.zeros((48, 64), np.uint8)
    left[:, :32] = 255
    Image.fromarray(left).save(mask)
    Image.fromarray(255 - left).save(style_mask)
    source = film()
    words = [source, str(style_mask), "-o", output, "--codec", "ffv1", "--keep", mask]
    video(*words, "--mask", style_mask, "--style-mask", style_mask)
    with FilmReader(source) as given, FilmReader(output) as painted:
        for one, other in zip(given, painted, strict=True):
            assert (one.pixels[:, :32] == other.pixels[:, :32]).all()
            assert (one.pixels[:, 32:] != other.pixels[:, 32:]).any()


@pytest.mark.usefixtures("smears")
def test_a_mask_is_not_painted_over(
    film: Films,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mask = make_film(tmp_path / "mask.mp4", count=12)
    video(film(), "swirls", "-o", mask, "--overwrite", "--keep", mask, code=2)
    assert "mask.mp4 is one of the inputs" in capsys.readouterr().err
