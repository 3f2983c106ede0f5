from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest
from PIL import Image

from tools.golden import painting
from tools.golden.handover import HANDOVERS
from tools.golden.journeys import Journey
from tools.golden.painting import hand_over, journeys, paintings
from tools.golden.report import Row
from tools.golden.tree import TaskError, Tree


@pytest.fixture
def trees(tmp_path: Path) -> tuple[Tree, Tree]:
    """Two trees that nothing is run in."""
    base, new = (Tree(tmp_path / side, tmp_path / "home", tmp_path) for side in ("old", "young"))
    return base, new


def grey(levels: dict[str, int]) -> Callable[[Tree, Path, Path], None]:
    """Paints `picture.png` in one grey on each side."""

    def paint(tree: Tree, result: Path, _work: Path) -> None:
        Image.new("RGB", (4, 4), (levels[tree.root.name],) * 3).save(result / "picture.png")

    return paint


def travel(
    journey: Journey, trees: tuple[Tree, Tree], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Row:
    monkeypatch.setattr(painting, "JOURNEYS", MappingProxyType({"it": journey}))
    (row,) = journeys(*trees, folder, ["it"])
    return row


@pytest.mark.parametrize(("new", "largest"), [(80, 0), (83, 3)])
def test_a_row_tells_what_the_sides_painted(
    new: int,
    largest: int,
    trees: tuple[Tree, Tree],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journey = Journey(grey({"old": 80, "young": new}))
    row = travel(journey, trees, tmp_path / "out", monkeypatch)
    assert row.difference.largest == largest
    assert row.base_s is not None
    assert row.new_s is not None


def test_a_failure_on_both_sides_is_no_success(
    trees: tuple[Tree, Tree], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(tree: Tree, _result: Path, _work: Path) -> None:
        raise TaskError(f"no {tree.root.name} today")

    row = travel(Journey(fail), trees, tmp_path / "out", monkeypatch)
    assert not row.difference.within(255)
    assert str(row.difference) == "base: no old today; new: no young today"


def test_pictures_that_have_to_be_alike_on_one_side_are_compared(
    trees: tuple[Tree, Tree], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def paint(tree: Tree, result: Path, _work: Path) -> None:
        for name, level in (("here.png", 80), ("there.png", 80 + (tree.root.name == "young"))):
            Image.new("RGB", (4, 4), (level,) * 3).save(result / name)

    journey = Journey(paint, (("here.png", "there.png"),))
    row = travel(journey, trees, tmp_path / "out", monkeypatch)
    assert str(row.difference) == "new: here.png and there.png: 1 of 255, 100% of all values"


def test_a_handover_that_fails_is_a_difference(
    trees: tuple[Tree, Tree], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> tuple[float, float]:
        raise TaskError("it was begun anew")

    monkeypatch.setattr(painting, "HANDOVERS", MappingProxyType({**HANDOVERS, "it": fail}))
    (row,) = hand_over(*trees, tmp_path / "out", ["it"])
    assert (str(row.difference), row.base_s) == ("it was begun anew", None)


def test_what_a_child_process_did_not_come_to_is_told_with_the_reason(
    trees: tuple[Tree, Tree], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(tree: Tree, command: list[str]) -> str:
        name = tree.root.name
        Path(command[-1]).write_text('{"task": "default", "seconds": 2.0, "error": ""}\n')
        folder = Path(command[-1]).parent
        Image.new("RGB", (4, 4)).save(folder / "default" / "picture.png")
        raise TaskError(f"exit code -11: {name}")

    monkeypatch.setattr(Tree, "run", run)
    default, gatys = paintings(*trees, tmp_path / "out", ["default", "gatys"])
    assert (str(default.difference), default.base_s) == ("equal", 2.0)
    assert str(gatys.difference).startswith("base: its process ended before: exit code -11: old;")
