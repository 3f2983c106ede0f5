"""`impasto video --server`: another machine paints the film, and all is as if this one did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")
pytest.importorskip("av", reason="the extra video is not installed")

from PIL import Image

from impasto import samples
from impasto.cli import main
from impasto.service.jobs.film_work import RESULT
from impasto.service.jobs.store import Store
from tests.cli.test_remote import Painter, paints, store, url
from tests.films import make_film
from tests.studio import FakeWorker

__all__ = ["paints", "store", "url"]

STYLE = str(samples.style("swirls"))


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_film(tmp_path / "clip.mp4", count=6)


def paint(worker: FakeWorker) -> None:
    """What a worker tells of a film of six frames."""
    worker.tell("part", kind="scan", number=6, count=6, seconds=0.1)
    worker.tell("started", steps=6, shape=[48, 64], method="one-pass", notes=[])
    for number in (1, 6):
        worker.tell("part", kind="frame", number=number, count=6, seconds=number / 2)
        worker.preview(number)
    (worker.folder / RESULT).write_bytes(b"painted")
    told = {"step": 6, "seconds": 3.0, "notes": ["the style image is small"], "length": 0.24}
    worker.tell("finished", size=[48, 64], **told)
    worker.store.beat(worker.id, "fake", step=6, size=(48, 64), notes=told["notes"])
    worker.store.finish(worker.id, "fake", seconds=3.0)


def test_the_film_is_the_server_s_byte_for_byte(
    url: str, paints: Painter, clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paints(paint)
    out, preview = tmp_path / "painted.mp4", tmp_path / "now.png"
    command = ["video", str(clip), STYLE, "-o", str(out), "--server", url]
    assert main([*command, "--preview", str(preview)]) == 0
    assert out.read_bytes() == b"painted"
    with Image.open(preview) as last:
        assert last.size == (6, 4)
    streams = capsys.readouterr()
    assert streams.out == f"{out}  64 x 48 px, 6 frames, 0.2 s, painted in about 3 s, 7 bytes\n"
    assert f"sent to {url}, job " in streams.err
    assert "6 frames of 64 x 48 px\n" in streams.err


def test_what_is_said_of_a_film_is_sent(
    url: str, store: Store, paints: Painter, clip: Path, tmp_path: Path
) -> None:
    paints(paint)
    command = ["video", str(clip), "swirls", "-o", str(tmp_path / "out.mp4"), "--server", url]
    command += ["--start", "0:00.04", "--end", "0.2", "--fps", "50", "--no-sound", "--size", "32"]
    assert main([*command, "--json"]) == 0
    (job,) = store.jobs()
    assert job.film is not None
    assert job.film.model_dump() == {"start": 0.04, "end": 0.2, "fps": 50.0, "sound": False}
    assert job.settings["size"] == 32


def test_masks_are_sent(
    url: str, store: Store, paints: Painter, clip: Path, tmp_path: Path
) -> None:
    paints(paint)
    mask, out = tmp_path / "mask.png", tmp_path / "out.mp4"
    Image.new("L", (64, 48), 90).save(mask)
    command = ["video", str(clip), STYLE, "-o", str(out), "--server", url, "--keep", str(mask)]
    assert main([*command, "--mask", str(mask), "--style-mask", str(mask)]) == 0
    (job,) = store.jobs()
    assert list(job.inputs) == ["film", "style", "mask", "style mask", "keep"]


def test_a_mask_that_is_a_film_is_not_sent(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mask = tmp_path / "mask.gif"
    white = Image.new("L", (64, 48), 255)
    white.save(mask, save_all=True, append_images=[Image.new("L", (64, 48))], duration=40)
    command = ["video", str(clip), STYLE, "-o", str(tmp_path / "out.mp4"), "--server", "nowhere"]
    for masks in (["--mask", str(mask)], ["--keep", str(mask)]):
        assert main([*command, *masks]) == 2
        assert "mask.gif is a film, and a server takes pictures" in capsys.readouterr().err


def test_a_program_reads_one_line(
    url: str, paints: Painter, clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paints(paint)
    out = tmp_path / "out.mp4"
    assert main(["video", str(clip), STYLE, "-o", str(out), "--server", url, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["output"], record["frames"], record["length"]) == (str(out), 6, 0.24)
    assert record["notes"] == [f"{STYLE} is small"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["-o", "out.mkv"], "a server paints films as MP4"),
        (["-o", "out.mp4", "--style-at", "1=woodcut"], "leave them out with --server"),
        (["-o", "out.mp4", "--jobs", "2"], "leave them out with --server"),
        (["-o", "out.mp4", "--fps", "0"], "fps is 0"),
    ],
    ids=str,
)
def test_what_a_server_does_not_do_is_told_before_anything_is_sent(
    more: list[str],
    words: str,
    clip: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["video", str(clip), STYLE, "--server", "http://127.0.0.1:9", *more]
    assert main(command) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_a_refusal_of_the_server_s_names_our_file(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.mp4"
    text.write_bytes(b"no film")
    command = ["video", str(text), STYLE, "-o", str(tmp_path / "out.mp4"), "--server", url]
    assert main(command) == 2
    assert f"{text} is no film" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out.mp4").exists()


def test_a_failure_on_the_way_leaves_no_file(
    url: str, paints: Painter, clip: Path, tmp_path: Path
) -> None:
    paints(lambda worker: worker.fail("memory ran out", kind="ImpastoError"))
    out = tmp_path / "out.mp4"
    assert main(["video", str(clip), STYLE, "-o", str(out), "--server", url, "-q"]) == 1
    assert not out.exists()
