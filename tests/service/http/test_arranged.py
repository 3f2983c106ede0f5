"""Options that strangers post, and how their form is described."""

from __future__ import annotations

from io import BytesIO

import pytest
from starlette.datastructures import FormData, UploadFile

from impasto.arrangements.portrait.options import PortraitOptions
from impasto.errors import InputError, SettingError, UnknownNameError
from impasto.service.http.arranged import ArrangedForm, checked, form_of, untrusted_options
from impasto.service.http.state import Limits
from tests import toys
from tests.studio import png

LIMITS = Limits(max_text=5, max_lines=2)


def test_options_come_back_complete() -> None:
    assert untrusted_options('{"upside_down": true, "font": null}', toys.Toy, LIMITS) == {
        "upside_down": True,
        "title": "",
        "font": None,
    }


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ('{"font": "/etc/passwd"}', SettingError, "font is '/etc/passwd', but it is for who runs"),
        ('{"titel": "x"}', UnknownNameError, "did you mean 'title'"),
        ('{"title": "sixsix"}', InputError, "title has 6 characters, above the limit of 5"),
        ('{"title": "a\\nb\\nc"}', InputError, "title has 3 lines, above the limit of 2"),
        ('{"title": "a\\u0000"}', InputError, r"title has the character U\+0000, which nothing"),
        ('{"title": "\\ud800"}', InputError, r"title has the character U\+D800, which nothing"),
        ('{"upside_down": "perhaps"}', SettingError, "upside_down is 'perhaps'"),
    ],
)
def test_what_is_wrong_is_one_sentence(text: str, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind, match=sentence):
        untrusted_options(text, toys.Toy, LIMITS)


def test_all_faces_of_a_photograph_are_several_jobs_and_refused_as_one() -> None:
    with pytest.raises(SettingError, match="face is all, and those are several paintings"):
        untrusted_options('{"face": "all"}', PortraitOptions, Limits())
    assert untrusted_options('{"face": "2"}', PortraitOptions, Limits())["face"] == "2"


def test_a_lettering_without_words_is_refused_before_it_waits() -> None:
    style = UploadFile(BytesIO(png(32, 32)), filename="flame.png")
    with pytest.raises(SettingError, match="there are no words to draw"):
        checked(FormData([("styles", style), ("options", '{"text": " "}')]), Limits(), "letter")


def test_a_form_has_the_pictures_and_options_of_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    toys.install(monkeypatch)
    pictures = {"content": "The drawing.", "style": "The painting.", "labels": "The map."}
    schema = form_of(ArrangedForm(toys.KIND, pictures))["content"]["multipart/form-data"]["schema"]
    assert schema["required"] == ["content", "styles"]
    fields = schema["properties"]
    assert list(fields) == ["content", "styles", "labels", "options", "settings"]
    assert fields["labels"]["description"] == "The map."
    # What names a file is not even shown.
    assert list(fields["options"]["contentSchema"]["properties"]) == ["upside_down", "title"]
