from __future__ import annotations

from benchmarks.contenders import Contender
from benchmarks.painting import Job
from benchmarks.rows import Row, curves, noises


def row(style: str, strength: float, content: float, distance: float) -> Row:
    contender = Contender("squeezenet", "squeezenet1_1")
    job = Job(contender, "photos/lion.jpg", f"{style}.jpg", strength, size=64, steps=20)
    read = {"colour": 4.0, "fine": 0.12345678, "fine_ratio": strength}
    read["vgg19_pca"] = {"style": distance, "content": content}
    return Row(job, {"read": read, "seconds": 4.0, "cpu_seconds": 2.0})


ROWS = [row("mosaic", 0.3, 1.0, 8.0), row("wave", 0.3, 2.0, 3.0), row("mosaic", 0.5, 2.0, 4.0)]


def test_a_pairs_paintings_are_a_curve() -> None:
    found = {"lion in mosaic": [(1.0, 8.0), (2.0, 4.0)], "lion in wave": [(2.0, 3.0)]}
    assert curves(ROWS, "vgg19_pca") == found


def test_noise_is_told_by_the_style_distance_it_came_with() -> None:
    found = {"lion in mosaic": [(8.0, 0.3), (4.0, 0.5)], "lion in wave": [(3.0, 0.3)]}
    assert noises(ROWS, "vgg19_pca") == found


def test_a_row_is_a_flat_line_without_the_judge_that_guided() -> None:
    told = ROWS[0].flat()
    assert (told["contender"], told["pair"], told["strength"]) == (
        "squeezenet",
        "lion in mosaic",
        0.3,
    )
    assert (told["vgg19_pca_style"], told["vgg19_pca_content"]) == (8.0, 1.0)
    assert told["fine"] == 0.1235
    assert "squeezenet1_1_style" not in told
