from __future__ import annotations

import json

import pytest

from impasto.errors import SettingError, UnknownNameError
from impasto.service.http.untrusted_settings import OURS, settings_from
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES


def test_nothing_given_is_the_recipe_default() -> None:
    assert settings_from("") == settings_from("{}") == StyleSettings()


@pytest.mark.parametrize("recipe", RECIPES)
def test_complete_settings_come_back_as_they_went(recipe: str) -> None:
    complete = StyleSettings(recipe=recipe, steps=7)
    assert settings_from(json.dumps(complete.model_dump(mode="json"))) == complete


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weights_file", "/etc/passwd"),
        ("device", "cuda:1"),
        ("threads", 64),
        ("compile", True),
        ("force", True),
    ],
)
def test_what_is_the_machine_s_is_refused(name: str, value: object) -> None:
    assert name in OURS
    with pytest.raises(SettingError, match=f"{name} is .* it is for who runs the server to choose"):
        settings_from(json.dumps({name: value}))


@pytest.mark.parametrize("recipe", ["/etc/passwd", "evil.toml", "../mine", 7, None, ["gatys"]])
def test_only_built_in_recipes_can_be_named(recipe: object) -> None:
    with pytest.raises(UnknownNameError, match=r"[Tt]here are: default, chapter, gatys"):
        settings_from(json.dumps({"recipe": recipe}))


def test_no_file_is_opened_to_start_from() -> None:
    with pytest.raises(SettingError, match="a server opens no file by its name"):
        settings_from('{"init": "image:/etc/passwd"}')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "settings is not JSON"),
        ("[]", "settings has to be a JSON object"),
        ('"size"', "settings has to be a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"steps": NaN}', "which is no JSON number"),
        ('{"steps": ' + "9" * 5000 + "}", "a number too long to be read"),
        ('{"steps": 5, "steps": 6}', "settings has 'steps' twice"),
        ('{"steps": 0}', "steps is 0: it must be greater than or equal to 1"),
        ('{"sise": 64}', "'sise' is not a setting; did you mean 'size'?"),
        ('{"%s{0}": 1}', "'%s{0}' is not a setting"),
    ],
)
def test_what_is_wrong_is_one_sentence(text: str, told: str) -> None:
    with pytest.raises(SettingError) as caught:
        settings_from(text)
    assert told in str(caught.value)
    assert len(str(caught.value)) < 3000


def test_the_server_s_limit_of_megapixels_stands() -> None:
    assert settings_from("{}", max_megapixels=10).max_megapixels == 10
    assert settings_from('{"max_megapixels": 3}', max_megapixels=10).max_megapixels == 3
