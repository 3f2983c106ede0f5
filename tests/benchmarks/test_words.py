from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import words
from benchmarks.words import unmet, word_state
from impasto.errors import SettingError
from impasto.words import plan_of


@pytest.mark.parametrize(
    ("word", "state"),
    [("watercolour", "understood"), ("70%", "understood"), ("qwyx", "named"), ("the", "lost")],
)
def test_a_content_word_is_understood_named_or_lost(word: str, state: str) -> None:
    assert word_state("70% watercolour of the qwyx", word) == state


def test_a_content_word_that_is_not_in_its_phrase_is_refused() -> None:
    with pytest.raises(SettingError, match="does not stand in"):
        word_state("cold", "warm")


def test_what_a_plan_has_not_is_told() -> None:
    plan = plan_of("mostly watercolour, a little woodcut, cold, fine strokes")
    good = {"style": "watercolour", "more": ["watercolour", "woodcut"], "tone": "cold"}
    assert unmet(plan, good | {"scale": "fine", "not_tone": "warm"}) == []
    assert unmet(plan, {"style": "mosaic", "palette": True, "tone": "cold"}) == ["style", "palette"]


def test_a_file_of_phrases_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"phrase": "水彩，量子", "content": ["水彩", "量子"], "expect": {"style": "watercolour"}},
        {"phrase": "very cold", "content": ["very", "cold"]},
    ]
    file = tmp_path / "phrases.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    monkeypatch.setattr(sys, "argv", ["words", str(file)])
    words.main()
    page = capsys.readouterr().out
    assert "2 phrases, 4 content words: 3 understood (75.0%), 1 named (25.0%), 0 lost" in page
    assert "plans as expected: 1 of 1" in page
