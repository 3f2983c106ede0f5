from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import OutputError, SettingError
from impasto.settings import StyleSettings, load_settings
from impasto.settings.embedded import into_xmp
from impasto.settings.recipe_files import find, read
from impasto.settings.recipe_writing import different, dumps, place_of, record, renamed, save
from impasto.settings.recipes import RECIPES


@pytest.fixture(autouse=True)
def own_recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recipe folder of the test's own, which is not there yet."""
    monkeypatch.setenv("IMPASTO_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config" / "recipes"


def changes_of(settings: StyleSettings) -> dict[str, Any]:
    """What a recipe file has to say of settings."""
    return different(settings.model_dump(), StyleSettings(recipe=settings.recipe).model_dump())


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"strength": 0.8, "steps": 60},
        {"recipe": "chapter", "strength": 0.8},
        {"recipe": "chapter", "style_weight": 5.0},
        {"recipe": "chapter", "size": 320, "optimizer": "lbfgs"},
        {"content_weight": 2.0},
        {"shape": (30, 40), "fit": "contain", "bits": "16"},
        {"style_layers": {"relu1_1": 0.25, "relu4_1": 1.0}, "tv_weight": 1e-4},
        {"optimizer": "adam"},
        {"recipe": "gatys", "seed": 2**62, "compile": True, "threads": 3},
    ],
)
def test_saved_settings_are_found_again_exactly(options: dict[str, Any]) -> None:
    settings = StyleSettings(**options)
    save("mine", changes_of(settings), recipe=settings.recipe)
    assert load_settings({"recipe": "mine"}) == settings


def test_only_what_differs_is_written() -> None:
    assert changes_of(StyleSettings(steps=60, tv_weight=1.0)) == {"steps": 60}
    assert changes_of(StyleSettings(recipe="chapter", strength=0.5)) == {"strength": 0.5}


def test_a_file_reads_like_the_command_line() -> None:
    settings = StyleSettings(shape=(30, 40), style_layers={"relu1_1": 1.0, "relu3_1": 0.5})
    text = dumps(changes_of(settings), "gatys", 'of "lines"\nand dots')
    assert text == (
        'summary = "of \\"lines\\" and dots"\n'
        'recipe = "gatys"\n'
        "\n"
        'shape = "30x40"\n'
        'style-layers = "relu1_1,relu3_1=0.5"\n'
    )


@pytest.mark.parametrize("name", RECIPES)
def test_what_a_built_in_recipe_sets_can_be_written(name: str) -> None:
    settings = {k: v for k, v in RECIPES[name].settings.items() if v is not None}
    save("mine", settings, recipe=name)
    assert load_settings({"recipe": "mine"}) == StyleSettings(recipe=name)


@pytest.mark.parametrize(
    "name", ["", " ", "a/b", "..", "a\\b", "a b", "-a", ".toml", "a.b", "a\n", "a\0", "café?"]
)
def test_odd_names_are_refused(name: str) -> None:
    with pytest.raises(SettingError, match="cannot name a recipe"):
        place_of(name)


@pytest.mark.parametrize("name", ["default", "chapter", "Gatys"])
def test_the_name_of_a_built_in_recipe_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match="is a built-in recipe"):
        save(name, {})


def test_a_name_goes_into_the_folder_and_a_path_where_it_leads(
    own_recipes: Path, tmp_path: Path
) -> None:
    assert save("swift_2-é", {"steps": 3}) == own_recipes / "swift_2-é.toml"
    assert save(str(tmp_path / "gatys.toml"), {"steps": 3}) == tmp_path / "gatys.toml"
    assert read(tmp_path / "gatys.toml").settings == {"steps": 3}


def test_what_is_there_is_replaced_only_when_asked(own_recipes: Path) -> None:
    save("mine", {"steps": 3})
    with pytest.raises(OutputError, match=r"mine\.toml is there already.*--replace"):
        save("mine", {"steps": 4})
    assert load_settings({"recipe": "mine"}).steps == 3
    save("mine", {"steps": 4}, replace=True)
    assert load_settings({"recipe": "mine"}).steps == 4
    assert [path.name for path in own_recipes.iterdir()] == ["mine.toml"]


def test_a_place_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OutputError, match="does not exist; create it first"):
        save(str(tmp_path / "no" / "mine.toml"), {})
    (tmp_path / "file").touch()
    monkeypatch.setenv("IMPASTO_CONFIG", str(tmp_path / "file"))
    with pytest.raises(OutputError, match=r"cannot be written .*IMPASTO_CONFIG"):
        save("mine", {})


def test_paths_into_the_own_folder_travel_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kit").mkdir()
    settings = {"weights_file": "kit/nets/w.pth", "init": "image:start.png"}
    document = tomllib.loads(save("kit/mine.toml", settings).read_text())
    assert document["weights-file"] == "nets/w.pth"
    assert Path(document["init"].removeprefix("image:")) == tmp_path / "start.png"
    recipe = find("kit/mine.toml")
    assert Path(recipe.settings["weights_file"]).absolute() == tmp_path / "kit" / "nets" / "w.pth"


@pytest.mark.parametrize(
    "options",
    [{}, {"strength": 0.8, "steps": 60}, {"recipe": "chapter", "style_weight": 5.0}, {"seed": 7}],
)
def test_a_record_inside_a_painting_paints_the_same_again(
    options: dict[str, Any], tmp_path: Path
) -> None:
    settings = StyleSettings(**options)
    painting = tmp_path / "painted.jpg"
    painting.write_bytes(
        into_xmp(None, record(settings, {"content": ("cat.jpg", "ab" * 32)})) or b""
    )
    again = load_settings({"recipe": str(painting)})
    assert again == settings
    assert again.weights == settings.weights


def test_a_record_names_no_folder_and_no_machine() -> None:
    settings = StyleSettings(init="image:/home/zoe/secret/sketch.png", threads=3, device="cuda:1")
    text = record(settings, {"content": ("cat.jpg", "ab" * 32)})
    assert "sketch.png" in text
    for word in ("secret", "/", "threads", "cuda"):
        assert word not in text


def test_a_record_has_the_words_that_guided_a_painting() -> None:
    pictures = {"content": ("cat.jpg", "ab" * 32)}
    told = tomllib.loads(record(StyleSettings(text_weight=1.0), pictures, prompt='a "sea"'))
    assert told["painting"]["text"] == 'a "sea"'
    assert told["text-weight"] == 1.0
    assert "text" not in tomllib.loads(record(StyleSettings(), pictures))["painting"]


def test_a_name_that_is_only_the_hash_is_left_out_until_it_is_known() -> None:
    text = record(StyleSettings(), {"content": ("ab" * 32, "ab" * 32), "style 2": ("", "cd" * 32)})
    painting = tomllib.loads(text)["painting"]
    assert painting["content"] == {"sha256": "ab" * 32}
    named = tomllib.loads(
        renamed(text, {"content": "cat.jpg", "style 2": "b.png", "mask": "m.png"})
    )
    assert named["painting"]["content"] == {"name": "cat.jpg", "sha256": "ab" * 32}
    assert named["painting"]["style-2"] == {"name": "b.png", "sha256": "cd" * 32}
    assert "mask" not in named["painting"]
