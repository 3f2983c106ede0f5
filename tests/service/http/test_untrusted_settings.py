"""Hostile settings: each a clear refusal."""

from __future__ import annotations

import json

import pytest

from impasto.errors import SettingError, UnknownNameError
from impasto.service.http.untrusted_settings import SERVER_ONLY, untrusted_settings
from impasto.service.jobs.store import Store
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES
from tests.service.conftest import Post
from tests.service.http.test_api import problem


def test_nothing_given_is_the_recipe_default() -> None:
    assert untrusted_settings("") == untrusted_settings("{}") == StyleSettings()


@pytest.mark.parametrize("recipe", RECIPES)
def test_complete_settings_come_back_as_they_went(recipe: str) -> None:
    complete = StyleSettings(recipe=recipe, steps=7)
    assert untrusted_settings(json.dumps(complete.model_dump(mode="json"))) == complete


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weights_file", "/etc/passwd"),
        ("clip", "openai/clip-vit-base-patch32"),
        ("device", "cuda:1"),
        ("threads", 64),
        ("compile", True),
        ("force", True),
    ],
)
def test_what_is_the_machine_s_is_refused(name: str, value: object) -> None:
    assert name in SERVER_ONLY
    with pytest.raises(SettingError, match=f"{name} is .* it is for who runs the server to choose"):
        untrusted_settings(json.dumps({name: value}))


@pytest.mark.parametrize(("name", "value"), [("text_weight", 1.0), ("text_crops", 4)])
def test_words_guide_only_where_there_is_a_model(name: str, value: object) -> None:
    text = json.dumps({name: value})
    with pytest.raises(SettingError, match=f"{name} is .* here no CLIP model reads words"):
        untrusted_settings(text)
    assert getattr(untrusted_settings(text, max_text_crops=8), name) == value


def test_a_model_is_never_named_and_looks_no_more_often_than_it_may() -> None:
    with pytest.raises(SettingError, match=r"clip is .* for who runs the server to choose"):
        untrusted_settings('{"clip": "/etc"}', max_text_crops=8)
    with pytest.raises(SettingError, match=r"text_crops is 9, above the server's limit of 8"):
        untrusted_settings('{"text_weight": 1, "text_crops": 9}', max_text_crops=8)


def test_a_method_that_needs_a_file_is_refused() -> None:
    with pytest.raises(SettingError, match=r"method is onnx, .* choose one-pass"):
        untrusted_settings('{"method": "onnx"}')


@pytest.mark.parametrize("unheeded", [{"steps": 20}, {"init": "noise"}, {"content_weight": 2}])
def test_what_the_method_does_not_heed_is_refused_before_there_is_a_job(
    unheeded: dict[str, object], post: Post, store: Store
) -> None:
    (name,) = unheeded
    response = post(settings=json.dumps({"method": "one-pass", "size": 64, **unheeded}))
    sentence = f"{name} means nothing to the method one-pass: leave it out"
    assert sentence in problem(response, 422, "setting")
    assert not store.jobs()


def test_what_the_recipe_has_by_itself_is_not_refused() -> None:
    for recipe in RECIPES:
        complete = StyleSettings(recipe=recipe, method="one-pass")
        assert untrusted_settings(json.dumps(complete.model_dump(mode="json"))) == complete


def test_nobody_asks_a_server_for_bf16_which_it_may_be_slow_in() -> None:
    assert untrusted_settings('{"precision": "float32"}').precision == "float32"
    with pytest.raises(SettingError, match=r"precision is bf16, .* leave it out"):
        untrusted_settings('{"precision": "bf16"}')


@pytest.mark.parametrize("recipe", ["/etc/passwd", "evil.toml", "../mine", 7, None, ["gatys"]])
def test_only_built_in_recipes_can_be_named(recipe: object) -> None:
    with pytest.raises(UnknownNameError, match=r"[Tt]here are: default, .*, chapter, gatys"):
        untrusted_settings(json.dumps({"recipe": recipe}))


def test_no_file_is_opened_to_start_from() -> None:
    with pytest.raises(SettingError, match="a server opens no file by its name"):
        untrusted_settings('{"init": "image:/etc/passwd"}')


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "settings is not JSON"),
        ("[]", "settings has to be a JSON object"),
        ('"size"', "settings has to be a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"steps": NaN}', "which is no JSON number"),
        ('{"steps": ' + "9" * 5000 + "}", "a number too long to be read"),
        ('{"steps": 5, "steps": 6}', "settings has 'steps' twice"),
        ('{"steps": 0}', "steps is 0: give a whole number from 1 to 1000000"),
        ('{"sise": 64}', "'sise' is not a setting; did you mean 'size'"),
        ('{"%s{0}": 1}', "'%s{0}' is not a setting"),
    ],
)
def test_what_is_wrong_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(SettingError) as caught:
        untrusted_settings(text)
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 3000


def test_the_server_s_limit_of_megapixels_stands() -> None:
    assert untrusted_settings("{}", max_megapixels=10).max_megapixels == 10
    assert untrusted_settings('{"max_megapixels": 3}', max_megapixels=10).max_megapixels == 3
