"""What a person at the command line relies on: nothing is lost, whatever stops a run."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto import samples
from impasto.cli import main, progress
from impasto.cli.outputs import Outputs
from impasto.cli.session import paint
from impasto.errors import OutputError
from impasto.events import Event, Started
from impasto.methods.optimization.objective import Objective
from impasto.methods.result import Result
from impasto.settings import StyleSettings
from impasto.text import format_bytes
from tests import warm
from tests.methods.test_init import NegativeRun

CONTENT, STYLE = str(samples.content("chelsea")), str(samples.style("swirls"))
SMALL = ["--size", "72", "--coarsest", "36", "--steps", "16", "--threads", "1"]

# Runs the command line and sends itself a signal from within the run, once a step is told: the
# same moment every time, with no clock involved.
PROGRAM = """
import os, sys
from impasto.cli import main, progress
from impasto.events import Step
tell = progress.Progress.__call__
def tell_and_signal(self, event):
    tell(self, event)
    if isinstance(event, Step) and event.step == {step}:
        os.kill(os.getpid(), {signal})
progress.Progress.__call__ = tell_and_signal
sys.exit(main(sys.argv[1:]))
"""


def arguments(folder: Path, *more: str) -> list[str]:
    return ["stylize", CONTENT, STYLE, "-o", str(folder / "out.png"), *SMALL, *more]


def run_with_signal(number: int, step: int, command: list[str]) -> subprocess.CompletedProcess[str]:
    code = PROGRAM.format(step=step, signal=int(number))
    return warm.run(["-c", code, *command], capture_output=True, text=True)


def records(path: Path) -> list[dict[str, Any]]:
    """The log without what differs from process to process."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    # Bytes count the process as it is.
    moving = {"seconds", "predicted_bytes", "predicted_s"}
    return [{k: v for k, v in line.items() if k not in moving} for line in lines]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of a run that nothing stopped."""
    folder = tmp_path_factory.mktemp("undisturbed")
    more = ["--log", str(folder / "log.jsonl"), "--plot", str(folder / "p.svg"), "-q"]
    assert main(arguments(folder, *more)) == 0
    return folder


@pytest.mark.parametrize("step", [5, 8, 15])
def test_a_run_killed_and_resumed_ends_with_the_same_bytes_and_log(
    step: int, reference: Path, tmp_path: Path
) -> None:
    checkpoint, log, plot = tmp_path / "c.safetensors", tmp_path / "l.jsonl", tmp_path / "p.svg"
    command = arguments(tmp_path, "--checkpoint", str(checkpoint), "--checkpoint-every", "3")
    command += ["--log", str(log), "--plot", str(plot)]
    process = run_with_signal(signal.SIGKILL, step, command)
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "out.png").exists()
    assert not plot.exists()
    assert main(["resume", str(checkpoint), "-q"]) == 0
    assert (tmp_path / "out.png").read_bytes() == (reference / "out.png").read_bytes()
    assert records(log) == records(reference / "log.jsonl")
    assert plot.read_bytes() == (reference / "p.svg").read_bytes()
    leftovers = {path.name for path in tmp_path.iterdir()}
    assert leftovers == {"out.png", "c.safetensors", "l.jsonl", "p.svg"}


def test_resume_works_from_another_folder(
    reference: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    monkeypatch.chdir(first)
    command = ["stylize", CONTENT, STYLE, "-o", "out.png", *SMALL, "--checkpoint", "c"]
    assert run_with_signal(signal.SIGKILL, 9, [*command, "--checkpoint-every", "4"]).returncode < 0
    monkeypatch.chdir(second)
    assert main(["resume", str(first / "c"), "-q"]) == 0
    assert (first / "out.png").read_bytes() == (reference / "out.png").read_bytes()


def test_a_painting_that_was_finished_says_so_when_it_is_resumed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = tmp_path / "c.safetensors"
    kept = ["--checkpoint", str(checkpoint), "--checkpoint-every"]
    assert main([*arguments(tmp_path, *kept, "8")]) == 0  # 16 steps: the last one is kept
    picture = tmp_path / "out.png"
    before = picture.read_bytes()
    capsys.readouterr()
    assert main(["resume", str(checkpoint)]) == 0
    assert f"was already finished: {picture} is written anew" in capsys.readouterr().err
    assert picture.read_bytes() == before
    assert main([*arguments(tmp_path, *kept, "12", "--overwrite")]) == 0
    assert main(["resume", str(checkpoint)]) == 0
    assert "already finished" not in capsys.readouterr().err


def test_ctrl_c_saves_the_picture_at_its_final_size_and_a_checkpoint(
    reference: Path, tmp_path: Path
) -> None:
    process = run_with_signal(signal.SIGINT, 4, arguments(tmp_path))
    assert process.returncode == 130
    checkpoint = tmp_path / "out.checkpoint.safetensors"
    assert "stopped after step 4 of 16" in process.stderr
    assert process.stderr.endswith(f"impasto resume {checkpoint}\n")
    size = format_bytes(checkpoint.stat().st_size)
    assert f"a checkpoint is in {checkpoint}, {size};" in process.stderr
    assert Image.open(tmp_path / "out.png").size == (72, 48)
    assert main(["resume", str(checkpoint), "-q"]) == 0
    assert (tmp_path / "out.png").read_bytes() == (reference / "out.png").read_bytes()


def test_numbered_pictures_are_kept(tmp_path: Path) -> None:
    assert main(arguments(tmp_path, "--save-every", "8", "-q")) == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["out-00008.png", "out-00016.png", "out.png"]
    assert (tmp_path / "out-00016.png").read_bytes() == (tmp_path / "out.png").read_bytes()


def test_a_numbered_picture_is_there_before_the_checkpoint_that_goes_on_from_it(
    tmp_path: Path,
) -> None:
    command = arguments(tmp_path, "--save-every", "8", "--checkpoint", str(tmp_path / "c"))
    command += ["--checkpoint-every", "8"]
    assert run_with_signal(signal.SIGKILL, 9, command).returncode == -signal.SIGKILL
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "out-00008.png"]


def test_a_film_changes_neither_the_painting_nor_its_numbered_pictures(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "film.gif"
    assert main(arguments(tmp_path, "--film", str(film), "--save-every", "7")) == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["film.gif", "out-00007.png", "out-00014.png", "out.png"]
    assert (tmp_path / "out.png").read_bytes() == (reference / "out.png").read_bytes()
    painted, filmed = capsys.readouterr().out.splitlines()
    assert painted.startswith(f"{tmp_path / 'out.png'}  72 x 48 px, 16 steps")
    size = format_bytes(film.stat().st_size)
    assert re.fullmatch(rf"{re.escape(str(film))}  72 x 48 px, \d+ frames, {size}", filmed)
    with (
        Image.open(film) as frames,
        Image.open(CONTENT) as photo,
        Image.open(tmp_path / "out.png") as picture,
    ):
        assert 5 < frames.n_frames <= 18
        # With little of its colour: so the painting sees it.
        assert unlike(frames.convert("L"), photo.resize(frames.size).convert("L")) < 12
        frames.seek(frames.n_frames - 1)
        assert unlike(frames, picture) < 12


def unlike(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures, of 255."""
    levels = [np.asarray(picture.convert("RGB"), float) for picture in (one, other)]
    return float(np.abs(levels[0] - levels[1]).mean())


def test_ctrl_c_leaves_the_film_so_far_and_resume_says_what_it_lacks(tmp_path: Path) -> None:
    film = tmp_path / "film.webp"
    process = run_with_signal(signal.SIGINT, 4, arguments(tmp_path, "--film", str(film)))
    assert process.returncode == 130
    assert f"{tmp_path / 'out.png'}, the film so far in {film}, a checkpoint" in process.stderr
    with Image.open(film) as frames:
        before = frames.n_frames
        assert 1 < before <= 5
    command = ["-m", "impasto", "resume", str(tmp_path / "out.checkpoint.safetensors")]
    process = warm.run(command, capture_output=True, text=True)
    assert "the film has no frames from before the checkpoint" in process.stderr
    assert "to step 5 at once" in process.stderr
    with Image.open(film) as frames:
        assert frames.n_frames > before


def test_losses_that_stay_nan_end_with_code_1_and_the_last_good_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate, calls = Objective.evaluate, iter(range(1, 100))

    def faulty(self: Objective, x: Any) -> Any:
        losses, gradient = evaluate(self, x)
        return (losses | {"total": float("nan")} if next(calls) > 5 else losses), gradient

    monkeypatch.setattr(Objective, "evaluate", faulty)
    plot = tmp_path / "losses.png"
    assert main(arguments(tmp_path, "--plot", str(plot))) == 1
    line = capsys.readouterr().err.strip()
    assert "the loss was nan at step 6, 3 times in a row" in line
    assert f"the last good picture is in {tmp_path / 'out.png'}" in line
    assert (tmp_path / "out.png").exists()
    assert plot.exists()


def test_quiet_says_nothing_and_plain_says_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, "-q")) == 0
    assert capsys.readouterr() == ("", "")
    assert main(arguments(tmp_path, "--overwrite")) == 0
    streams = capsys.readouterr()
    assert streams.err == ""
    assert streams.out.count("\n") == 1
    assert streams.out.startswith(f"{tmp_path / 'out.png'}  72 x 48 px, 16 steps")


def test_verbose_tells_scales_and_predicted_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, "-v")) == 0
    output = capsys.readouterr().err
    assert "72 × 48 px" in output
    assert "predicted peak of memory" in output


def test_the_log_has_the_promised_records(reference: Path) -> None:
    start, *steps, end = [
        json.loads(line) for line in (reference / "log.jsonl").read_text().splitlines()
    ]
    assert start["event"] == "started"
    assert [step["step"] for step in steps] == list(range(1, 17))
    assert steps[0].keys() == {"event", "step", "steps", "scale", "losses", "seconds"}
    assert steps[-1]["scale"] == [48, 72]
    assert list(steps[0]["losses"]) == ["content", "style", "tv", "total"]
    assert end["event"] == "finished"


def test_a_log_that_cannot_be_written_is_told_and_the_picture_painted(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full to stand for a full disk")
    assert main(arguments(tmp_path, "--log", "/dev/full")) == 2
    assert "the log /dev/full cannot be written" in capsys.readouterr().err
    assert (tmp_path / "out.png").read_bytes() == (reference / "out.png").read_bytes()


def test_sigterm_keeps_the_work_as_ctrl_c_does(reference: Path, tmp_path: Path) -> None:
    process = run_with_signal(signal.SIGTERM, 4, arguments(tmp_path))
    assert process.returncode == 143
    checkpoint = tmp_path / "out.checkpoint.safetensors"
    assert f"impasto resume {checkpoint}" in process.stderr
    assert main(["resume", str(checkpoint), "-q"]) == 0
    assert (tmp_path / "out.png").read_bytes() == (reference / "out.png").read_bytes()


def full(_: Result, path: Path) -> Path:
    raise OutputError(f"{path} cannot be written (no space left on device): make room")


def test_a_picture_that_cannot_be_written_leaves_a_checkpoint(
    reference: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save = Result.save
    monkeypatch.setattr(Result, "save", full)
    assert main(arguments(tmp_path)) == 2
    checkpoint = tmp_path / "out.checkpoint.safetensors"
    assert f"impasto resume {checkpoint}" in capsys.readouterr().err
    monkeypatch.setattr(Result, "save", save)
    assert main(["resume", str(checkpoint), "-q"]) == 0
    assert (tmp_path / "out.png").read_bytes() == (reference / "out.png").read_bytes()


def test_nothing_is_said_to_be_kept_where_neither_picture_nor_checkpoint_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Result, "save", full)
    with pytest.raises(OutputError, match="no space left on device") as failure:
        paint(NegativeRun(StyleSettings()), Outputs(tmp_path / "out.png"))
    assert "nor could a checkpoint be kept (negative keeps no state" in str(failure.value)
    assert "the work is kept" not in str(failure.value)
    assert capsys.readouterr().err == ""


def test_a_picture_painted_in_tiles_is_counted_in_tiles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.png"
    assert paint(NegativeRun(StyleSettings()), Outputs(out)) == 0
    assert capsys.readouterr() == (f"{out}  6 x 4 px, 2 tiles, 0.5 s\n", "")


def test_a_run_that_keeps_no_state_is_stopped_after_a_tile_with_its_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    show = progress.Progress.__call__

    def show_and_signal(self: progress.Progress, event: Event) -> None:
        show(self, event)
        if isinstance(event, Started):
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(progress.Progress, "__call__", show_and_signal)
    out = tmp_path / "out.png"
    assert paint(NegativeRun(StyleSettings()), Outputs(out)) == 143
    reason, sentence = capsys.readouterr().err.splitlines()
    assert reason == "impasto: negative keeps no state: start anew"
    assert sentence == f"stopped after tile 1 of 2: the picture so far is in {out}"
    assert list(tmp_path.iterdir()) == [out]


def pipeline(code: str, *arguments: str) -> warm.Program:
    """A process whose three streams are pipes, as in the middle of a pipeline."""
    command = [*(["-c", code] if code else ["-m", "impasto"]), *arguments]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return warm.Program(command, **pipes)


def test_in_the_middle_of_a_pipeline_a_picture_comes_in_and_the_painting_alone_goes_out(
    reference: Path,
) -> None:
    with pipeline("", "stylize", "-", STYLE, "-o", "-", *SMALL) as process:
        out, err = process.communicate(Path(CONTENT).read_bytes(), timeout=120)
    assert process.returncode == 0
    painted, undisturbed = (
        np.asarray(Image.open(source)) for source in (io.BytesIO(out), reference / "out.png")
    )
    assert np.array_equal(painted, undisturbed)
    assert err.startswith(b"standard output  72 x 48 px, 16 steps")
    assert err.count(b"\n") == 1


def test_a_reader_that_goes_away_ends_the_painting_quietly_with_141() -> None:
    with pipeline("", "stylize", CONTENT, STYLE, "-o", "-", *SMALL) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_ctrl_c_sends_no_unfinished_picture_down_a_pipe_and_keeps_the_checkpoint(
    reference: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    checkpoint = tmp_path / "c.safetensors"
    code = PROGRAM.format(step=4, signal=int(signal.SIGINT))
    words = ["stylize", CONTENT, STYLE, "-o", "-", "--checkpoint", str(checkpoint), *SMALL]
    with pipeline(code, *words) as process:
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, b"")
    assert b"but standard output takes the finished picture alone: a checkpoint is in" in err
    assert err.endswith(b"go on with: impasto resume %b -o OUT\n" % os.fsencode(checkpoint))

    assert main(["resume", str(checkpoint)]) == 2
    assert b"say where it goes now, -o FILE or -o - > FILE" in capsysbinary.readouterr().err
    out_file = tmp_path / "out.png"
    assert main(["resume", str(checkpoint), "-o", str(out_file), "-q"]) == 0
    assert out_file.read_bytes() == (reference / "out.png").read_bytes()
    assert main(["resume", str(checkpoint), "-o", "-", "--json"]) == 0
    streams = capsysbinary.readouterr()
    assert streams.out == out_file.read_bytes()
    assert json.loads(streams.err)["steps"] == 16


def test_ctrl_c_tells_a_program_what_it_tells_a_person(tmp_path: Path) -> None:
    process = run_with_signal(signal.SIGINT, 4, arguments(tmp_path, "--json"))
    assert process.stderr == ""
    record = json.loads(process.stdout)
    assert record["exit_code"] == process.returncode == 130
    checkpoint = tmp_path / "out.checkpoint.safetensors"
    assert record["error"].startswith("stopped after step 4 of 16: the picture so far is in ")
    assert record["error"].endswith(f"go on with: impasto resume {checkpoint}")


def stop_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the process send itself Ctrl-C once the painting is set up."""
    show = progress.Progress.__call__

    def show_and_signal(self: progress.Progress, event: Event) -> None:
        show(self, event)
        if isinstance(event, Started):
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(progress.Progress, "__call__", show_and_signal)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_stop_says_that_what_was_piped_cannot_be_gone_on_with(
    as_json: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop_at_start(monkeypatch)
    data = Path(CONTENT).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    out = tmp_path / "out.png"
    more = ["--json"] if as_json else []
    assert main(["stylize", "-", STYLE, "-o", str(out), *SMALL, *more]) == 130
    streams = capsys.readouterr()
    told = json.loads(streams.out)["error"] if as_json else streams.err
    assert f"the picture so far is in {out}" in told
    assert "the content image is not a file, so a checkpoint could not find it again" in told
    assert list(tmp_path.iterdir()) == [out]


def test_a_stop_without_a_checkpoint_says_that_nothing_is_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at_start(monkeypatch)
    assert paint(NegativeRun(StyleSettings()), Outputs(None)) == 130
    assert capsys.readouterr() == (
        "",
        "stopped after tile 1 of 2, but standard output takes the finished picture alone, and no "
        "--checkpoint was asked for\n",
    )


def test_a_painting_is_resumed_to_another_place_that_is_free(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint, other = tmp_path / "c.safetensors", tmp_path / "other.webp"
    assert (
        main(arguments(tmp_path, "--checkpoint", str(checkpoint), "--checkpoint-every", "8")) == 0
    )
    other.write_bytes(b"mine")
    command = ["resume", str(checkpoint), "-o", str(other), "-q"]
    assert main(command) == 2
    assert "other.webp is there already" in capsys.readouterr().err
    assert main([*command, "--overwrite"]) == 0
    with Image.open(other) as image:
        assert (image.format, image.size) == ("WEBP", (72, 48))


def test_losses_that_stay_nan_send_nothing_down_a_pipe(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate = Objective.evaluate

    def faulty(self: Objective, x: Any) -> Any:
        losses, gradient = evaluate(self, x)
        return losses | {"total": float("nan")}, gradient

    monkeypatch.setattr(Objective, "evaluate", faulty)
    assert main(["stylize", CONTENT, STYLE, "-o", "-", *SMALL, "-q"]) == 1
    streams = capsysbinary.readouterr()
    assert streams.out == b""
    assert b"the loss was nan at step 1" in streams.err
