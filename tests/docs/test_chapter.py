from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.blocks import code_blocks, prose_of, run_python

PAGE = Path(__file__).parents[2] / "docs" / "chapter.md"


def test_the_page_about_the_chapter_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = run_python(PAGE)
    assert len(names["steps"]) == names["settings"].steps
    assert {path.name for path in tmp_path.iterdir()} == {"losses.png", "painted.png"}


def test_every_section_is_there_in_the_chapters_order() -> None:
    sections = re.findall(r"^#+ (14\.12\.[\d.]+) ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sections == [
        *(f"14.12.{number}" for number in range(1, 6)),
        *(f"14.12.5.{number}" for number in range(1, 5)),
        *(f"14.12.{number}" for number in range(6, 10)),
    ]


def test_blocks_are_found_with_their_lines_and_taken_out_of_the_prose(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("one\n\n```python\nx = 1\n```\n\n```sh\nls\n```\nend\n")
    assert code_blocks(page, "python") == [(4, "x = 1\n")]
    assert code_blocks(page, "sh") == [(8, "ls\n")]
    assert "x = 1" not in prose_of(page)
    assert prose_of(page).endswith("end\n")


def test_a_block_that_fails_names_the_page_and_the_line(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nx = 1\n```\ntext\n```python\nassert x == 2\n```\n")
    with pytest.raises(AssertionError) as failure:
        run_python(page)
    last = failure.traceback[-1]
    assert (Path(last.path), last.lineno + 1) == (page, 6)
