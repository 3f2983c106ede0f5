"""Films as jobs: painted, watched, cancelled, killed and gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("av", reason="the extra video is not installed")

from impasto.files import file_lock, file_sha256
from impasto.service.contract import FilmOptions, State
from impasto.service.jobs import film_directory, film_runner
from impasto.service.jobs.claims import MAX_ATTEMPTS
from impasto.service.jobs.film_directory import FilmDirectory
from impasto.service.jobs.film_runner import FilmAttempt
from impasto.service.jobs.film_work import RESULT, FilmWork
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings
from impasto.signals import Stop
from impasto.workflows.film import plan, segments
from impasto.workflows.film.order import SEGMENTS
from tests import warm
from tests.films import make_film
from tests.studio import events_of

AddFilm = Callable[..., Job]
Paint = Callable[..., bool]


@pytest.fixture
def add_film(pictures: dict[str, Path], tmp_path: Path) -> AddFilm:
    """Adds a job that paints a tiny film: `add_film(store, frames=6, end=0.25)`."""

    def add_one(
        store: Store,
        frames: int = 6,
        *,
        most_frames: int = 1000,
        sound: bool = False,
        limits: Mapping[str, Any] | None = None,
        masks: Mapping[str, Path] | None = None,
        **options: Any,
    ) -> Job:
        clip = make_film(tmp_path / "clip.mp4", count=frames, sounds=("aac",) if sound else ())
        settings = StyleSettings(method="one-pass", threads=1)
        inputs = {
            "film": store.folder.keep_upload(clip),
            "style": store.folder.keep_upload(pictures["style"]),
        }
        inputs |= {role: store.folder.keep_upload(path) for role, path in (masks or {}).items()}
        work = FilmWork.of(settings, FilmOptions(**options), most_frames, **(limits or {}))
        return store.add(settings, inputs, film=work)

    return add_one


def facts(path: Path) -> tuple[int, tuple[int, int], int]:
    """Frames, (height, width) and tracks of sound of a film that is read whole."""
    from impasto.media.film import FilmReader

    with FilmReader(path) as film:
        frames = [frame.pixels.shape[:2] for frame in film]
        return len(frames), frames[0], film.info.sounds


def frames_of(path: Path) -> list[np.ndarray]:
    from impasto.media.film import FilmReader

    with FilmReader(path) as film:
        return [frame.pixels for frame in film]


def test_a_film_is_painted_with_its_sound_and_told_on_the_way(
    lite: Store, add_film: AddFilm, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_directory, "TOLD_S", 0.0)
    job = add_film(lite, sound=True)
    assert paint(lite)
    done = lite.get(job.id)
    assert (done.state, done.step, done.steps, done.size) == (State.FINISHED, 6, 6, (48, 64))
    folder = lite.folder.job(job.id)
    assert facts(folder / RESULT) == (6, (48, 64), 1)
    events = events_of(lite, job)
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    names = [event["event"] for event in events]
    assert (names.count("started"), names[-1]) == (1, "finished")
    parts = [event["data"] for event in events if event["event"] == "part"]
    frames = [part for part in parts if part["kind"] == "frame"]
    assert [(part["number"], part["count"]) for part in frames] == [(n, 6) for n in range(1, 7)]
    assert frames[-1]["frames_per_s"] > 0
    assert frames[-1]["seconds_left"] == 0
    assert (folder / "preview.png").is_file()
    left = {path.name for path in folder.iterdir()}
    assert left == {RESULT, "preview.png", "events.jsonl"}


def test_a_part_of_a_film_is_painted_at_other_times(
    lite: Store, add_film: AddFilm, paint: Paint
) -> None:
    job = add_film(lite, start=0.12, fps=50.0, sound=True)
    assert paint(lite)
    frames, _, sounds = facts(lite.folder.job(job.id) / RESULT)
    assert (frames, sounds) == (6, 1)  # the second half, twice as dense


def test_masks_say_where_a_film_is_painted(
    lite: Store, add_film: AddFilm, paint: Paint, tmp_path: Path
) -> None:
    mask, style_mask = tmp_path / "mask.gif", tmp_path / "style-mask.png"
    left = Image.new("L", (64, 48), 0)
    left.paste(255, (0, 0, 32, 48))
    # Of an animated picture the first one counts: nobody waits for all that a stranger draws.
    left.save(mask, save_all=True, append_images=[Image.new("L", (64, 48), 0)], duration=40)
    Image.new("L", (64, 48), 255).save(style_mask)
    job = add_film(lite, masks={"mask": mask, "style mask": style_mask})
    assert paint(lite)
    assert lite.get(job.id).state == State.FINISHED, lite.get(job.id).error
    result, source = lite.folder.job(job.id) / RESULT, lite.folder.upload(job.inputs["film"])
    painted, given = (frames_of(path)[0].astype(int) for path in (result, source))
    apart = np.abs(painted - given).mean((0, 2))
    assert apart[:24].min() > 8 * apart[40:].max()  # which is coded anew and else the same


def test_what_is_wrong_with_a_mask_is_told_by_its_role(
    lite: Store, add_film: AddFilm, paint: Paint, tmp_path: Path
) -> None:
    black = tmp_path / "black.png"
    Image.new("L", (64, 48), 0).save(black)
    job = add_film(lite, masks={"mask": black})
    assert paint(lite)
    done = lite.get(job.id)
    assert done.state == State.FAILED
    assert done.error is not None
    assert done.error.startswith("the mask is black everywhere: make it white where the film")


def test_a_film_with_more_frames_than_it_says_is_refused_by_its_worker(
    lite: Store, add_film: AddFilm, paint: Paint
) -> None:
    job = add_film(lite, most_frames=5)
    assert paint(lite)
    done = lite.get(job.id)
    assert done.state is State.FAILED
    assert "6 frames or more to paint, above the limit of 5" in str(done.error)
    assert [path.name for path in lite.folder.job(job.id).iterdir()] == ["events.jsonl"]


@pytest.mark.parametrize(
    ("limits", "frames", "sentence"),
    [
        ({"most_seconds": 1.0}, 60, "the film has 2.4 s or more to paint, above the limit of 1 s"),
        ({"most_bytes": 1000}, 6, "or more of the disk, above the limit of"),
        ({"most_megapixels": 0.003}, 6, "frames may have up to 0.003 megapixels"),
    ],
    ids=["seconds", "disk", "pixels"],
)
def test_a_film_that_is_more_than_its_file_has_said_is_refused_by_its_worker(
    lite: Store,
    add_film: AddFilm,
    paint: Paint,
    monkeypatch: pytest.MonkeyPatch,
    limits: Mapping[str, Any],
    frames: int,
    sentence: str,
) -> None:
    monkeypatch.setattr(FilmAttempt, "_begin", lambda *_: pytest.fail("it is painted"))
    job = add_film(lite, frames, limits=limits)
    assert paint(lite)
    done = lite.get(job.id)
    assert done.state is State.FAILED
    assert sentence in str(done.error)


def test_a_part_far_into_a_film_is_refused_by_all_that_is_read_for_it(
    lite: Store, add_film: AddFilm, paint: Paint
) -> None:
    job = add_film(lite, 60, most_frames=59, start=2.3)
    assert paint(lite)
    assert "60 frames or more up to the end of what is painted" in str(lite.get(job.id).error)


def test_what_is_wrong_with_a_film_is_told_by_its_role(
    lite: Store, pictures: dict[str, Path], paint: Paint
) -> None:
    inputs = {
        "film": lite.folder.keep_upload(b"no film at all, but a text"),
        "style": lite.folder.keep_upload(pictures["style"]),
    }
    settings = StyleSettings(method="one-pass")
    job = lite.add(settings, inputs, film=FilmWork.of(settings, FilmOptions(), 100))
    assert paint(lite)
    done = lite.get(job.id)
    assert done.state is State.FAILED
    assert str(done.error).startswith("the film is no film")
    assert inputs["film"] not in str(done.error)


def at_frame(monkeypatch: pytest.MonkeyPatch, number: int, hook: Callable[[], object]) -> None:
    """Have something happen when so many frames are painted."""
    write = FilmDirectory.write_progress

    def write_and_call(directory: FilmDirectory, event: Any, **more: Any) -> None:
        write(directory, event, **more)
        if getattr(event, "kind", "") == "frame" and event.number == number:
            hook()

    monkeypatch.setattr(FilmDirectory, "write_progress", write_and_call)


def test_a_cancelled_film_leaves_neither_segments_nor_journal(
    lite: Store, add_film: AddFilm, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = add_film(lite)
    at_frame(monkeypatch, 3, lambda: lite.cancel(job.id))
    assert paint(lite)
    done = lite.get(job.id)
    assert (done.state, events_of(lite, job)[-1]["event"]) == (State.CANCELLED, "cancelled")
    names = {path.name for path in lite.folder.job(job.id).iterdir()}
    assert names == {"events.jsonl", "preview.png"}


def test_a_worker_that_has_to_end_gives_the_film_back_to_be_gone_on_with(
    lite: Store, add_film: AddFilm, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SEGMENTS, "one-pass", 48)
    job = add_film(lite, 60)
    stop = Stop()
    with monkeypatch.context() as patch:
        at_frame(patch, 55, lambda: stop(signal.SIGTERM, None))
        assert paint(lite, "one", stop)
    given = lite.get(job.id)
    assert (given.state, given.attempts) == (State.QUEUED, 0)
    again: list[int] = []
    at_frame(monkeypatch, 48, lambda: again.append(48))
    at_frame(monkeypatch, 49, lambda: again.append(49))
    assert paint(lite, "two")
    assert lite.get(job.id).state is State.FINISHED
    assert again == [49]  # what was kept is not painted again
    events = events_of(lite, job)
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert [event["event"] for event in events].count("started") == 1


def test_a_worker_hears_that_it_has_to_end_while_frames_before_the_start_are_read(
    lite: Store, add_film: AddFilm, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "TOLD_EVERY_S", 0.0)
    job = add_film(lite, 60, start=2.3)
    stop = Stop()
    numbers: list[int] = []

    def end(_: FilmDirectory, event: Any, **__: Any) -> None:
        numbers.append(event.number)
        stop(signal.SIGTERM, None)

    monkeypatch.setattr(FilmDirectory, "write_progress", end)
    assert paint(lite, "one", stop)
    assert (lite.get(job.id).state, numbers) == (State.QUEUED, [0])


def test_a_worker_hears_that_it_has_to_end_while_a_shot_is_looked_at(
    lite: Store, add_film: AddFilm, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = add_film(lite, 6)
    stop = Stop()

    def looking(*_: Any) -> Iterator[None]:
        stop(signal.SIGTERM, None)
        yield None
        pytest.fail("it went on")

    monkeypatch.setattr(segments, "samples", looking)
    assert paint(lite, "one", stop)
    assert lite.get(job.id).state is State.QUEUED


def begun(store: Store, job: Job) -> list[Path]:
    """What a worker leaves of a film that it has begun."""
    folder = store.folder.job(job.id)
    segments = folder / ".result.segments"
    segments.mkdir()
    left = [folder / "result.checkpoint.safetensors", segments / "1.nut"]
    for path in left:
        path.write_bytes(b"kept")
    return left


def test_a_film_that_is_cancelled_while_it_waits_again_leaves_no_segments(
    lite: Store, add_film: AddFilm
) -> None:
    job = add_film(lite)
    left = begun(lite, job)
    lite.cancel(job.id)
    assert not any(path.exists() for path in left)


def test_a_film_that_ends_without_a_worker_leaves_no_segments(
    lite: Store, add_film: AddFilm
) -> None:
    job = add_film(lite)
    left = begun(lite, job)
    for number in range(MAX_ATTEMPTS):
        assert lite.claim(f"dies {number}", 0.0) is not None
        assert all(path.exists() for path in left)
    assert lite.claim("the next") is None
    assert lite.get(job.id).state is State.FAILED
    assert not any(path.exists() for path in left)


def test_what_is_written_after_the_end_of_a_film_goes_with_the_next_sweep(
    lite: Store, add_film: AddFilm
) -> None:
    job = add_film(lite)
    lite.cancel(job.id)
    left = begun(lite, job)
    lite.expire(30.0)
    assert not any(path.exists() for path in left)
    assert lite.get(job.id).state is State.CANCELLED


def test_a_worker_waits_for_one_that_slept_past_its_lease_and_has_not_noticed(
    lite: Store, add_film: AddFilm, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = add_film(lite)
    leave = film_runner.leave_if_asked
    looks: list[int] = []

    def look(heart: Any, stop: Stop) -> None:
        looks.append(1)
        if len(looks) == 3:
            held.close()
        leave(heart, stop)

    monkeypatch.setattr(film_runner, "WAIT_S", 0.0)
    monkeypatch.setattr(film_runner, "leave_if_asked", look)
    lock = FilmDirectory(lite.folder.job(job.id)).lock
    with ExitStack() as held:
        held.enter_context(file_lock(lock, poll_s=0, on_wait=lambda: None))
        assert paint(lite)
    assert lite.get(job.id).state is State.FINISHED
    assert len(looks) > 3


def test_a_film_that_was_whole_when_its_worker_died_is_not_painted_again(
    lite: Store, add_film: AddFilm, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = add_film(lite)
    result = lite.folder.job(job.id) / RESULT
    result.write_bytes(b"painted")
    monkeypatch.setattr(FilmAttempt, "_events", lambda *_: pytest.fail("it is painted again"))
    assert paint(lite)
    assert lite.get(job.id).state is State.FINISHED
    assert result.read_bytes() == b"painted"
    assert [event["event"] for event in events_of(lite, job)] == ["finished"]


def test_removing_a_film_removes_all_of_it(lite: Store, add_film: AddFilm, paint: Paint) -> None:
    job = add_film(lite)
    assert paint(lite)
    lite.purge(job.id)
    left = [path for path in lite.folder.path.rglob("*") if path.is_file()]
    assert {path.name.partition("-")[0].partition(".db")[0] for path in left} <= {
        "impasto",
        ".impasto",
    }


def test_a_worker_killed_in_the_midst_of_a_film_loses_nothing(
    lite: Store,
    add_film: AddFilm,
    paint: Paint,
    end_lease: Callable[[Store, str], None],
    wait_for: Callable[..., Any],
    tmp_path: Path,
) -> None:
    frames = SEGMENTS["one-pass"] + 80  # a segment, and what is lost of the next
    undisturbed = add_film(lite, frames)
    assert paint(lite)
    expected = file_sha256(lite.folder.job(undisturbed.id) / RESULT)
    job = add_film(lite, frames)
    folder = lite.folder.job(job.id)
    command = ["-m", "impasto", "worker", "--threads", "1"]
    command += ["--data", str(tmp_path / "data"), "--device", "cpu"]
    environment = {name: v for name, v in os.environ.items() if name != "IMPASTO_DATABASE_URL"}
    worker = warm.Program(command, env=environment, stderr=subprocess.PIPE)
    try:
        wait_for(lambda: list(folder.glob(".result.segments/*.safetensors")), "a segment")
        worker.send_signal(signal.SIGKILL)
    finally:
        worker.kill()
        worker.communicate()
    assert lite.get(job.id).state is State.RUNNING
    assert not (folder / RESULT).exists()
    assert len(list(folder.glob(".result.segments/*.nut"))) == 1
    end_lease(lite, job.id)
    assert paint(lite, "another")
    assert lite.get(job.id).state is State.FINISHED
    assert file_sha256(folder / RESULT) == expected
    events = events_of(lite, job)
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert [event["event"] for event in events].count("started") == 1
