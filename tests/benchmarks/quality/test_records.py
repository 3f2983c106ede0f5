from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from benchmarks.quality import painting, records
from benchmarks.quality.contenders import IDENTITY, Contender
from impasto.errors import ImpastoError


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The jobs that were really painted."""
    jobs: list[Any] = []
    paint = painting.paint
    monkeypatch.setattr(painting, "paint", lambda job: jobs.append(job) or paint(job))
    return jobs


def test_a_painting_is_made_once(stage: Any, jobs: list[Any]) -> None:
    job = stage.job()
    assert records.load(stage.work, stage.teachers, job) is None
    record = records.complete(stage.work, stage.teachers, job)
    assert records.complete(stage.work, stage.teachers, job) == record
    assert records.load(stage.work, stage.teachers, job) == record
    assert jobs == [job]
    path = records.place(stage.work, job)
    assert path == stage.work / "slim-v0" / "chicago-mosaic-0.5.png"
    assert Image.open(path).size == (64, 48)
    assert sorted(p.name for p in path.parent.iterdir()) == [f"{path.stem}.json", path.name]


def test_it_is_read_by_those_who_did_not_guide_it(stage: Any) -> None:
    readings = records.complete(stage.work, stage.teachers, stage.job())["read"]
    assert {"squeezenet1_1", "vgg19_pca"} < readings.keys()
    other = stage.job(stage.teacher("vgg19_pca"))
    readings = records.complete(stage.work, stage.teachers, other)["read"]
    assert "squeezenet1_1" in readings
    assert "vgg19_pca" not in readings


def test_the_photograph_is_no_distance_from_itself(stage: Any) -> None:
    job = stage.job(Contender(IDENTITY, IDENTITY))
    readings = records.complete(stage.work, stage.teachers, job)["read"]
    assert readings["squeezenet1_1"]["content"] == readings["vgg19_pca"]["content"] == 0
    assert readings["vgg19_pca"]["style"] > 0
    assert records.place(stage.work, job).name == "chicago-mosaic.png"


@pytest.mark.parametrize("change", ["weights", "steps", "style", "picture lost", "picture altered"])
def test_what_changes_a_painting_has_it_painted_again(
    change: str, stage: Any, jobs: list[Any]
) -> None:
    job = stage.job()
    records.complete(stage.work, stage.teachers, job)
    path = records.place(stage.work, job)
    if change == "weights":
        tensors = load_file(stage.before)
        save_file({k: v * 1.5 for k, v in tensors.items()}, stage.before)
    elif change == "steps":
        job = replace(job, steps=3)
    elif change == "style":
        Image.new("RGB", (64, 48), "teal").save(job.style)
        Image.effect_noise((64, 48), 60).convert("RGB").save(job.style)
    elif change == "picture lost":
        path.unlink()
    else:
        Image.new("RGB", (64, 48), "teal").save(path)
    assert records.load(stage.work, stage.teachers, job) is None
    records.complete(stage.work, stage.teachers, job)
    assert len(jobs) == 2


def test_a_run_that_was_cut_off_before_the_json_paints_again(stage: Any, jobs: list[Any]) -> None:
    job = stage.job()
    records.complete(stage.work, stage.teachers, job)
    path = records.place(stage.work, job).with_suffix(".json")
    path.write_text(path.read_text()[:40])
    records.complete(stage.work, stage.teachers, job)
    assert len(jobs) == 2


def test_another_judge_reads_again_but_paints_nothing(stage: Any, jobs: list[Any]) -> None:
    job = stage.job()
    before = records.complete(stage.work, stage.teachers, job)
    others = stage.teachers.with_name("others")
    stage.teachers.rename(others)
    file = others / "vgg19_pca.safetensors"
    tensors = load_file(file)
    tensors["conv4_1.weight"] = tensors["conv4_1.weight"].flip(0) + torch.tensor(0.1)
    save_file(tensors, file)
    assert records.load(stage.work, others, job) is None
    after = records.complete(stage.work, others, job)
    assert len(jobs) == 1
    assert after["seconds"] == before["seconds"]
    assert after["read"]["vgg19_pca"] != before["read"]["vgg19_pca"]
    assert after["read"]["squeezenet1_1"] == before["read"]["squeezenet1_1"]


def test_memory_is_measured_once_and_only_if_it_may(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[Any] = []
    monkeypatch.setattr(painting, "peak_mb", lambda job: measured.append(job) or 123.4)
    job = stage.job()
    assert records.memory(stage.work, job, measure=False) is None
    assert records.memory(stage.work, job, measure=True) == 123.4
    assert records.memory(stage.work, job, measure=False) == 123.4
    assert records.memory(stage.work, replace(job, size=48), measure=False) is None
    assert measured == [job]


def test_a_record_is_plain_json(stage: Any) -> None:
    job = stage.job()
    record = records.complete(stage.work, stage.teachers, job)
    path: Path = records.place(stage.work, job).with_suffix(".json")
    assert json.loads(path.read_text()) == record
    assert {"seconds", "cpu_seconds", "losses", "read"} < record.keys()


def test_two_processes_paint_what_one_paints(stage: Any) -> None:
    jobs = [stage.job(strength=s) for s in (0.3, 0.5)]
    alone, together = stage.work / "alone", stage.work / "together"
    one = dict(records.complete_all(alone, stage.teachers, jobs, processes=1))
    two = dict(records.complete_all(together, stage.teachers, jobs, processes=2))
    assert one.keys() == two.keys() == set(jobs)
    for job in jobs:
        assert (one[job]["processes"], two[job]["processes"]) == (1, 2)
        assert one[job]["png_sha256"] == two[job]["png_sha256"]
        assert one[job]["read"] == two[job]["read"]


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_names_the_contender_and_keeps_its_exit_code(stage: Any, processes: int) -> None:
    contender = Contender("broken", "slim", str(stage.before.with_name("broken.safetensors")))
    Path(contender.file).write_bytes(b"not weights")
    wrong = r"broken: .* cannot be read as safetensors"
    with pytest.raises(ImpastoError, match=wrong) as info:
        list(records.complete_all(stage.work, stage.teachers, [stage.job(contender)], processes))
    assert info.value.exit_code == 2


def test_what_is_painted_stays_when_a_later_painting_fails(stage: Any) -> None:
    good, bad = stage.job(), stage.job(Contender("lost", "slim", str(stage.work / "lost")))
    with pytest.raises(ImpastoError, match="lost"):
        list(records.complete_all(stage.work, stage.teachers, [good, bad]))
    assert records.load(stage.work, stage.teachers, good) is not None


def test_a_painting_process_that_is_killed_ends_the_run_with_a_remedy(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_attempt", be_killed)
    with pytest.raises(ImpastoError, match=r"SIGKILL.*--jobs 1"):
        list(records.complete_all(stage.work, stage.teachers, [stage.job()], processes=2))


def be_killed(*_: Any) -> Iterator[None]:
    """Work that the system ends, as it does where memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)
    yield
