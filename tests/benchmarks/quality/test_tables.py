from __future__ import annotations

from typing import Any

from benchmarks.quality import evaluators, tables
from benchmarks.quality.tables import against, noise, readings

COMPARISON = {"ratio": 1.4, "error": 0.05, "won": 0.25, "pairs": 4, "apart": 0, "style": 0.2}
READING = {"style": 0.3, "content": 0.9}
FIGURES: dict[str, Any] = {
    "slim": {
        "strengths": {"0.5": {"vgg19_pca": READING, "squeezenet1_1": READING, "colour": 5.0}},
        "seconds": 3.0,
        "peak_mb": 400.4,
        "equal_content": {
            judge: {**COMPARISON, "ratio": 1.0, "error": 0.0}
            for judge in ("vgg19_pca", "squeezenet1_1")
        },
    },
    "squeezenet": {
        "strengths": {"0.5": {"vgg19_pca": READING}},
        "equal_content": {"vgg19_pca": COMPARISON},
    },
    "lost": {
        "strengths": {},
        "equal_content": {
            "vgg19_pca": {**COMPARISON, "ratio": None, "error": None, "won": None, "style": None}
            | {"pairs": 0, "apart": 4}
        },
    },
    "photograph": {"strengths": {"0.5": {"vgg19_pca": {"style": 3.0, "content": 0.0}}}},
}


def cells(table: str, name: str) -> list[str]:
    line = next(line for line in table.splitlines() if line.startswith(f"| {name} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_ratios_have_their_error_and_the_share_of_pairs_won() -> None:
    table = against(FIGURES, "slim")
    assert cells(table, "squeezenet")[1:5] == ["guided by it", "–", "–", "–"]
    assert cells(table, "squeezenet")[5:] == ["0.200", "1.400 ± 0.070", "25%", "4"]


def test_the_reference_is_one_and_the_photograph_is_no_row() -> None:
    table = against(FIGURES, "slim")
    assert cells(table, "slim")[5:] == ["0.200", "1", "–", "4"]
    assert "photograph" not in table


def test_a_judge_that_guided_the_reference_is_not_said_to_have_guided_the_others() -> None:
    rival = {**FIGURES["slim"], "equal_content": {"vgg19_pca": COMPARISON}}
    table = against({**FIGURES, "slim": rival}, "squeezenet")
    assert cells(table, "slim")[1:5] == ["guided the reference", "–", "–", "–"]
    assert cells(table, "squeezenet")[1:5] == ["guided by it", "–", "–", "–"]


def test_who_painted_none_of_the_pairs_is_no_row() -> None:
    table = against({**FIGURES, "late": {"strengths": {}, "equal_content": {}}}, "slim")
    assert "late" not in table
    assert "squeezenet" in table


def test_no_judge_is_left_out() -> None:
    assert tables.JUDGES.keys() == evaluators.JUDGES.keys()


def test_pairs_apart_are_told() -> None:
    assert cells(against(FIGURES, "slim"), "lost")[5:] == ["–", "–", "–", "0, 4 apart"]


def test_readings_leave_a_dash_where_nothing_was_read() -> None:
    table = readings(FIGURES)
    assert cells(table, "slim")[1:6] == ["0.300", "0.900", "0.300", "0.900", "5.0"]
    assert cells(table, "slim")[-1] == "400"
    assert cells(table, "squeezenet")[1:3] == ["–", "–"]
    assert cells(table, "photograph")[3:5] == ["3.000", "0.000"]


def test_every_row_has_as_many_cells_as_the_head() -> None:
    for table in (against(FIGURES, "slim"), readings(FIGURES)):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_noise_stands_by_strength_and_over_the_references() -> None:
    figures = {
        "slim": {
            "strengths": {"0.3": {"fine_ratio": 0.1}, "0.5": {"fine_ratio": 0.2}},
            "noise_at_equal_style": {"vgg19_pca": {**COMPARISON, "ratio": 1.0}},
        },
        "late": {
            "strengths": {"0.5": {"fine_ratio": 0.3}},
            "noise_at_equal_style": {"vgg19_pca": COMPARISON},
        },
        "photograph": {"strengths": {"0.5": {"fine_ratio": 0.25}}},
    }
    table = noise(figures, "slim")
    assert cells(table, "slim")[1:3] == ["0.100", "0.200"]
    assert cells(table, "slim")[-3:] == ["1", "–", "4"]
    assert cells(table, "late")[1:3] == ["–", "0.300"]
    assert cells(table, "late")[-3:] == ["1.400 ± 0.070", "25%", "4"]
    assert cells(table, "photograph")[-3:] == ["–", "–", "–"]
