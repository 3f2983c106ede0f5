from __future__ import annotations

from pathlib import Path

import pytest

from impasto import samples
from impasto.arrangements.doodle.quantise import quantised
from impasto.imaging import read
from samples.doodles import DOODLES, Doodle, draw, main


@pytest.mark.parametrize("doodle", DOODLES, ids=lambda doodle: doodle.name)
def test_a_drawing_has_the_flat_colours_that_it_names(doodle: Doodle) -> None:
    named = {doodle.ground, *(colour for colour, _ in doodle.shapes)}
    flat = quantised(read(doodle.drawing()))
    assert set(flat.hexes) == named
    assert not flat.shaded


@pytest.mark.parametrize("doodle", DOODLES, ids=lambda doodle: doodle.name)
def test_a_map_fits_its_painting_and_knows_all_colours_of_the_drawing(doodle: Doodle) -> None:
    painting = read(samples.style(doodle.painting))
    labels = doodle.labels()
    if labels is None:
        return
    assert labels.size == (painting.width, painting.height)
    assert set(quantised(read(labels)).hexes) == set(quantised(read(doodle.drawing())).hexes)


def test_a_circle_and_a_polygon_are_where_they_are_named() -> None:
    page = draw(
        (40, 20), "#ffffff", [("#ff0000", (10, 10, 6)), ("#0000ff", "20,0 40,0 40,20 20,20")]
    )
    assert [page.getpixel(place) for place in ((10, 10), (30, 10), (1, 1))] == [
        (255, 0, 0),
        (0, 0, 255),
        (255, 255, 255),
    ]


def test_all_are_drawn_into_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["doodles", "--out", str(tmp_path / "new")])
    main()
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert {f"{doodle.name}.png" for doodle in DOODLES} < names
    assert "night-bay-labels.png" in names
