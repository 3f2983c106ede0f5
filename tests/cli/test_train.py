from __future__ import annotations

import json
import os
import shutil
import signal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto.cli import main, progress
from impasto.events import Event, Step
from impasto.methods import state_file
from impasto.networks import stylizers
from impasto.training.stylizers import Training, comparison
from impasto.workflows.film.paths import FORMAT, journal_path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A style, three photographs, and trainings of crops so small that a step is nothing."""
    (tmp_path / "photos").mkdir()
    generator = np.random.default_rng(0)
    for name in ("mine.png", "photos/1.png", "photos/2.png", "photos/3.png"):
        pixels = generator.integers(0, 256, (80, 96, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / name)
    small = partial(Training.begin, side=64, batch=1, draws=1)
    monkeypatch.setattr(Training, "begin", staticmethod(small))
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMMAND = ["train", "mine.png", "--photos", "photos", "--threads", "1", "--no-comparison"]


def stop_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C once a step is told."""
    tell = progress.Progress.__call__

    def tell_and_signal(self: progress.Progress, event: Event) -> None:
        tell(self, event)
        if isinstance(event, Step) and event.step == step:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(progress.Progress, "__call__", tell_and_signal)


def test_a_style_becomes_a_network_named_after_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--plot", "losses.png", "--log", "log.jsonl"]
    assert main([*COMMAND, "--steps", "2", *more]) == 0
    assert stylizers.load("mine.safetensors").names == ("mine",)
    out = capsys.readouterr().out
    assert out.startswith("mine.safetensors  mine, 2 steps, ")
    assert "mine-preview.png  what it paints" in out
    command = "impasto stylize YOUR-PHOTO.jpg --model mine.safetensors -o painted.png"
    assert out.endswith(f"Paint with it:\n{command}\n")
    painted = command.replace("YOUR-PHOTO.jpg", "photos/1.png").split()[1:]
    assert main([*painted, "-q"]) == 0
    Path("painted.png").unlink()
    kinds = [json.loads(line)["event"] for line in Path("log.jsonl").read_text().splitlines()]
    assert kinds == ["started", "step", "step", "finished"]
    assert {path.name for path in folder.iterdir()} == {
        *("mine.png", "photos", "mine.safetensors", "mine-preview.png", "losses.png", "log.jsonl")
    }


@pytest.mark.usefixtures("folder")
def test_a_training_that_ctrl_c_stopped_goes_on_to_the_file_it_would_have_been(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMAND, "--steps", "4", "-o", "whole.safetensors", "-q"]) == 0
    with monkeypatch.context() as context:
        stop_at(2, context)
        assert (
            main([*COMMAND, "--steps", "4", "-o", "net.safetensors", "--log", "net.jsonl"]) == 130
        )
    said = capsys.readouterr().err
    assert "stopped after step 2 of 4: the network so far is in net.safetensors" in said
    assert "go on with: impasto resume net.checkpoint.safetensors" in said
    assert main(["resume", "net.checkpoint.safetensors", "-q"]) == 0
    whole = stylizers.load("whole.safetensors").state_dict()
    resumed = stylizers.load("net.safetensors").state_dict()
    assert all(tensor.equal(whole[name]) for name, tensor in resumed.items())
    lines = [json.loads(line) for line in Path("net.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if line["event"] == "step"] == [1, 2, 3, 4]
    assert not Path("net.checkpoint.safetensors").exists()


@pytest.mark.usefixtures("folder")
def test_a_resumed_training_takes_another_output_but_no_format_of_pictures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as context:
        stop_at(1, context)
        main([*COMMAND, "--steps", "2", "-o", "net.safetensors"])
    kept = "net.checkpoint.safetensors"
    assert main(["resume", kept, "--format", "png"]) == 2
    assert "--format png is for pictures, and this checkpoint is of a training" in (
        capsys.readouterr().err
    )
    assert main(["resume", kept, "-o", "-"]) == 2
    assert main(["resume", kept, "-o", "mine.png"]) == 2
    assert main(["resume", kept, "-o", "other.safetensors", "-q"]) == 0
    assert stylizers.load("other.safetensors").names == ("mine",)


@pytest.mark.usefixtures("folder")
def test_a_program_reads_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, "--steps", "1", "--json"]) == 0
    captured = capsys.readouterr()
    record: dict[str, Any] = json.loads(captured.out)
    assert captured.err == ""
    assert record["output"] == "mine.safetensors"
    assert record["styles"] == ["mine"]
    assert record["steps"] == 1
    assert record["losses"]["total"] > 0


@pytest.mark.usefixtures("folder")
def test_the_comparison_is_told_as_a_note(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(comparison, "STEPS", (1,))
    assert main([*COMMAND[:-1], "--steps", "1"]) == 0
    said = capsys.readouterr().err
    assert "note: as good as" in said


@pytest.mark.usefixtures("folder")
def test_the_network_is_there_before_the_comparison_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there: list[bool] = []

    def look(*_: object, **__: object) -> None:
        there.append(Path("mine.safetensors").is_file())
        raise RuntimeError("whatever may happen")

    monkeypatch.setattr(comparison, "stylize", look)
    assert main([*COMMAND[:-1], "--steps", "1"]) != 0
    assert there == [True]
    assert stylizers.load("mine.safetensors").names == ("mine",)


@pytest.mark.usefixtures("folder")
def test_several_styles_are_rows_of_one_network() -> None:
    command = ["train", "mine.png", "swirls", *COMMAND[2:], "--steps", "1", "-q"]
    assert main(command) == 0
    assert stylizers.load("styles.safetensors").names == ("mine", "swirls")


@pytest.mark.usefixtures("folder")
def test_a_network_keeps_all_of_the_name_of_its_style() -> None:
    Path("mine.png").rename("v1.2.png")
    assert main(["train", "v1.2.png", *COMMAND[2:], "--steps", "1", "-q"]) == 0
    assert stylizers.load("v1.2.safetensors").names == ("v1.2",)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["-o", "net.png"], "net.png is no name for a network: end it in .safetensors"),
        (["-o", "none/net.safetensors"], "none does not exist; create it first"),
        (["--preview", "mine.png"], "mine.png is one of the inputs"),
        (["--plot", "x.png", "--preview", "x.png"], "x.png is the preview already"),
        (["--width", "s", "--from", "brush"], "choose --from scratch, or --width m"),
        (["--width", "xl"], "xl"),
        (["--photos", "mine.png"], "mine.png is not a folder"),
        (["--device", "mps"], "mps"),
        (["--minutes", "0"], "minutes is 0: give a number above 0"),
        (["--minutes", "1", "--steps", "1"], "minutes is 1 and steps is 1: give one of them"),
        (["--seed", str(2**63)], f"seed is {2**63}: give a whole number from 0 to {2**63 - 1}"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_learnt(
    folder: Path, more: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMAND, *more]) == 2
    assert message in capsys.readouterr().err
    assert not list(folder.glob("*.safetensors"))


@pytest.mark.usefixtures("folder")
def test_what_is_there_already_is_not_replaced_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.safetensors").write_text("dear to me")
    assert main([*COMMAND, "--steps", "1", "-o", "mine.safetensors"]) == 2
    assert "mine.safetensors is there already" in capsys.readouterr().err
    assert Path("mine.safetensors").read_text() == "dear to me"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("more", [[], ["--overwrite"]])
def test_the_journal_of_a_film_is_never_dropped(
    more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    journal = journal_path(Path("mine.mp4"))
    state_file.save(journal, FORMAT, {}, {}, "it")
    assert main([*COMMAND, "--steps", "1", *more]) == 2
    line = f"{journal}, where this training would be kept, keeps other work: choose another output"
    assert line in capsys.readouterr().err
    assert state_file.format_of(journal) == FORMAT


@pytest.mark.usefixtures("folder")
def test_a_film_that_began_meanwhile_keeps_its_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = journal_path(Path("mine.mp4"))
    begin = Training.begin

    def begin_both(*arguments: Any, **options: Any) -> Training:
        state_file.save(journal, FORMAT, {}, {}, "it")
        return begin(*arguments, **options)

    monkeypatch.setattr(Training, "begin", staticmethod(begin_both))
    assert main([*COMMAND, "--steps", "1", "-q"]) == 2  # its preview could not be kept
    assert stylizers.load("mine.safetensors").names == ("mine",)
    assert state_file.format_of(journal) == FORMAT


def test_painted_styles_are_rows_by_the_names_of_their_painters_and_are_painted_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("skimage", reason="the extra words is not installed")
    monkeypatch.setenv("IMPASTO_CACHE", str(folder / "cache"))
    sources = [f"paint:pencil?seed={seed}&width=80&height=64" for seed in (3, 4)]
    command = ["train", *sources, *COMMAND[2:], "--steps", "3", "-q"]
    with monkeypatch.context() as context:
        stop_at(1, context)
        assert main(command) == 130
    shutil.rmtree(folder / "cache")
    assert main(["resume", "styles.checkpoint.safetensors", "-q"]) == 0
    assert stylizers.load("styles.safetensors").names == ("pencil", "pencil-2")
