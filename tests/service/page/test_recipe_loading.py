"""A recipe fills the controls, says what it leaves out, and gets at nothing of the server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from impasto.errors import ImpastoError, InputError, UnknownNameError
from impasto.service.http.untrusted_settings import SERVER_ONLY
from impasto.service.page.controls import settings_from
from impasto.service.page.recipe_loading import (
    LoadedRecipe,
    from_saved,
    from_upload,
    saved_names,
)
from impasto.settings import StyleSettings
from impasto.settings.embedded import into_xmp
from impasto.settings.recipe_writing import recipe_of, record
from tests.studio import png

pytestmark = pytest.mark.usefixtures("own_recipes")


def load(
    tmp_path: Path, text: str | bytes, name: str = "calm.toml", language: str = "en"
) -> LoadedRecipe:
    path = tmp_path / "upload"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return from_upload(path, name, language)


def refusal(
    tmp_path: Path, text: str | bytes, name: str = "calm.toml", language: str = "en"
) -> str:
    with pytest.raises(InputError) as caught:
        load(tmp_path, text, name, language)
    sentence = str(caught.value)
    assert str(tmp_path) not in sentence
    assert len(sentence) < 500
    return sentence


@pytest.mark.parametrize(
    "settings",
    [
        StyleSettings(),
        StyleSettings(recipe="bold", steps=7, crop="80%,20%", shape="1:1"),
        StyleSettings(recipe="chapter", strength=0.3),
        StyleSettings(style_weight=5.0, style_layers={"relu1_1": 0.5}),
        StyleSettings(optimizer="adam", init="noise", seed=3),
    ],
)
def test_what_the_page_gives_away_it_takes_back(tmp_path: Path, settings: StyleSettings) -> None:
    loaded = load(tmp_path, recipe_of(settings))
    assert settings_from(loaded.values) == settings
    assert "Left out" not in loaded.sentence


def test_a_painting_gives_its_settings_whatever_its_format(tmp_path: Path) -> None:
    text = record(StyleSettings(steps=9), {"content": ("cat.jpg", "ab" * 32)})
    packet = into_xmp(None, text)
    assert packet is not None
    loaded = load(tmp_path, b"\xff\xd8\xff\xe1 a JPEG of no pixels" + packet, "cat painted.jpg")
    assert settings_from(loaded.values) == StyleSettings(steps=9)
    assert loaded.sentence.startswith("Taken over from cat painted.jpg: Look balanced, Steps.")


def test_the_balance_of_an_earlier_version_comes_as_weights(tmp_path: Path) -> None:
    text = recipe_of(StyleSettings(strength=0.5)).replace("[resolved]", "[resolved]\nsteps = 33")
    document = text.replace("steps = 130\n", "")
    start = document.index("base-weights")
    end = document.index("\n", start)
    settings = settings_from(
        load(tmp_path, document[:start] + "base-weights = [3.0, 2.0]" + document[end:]).values
    )
    assert settings.steps == 33
    assert settings.weights[:2] == (3.0, 2.0)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('init = "image:/etc/passwd"', "Left out: Start, as the studio opens no file"),
        ('weights-file = "/etc/passwd"', "Left out: weights file, as the studio opens no file"),
        ('device = "cuda"', "Left out: device, which whoever runs the studio chooses"),
        ("threads = 3", "Left out: threads, which"),
        ("max-megapixels = 900", "Left out: max megapixels, which"),
        ("method = 'onnx'\nmodel = '/etc/passwd.onnx'", "Left out: Method, model, as"),
        ("[resolved]\ninit = 'image:x.png'\nbase-weights = [1, 1]", "Left out: Start, as"),
    ],
)
def test_what_is_the_servers_is_left_out_in_words(tmp_path: Path, line: str, words: str) -> None:
    loaded = load(tmp_path, f"steps = 5\n{line}\n")
    assert words in loaded.sentence
    assert "passwd" not in loaded.sentence
    settings = settings_from(loaded.values)
    assert (settings.steps, settings.init) == (5, "content")
    assert all(getattr(settings, n) == getattr(StyleSettings(), n) for n in SERVER_ONLY)


def test_in_chinese_too(tmp_path: Path) -> None:
    sentence = load(tmp_path, 'steps = 5\ndevice = "cpu"', language="zh").sentence
    assert sentence.startswith("已从 calm.toml 带回：效果 平衡、步数。")
    assert "没有采用：device" in sentence
    assert "步数 is 0" in refusal(tmp_path, "steps = 0", language="zh")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps = 0", "calm.toml: Steps is 0: give a whole number from 1 to 1000000"),
        ("stepz = 5", "'stepz' is not a setting; did you mean 'steps'"),
        ("steps 5", "calm.toml is not TOML: "),
        ('recipe = "/etc/passwd.toml"', "not a built-in recipe"),
        ('recipe = "night"', "not a built-in recipe"),
        (b"steps = \xff", "calm.toml is not UTF-8 (line 1)"),
        (b"#" * 100_001, "larger than 100 kB"),
        ("a." * 40_000 + "b = 1", "nested too deeply"),
        ("a = " + "[" * 90_000, "calm.toml"),
        (f"steps = '{'9' * 90_000}'", "Steps is"),
        (f"summary = [{json.dumps('x' * 90_000)}]", "summary is"),
        ("strength = 0.5\nstyle-weight = 2", "both set the balance"),
    ],
)
def test_a_wrong_recipe_says_what_is_wrong(
    tmp_path: Path, own_recipes: Path, text: str | bytes, words: str
) -> None:
    (own_recipes / "night.toml").write_text("steps = 3")
    assert words in refusal(tmp_path, text)


@pytest.mark.parametrize("name", ["C:\\secret\\calm.toml", "/home/ada/calm.toml"])
def test_no_folder_is_shown(tmp_path: Path, name: str) -> None:
    assert "from calm.toml:" in load(tmp_path, "steps = 5", name).sentence


def test_what_holds_no_recipe_is_told_where_to_go(tmp_path: Path) -> None:
    picture = refusal(tmp_path, png(), "cat.png")
    assert picture == "cat.png holds no recipe: drop it on Photograph or Style to paint with it."
    assert "neither a recipe file nor a painting" in refusal(tmp_path, b"PK\3\4", "cat.zip")
    assert "neither a recipe file nor a painting" in refusal(tmp_path, b"", "\n.png")


def test_a_file_that_was_swept_away_is_asked_for_again(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"calm.toml is no longer here"):
        from_upload(tmp_path / "gone", "calm.toml", "en")


def test_saved_recipes_are_found_by_their_names_alone(own_recipes: Path) -> None:
    assert saved_names() == []
    (own_recipes / "calm.toml").write_text('strength = 0.2\ndevice = "cpu"')
    (own_recipes / "broken.toml").write_text("strength = 2")
    (own_recipes.parent / "other.toml").write_text("steps = 1")
    assert saved_names() == ["broken", "calm"]
    calm = from_saved("calm", "en")
    assert settings_from(calm.values) == StyleSettings(strength=0.2)
    assert "Left out: device" in calm.sentence
    with pytest.raises(InputError, match=r"^broken\.toml: Strength is 2"):
        from_saved("broken", "en")
    for name in ("../other", "other", "default", ""):
        with pytest.raises(UnknownNameError, match="saved recipe"):
            from_saved(name, "en")


def test_a_saved_recipe_that_cannot_be_read_is_told_without_its_folder(own_recipes: Path) -> None:
    (own_recipes / "folder.toml").mkdir()
    with pytest.raises(ImpastoError) as caught:
        from_saved("folder", "en")
    assert str(caught.value).startswith("folder.toml cannot be read")
    assert str(own_recipes) not in str(caught.value)
