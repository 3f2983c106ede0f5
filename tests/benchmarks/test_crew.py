from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import records
from benchmarks.contenders import Contender
from benchmarks.crew import done
from impasto.errors import ImpastoError


def test_two_processes_paint_what_one_paints(stage: Any) -> None:
    jobs = [stage.job(strength=s) for s in (0.3, 0.5)]
    alone, together = stage.work / "alone", stage.work / "together"
    one = dict(done(alone, stage.teachers, jobs, workers=1))
    two = dict(done(together, stage.teachers, jobs, workers=2))
    assert one.keys() == two.keys() == set(jobs)
    for job in jobs:
        assert (one[job]["processes"], two[job]["processes"]) == (1, 2)
        assert one[job]["png_sha256"] == two[job]["png_sha256"]
        assert one[job]["read"] == two[job]["read"]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_names_the_contender_and_keeps_its_exit_code(stage: Any, workers: int) -> None:
    broken = Contender("broken", "slim", str(stage.before.with_name("broken.safetensors")))
    Path(broken.file).write_bytes(b"not weights")
    good, bad = stage.job(), stage.job(broken)
    with pytest.raises(ImpastoError, match=r"broken: .* cannot be read as safetensors") as told:
        list(done(stage.work, stage.teachers, [good, bad], workers=workers))
    assert told.value.exit_code == 2
    assert records.kept(stage.work, stage.teachers, good) is not None
