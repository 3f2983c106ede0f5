from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from impasto.errors import SettingError, UnknownNameError
from impasto.settings import load_settings
from impasto.settings.recipe_files import RecipeFile, find, folder, parsed, read, saved
from impasto.settings.recipes import RECIPES

pytestmark = pytest.mark.usefixtures("own_recipes")


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_recipe_folder_can_be_chosen(
    own_recipes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder() == own_recipes
    monkeypatch.setenv("IMPASTO_CONFIG", "~/mine")
    assert folder() == Path.home() / "mine" / "recipes"
    monkeypatch.setenv("IMPASTO_CONFIG", "")
    assert folder().parts[-2:] == ("impasto", "recipes")


def test_built_in_recipes_are_found_before_saved_ones(own_recipes: Path) -> None:
    write(own_recipes / "gatys.toml", "steps = 1")
    write(own_recipes / "swift.toml", "steps = 2")
    assert find("gatys") is RECIPES["gatys"]
    swift = find("swift")
    assert isinstance(swift, RecipeFile)
    assert swift.settings == {"steps": 2}
    assert list(saved()) == ["gatys", "swift"]


@pytest.mark.parametrize("name", ["mine.toml", "gatys.toml", "MINE.TOML"])
def test_what_ends_in_toml_is_a_file(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / name, "steps = 3")
    for place in (path, str(path)):
        file = find(place)
        assert isinstance(file, RecipeFile)
        assert file.settings == {"steps": 3}


@pytest.mark.parametrize("name", ["swif", "", "../swift", 7, None, ["swift"]])
def test_an_unknown_recipe_is_told_with_all_there_are(name: object, own_recipes: Path) -> None:
    write(own_recipes / "swift.toml", "steps = 2")
    with pytest.raises(UnknownNameError, match=r"is not a recipe; .*: default, .*, swift$"):
        find(name)


def test_a_file_is_read_with_all_it_says(tmp_path: Path) -> None:
    path = write(
        tmp_path / "mine.toml",
        'summary = "fine\\nlines"\nrecipe = "gatys"\nstyle-weight = 3\ntv_weight = 0.5\n'
        "shape = [30, 40]\n[style-layers]\nrelu1_1 = 1\n",
    )
    file = read(path)
    assert (file.path, file.recipe.name, file.summary) == (path, "gatys", "fine\nlines")
    assert file.settings == {
        "style_weight": 3,
        "tv_weight": 0.5,
        "shape": [30, 40],
        "style_layers": {"relu1_1": 1},
    }


@pytest.mark.parametrize(
    "text",
    [
        'shape = "30x40"\nstyle-layers = "relu1_1,relu3_1=0.5"',
        "shape = [30, 40]\nstyle_layers = { relu1_1 = 1, relu3_1 = 0.5 }",
    ],
)
def test_values_may_be_text_or_tables(text: str, tmp_path: Path) -> None:
    settings = load_settings({"recipe": str(write(tmp_path / "mine.toml", text))})
    assert settings.shape == (30, 40)
    assert settings.style_layers == {"relu1_1": 1.0, "relu3_1": 0.5}


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfsteps = 3", b"steps = 3\r\nseed = 1\r\n"])
def test_files_of_other_systems_are_read(data: bytes, tmp_path: Path) -> None:
    assert read(write(tmp_path / "mine.toml", data)).settings["steps"] == 3


def test_an_empty_file_is_the_default_recipe(tmp_path: Path) -> None:
    file = read(write(tmp_path / "mine.toml", ""))
    assert (file.settings, file.recipe) == ({}, RECIPES["default"])


def test_relative_paths_lead_from_the_files_folder(tmp_path: Path) -> None:
    text = 'weights-file = "w.pth"\ninit = "image:start.png"'
    settings = read(write(tmp_path / "mine.toml", text)).settings
    assert settings == {
        "weights_file": str(tmp_path / "w.pth"),
        "init": f"image:{tmp_path / 'start.png'}",
    }


def test_absolute_paths_and_the_home_folder_stay(tmp_path: Path) -> None:
    text = 'weights-file = "/w.pth"\ninit = "image:~/start.png"'
    settings = read(write(tmp_path / "mine.toml", text)).settings
    assert Path(settings["weights_file"]) == Path("/w.pth")
    assert settings["init"] == f"image:{Path.home() / 'start.png'}"


FAULTS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda d: d / "mine.toml", "does not exist"),
    "folder": (lambda d: _folder(d / "mine.toml"), "is a folder"),
    "giant": (lambda d: write(d / "mine.toml", b"#" * 100_001), "larger than 100 kB"),
    "latin": (lambda d: write(d / "mine.toml", b"\n# caf\xe9"), r"not UTF-8 \(line 2\)"),
    "syntax": (lambda d: write(d / "mine.toml", "steps = 1\nseed 3"), r"not TOML: .*at line 2,"),
    "cut": (lambda d: write(d / "mine.toml", "a = 1\nb = [1,"), r"not TOML: .*at line 2, the end"),
    "deep": (lambda d: write(d / "mine.toml", "a = " + "[" * 90_000), "nested too deeply"),
    "digits": (lambda d: write(d / "mine.toml", "seed = " + "9" * 5000), "a number too long"),
    "twice": (
        lambda d: write(d / "mine.toml", "tv-weight=1\ntv_weight=1"),
        "tv_weight is there tw",
    ),
    "summary": (lambda d: write(d / "mine.toml", "summary = 3"), "summary is 3"),
    "base": (lambda d: write(d / "mine.toml", "recipe = 'gatis'"), "did you mean 'gatys'"),
    "file": (lambda d: write(d / "mine.toml", "recipe = 'a.toml'"), "not a built-in recipe to st"),
    "number": (lambda d: write(d / "mine.toml", "recipe = 3"), "not a built-in recipe to st"),
    "zero": (lambda _: Path("mi\0ne.toml"), "cannot be read"),
}


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize("case", FAULTS)
def test_a_broken_file_is_named_in_one_line(case: str, tmp_path: Path) -> None:
    make, message = FAULTS[case]
    with pytest.raises(SettingError, match=message) as error:
        read(make(tmp_path))
    assert "ne.toml" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "mine.toml")
    with pytest.raises(SettingError, match="not a regular file"):
        read(tmp_path / "mine.toml")


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "mine.toml", "steps = 3")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SettingError, match=r"mine.toml cannot be read \(permission denied\)"):
        read(path)


def test_a_picture_without_a_recipe_says_so(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff and so on")
    with pytest.raises(SettingError, match=r"photo\.jpg holds no recipe: .* --no-recipe"):
        find(str(tmp_path / "photo.jpg"))
    with pytest.raises(SettingError, match="does not exist"):
        find(str(tmp_path / "gone.png"))


def test_a_key_of_very_many_parts_is_refused_at_once() -> None:
    with pytest.raises(SettingError, match="nested too deeply"):
        parsed('"\u2028".' * 100_000 + "a = 1", Path("deep.toml"))


@pytest.mark.parametrize(
    "text",
    [
        "[" + ".".join("a" * 150) + "]\n" + "\n".join(f"k{n}.{'a.' * 149}a = 1" for n in range(9)),
        "steps = " + "[{a = " * 12 + "1" + "}]" * 12,
        "[resolved]\nbase_weights = " + "[" * 30 + "]" * 30,
    ],
    ids=["dots in all", "tables in lists", "lists"],
)
def test_many_levels_under_each_other_are_refused_at_once(text: str) -> None:
    with pytest.raises(SettingError, match="nested too deeply"):
        parsed(text, Path("deep.toml"))


def test_a_text_is_read_under_any_name_and_its_paths_stay_as_written() -> None:
    file = parsed('init = "image:~/a.png"', Path("nowhere/calm.toml"))
    assert file.settings == {"init": "image:~/a.png"}
    with pytest.raises(SettingError, match=r"^calm\.toml is not TOML: .* line 1"):
        parsed("steps 60", Path("calm.toml"))


@pytest.mark.parametrize("weights", ["[1e999, 1]", "[true, 1]", f"[{10**400}, 1]", "[-1, 1]"])
def test_weights_that_are_none_are_refused(weights: str) -> None:
    recipe = parsed(f"[resolved]\nbase_weights = {weights}", Path("calm.toml"))
    with pytest.raises(SettingError, match="base_weights"):
        recipe.start()


def test_weights_that_are_some_are_taken() -> None:
    recipe = parsed("[resolved]\nbase_weights = [2, 0.5]", Path("calm.toml"))
    assert recipe.start().base_weights == (2.0, 0.5)
