from __future__ import annotations

from benchmarks.quality import page

FIGURES = {
    "slim": {
        "strengths": {"0.5": {"vgg19_pca": {"style": 0.125, "content": 0.75}}},
        "equal_content": {},
        "equal_content_held_out": {},
    }
}
RESULTS = {
    "machine": {"processor": "Abacus", "cores": 2, "torch": "2.13.0"},
    "setting": {
        "size": 384,
        "steps": 77,
        "seed": 0,
        "threads": 1,
        "processes": [1, 2],
        "strengths": [0.3, 0.5],
    },
    "reference": "slim",
    "missing": 7,
    "held_out": ["wave_crop", "vg_la_cafe"],
    "contenders": FIGURES,
    "paintings": [{"pair": "a in b"}, {"pair": "a in b"}, {"pair": "c in d"}],
}


def test_the_page_says_what_was_done_and_what_came_out() -> None:
    text = page.render(RESULTS)
    assert text.startswith("# Which backbone guides best\n")
    for fact in ("2 pairs", "384 px", "77 steps", "0.3, 0.5", "`vg_la_cafe`", "Abacus", "0.125"):
        assert fact in text
    assert "7 are missing" in text
    assert "1, 2 at a time" in text


def test_the_page_owns_up_where_nobody_noted_how_many_painted_at_a_time() -> None:
    setting = {**RESULTS["setting"], "processes": []}
    assert "an unknown number at a time" in page.render({**RESULTS, "setting": setting})


def test_the_page_owns_up_that_the_judges_were_teachers() -> None:
    assert "**teachers** of `slim`" in page.render(RESULTS)
