from __future__ import annotations

from pathlib import Path

import pytest

from impasto import samples
from impasto.cli import main
from impasto.settings import StyleSettings, load_settings
from impasto.settings.recipes import RECIPES
from impasto.text import format_value

CONTENT, STYLE = str(samples.content("chelsea")), str(samples.style("swirls"))


@pytest.fixture(autouse=True)
def own_recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recipe folder of the test's own, which is not there yet."""
    monkeypatch.setenv("IMPASTO_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config" / "recipes"


def output_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def complaint(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error of a command that refuses its input."""
    assert main(arguments) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.startswith("impasto: ")
    assert streams.err.count("\n") == 1
    return streams.err


def own(text: str) -> str:
    """What a person set, without what its recipe stood for that day."""
    head, _, tail = text.partition("\n[resolved] # what the recipe set when this was saved\n")
    assert "base-weights = [" in tail
    return head


def test_a_saved_recipe_is_shown_and_paints(
    own_recipes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--size", "64", "--steps", "3", "--style-layers", "relu1_1,relu3_1=0.5"]
    answer = output_of(["recipe", "save", "tiny", *options, "--summary", "a stamp"], capsys)
    assert answer == f"{own_recipes / 'tiny.toml'}\n"
    text = output_of(["recipe", "show", "tiny"], capsys)
    assert own(text) == (
        'summary = "a stamp"\nrecipe = "default"\n\n'
        'steps = 3\nsize = 64\nstyle-layers = "relu1_1,relu3_1=0.5"\n'
    )
    out = tmp_path / "out.png"
    line = output_of(["stylize", CONTENT, STYLE, "-o", str(out), "--recipe", "tiny"], capsys)
    assert "64 x 43 px, 3 steps" in line


def test_settings_of_the_machine_are_kept_only_if_given(
    own_recipes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output_of(["recipe", "save", "one", "--recipe", "chapter", "--strength", "0.7"], capsys)
    text = (own_recipes / "one.toml").read_text()
    assert own(text) == 'recipe = "chapter"\n\nstrength = 0.7\n'
    output_of(["recipe", "save", "two", "--recipe", "one", "--threads", "2"], capsys)
    text = (own_recipes / "two.toml").read_text()
    assert own(text) == 'recipe = "chapter"\n\nstrength = 0.7\nthreads = 2\n'


def test_a_recipe_is_replaced_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    output_of(["recipe", "save", "tiny", "--steps", "3"], capsys)
    line = complaint(["recipe", "save", "tiny", "--steps", "4"], capsys)
    assert "tiny.toml is there already" in line
    output_of(["recipe", "save", "tiny", "--steps", "4", "--replace"], capsys)
    assert load_settings({"recipe": "tiny"}).steps == 4


@pytest.mark.parametrize(
    ("arguments", "expected"),
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
    arguments: list[str], expected: str, own_recipes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert expected in complaint(["recipe", *arguments], capsys)
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
    path.write_text(output_of(["recipe", "show", name], capsys))
    assert load_settings({"recipe": str(path)}) == StyleSettings(recipe=name)


def test_a_file_is_shown_with_its_comments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("# for portraits\nsteps = 3\n")
    assert output_of(["recipe", "show", str(path)], capsys) == path.read_text()


def test_alone_it_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    overview = output_of(["recipe"], capsys)
    assert all(word in overview for word in ("list", "save", "show"))


def test_a_bad_recipe_file_is_told_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text("stepps = 3")
    command = ["stylize", CONTENT, STYLE, "-o", "out.png", "--recipe", "mine.toml"]
    assert "mine.toml: 'stepps' is not a setting; did you mean 'steps'" in complaint(
        command, capsys
    )


@pytest.fixture
def recipe_folder(own_recipes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty recipe folder of the test's own, and no line of output wrapped."""
    monkeypatch.setenv("COLUMNS", "600")
    own_recipes.mkdir(parents=True)
    return own_recipes


@pytest.fixture
def listing(recipe_folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What `impasto recipe list` prints under each recipe's name, in order."""
    assert not any(recipe_folder.iterdir())
    return list_recipes(capsys)


def list_recipes(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    assert main(["recipe", "list"]) == 0
    paragraphs = capsys.readouterr().out.rstrip().split("\n\n")
    return {paragraph.split()[0]: paragraph for paragraph in paragraphs}


def rows(paragraph: str) -> dict[str, str]:
    """The settings of a recipe as they are listed."""
    lines = (line.strip() for line in paragraph.splitlines() if line.startswith("  "))
    return {name: value.strip() for name, value in (line.split(maxsplit=1) for line in lines)}


def test_every_recipe_is_there_with_its_summary(listing: dict[str, str]) -> None:
    assert list(listing) == list(RECIPES)
    for name, recipe in RECIPES.items():
        assert recipe.summary in listing[name].splitlines()[0]


def test_a_recipe_tells_where_it_leaves_its_source(listing: dict[str, str]) -> None:
    assert any(recipe.differs for recipe in RECIPES.values())
    for name, recipe in RECIPES.items():
        assert ("differs from its source" in listing[name]) == bool(recipe.differs)


@pytest.mark.parametrize("name", [name for name in RECIPES if name != "default"])
def test_a_recipe_lists_all_that_differs_from_the_default(
    name: str, listing: dict[str, str]
) -> None:
    complete = StyleSettings(recipe=name)
    differing = {
        field.replace("_", "-"): format_value(getattr(complete, field))
        for field in StyleSettings.model_fields
        if field != "recipe" and getattr(complete, field) != getattr(StyleSettings(), field)
    }
    assert rows(listing[name]) == differing


def test_the_default_lists_what_shapes_the_picture(listing: dict[str, str]) -> None:
    settings = rows(listing["default"])
    assert settings["content-layers"] == format_value(StyleSettings().content_layers)
    assert settings["optimizer"] == StyleSettings().optimizer
    assert settings["backbone"] == StyleSettings().backbone
    assert "threads" not in settings


def test_saved_recipes_follow_with_their_path_and_what_they_set(
    recipe_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    swift = recipe_folder / "swift.toml"
    swift.write_text('summary = "[small] and swift"\nsteps = 60\n')
    (recipe_folder / "other.toml").write_text('recipe = "gatys"\n')
    recipes = list_recipes(capsys)
    assert list(recipes) == [*RECIPES, "other", "swift"]
    first, where = recipes["swift"].splitlines()[:2]
    assert first == "swift  [small] and swift"
    assert where == f"{swift}, from default"
    assert rows(recipes["swift"]) == {"steps": "60"}
    assert rows(recipes["other"]) == rows(recipes["gatys"])


def test_a_broken_recipe_is_told_and_the_others_follow(
    recipe_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (recipe_folder / "a.toml").write_text("steps 60")
    (recipe_folder / "b.toml").write_text("strength = 7")
    (recipe_folder / "c.toml").write_text("steps = 7")
    recipes = list_recipes(capsys)
    assert f"cannot be used: {recipe_folder / 'a.toml'} is not TOML" in recipes["a"]
    assert f"cannot be used: {recipe_folder / 'b.toml'}: strength is 7" in recipes["b"]
    assert rows(recipes["c"]) == {"steps": "7"}


def test_a_saved_recipe_in_the_shadow_of_a_built_in_one_says_so(
    recipe_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (recipe_folder / "gatys.toml").write_text("steps = 7")
    assert "by its path, as gatys is a built-in recipe" in list_recipes(capsys)["gatys"]


def test_a_summary_cannot_move_the_cursor(
    recipe_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (recipe_folder / "a.toml").write_text('summary = "x\\u001b[2J"\n')
    assert "\x1b" not in list_recipes(capsys)["a"]


def test_a_saved_recipe_is_deleted_and_nothing_else(
    own_recipes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no recipe is saved" in complaint(["recipe", "delete", "calm"], capsys)
    output_of(["recipe", "save", "calm", "--strength", "0.3"], capsys)
    own_file = tmp_path / "calm.toml"
    own_file.write_text("steps = 3\n")
    line = complaint(["recipe", "delete", "clam"], capsys)
    assert "'clam' is not a saved recipe; did you mean 'calm'?" in line
    assert "built-in recipe" in complaint(["recipe", "delete", "gatys"], capsys)
    assert "is a file of yours" in complaint(["recipe", "delete", str(own_file)], capsys)
    file = own_recipes / "calm.toml"
    assert output_of(["recipe", "delete", "calm"], capsys) == f"deleted {file}\n"
    assert not file.exists()
    assert own_file.exists()
