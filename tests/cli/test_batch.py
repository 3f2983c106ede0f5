"""Many pictures, real processes, and whatever stops them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image
from typer.main import get_command

from impasto import samples
from impasto.cli import main
from impasto.cli.app import app
from impasto.painting import run
from impasto.workflows.batch.manifest import MANIFEST
from impasto.workflows.batch.plan import FORMATS
from impasto.workflows.executors.local import SerialExecutor
from tests import warm
from tests.taught import write_taught

STYLE = str(samples.style("swirls"))
PATIENCE_S = 300  # on a machine that much else works on
PROGRAMS: list[warm.Program] = []


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def photos(count: int, *, damage: tuple[int, ...] = ()) -> None:
    """Photographs that all differ, of which some are cut short."""
    Path("in").mkdir()
    with Image.open(samples.content("chelsea")) as image:
        small = image.convert("RGB").resize((60, 40))
    for number in range(1, count + 1):
        path = Path("in", f"p{number}.jpg")
        small.rotate(number).save(path)
        if number in damage:
            path.write_bytes(path.read_bytes()[:300])


def command(*more: str, steps: int) -> list[str]:
    options = ["--size", "48", "--steps", str(steps), *more]
    return ["batch", "in", "--style", STYLE, "-o", "out", *options]


def start(arguments: list[str]) -> warm.Program:
    """The real program, the first of a group of processes as a shell would make it."""
    program = warm.Program(
        ["-m", "impasto", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    PROGRAMS.append(program)
    return program


@pytest.fixture(autouse=True)
def no_program_is_left() -> Iterator[None]:
    """A test that fails must not leave its processes painting."""
    yield
    while PROGRAMS:
        with suppress(ProcessLookupError):
            os.killpg(PROGRAMS.pop().pid, signal.SIGKILL)


def records() -> list[dict[str, Any]]:
    path = Path("out", MANIFEST)
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def await_that(come: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not come():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.005)


def has_ended(process: psutil.Process) -> bool:
    """Whether it runs no more, though nobody may have asked for its exit code yet."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def paintings() -> dict[str, tuple[int, int]]:
    """When each recorded painting was written, and which file it is."""
    files = {record["output"]: Path("out", record["output"]).stat() for record in records()}
    return {name: (status.st_mtime_ns, status.st_ino) for name, status in files.items()}


def test_a_killed_batch_started_again_paints_only_what_is_missing() -> None:
    photos(12, damage=(3, 8))
    arguments = command("--jobs", "2", "--threads", "1", steps=6)
    first = start(arguments)
    await_that(lambda: len(records()) >= 3)
    processes = psutil.Process(first.pid).children(recursive=True)
    first.kill()
    first.communicate()
    await_that(lambda: all(map(has_ended, processes)))  # nobody paints on without the parent
    before = paintings()
    assert 3 <= len(before) < 10
    Path("out", ".p12.jpg.0123abcd.part").touch()

    second = start(arguments)
    out, err = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 1, err
    assert f"{10 - len(before)} painted, {len(before)} skipped, 2 failed" in out
    failures = err[err.index("impasto: 2 pictures could not be painted:") :].splitlines()[1:]
    for name, line in zip(("p3.jpg", "p8.jpg"), sorted(failures), strict=True):
        assert line.startswith(f"  in/{name}  is cut short")
    assert len({record["content_sha256"] for record in records()}) == len(records()) == 10
    after = paintings()
    assert {name: after[name] for name in before} == before
    good = {f"p{number}.jpg" for number in range(1, 13) if number not in (3, 8)}
    assert {path.name for path in Path("out").iterdir()} == {MANIFEST, *good}
    for name in good:
        with Image.open(Path("out", name)) as image:
            image.load()


def test_ctrl_c_ends_all_processes_and_says_how_to_go_on() -> None:
    photos(2, damage=(1,))
    # So many steps that the second picture cannot end before the signal comes.
    program = start(command(steps=100_000))
    assert program.stderr is not None
    assert program.stderr.readline() == "[1/2] in/p1.jpg  failed\n"
    processes = psutil.Process(program.pid).children(recursive=True)
    os.killpg(program.pid, signal.SIGINT)  # as a terminal does
    out, err = program.communicate(timeout=PATIENCE_S)
    assert program.returncode == 130
    assert out == ""
    table, failure, farewell = err.splitlines()
    assert table == "impasto: 1 picture could not be painted:"
    assert failure.startswith("  in/p1.jpg  is cut short")
    assert farewell == (
        "stopped: 0 painted, 0 skipped, 1 failed, 1 left; go on with the same command"
    )
    await_that(lambda: all(map(has_ended, processes)))
    assert list(Path("out").iterdir()) == []


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the command paint without other processes."""

    monkeypatch.setattr(
        "impasto.workflows.batch.runner.ProcessExecutor", lambda _workers: SerialExecutor()
    )


@pytest.mark.usefixtures("in_process")
def test_sigterm_keeps_what_is_done(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_and_signal(content: Path, *arguments: Any) -> Any:
        if content.name == "p2.jpg":
            os.kill(os.getpid(), signal.SIGTERM)
        return run(content, *arguments)

    photos(3)
    monkeypatch.setattr("impasto.workflows.batch.worker.run", run_and_signal)
    before = signal.getsignal(signal.SIGTERM)
    assert main(command(steps=2)) == 143
    assert capsys.readouterr().err.startswith("stopped: 1 painted, 0 skipped, 0 failed, 2 left")
    assert [record["output"] for record in records()] == ["p1.jpg"]
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.usefixtures("in_process")
def test_it_prints_a_line_for_each_picture_and_a_summary(
    capsys: pytest.CaptureFixture[str],
) -> None:
    photos(2)
    assert main(command(steps=2)) == 0
    first, second, summary = capsys.readouterr().out.splitlines()
    assert first.startswith("[1/2] out/p1.jpg  48 x 32 px, ")
    assert second.startswith("[2/2] out/p2.jpg  48 x 32 px, ")
    assert summary == "2 painted, 0 skipped, 0 failed"
    assert main(command(steps=2)) == 0
    assert capsys.readouterr() == ("0 painted, 2 skipped, 0 failed\n", "")


@pytest.mark.usefixtures("in_process")
def test_a_model_that_was_taught_its_styles_needs_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    photos(2)
    taught = write_taught(Path("own.safetensors"))
    blue, red = (
        ["batch", "in", "-o", "out", "--size", "48", "--model", f"{taught}:{row}"]
        for row in ("blue", "red")
    )
    for arguments, summary in (
        (blue, "2 painted, 0 skipped, 0 failed"),
        (blue, "0 painted, 2 skipped, 0 failed"),
        (red, "2 painted, 0 skipped, 0 failed"),
    ):
        assert main(arguments) == 0
        assert capsys.readouterr().out.splitlines()[-1] == summary


def test_without_a_model_a_style_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    photos(1)
    assert main(["batch", "in", "-o", "out"]) == 2
    assert capsys.readouterr().err.startswith("impasto: Missing option '--style': name a painting")


@pytest.mark.usefixtures("in_process")
def test_quiet_says_nothing_but_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    photos(2, damage=(2,))
    assert main(command("-q", steps=2)) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split("  ")[:2] for line in err.splitlines()] == [
        ["impasto: 1 picture could not be painted:"],
        ["", "in/p2.jpg"],
    ]


@pytest.mark.usefixtures("in_process")
def test_a_file_that_is_no_picture_fails_alone(capsys: pytest.CaptureFixture[str]) -> None:
    photos(1)
    Path("notes.txt").write_text("not a picture")
    assert main(["batch", "notes.txt", *command(steps=2)[1:]]) == 1
    out, err = capsys.readouterr()
    assert "notes.txt  is not a picture impasto reads" in err
    assert out.endswith("1 painted, 0 skipped, 1 failed\n")


BAD: dict[str, tuple[list[str], str]] = {
    "setting": (["--strength", "7"], "strength is '7'"),
    "recipe": (["--recipe", "chaptre"], "did you mean 'chapter'"),
    "backbone": (["--backbone", "vgg11"], "slim, vgg19, vgg16"),
    "weights": (["--weights", "gone.pth"], "gone.pth does not exist"),
    "style": (["--style", "gone.png"], "gone.png does not exist"),
    "content": (["gone.jpg"], "gone.jpg does not exist"),
    "format": (["--format", "jpgg"], "did you mean 'jpg'"),
    "jobs": (["--jobs", "0"], "--jobs"),
    "output": (["-o", "in"], "both a folder of contents and the output"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_bad_for_all_is_one_line_and_nothing_is_painted(
    case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    photos(1)
    options, expected = BAD[case]
    assert main(command(*options, steps=2)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("impasto: ")
    assert err.count("\n") == 1
    assert expected in err
    assert not Path("out").exists()


def test_the_help_names_the_formats_there_are() -> None:
    batch = get_command(app).commands["batch"]  # type: ignore[attr-defined]
    (option,) = [parameter for parameter in batch.params if parameter.name == "format"]
    assert option.metavar == "|".join(FORMATS)


@pytest.mark.usefixtures("in_process")
def test_pictures_in_a_folder_that_are_not_read_are_named_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    photos(1)
    for number in range(7):
        Path("in", f"raw{number}.nef").touch()
    assert main(command(steps=2)) == 0
    out, err = capsys.readouterr()
    assert "1 painted" in out
    (line,) = [line for line in err.splitlines() if "left out" in line]
    assert line.startswith("7 files left out: in/raw0.nef, in/raw1.nef")
    assert "in/raw4.nef, 2 more; " in line


@pytest.mark.usefixtures("in_process")
def test_samples_are_styles_and_contents_by_name_also_when_it_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Into a folder that is called like the style, which stays the sample all the same.
    line = ["batch", "chelsea", "--style", "swirls", "-o", "swirls", "--size", "48", "--steps", "2"]
    assert main(line) == 0
    painted = Path("swirls", "chelsea.jpg").stat()
    assert main([*line, "coffee"]) == 0
    assert Path("swirls", "chelsea.jpg").stat().st_mtime_ns == painted.st_mtime_ns
    assert Path("swirls", "coffee.jpg").exists()
    capsys.readouterr()
    assert main(["batch", "chelsee", "--style", "swirls", "-o", "out"]) == 2
    assert "did you mean chelsea?" in capsys.readouterr().err
    assert main(["batch", "chelsea", "--style", "swirl", "-o", "out"]) == 2
    assert "did you mean swirls? (impasto styles" in capsys.readouterr().err


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
def test_a_cluster_that_is_not_there_is_told_in_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    photos(1)
    code = main(["batch", "in", "--style", STYLE, "-o", "out", "--cluster", "127.0.0.1:1"])
    assert code == 1
    assert "the cluster 127.0.0.1:1 cannot be reached" in capsys.readouterr().err


def test_what_is_no_address_of_a_cluster_is_a_wrong_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    photos(1)
    assert main(["batch", "in", "--style", STYLE, "-o", "out", "--cluster", "local:many"]) == 2
    assert "'local:many' is no cluster: give local:N" in capsys.readouterr().err
