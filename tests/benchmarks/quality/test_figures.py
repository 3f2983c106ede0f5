from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.quality.contenders import IDENTITY, Contender
from benchmarks.quality.figures import Row, by_contender, curves, noises, results_of, to_json
from benchmarks.quality.painting import Job

KINDS = {"slim": "slim", "squeezenet": "squeezenet1_1", "random": "random", IDENTITY: IDENTITY}


def row(name: str, style: str, strength: float, content: float, distance: float) -> Row:
    contender = Contender(name, KINDS[name])
    readings: dict[str, Any] = {"colour": 4.0, "fine": 0.1, "fine_ratio": strength}
    for judge in contender.judges:
        readings[judge] = {"style": distance, "content": content}
    job = Job(contender, "lion.jpg", f"{style}.jpg", strength, size=64, steps=20)
    return Row(job, {"read": readings, "seconds": 4.0, "cpu_seconds": 2.0, "processes": 2})


def all_rows() -> list[Row]:
    """squeezenet is twice as far from one style, eight times from the other, held out one."""
    rows = []
    for style, factor in (("mosaic", 2.0), ("wave_crop", 8.0)):
        for strength, content in ((0.3, 1.0), (0.5, 2.0), (0.7, 4.0)):
            rows.append(row("slim", style, strength, content, 8 / content))
            rows.append(row("squeezenet", style, strength, content, factor * 8 / content))
        rows.append(row(IDENTITY, style, 0.5, 0.0, 30.0))
    return rows


def test_contenders_are_compared_by_the_judges_that_guided_neither() -> None:
    figures = by_contender(all_rows(), "slim")
    equal = figures["squeezenet"]["equal_content"]
    assert equal.keys() == {"vgg19_pca"}
    assert equal["vgg19_pca"]["ratio"] == pytest.approx(4.0)  # of 2 and 8
    assert equal["vgg19_pca"]["won"] == 0
    assert equal["vgg19_pca"]["style"] == pytest.approx((8 + 32) / 2)  # where slim has 4
    assert figures["slim"]["equal_content"]["squeezenet1_1"]["ratio"] == 1


def test_noise_is_compared_where_the_style_is_as_far() -> None:
    rows = []
    for style in (1.0, 2.0, 4.0):
        rows.append(row("slim", "mosaic", 0.5, 1.0, style))
        rows.append(row("random", "mosaic", 0.5, 1.0, 2 * style))
        rows[-2].readings["fine_ratio"], rows[-1].readings["fine_ratio"] = 1 / style, 1 / style
    figures = by_contender(rows, "slim")["random"]["noise_at_equal_style"]
    # At a style distance of 2 one has 1/2, the other, two steps earlier, 1.
    assert figures["vgg19_pca"]["ratio"] == pytest.approx(2.0, abs=1e-4)


def test_styles_that_no_training_saw_are_compared_apart() -> None:
    equal = by_contender(all_rows(), "slim")["squeezenet"]["equal_content_held_out"]
    assert equal["vgg19_pca"]["pairs"] == 1
    assert equal["vgg19_pca"]["ratio"] == pytest.approx(8.0)


def test_the_photograph_is_read_but_not_compared() -> None:
    figures = by_contender(all_rows(), "slim")[IDENTITY]
    assert figures["strengths"]["0.5"]["vgg19_pca"] == {"style": 30.0, "content": 0.0}
    assert "equal_content" not in figures
    assert "seconds" not in figures


def test_means_and_costs_are_taken_over_paintings() -> None:
    figures = by_contender(all_rows(), "slim")["squeezenet"]
    at = figures["strengths"]["0.3"]
    assert at["vgg19_pca"] == {"style": pytest.approx(40.0), "content": 1.0}
    assert (at["colour"], at["fine_ratio"], at["paintings"]) == (4.0, 0.3, 2)
    assert (figures["seconds"], figures["cpu_seconds"], figures["steps_per_cpu_s"]) == (
        4.0,
        2.0,
        10.0,
    )


def test_without_the_reference_nothing_is_compared() -> None:
    rows = [r for r in all_rows() if r.job.contender.name == "squeezenet"]
    assert by_contender(rows, "slim")["squeezenet"]["equal_content"] == {}


def test_paintings_of_several_runs_tell_how_many_were_painted_at_a_time() -> None:
    rows = all_rows()
    rows[0].record["processes"] = 1
    del rows[1].record["processes"]
    assert results_of(rows, {}, "slim", missing=0)["setting"]["processes"] == [1, 2]


def test_results_are_json_with_a_painting_to_a_line() -> None:
    rows = all_rows()
    results = results_of(rows, by_contender(rows, "slim"), "slim", missing=3)
    text = to_json(results)
    assert json.loads(text) == results
    lines = [line for line in text.splitlines() if '"pair"' in line]
    assert len(lines) == len(rows) == len(results["paintings"])
    assert results["missing"] == 3
    assert results["setting"]["processes"] == [2]
    assert results["paintings"][1]["vgg19_pca_style"] == 16.0
    assert "squeezenet1_1_style" not in results["paintings"][1]


def squeezenet_row(style: str, strength: float, content: float, distance: float) -> Row:
    contender = Contender("squeezenet", "squeezenet1_1")
    job = Job(contender, "photos/lion.jpg", f"{style}.jpg", strength, size=64, steps=20)
    readings = {"colour": 4.0, "fine": 0.12345678, "fine_ratio": strength}
    readings["vgg19_pca"] = {"style": distance, "content": content}
    return Row(job, {"read": readings, "seconds": 4.0, "cpu_seconds": 2.0})


SQUEEZENET_ROWS = [
    squeezenet_row("mosaic", 0.3, 1.0, 8.0),
    squeezenet_row("wave", 0.3, 2.0, 3.0),
    squeezenet_row("mosaic", 0.5, 2.0, 4.0),
]


def test_a_pairs_paintings_are_a_curve() -> None:
    expected = {"lion in mosaic": [(1.0, 8.0), (2.0, 4.0)], "lion in wave": [(2.0, 3.0)]}
    assert curves(SQUEEZENET_ROWS, "vgg19_pca") == expected


def test_noise_is_told_by_the_style_distance_it_came_with() -> None:
    expected = {"lion in mosaic": [(8.0, 0.3), (4.0, 0.5)], "lion in wave": [(3.0, 0.3)]}
    assert noises(SQUEEZENET_ROWS, "vgg19_pca") == expected


def test_a_row_is_a_flat_line_without_the_judge_that_guided() -> None:
    line = SQUEEZENET_ROWS[0].flat()
    assert (line["contender"], line["pair"], line["strength"]) == (
        "squeezenet",
        "lion in mosaic",
        0.3,
    )
    assert (line["vgg19_pca_style"], line["vgg19_pca_content"]) == (8.0, 1.0)
    assert line["fine"] == 0.1235
    assert "squeezenet1_1_style" not in line
