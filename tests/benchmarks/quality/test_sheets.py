from __future__ import annotations

from typing import Any

from PIL import Image

from benchmarks.quality import records, sheets
from benchmarks.quality.contenders import IDENTITY, Contender
from benchmarks.quality.painting import Job
from benchmarks.quality.pairs import CONTENTS, STYLES, find, spread


def test_contenders_stand_side_by_side_and_each_has_a_sheet_of_its_own(stage: Any) -> None:
    pairs = spread(find(stage.contents, CONTENTS), find(stage.styles, STYLES))[:7]
    jobs = []
    for colour, contender in (
        ("red", Contender("a", "slim")),
        ("blue", Contender(IDENTITY, IDENTITY)),
    ):
        # The second was asked for one pair only: its other places stay paper.
        for pair in pairs if colour == "red" else pairs[:1]:
            job = Job(contender, str(pair.content), str(pair.style), 0.5, size=64, steps=2)
            path = records.place(stage.work, job)
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", sheets.LARGE, colour).save(path)
            jobs.append(job)
    paths = sheets.write(stage.work, pairs, jobs)
    assert [path.name for path in paths] == ["compared.jpg", "a.jpg", f"{IDENTITY}.jpg"]
    comparison, own, photographs = (Image.open(path) for path in paths)
    assert share(comparison, "red") > 5 * share(comparison, "blue") > 0
    assert share(own, "red") > 0.4
    assert share(photographs, "blue") < 0.2


def share(sheet: Image.Image, colour: str) -> float:
    """Of a sheet's area that is about this colour."""
    red, _, blue = (band.point(lambda v: 255 * (v > 200)) for band in sheet.split())
    target, other = (red, blue) if colour == "red" else (blue, red)
    only = Image.composite(Image.new("L", sheet.size, 0), target, other)
    return only.histogram()[255] / (sheet.width * sheet.height)
