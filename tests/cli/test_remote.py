"""`impasto stylize --server`: another machine paints, and all is as if this one did."""

from __future__ import annotations

import hashlib
import io
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")

from fastapi import FastAPI
from PIL import Image

from impasto import samples
from impasto.cli import main
from impasto.cli.remote import with_file_names
from impasto.files import file_sha256
from impasto.samples import path_of
from impasto.service.http.app import create_app
from impasto.service.http.serving import Server, bound, url_of
from impasto.service.jobs.store import Store
from impasto.task import StyleTask
from tests import warm
from tests.service.conftest import store
from tests.studio import FakeWorker, png

__all__ = ["store"]

CONTENT, STYLE = str(samples.content("chelsea")), str(samples.style("swirls"))
TOKEN = "a token of some length"

PROGRAM = """
import os, sys
from impasto.cli import main, progress
from impasto.events import Step
tell = progress.Progress.__call__
def tell_and_signal(self, event):
    tell(self, event)
    if isinstance(event, Step) and event.step == 2:
        os.kill(os.getpid(), {signal})
progress.Progress.__call__ = tell_and_signal
sys.exit(main(sys.argv[1:]))
"""


def serve(app: FastAPI) -> Iterator[str]:
    answers = threading.Event()
    with bound("127.0.0.1", 0) as place:
        server = Server(app, answers.set)
        thread = threading.Thread(target=lambda: server.run(sockets=[place]))
        thread.start()
        assert answers.wait(60)
        yield url_of(place)
        server.handle_exit(signal.SIGTERM, None)
        thread.join(60)


@pytest.fixture
def url(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.delenv("IMPASTO_TOKEN", raising=False)
    yield from serve(create_app(store, page=False))


Painter = Callable[[Callable[[FakeWorker], None]], None]


@pytest.fixture
def paints(store: Store) -> Iterator[Painter]:
    """Has a worker do something with the next job there will be."""
    threads = []

    def begin(body: Callable[[FakeWorker], None]) -> None:
        def run() -> None:
            job = None
            while job is None:
                job = store.claim("fake")
            body(FakeWorker(store, job))

        # A test that fails must not be waited for by a thread that its worker left waiting.
        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()

    yield begin
    for thread in threads:
        thread.join(60)


def arguments(url: str, out: Path, *more: str) -> list[str]:
    return ["stylize", CONTENT, STYLE, "-o", str(out), "--server", url, "--size", "64", *more]


def test_the_picture_is_the_server_s_byte_for_byte(
    url: str, paints: Painter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paints(FakeWorker.paint)
    assert main(arguments(url, tmp_path / "out.png")) == 0
    assert (tmp_path / "out.png").read_bytes() == png(64, 43, "orange")
    streams = capsys.readouterr()
    assert streams.out == f"{tmp_path / 'out.png'}  64 x 43 px, 4 steps, 2.0 s\n"
    assert f"sent to {url}, job " in streams.err


def test_samples_are_sent_by_name_and_the_output_may_be_left_out(
    url: str, paints: Painter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paints(FakeWorker.paint)
    assert main(["stylize", "chelsea", "swirls", "--server", url]) == 0
    with Image.open("chelsea-swirls.png") as picture:
        assert picture.size == (64, 43)


@pytest.mark.parametrize("ending", ["jpg", "webp", "tif", "bmp"])
def test_another_ending_is_another_format(
    ending: str, url: str, paints: Painter, tmp_path: Path
) -> None:
    paints(FakeWorker.paint)
    out = tmp_path / f"out.{ending}"
    assert main(arguments(url, out, "-q")) == 0
    pixels = np.asarray(Image.open(out).convert("RGB")).astype(int)
    assert np.abs(pixels - [255, 165, 0]).max() <= 3


def test_sixteen_bits_stay_sixteen(url: str, paints: Painter, tmp_path: Path) -> None:
    from impasto import imaging

    deep = np.full((4, 6, 3), 257 * 100 + 7, np.uint16)
    imaging.write(tmp_path / "deep.png", deep.astype("float32") / 65535, bits=16)

    def paint(worker: FakeWorker) -> None:
        worker.start()
        worker.finish((tmp_path / "deep.png").read_bytes())

    paints(paint)
    assert main(arguments(url, tmp_path / "out.tif", "-q", "--bits", "16")) == 0
    assert (imaging.read(tmp_path / "out.tif").pixels == deep).all()


def test_plot_log_and_previews_come_from_afar(url: str, paints: Painter, tmp_path: Path) -> None:
    def paint(worker: FakeWorker) -> None:
        worker.start(9)
        for number in range(1, 10):
            worker.step(number, 9)
            if number in (1, 4, 5, 8):
                worker.preview(number)
        worker.finish()

    paints(paint)
    log, plot = tmp_path / "log.jsonl", tmp_path / "plot.svg"
    more = ["--log", str(log), "--plot", str(plot), "--save-every", "4", "-q"]
    assert main(arguments(url, tmp_path / "out.png", *more)) == 0
    records = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["event"] for line in records] == ["started", *["step"] * 9, "finished"]
    assert records[3]["scale"] == [43, 64]
    assert "content loss" in plot.read_text() or plot.stat().st_size > 1000
    previews = sorted(path.name for path in tmp_path.glob("out-*.png"))
    assert previews == ["out-00004.png", "out-00008.png"]  # the first after each fourth step


def test_a_photograph_from_a_pipe_is_sent_and_the_painting_goes_down_the_next(
    url: str,
    store: Store,
    paints: Painter,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    data = Path(CONTENT).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    paints(FakeWorker.paint)
    command = ["stylize", "-", STYLE, "-o", "-", "--server", url, "--json", "--format", "jpg"]
    assert main([*command, "--seed", "3"]) == 0
    streams = capsysbinary.readouterr()
    with Image.open(io.BytesIO(streams.out)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (64, 43))
    record = json.loads(streams.err)
    assert record["losses"]["total"] > 0
    del record["losses"]
    assert record == {
        "output": "-",
        "format": "JPEG",
        "width": 64,
        "height": 43,
        "seconds": 2.0,
        "method": "optimization",
        "steps": 4,
        "backbone": "slim",
        "recipe": "default",
        "seed": 3,
        "notes": [],
    }
    (job,) = store.jobs()
    assert job.inputs["content"] == hashlib.sha256(data).hexdigest()


def test_a_failure_there_calls_what_was_piped_standard_input(
    url: str,
    paints: Painter,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(worker: FakeWorker) -> None:
        worker.fail("the content image is too dark: give another", kind="PictureError")

    data = Path(CONTENT).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    paints(fail)
    out = str(tmp_path / "out.png")
    assert main(["stylize", "-", STYLE, "-o", out, "--server", url, "--json"]) == 2
    record = json.loads(capsys.readouterr().out)
    assert record == {"error": "standard input is too dark: give another", "exit_code": 2}


def test_what_is_no_picture_does_not_travel_from_a_pipe_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"no picture")))
    command = ["stylize", "-", STYLE, "-o", "-", "--server", "http://127.0.0.1:9"]
    assert main(command) == 2
    assert "standard input is not a picture impasto reads" in capsys.readouterr().err


def test_a_film_is_made_here_of_what_a_server_shows(
    url: str, paints: Painter, tmp_path: Path
) -> None:
    def paint(worker: FakeWorker) -> None:
        worker.start(4)
        for number in range(1, 5):
            worker.step(number, 4)
            worker.preview(number)
        worker.finish()

    paints(paint)
    film = tmp_path / "film.gif"
    assert main(arguments(url, tmp_path / "out.png", "--film", str(film), "-q")) == 0
    with Image.open(film) as frames:
        assert frames.n_frames == 3  # the photograph, the one preview, the end
        with Image.open(CONTENT) as photo:
            assert frames.size == photo.size  # this server does not tell another
    assert not list(tmp_path.glob("out-*.png"))


def test_a_failure_there_has_the_words_and_the_code_of_one_here(
    url: str, paints: Painter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(worker: FakeWorker) -> None:
        worker.fail("style image 2 is cut short after 9 bytes", kind="PictureError")

    paints(fail)
    other = samples.style("woodcut")
    command = arguments(url, tmp_path / "out.png")
    assert main([*command[:3], str(other), *command[3:]]) == 2
    assert f"impasto: {other} is cut short after 9 bytes\n" in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--checkpoint", "c.safetensors"], "leave it out with --server"),
        (["--device", "cpu"], "device is 'cpu', but it is for who runs the server to choose"),
        (["--init", f"image:{STYLE}"], "a server opens no file by its name"),
        (["--steps", "0"], "steps is '0': give a whole number from 1 to 1000000"),
        (["--mask", "nowhere.png"], "nowhere.png does not exist"),
    ],
)
def test_what_cannot_be_done_there_is_one_sentence(
    more: list[str], message: str, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(url, tmp_path / "out.png", *more)) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("impasto: ")
    assert message in line


def test_a_server_that_is_not_there_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments("http://127.0.0.1:9", tmp_path / "out.png")) == 1
    assert "http://127.0.0.1:9 cannot be reached" in capsys.readouterr().err


def test_the_token_comes_from_the_option_or_the_environment(
    store: Store, paints: Painter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMPASTO_TOKEN", raising=False)
    for url in serve(create_app(store, token=TOKEN, page=False)):
        command = arguments(url, tmp_path / "out.png", "-q", "--overwrite")
        assert main(command) == 1
        paints(FakeWorker.paint)
        assert main([*command, "--token", TOKEN]) == 0
        monkeypatch.setenv("IMPASTO_TOKEN", TOKEN)
        paints(FakeWorker.paint)
        assert main(command) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_cancels_the_job_there_and_says_so(
    number: signal.Signals, code: int, url: str, store: Store, paints: Painter, tmp_path: Path
) -> None:
    def paint(worker: FakeWorker) -> None:
        worker.start()
        worker.step(1)
        worker.step(2)
        while not store.beat(worker.id, "fake"):
            pass
        store.cancelled(worker.id, "fake")

    paints(paint)
    command = ["-c", PROGRAM.format(signal=int(number)), *arguments(url, tmp_path / "out.png")]
    process = warm.run(command, capture_output=True, text=True)
    assert process.returncode == code
    (sentence,) = [line for line in process.stderr.splitlines() if line.startswith("stopped")]
    assert sentence.startswith("stopped after step 2 of 4: job ")
    assert sentence.endswith(f" on {url} is cancelled")
    assert store.jobs()[0].cancel_asked
    assert not (tmp_path / "out.png").exists()


def test_a_drawing_is_sent_as_one_and_its_picture_comes_back(
    url: str, paints: Painter, store: Store, tmp_path: Path
) -> None:
    paints(FakeWorker.paint)
    out = tmp_path / "out.png"
    command = ["doodle", CONTENT, STYLE, "-o", str(out), "--server", url, "--size", "64"]
    assert main(command) == 0
    assert out.read_bytes() == png(64, 43, "orange")
    (job,) = store.jobs()
    assert (job.kind, job.recipe, list(job.inputs)) == ("doodle", "doodle", ["content", "style"])
    assert job.options is not None


def test_what_is_arranged_of_a_sample_is_sent_its_file(
    url: str, paints: Painter, store: Store, tmp_path: Path
) -> None:
    paints(FakeWorker.paint)
    out = tmp_path / "out.png"
    command = ["letter", "Hi", "swirls", "-o", str(out), "--server", url, "--size", "64"]
    assert main(command) == 0
    (job,) = store.jobs()
    assert job.inputs["style"] == file_sha256(path_of("style", "swirls"))


def test_roles_in_sentences_become_our_files() -> None:
    masks = {"masks": ["m.png", "n.png"], "style_masks": ["o.png", "p.png"]}
    task = StyleTask.of("c.jpg", ["s.jpg", "t.jpg"], **masks)

    def ours(sentence: str) -> str:
        return with_file_names(sentence, task.given())

    assert ours("the content image is, the style image is") == "c.jpg is, s.jpg is"
    assert ours("style image 2, mask 2, the mask") == "t.jpg, n.png, m.png"
    assert ours("the style mask, style mask 2") == "o.png, p.png"
