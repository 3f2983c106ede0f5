from __future__ import annotations

from pathlib import Path

import pytest

from tools.golden.__main__ import choose, main
from tools.golden.handover import HANDOVERS
from tools.golden.journeys import JOURNEYS
from tools.golden.tasks import PAINTINGS


def test_all_tasks_are_painted_and_handovers_only_if_asked() -> None:
    assert choose(None, handover=False) == [list(PAINTINGS), list(JOURNEYS), []]
    assert choose(None, handover=True)[2] == list(HANDOVERS)


def test_a_handover_can_be_chosen_by_its_name() -> None:
    assert choose(["handover-batch"], handover=False) == [[], [], ["handover-batch"]]


def test_an_unknown_task_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--base", "HEAD", "--only", "colour"]) == 2
    message = capsys.readouterr().err
    assert message.startswith("golden: no task is called colour: take of default, eight-bit, ")


def test_an_unknown_revision_is_told_before_anything_is_painted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--base", "no-such-revision", "--keep", str(tmp_path / "kept")]) == 2
    assert "no-such-revision" in capsys.readouterr().err
    assert not (tmp_path / "kept").exists()


def test_no_two_tasks_have_one_name() -> None:
    names = [*PAINTINGS, *JOURNEYS, *HANDOVERS]
    assert len(names) == len(set(names))
