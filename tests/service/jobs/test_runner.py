from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto.errors import CheckpointError
from impasto.methods import checkpoint
from impasto.service.contract import State
from impasto.service.jobs import job_directory
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings
from impasto.signals import Stop
from tests.clips import write_clip

Add = Callable[..., Job]
Paint = Callable[..., bool]
EventsOf = Callable[[Store, Job], list[dict[str, Any]]]


class Killed(BaseException):
    """What a worker does not live to handle."""


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after every second step, a preview after every fifth."""
    monkeypatch.setattr(job_directory, "CHECKPOINT_STEPS", 2)
    monkeypatch.setattr(job_directory, "CHECKPOINT_SHARE", 1e9)
    monkeypatch.setattr(job_directory, "PREVIEW_S", 0.0)


def steps_of(checked_events: EventsOf, store: Store, job: Job) -> list[int]:
    return [
        event["data"]["step"] for event in checked_events(store, job) if event["event"] == "step"
    ]


def result(store: Store, job: Job) -> bytes:
    return (store.folder.job(job.id) / "result.png").read_bytes()


@pytest.fixture
def undisturbed(lite: Store, add: Add, paint: Paint) -> bytes:
    """The picture of six steps."""
    job = add(lite, steps=6)
    assert paint(lite)
    return result(lite, job)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    pytest.importorskip("transformers", reason="the extra clip is not installed")
    return str(write_clip(tmp_path_factory.mktemp("secret-place") / "clip"))


GUIDED = {"steps": 6, "text_weight": 1.0, "text_crops": 1, "plan": {"text": "cold blue water"}}


@pytest.mark.usefixtures("often")
def test_words_guide_a_job_which_goes_on_to_the_same_bytes_wherever_the_model_lies(
    lite: Store, add: Add, paint: Paint, at_step: Any, model: str, tmp_path: Path
) -> None:
    whole = add(lite, **GUIDED)
    assert paint(lite, clip=model)
    assert set(lite.get(whole.id).losses) == {"content", "style", "text", "tv", "total"}
    broken = add(lite, **GUIDED)
    stop = Stop()
    at_step(lambda step: setattr(stop, "asked", step == 4))
    assert paint(lite, stop=stop, clip=model)
    steps: list[int] = []
    at_step(steps.append)
    assert paint(lite, clip=str(shutil.copytree(model, tmp_path / "moved")))
    assert steps == [5, 6]
    assert result(lite, broken) == result(lite, whole)
    told = (lite.folder.job(whole.id) / "events.jsonl").read_text()
    assert "secret-place" not in told
    assert b"secret-place" not in result(lite, whole)


def test_a_job_that_words_guide_fails_in_a_sentence_without_the_model(
    lite: Store, add: Add, paint: Paint, tmp_path: Path
) -> None:
    alone = add(lite, **GUIDED)
    assert paint(lite)
    assert "no CLIP model to read the words: name one with IMPASTO_CLIP" in lite.get(alone.id).error
    gone = add(lite, **GUIDED)
    assert paint(lite, clip=str(tmp_path / "secret-place"))
    assert "secret-place" not in lite.get(gone.id).error
    assert "the CLIP model is no folder" in lite.get(gone.id).error


@pytest.mark.usefixtures("often")
def test_a_job_is_painted_and_everything_about_it_told(
    store: Store, add: Add, paint: Paint, checked_events: EventsOf
) -> None:
    job = add(store, steps=6)
    assert paint(store)
    job = store.get(job.id)
    assert (job.state, job.step, job.steps, job.size) == (State.FINISHED, 6, 6, (48, 64))
    assert (job.attempts, job.threads, job.error) == (1, 1, None)
    assert job.precision in ("float32", "bf16")
    assert set(job.losses) == {"content", "style", "tv", "total"}
    assert job.seconds > 0
    names = [event["event"] for event in checked_events(store, job)]
    assert names == ["started", *["step"] * 5, "preview", "step", "finished"]
    assert steps_of(checked_events, store, job) == [1, 2, 3, 4, 5, 6]
    folder = store.folder.job(job.id)
    files = {path.name for path in folder.iterdir()}
    assert files == {"result.png", "preview.png", "losses.png", "events.jsonl"}
    with (
        Image.open(folder / "result.png") as picture,
        Image.open(folder / "preview.png") as preview,
    ):
        assert picture.size == preview.size == (64, 48)
        assert picture.mode == "RGB"


def test_a_job_in_one_pass_is_painted(
    lite: Store, pictures: dict[str, Path], paint: Paint, checked_events: EventsOf
) -> None:
    settings = StyleSettings(method="one-pass", size=64, threads=1)
    inputs = {role: lite.folder.keep_upload(path) for role, path in pictures.items()}
    job = lite.add(settings, inputs, client="")
    assert paint(lite)
    job = lite.get(job.id)
    assert (job.state, job.steps, job.size) == (State.FINISHED, 0, (48, 64))
    told = [event["event"] for event in checked_events(lite, job)]
    assert told == ["started", "part", "finished"]


@pytest.mark.parametrize("when", [1, 3])
def test_a_stopped_job_is_given_back_and_becomes_the_same_picture(
    lite: Store,
    add: Add,
    at_step: Callable[..., None],
    undisturbed: bytes,
    when: int,
    paint: Paint,
    checked_events: EventsOf,
) -> None:
    job, stop = add(lite, steps=6), Stop()

    def ask(step: int) -> None:
        stop.asked = step == when

    at_step(ask)
    assert paint(lite, stop=stop)
    back = lite.get(job.id)
    assert (back.state, back.attempts, back.threads) == (State.QUEUED, 0, 1)
    assert steps_of(checked_events, lite, job) == list(range(1, when + 1))
    at_step(None)
    assert paint(lite, "two")
    assert result(lite, job) == undisturbed
    assert steps_of(checked_events, lite, job) == [1, 2, 3, 4, 5, 6]
    assert [e["event"] for e in checked_events(lite, job)].count("started") == 1
    assert lite.get(job.id).attempts == 1


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize(("when", "rest"), [(1, 0), (5, 4)])
def test_a_killed_worker_s_job_goes_on_from_its_checkpoint_to_the_same_picture(
    lite: Store,
    add: Add,
    at_step: Callable[..., None],
    end_lease: Callable[[Store, str], None],
    undisturbed: bytes,
    when: int,
    rest: int,
    paint: Paint,
    checked_events: EventsOf,
) -> None:
    job = add(lite, steps=6)

    def die(step: int) -> None:
        if step == when:
            raise Killed

    at_step(die)
    with pytest.raises(Killed):
        paint(lite)
    assert steps_of(checked_events, lite, job) == list(range(1, when + 1))
    end_lease(lite, job.id)
    repeated: list[int] = []
    at_step(repeated.append)
    assert paint(lite, "two")
    assert repeated == list(range(rest + 1, 7))
    assert steps_of(checked_events, lite, job) == [1, 2, 3, 4, 5, 6]
    assert result(lite, job) == undisturbed
    assert lite.get(job.id).attempts == 2


def stopped_at_step_3(store: Store, add: Add, at_step: Callable[..., None], paint: Paint) -> Job:
    """A job of six steps whose worker was asked to end, and kept a checkpoint."""
    job, stop = add(store, steps=6), Stop()
    at_step(lambda step: setattr(stop, "asked", step == 3))
    paint(store, stop=stop)
    return job


def test_a_damaged_checkpoint_costs_time_and_nothing_else(
    lite: Store,
    add: Add,
    at_step: Callable[..., None],
    undisturbed: bytes,
    paint: Paint,
    checked_events: EventsOf,
) -> None:
    job = stopped_at_step_3(lite, add, at_step, paint)
    path = lite.folder.job(job.id) / "checkpoint.safetensors"
    path.write_bytes(path.read_bytes()[:-5])
    at_step(None)
    paint(lite, "two")
    assert result(lite, job) == undisturbed
    assert steps_of(checked_events, lite, job) == [1, 2, 3, 4, 5, 6]


def test_a_checkpoint_without_a_part_of_its_state_costs_time_and_nothing_else(
    lite: Store, add: Add, at_step: Callable[..., None], undisturbed: bytes, paint: Paint
) -> None:
    job = stopped_at_step_3(lite, add, at_step, paint)
    path = lite.folder.job(job.id) / "checkpoint.safetensors"
    state = checkpoint.load(path)
    rest = {k: v for k, v in state.state.items() if not k.startswith("optimizer")}
    checkpoint.save(replace(state, state=rest), path)
    at_step(None)
    paint(lite, "two")
    assert result(lite, job) == undisturbed


def test_a_checkpoint_error_of_the_painting_is_told_and_not_painted_over(
    lite: Store, add: Add, at_step: Callable[..., None], paint: Paint, checked_events: EventsOf
) -> None:
    job = stopped_at_step_3(lite, add, at_step, paint)
    errors = [CheckpointError("the state is gone")]

    def fail_once(step: int) -> None:
        if step == 5 and errors:
            raise errors.pop()

    at_step(fail_once)
    paint(lite, "two")
    job = lite.get(job.id)
    assert (job.state, job.error) == (State.FAILED, "the state is gone")
    assert steps_of(checked_events, lite, job) == [1, 2, 3, 4, 5]


def test_a_checkpoint_of_other_weights_costs_time_and_nothing_else(
    lite: Store,
    add: Add,
    at_step: Callable[..., None],
    undisturbed: bytes,
    monkeypatch: pytest.MonkeyPatch,
    paint: Paint,
    checked_events: EventsOf,
) -> None:
    job, stop = add(lite, steps=6), Stop()
    at_step(lambda step: setattr(stop, "asked", step == 3))
    monkeypatch.setattr(
        "impasto.methods.optimization.preparation.Preparation.weights_sha256", lambda _: "older"
    )
    paint(lite, stop=stop)
    monkeypatch.undo()
    paint(lite, "two")
    assert result(lite, job) == undisturbed
    assert steps_of(checked_events, lite, job) == [1, 2, 3, 4, 5, 6]


def test_a_job_is_cancelled_within_two_steps(
    store: Store, add: Add, at_step: Callable[..., None], paint: Paint, checked_events: EventsOf
) -> None:
    job = add(store, steps=50)

    def cancel(step: int) -> None:
        if step == 3:
            store.cancel(job.id)

    at_step(cancel)
    assert paint(store)
    ended = store.get(job.id)
    assert ended.state is State.CANCELLED
    assert ended.ended_at is not None
    assert max(steps_of(checked_events, store, job)) <= 5
    assert checked_events(store, job)[-1]["event"] == "cancelled"
    assert not (store.folder.job(job.id) / "checkpoint.safetensors").exists()


def test_a_worker_that_lost_its_job_leaves_everything_to_the_other(
    lite: Store,
    add: Add,
    at_step: Callable[..., None],
    end_lease: Callable[[Store, str], None],
    monkeypatch: pytest.MonkeyPatch,
    paint: Paint,
    checked_events: EventsOf,
) -> None:
    monkeypatch.setattr("impasto.service.jobs.heartbeat.REPORT_S", 0.0)
    job = add(lite, steps=6)

    def lose(step: int) -> None:
        if step == 2:
            end_lease(lite, job.id)
            assert lite.claim("two") is not None

    at_step(lose)
    assert paint(lite)
    assert lite.get(job.id).state is State.RUNNING
    assert steps_of(checked_events, lite, job) == [1, 2]
    lite.beat(job.id, "two")
