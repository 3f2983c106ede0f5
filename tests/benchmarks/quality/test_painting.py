from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.quality import painting
from benchmarks.quality.contenders import IDENTITY, Contender
from benchmarks.quality.painting import Job, paint, peak_mb
from impasto import imaging, samples, stylize
from impasto.networks.features.registry import SLIM_FILE


def test_slim_paints_what_the_library_paints() -> None:
    content, style = samples.content("chelsea"), samples.style("swirls")
    for size in (48, 150):  # one scale, and two
        slim = Contender("slim", "slim", str(SLIM_FILE))
        job = Job(slim, str(content), str(style), strength=0.6, size=size, steps=4)
        result = stylize(content, style, job.settings)
        output = paint(job)
        assert np.array_equal(output.pixels, result.pixels)
        assert output.losses == result.losses[-1]


def test_the_photograph_stays_as_it_is(stage: Any) -> None:
    job = stage.job(Contender(IDENTITY, IDENTITY))
    output = paint(job)
    assert np.array_equal(np.rint(output.pixels * 255), imaging.read(job.content).pixels)
    assert output.losses == {}


@pytest.mark.parametrize("kind", ["squeezenet1_1", "vgg19_pca"])
def test_a_teacher_can_guide(kind: str, stage: Any) -> None:
    output = paint(stage.job(stage.teacher(kind)))
    assert output.pixels.shape == (48, 64, 3)
    assert output.seconds > 0
    longer = paint(replace(stage.job(stage.teacher(kind)), steps=12))
    assert longer.losses["total"] < output.losses["total"]


def test_more_strength_weighs_content_less(stage: Any) -> None:
    weak, strong = (stage.job(strength=s).settings.weights for s in (0.3, 0.7))
    assert weak.content > strong.content
    assert weak.style == strong.style


def test_memory_is_that_of_a_process_with_torch_in_it(stage: Any) -> None:
    assert 100 < peak_mb(stage.job()) < 2000


def test_a_job_survives_the_way_to_another_process(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(painting, "measure", lambda c: commands.append(c) or _cost())
    jobs: list[Job] = []
    monkeypatch.setattr(painting, "paint", jobs.append)
    job = stage.job()
    assert peak_mb(job) == 5.0
    painting.main(commands[0][-1])
    assert jobs == [job]


def _cost() -> Any:
    from benchmarks.machine import Cost

    return Cost(seconds=1.0, cpu_seconds=1.0, peak_bytes=5_000_000, output="")
