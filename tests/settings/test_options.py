from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from mypy import api
from pydantic import TypeAdapter, ValidationError

from impasto.painting import paint, run, stylize
from impasto.service.client import Client
from impasto.settings import StyleOptions, StyleSettings, describe, options
from impasto.settings.describe import Description

HINTS = get_type_hints(StyleOptions)
OTHERS_ADD = {"method", "style_loss", "backbone"}  # packages that bring names of their own
SNIPPET = """
from typing import Unpack

from impasto.settings.options import StyleOptions

def stylize(**overrides: Unpack[StyleOptions]) -> None: ...

stylize(size=96, strength=None, shape=(3, 4), style_layers="relu1_1", bits=16)
stylize(style_layers={"relu1_1": 1}, style_blend=[0.3, 0.7], lr=1, shape="300x450", fit="cover")
stylize(strenght=0.7)
stylize(steps="many")
stylize(fit="crop")
"""


def test_every_setting_is_a_keyword_and_nothing_else_is() -> None:
    assert list(HINTS) == list(StyleSettings.model_fields)
    assert StyleOptions.__total__ is False


@pytest.mark.parametrize("setting", describe(), ids=lambda setting: setting.name)
def test_a_keyword_takes_what_its_setting_takes(setting: Description) -> None:
    hint = HINTS[setting.name]
    taken = TypeAdapter(hint, config={"strict": True})
    taken.validate_python(setting.default)
    assert (type(None) in get_args(hint)) == setting.optional
    literals = [value for value in get_args(hint) if isinstance(value, str)]
    assert literals == (list(setting.choices) if literals else [])
    fixed = setting.kind == "choice" and not setting.open and setting.name not in OTHERS_ADD
    assert bool(literals) == fixed
    for value in literals:
        StyleSettings(**{setting.name: value})
    with pytest.raises(ValidationError):
        taken.validate_python(object())


@pytest.mark.parametrize(
    "verb",
    [stylize, run, paint, Client.stylize, Client.submit, StyleSettings.replace],
    ids=lambda verb: verb.__qualname__,
)
def test_every_verb_takes_the_settings_as_keywords(verb: Callable[..., Any]) -> None:
    *_, last = inspect.signature(verb).parameters.values()
    assert last.kind is inspect.Parameter.VAR_KEYWORD
    assert last.annotation == "Unpack[StyleOptions]"


def test_mypy_knows_names_and_types(tmp_path: Path) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(SNIPPET)
    cache = f"--cache-dir={tmp_path / 'cache'}"
    # What it imports is named beside it: to follow imports would read all of torch.
    files = [str(snippet), inspect.getfile(options)]
    out, problem, status = api.run(["--strict", "--follow-imports=skip", cache, *files])
    assert (problem, status) == ("", 1)
    *errors, _ = (line for line in out.splitlines() if ": note: " not in line)
    assert [int(line.split(":")[1]) for line in errors] == [10, 11, 12]
    assert 'did you mean "strength"?' in errors[0]
