from __future__ import annotations

from pathlib import Path

import pytest

from impasto import samples
from impasto.cli import main
from impasto.settings import StyleSettings, load_settings
from impasto.settings.recipes import RECIPES

CONTENT, STYLE = str(samples.content("chelsea")), str(samples.style("swirls"))


@pytest.fixture(autouse=True)
def own_recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recipe folder of the test's own, which is not there yet."""
    monkeypatch.setenv("IMPASTO_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config" / "recipes"


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def complaint(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error of a command that refuses its input."""
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("impasto: ")
    assert captured.err.count("\n") == 1
    return captured.err


def own(text: str) -> str:
    """What a person set, without what its recipe stood for that day."""
    said, _, resolved = text.partition("\n[resolved] # what the recipe set when this was saved\n")
    assert "base-weights = [" in resolved
    return said


def test_a_saved_recipe_is_shown_and_paints(
    own_recipes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--size", "64", "--steps", "3", "--style-layers", "relu1_1,relu3_1=0.5"]
    saved = printed(["recipe", "save", "tiny", *given, "--summary", "a stamp"], capsys)
    assert saved == f"{own_recipes / 'tiny.toml'}\n"
    shown = printed(["recipe", "show", "tiny"], capsys)
    assert own(shown) == (
        'summary = "a stamp"\nrecipe = "default"\n\n'
        'steps = 3\nsize = 64\nstyle-layers = "relu1_1,relu3_1=0.5"\n'
    )
    out = tmp_path / "out.png"
    told = printed(["stylize", CONTENT, STYLE, "-o", str(out), "--recipe", "tiny"], capsys)
    assert "64 x 43 px, 3 steps" in told


def test_settings_of_the_machine_are_kept_only_if_given(
    own_recipes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(["recipe", "save", "one", "--recipe", "chapter", "--strength", "0.7"], capsys)
    text = (own_recipes / "one.toml").read_text()
    assert own(text) == 'recipe = "chapter"\n\nstrength = 0.7\n'
    printed(["recipe", "save", "two", "--recipe", "one", "--threads", "2"], capsys)
    text = (own_recipes / "two.toml").read_text()
    assert own(text) == 'recipe = "chapter"\n\nstrength = 0.7\nthreads = 2\n'


def test_a_recipe_is_replaced_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    printed(["recipe", "save", "tiny", "--steps", "3"], capsys)
    line = complaint(["recipe", "save", "tiny", "--steps", "4"], capsys)
    assert "tiny.toml is there already" in line
    printed(["recipe", "save", "tiny", "--steps", "4", "--replace"], capsys)
    assert load_settings({"recipe": "tiny"}).steps == 4


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["save", "chapter"], "is a built-in recipe"),
        (["save", ""], "cannot name a recipe"),
        (["save", "a/b"], "a path that ends in .toml"),
        (["save", "tiny", "--strength", "7"], "strength is '7'"),
        (["save", "tiny", "--recipe", "gone.toml"], "gone.toml does not exist"),
        (["show", "gatis"], "did you mean 'gatys'"),
        (["show", "gone.toml"], "gone.toml does not exist"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    arguments: list[str], wanted: str, own_recipes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert wanted in complaint(["recipe", *arguments], capsys)
    assert not own_recipes.exists()


def test_a_broken_recipe_is_told_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("strength = 7")
    assert f"{path}: strength is 7" in complaint(["recipe", "show", str(path)], capsys)


@pytest.mark.parametrize("name", RECIPES)
def test_a_built_in_recipe_is_shown_as_a_file_that_means_the_same(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(printed(["recipe", "show", name], capsys))
    assert load_settings({"recipe": str(path)}) == StyleSettings(recipe=name)


def test_a_file_is_shown_with_its_comments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("# for portraits\nsteps = 3\n")
    assert printed(["recipe", "show", str(path)], capsys) == path.read_text()


def test_alone_it_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(["recipe"], capsys)
    assert all(word in told for word in ("list", "save", "show"))


def test_a_bad_recipe_file_is_told_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text("stepps = 3")
    command = ["stylize", CONTENT, STYLE, "-o", "out.png", "--recipe", "mine.toml"]
    assert "mine.toml: 'stepps' is not a setting; did you mean 'steps'" in complaint(
        command, capsys
    )
