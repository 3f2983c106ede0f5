"""The figures of the quality benchmark as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.quality.figures import MIDDLE

__all__ = ["against", "noise", "readings"]

JUDGES = {"squeezenet1_1": "SqueezeNet", "vgg19_pca": "components"}


def against(figures: Mapping[str, Any], reference: str, key: str = "equal_content") -> str:
    """Style distance at equal content distance, over the reference's.

    Args:
        figures: see `figures.by_contender`.
        reference: the contender all others are compared with.
        key: "equal_content", or "equal_content_held_out" for the styles no training saw.
    """
    head = ["contender"]
    for judge in JUDGES.values():
        head += [f"style by {judge}", "style over reference's", "won", "pairs"]
    rows = []
    for name, own in figures.items():
        if not own.get(key):  # it has painted none of these pairs
            continue
        cells = [name]
        for judge in JUDGES:
            if judge in own[key]:
                cells += _comparison(own[key][judge], name == reference)
            else:
                is_reader = any(judge in at for at in own["strengths"].values())
                cells += ["guided the reference" if is_reader else "guided by it", "–", "–", "–"]
        rows.append(cells)
    return _table(head, rows)


def readings(figures: Mapping[str, Any]) -> str:
    """What was read at the middle strength, and what it cost."""
    head = ["contender"]
    for judge in JUDGES.values():
        head += [f"style by {judge}", f"content by {judge}"]
    head += ["colour", "fine noise", "seconds", "CPU s", "steps/CPU s", "MB"]
    rows = []
    for name, own in figures.items():
        at = own["strengths"].get(f"{MIDDLE:g}", {})
        cells = [name]
        for judge in JUDGES:
            reading = at.get(judge, {})
            cells += [_number(reading.get("style"), 3), _number(reading.get("content"), 3)]
        cells += [_number(at.get("colour"), 1), _number(at.get("fine_ratio"), 2)]
        for cost, digits in (
            ("seconds", 1),
            ("cpu_seconds", 1),
            ("steps_per_cpu_s", 1),
            ("peak_mb", 0),
        ):
            cells.append(_number(own.get(cost), digits))
        rows.append(cells)
    return _table(head, rows)


def noise(figures: Mapping[str, Any], reference: str) -> str:
    """Fine noise at each strength, and at equal style distance over the reference's."""
    strengths = list(dict.fromkeys(at for own in figures.values() for at in own["strengths"]))
    head = ["contender", *(f"at {strength}" for strength in strengths)]
    for judge in JUDGES.values():
        head += [f"at equal style by {judge}", "won", "pairs"]
    rows = []
    for name, own in figures.items():
        ratios = [own["strengths"].get(strength, {}).get("fine_ratio") for strength in strengths]
        cells = [name, *(_number(figure, 3) for figure in ratios)]
        for judge in JUDGES:
            comparison = own.get("noise_at_equal_style", {}).get(judge)
            cells += _ratio(comparison, name == reference) if comparison else ["–", "–", "–"]
        rows.append(cells)
    return _table(head, rows)


def _comparison(comparison: Mapping[str, Any], itself: bool) -> list[str]:
    return [_number(comparison["style"], 3), *_ratio(comparison, itself)]


def _ratio(comparison: Mapping[str, Any], itself: bool) -> list[str]:
    """The ratio with its error, the share won, and the pairs."""
    pairs = str(comparison["pairs"]) + (
        f", {comparison['apart']} apart" if comparison["apart"] else ""
    )
    if itself or comparison["ratio"] is None:
        return ["1" if itself else "–", "–", pairs]
    ratio = f"{comparison['ratio']:.3f}"
    if comparison["error"] is not None:
        ratio += f" ± {comparison['error'] * comparison['ratio']:.3f}"
    return [ratio, f"{comparison['won']:.0%}", pairs]


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
