"""The curves are a drawing of the losses, whole and safe to be put into a page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from impasto.service.page.curves import HEIGHT, MOST_POINTS, WIDTH, loss_curves


def step(number: int, content: float, style: float, tv: float = 0.0, side: int = 64) -> dict:
    losses = {"content": content, "style": style, "tv": tv, "total": content + style + tv}
    return {"step": number, "losses": losses, "scale": [side, side]}


def lines(html: str) -> dict[str, list[tuple[float, float]]]:
    svg = ElementTree.fromstring(re.search(r"<svg.*</svg>", html)[0])
    return {
        line.get("data-loss"): [tuple(map(float, p.split(","))) for p in line.get("points").split()]
        for line in svg.iter("polyline")
    }


def test_nothing_is_drawn_before_the_second_step() -> None:
    assert loss_curves([step(1, 1, 1)], 20, "en") == ""


def test_a_falling_loss_falls_and_a_rising_one_rises() -> None:
    points = lines(loss_curves([step(n, 10.0**n, 10.0**-n) for n in range(1, 5)], 4, "en"))
    assert [y for _, y in points["content"]] == sorted(
        (y for _, y in points["content"]), reverse=True
    )
    assert [y for _, y in points["style"]] == sorted(y for _, y in points["style"])


def test_equal_factors_are_equal_distances() -> None:
    ys = [
        y
        for _, y in lines(loss_curves([step(n, 10.0**n, 1) for n in (1, 2, 3)], 3, "en"))["content"]
    ]
    assert abs((ys[0] - ys[1]) - (ys[1] - ys[2])) < 0.2


def test_a_run_that_is_half_done_fills_half_the_width() -> None:
    points = lines(loss_curves([step(n, 1.0 + n, 2.0) for n in range(1, 51)], 99, "en"))
    assert abs(points["content"][-1][0] - WIDTH / 2) < 1


def test_everything_stays_inside_the_drawing() -> None:
    points = lines(loss_curves([step(n, 1e-9, 1e12, 3.0) for n in (1, 2)], 2, "en"))
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for p in points.values() for x, y in p)


def test_a_loss_that_is_nothing_is_left_out() -> None:
    html = loss_curves([step(1, 1, 1), step(2, 1, 1)], 2, "en")
    assert set(lines(html)) == {"content", "style"}
    assert "total variation" not in html


def test_a_long_run_is_thinned_and_keeps_its_last_step() -> None:
    many = [step(n, 5.0, 1.0 + 1 / n) for n in range(1, 5001)]
    points = lines(loss_curves(many, 5000, "en"))["content"]
    assert len(points) <= MOST_POINTS + 1
    assert abs(points[-1][0] - (WIDTH - 6)) < 0.2


def test_each_scale_is_marked_with_its_size() -> None:
    html = loss_curves([step(1, 1, 2), step(2, 1, 2, side=128), step(3, 1, 2, side=128)], 3, "en")
    assert (html.count("64 × 64"), html.count("128 × 128"), html.count('class="scale"')) == (
        1,
        1,
        1,
    )


def test_the_drawing_is_one_line() -> None:
    assert "\n" not in loss_curves([step(1, 1, 1), step(2, 2, 2)], 2, "zh")


def test_a_loss_without_a_translation_shows_its_own_name_and_no_markup() -> None:
    losses = {"style": 1.0, "<b>": 2.0, "total": 3.0}
    steps = [{"step": n, "losses": losses, "scale": [8, 8]} for n in (1, 2)]
    html = loss_curves(steps, 2, "zh")
    assert set(lines(html)) == {"style", "<b>"}
    assert "风格" in html
    assert "&lt;b&gt;" in html
    assert "<b>2" in html  # its value, which is bold
    assert "<b> <b>" not in html


def test_a_loss_that_begins_later_begins_there() -> None:
    steps = [step(1, 1, 1), step(2, 1, 1), step(3, 1, 1)]
    steps[1]["losses"]["late"] = steps[2]["losses"]["late"] = 4.0
    points = lines(loss_curves(steps, 3, "en"))
    assert [len(points[name]) for name in ("content", "style", "late")] == [3, 3, 2]


def test_a_run_without_losses_has_its_scales_alone() -> None:
    steps = [{"step": n, "losses": {}, "scale": [8, 8]} for n in (1, 2)]
    html = loss_curves(steps, 2, "en")
    assert lines(html) == {}
    assert "8 × 8" in html
