"""Messages name settings as the page does."""

from __future__ import annotations

import pytest

from impasto.errors import SettingError
from impasto.service.page.controls import controls
from impasto.service.page.labels import differences, in_labels, words_of
from impasto.settings import StyleSettings
from tests.service.page.conftest import remote_job


def test_two_settings_that_exclude_each_other_are_told_by_their_labels() -> None:
    with pytest.raises(SettingError) as refusal:
        StyleSettings(strength=0.7, content_weight=2.0)
    assert in_labels(str(refusal.value), "en").startswith("Strength and Content weight both")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_setting_that_is_refused_bears_its_label(language: str) -> None:
    for control in controls():
        label = words_of(control, language)[0]
        sentence = in_labels(f"{control.name} is 3: leave --{control.name} out", language)
        if "_" in control.name:
            flag = in_labels(f"pass --{control.name.replace('_', '-')}", language)
            assert flag == f"pass {label}"
        assert sentence.startswith(f"{label} is 3")


@pytest.mark.parametrize(
    "sentence",
    [
        "content_weight.png is empty: export it again",
        "the size is none",
        "steps/seed is a folder",
        "pass --mask FILE",
    ],
)
def test_what_is_no_setting_stays_as_it_is(sentence: str) -> None:
    assert in_labels(sentence, "en") == sentence


def test_a_difference_is_told_in_one_line() -> None:
    layers = {"relu1_1\n\n[x](javascript:1)": 1.0}
    jobs = [
        remote_job(id, settings=StyleSettings(**given).model_dump())
        for id, given in (("1", {}), ("2", {"content_layers": layers}))
    ]
    ((label, _, other),) = differences(*jobs, "en")
    assert (label, "\n" in other) == ("Content layers", False)
