from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.blind import ANSWERS, KEY, Pair, count, lay, main
from impasto.errors import SettingError

RED, BLUE = (200, 0, 0), (0, 0, 200)


@pytest.fixture
def pairs(tmp_path: Path) -> list[Pair]:
    made = []
    for name in ("one", "two", "three"):
        files = {}
        for role, colour in (("content", "gray"), ("style", "white"), ("old", RED), ("new", BLUE)):
            files[role] = tmp_path / role / f"{name}.png"
            files[role].parent.mkdir(exist_ok=True)
            Image.new("RGB", (360, 270), colour).save(files[role])
        made.append(Pair(**files))
    return made


def answer(out: Path, prefer: str) -> None:
    """Every reader prefers the same, wherever it stands."""
    for reader, sheets in json.loads((out / KEY).read_text()).items():
        lines = [f"{n:02} {'A' if s['A'] == prefer else 'B'}" for n, s in enumerate(sheets, 1)]
        (out / reader / ANSWERS).write_text("\n".join(lines))


def test_who_prefers_the_new_wherever_it_stands_gives_it_every_pair(
    pairs: list[Pair], tmp_path: Path
) -> None:
    lay(pairs, tmp_path / "out")
    answer(tmp_path / "out", "new")
    result = count(tmp_path / "out")
    assert (result["pairs"], result["new"], result["old"], result["tie"]) == (3, 3, 0, 0)


def test_a_sheet_shows_a_left_of_b_as_the_key_says(pairs: list[Pair], tmp_path: Path) -> None:
    out = tmp_path / "out"
    lay(pairs, out, readers=1)
    for number, sheet in enumerate(json.loads((out / KEY).read_text())["reader-1"], 1):
        with Image.open(out / "reader-1" / f"{number:02}.jpg") as picture:
            width, height = picture.size
            left = picture.getpixel((width // 4, 3 * height // 4))
        assert isinstance(left, tuple)
        assert (left[0] > left[2]) == (sheet["A"] == "old")


def test_two_readers_see_a_pair_with_its_sides_swapped(pairs: list[Pair], tmp_path: Path) -> None:
    lay(pairs, tmp_path / "out", readers=2)
    key = json.loads((tmp_path / "out" / KEY).read_text())
    first, second = ({s["pair"]: s["A"] for s in key[f"reader-{n}"]} for n in (1, 2))
    assert all(first[pair] != second[pair] for pair in first)


def test_one_who_answers_the_same_letter_throughout_decides_nothing_beside_another(
    pairs: list[Pair], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    lay(pairs, out, readers=2)
    for reader in ("reader-1", "reader-2"):
        (out / reader / ANSWERS).write_text("1 A\n2 A\n3 A\n")
    assert count(out)["tie"] == 3


@pytest.mark.parametrize("text", ["1 A\n2 B\n", "1 A\n2 B\n3 C\n", "A 1\n"])
def test_answers_that_are_not_one_for_each_sheet_are_refused(
    text: str, pairs: list[Pair], tmp_path: Path
) -> None:
    lay(pairs, tmp_path / "out", readers=1)
    (tmp_path / "out" / "reader-1" / ANSWERS).write_text(text)
    with pytest.raises(SettingError, match=ANSWERS):
        count(tmp_path / "out")


def test_sheets_are_not_laid_over_others(pairs: list[Pair], tmp_path: Path) -> None:
    lay(pairs, tmp_path, readers=1)
    with pytest.raises(SettingError, match="another folder"):
        lay(pairs, tmp_path, readers=1)


def test_the_command_lays_and_counts(
    pairs: list[Pair], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = [{role: str(path) for role, path in pair._asdict().items()} for pair in pairs]
    (tmp_path / "pairs.json").write_text(json.dumps(listed))
    out, results = tmp_path / "out", tmp_path / "results.json"
    assert main(["lay", str(tmp_path / "pairs.json"), "--out", str(out)]) == 0
    answer(out, "old")
    assert main(["count", str(out), "--out", str(results)]) == 0
    assert "of 3 pairs new 0, old 3, ties 0" in capsys.readouterr().out
    assert json.loads(results.read_text())["old"] == 3
    assert main(["count", str(tmp_path)]) == 2
