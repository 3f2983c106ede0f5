from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from impasto.events import Started, Step
from impasto.methods import checkpoint
from impasto.methods.checkpoint import Checkpoint, input_files
from impasto.methods.protocol import Run
from impasto.service.jobs.job_inputs import redact_paths, resume_run, start_run
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job, JobInput
from impasto.settings import StyleSettings
from tests import toys

Add = Callable[..., Job]


def ignore(here: int, total: int | None) -> None:
    raise AssertionError(f"the bundled backbone is not fetched ({here} of {total})")


def test_uploads_are_the_pictures_and_the_worker_says_where(lite: Store, add: Add) -> None:
    job = add(lite, device="cuda", threads=64)
    painting = start_run(lite.folder, job, device="cpu", threads=1, on_fetch=ignore)
    assert painting.pictures.content.path == lite.folder.upload(job.inputs["content"])
    started = next(painting)
    assert isinstance(started, Started)
    assert (started.device, started.threads, started.steps) == ("cpu", 1, 4)


def test_a_job_that_was_begun_before_keeps_its_threads(lite: Store, add: Add) -> None:
    job = add(lite, threads=None)
    job.threads = 1
    painting = start_run(lite.folder, job, device="cpu", threads=8, on_fetch=ignore)
    assert painting.settings.threads == 1


def test_a_job_that_was_begun_before_keeps_its_precision(lite: Store, add: Add) -> None:
    job = add(lite, precision="auto")
    for begun in ("bf16", "float32"):
        job.precision = begun
        painting = start_run(lite.folder, job, device="cpu", threads=1, on_fetch=ignore)
        assert painting.settings.precision == begun


def test_all_roles_find_their_way(lite: Store, pictures: dict[str, Path], tmp_path: Path) -> None:
    with Image.open(pictures["style"]) as opened:
        other, white = opened.rotate(180), Image.new("L", opened.size, 255)
    paths = {"content": pictures["content"], "style": pictures["style"]}
    for name, picture in {"style 2": other, "init": other.rotate(90), "white": white}.items():
        paths[name] = tmp_path / f"{name}.png"
        picture.save(paths[name])
    for role in ("mask", "mask 2", "style mask", "style mask 2"):
        paths[role] = paths["white"]
    del paths["white"]
    inputs = {role: lite.folder.keep_upload(path) for role, path in paths.items()}
    job = lite.add(StyleSettings(size=64, steps=1), inputs)
    painting = start_run(lite.folder, job, device="cpu", threads=1, on_fetch=ignore)
    files = input_files(painting.pictures.inputs.task)
    assert {role: file.sha256 for role, file in files.items()} == inputs


def kept_elsewhere(run: Run) -> Checkpoint:
    """The state of a run after its second step, as of a machine whose files lay elsewhere."""
    for event in run:
        if isinstance(event, Step) and event.step == 2:
            break
    state = run.checkpoint()
    gone = {r: checkpoint.InputFile("/nowhere", f.sha256) for r, f in state.inputs.items()}
    return replace(state, inputs=gone)


def test_a_checkpoint_is_taken_up_where_the_data_folder_is_now(lite: Store, add: Add) -> None:
    job = add(lite)
    whole = list(start_run(lite.folder, job, device="cpu", threads=1, on_fetch=ignore))
    first = start_run(lite.folder, job, device="cpu", threads=1, on_fetch=ignore)
    state = kept_elsewhere(first)
    second = resume_run(lite.folder, job, state, device="cpu", on_fetch=ignore)
    steps = [event for event in second if isinstance(event, Step)]
    assert [step.step for step in steps] == [3, 4]
    expected = [event.losses for event in whole if isinstance(event, Step)]
    assert [step.losses for step in steps] == expected[2:]


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("content", "the content image"),
        ("style", "the style image"),
        ("style 2", "style image 2"),
        ("mask", "the mask"),
        ("style mask 3", "style mask 3"),
        ("init", "the start image"),
    ],
)
def test_messages_name_the_role_and_no_path(lite: Store, add: Add, role: str, name: str) -> None:
    job = add(lite)
    job.uploads = JobInput.rows({role: "ab" * 32})
    text = f"{lite.folder.upload('ab' * 32)} is empty (0 bytes): send it again"
    assert redact_paths(text, lite.folder, job) == f"{name} is empty (0 bytes): send it again"


def test_what_is_arranged_goes_on_from_its_uploads_wherever_they_lie(
    lite: Store, pictures: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    toys.install(monkeypatch)
    inputs = {role: lite.folder.keep_upload(path) for role, path in pictures.items()}
    settings = StyleSettings(size=64, steps=4, threads=1)
    job = lite.add(settings, inputs, kind=toys.KIND, options={"upside_down": True})
    whole = start_run(lite.folder, job, device="cpu", threads=1, on_fetch=ignore)
    started = next(whole)
    assert isinstance(started, Started)
    assert "the content image is mirrored" in [
        redact_paths(note, lite.folder, job) for note in started.notes
    ]
    first = start_run(lite.folder, job, device="cpu", threads=1, on_fetch=ignore)
    state = kept_elsewhere(first)
    rest = resume_run(lite.folder, job, state, device="cpu", on_fetch=ignore)
    for run in (whole, rest):
        for _ in run:
            pass
    assert rest.result().to_bytes() == whole.result().to_bytes()
