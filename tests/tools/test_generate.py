from __future__ import annotations

from pathlib import Path

import pytest

from impasto.cli.options import flag
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES
from tools import generate

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", generate.PAGES)
def test_a_generated_page_is_what_the_code_says(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    assert page == generate.PAGES[name](), f"run `make docs`: {name} is older than the code"


@pytest.mark.parametrize("columns", ["40", "300"])
def test_the_help_does_not_depend_on_the_terminal(
    columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = generate.cli_page()
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert generate.cli_page() == before
    assert "\x1b" not in before


def test_every_command_has_its_help() -> None:
    page = generate.cli_page()
    for command in ("stylize", "resume", "demo", "recipe list", "doctor", "backbone fetch"):
        assert f"## `impasto {command}`\n\n```text\n Usage: impasto {command}" in page
    assert "impasto backbones" not in page  # a former name


@pytest.mark.parametrize("name", StyleSettings.model_fields)
def test_every_setting_has_one_row(name: str) -> None:
    rows = [r for r in generate.settings_page().split("## Recipes")[0].splitlines() if "|" in r]
    (row,) = [row for row in rows if row.startswith(f"| `{name}` |")]
    assert f"`{flag(name)}`" in row
    assert str(StyleSettings.model_fields[name].description) in row


def test_recipes_show_what_differs_from_the_default_alone() -> None:
    page = generate.settings_page()
    assert all(f"### `{name}`" in page for name in RECIPES)
    chapter = page.split("### `chapter`")[1].split("###")[0]
    assert "| `steps` | `500` |" in chapter
    assert "| `seed` |" not in chapter


def test_bounds_are_told() -> None:
    page = generate.settings_page()
    assert "| `strength` | `--strength` | number, ≥ 0, ≤ 1 |" in page
    assert "| `seed` | `--seed` | whole number, ≥ 0, < 2^63 |" in page


def test_pages_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    assert generate.write(tmp_path) == [tmp_path / name for name in generate.PAGES]
    assert (tmp_path / "docs" / "cli.md").read_text(encoding="utf-8") == generate.cli_page()
