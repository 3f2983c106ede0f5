from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from impasto.cli.app import app
from impasto.cli.options import FIRST, flag, settings_line, with_server_options, with_settings
from impasto.settings import StyleSettings
from impasto.text import format_value

FIELDS = StyleSettings.model_fields


def command_of() -> tuple[Any, list[dict[str, Any]]]:
    """A command with one argument of its own, and what it is called with."""
    calls: list[dict[str, Any]] = []

    @with_settings
    def paint(picture: str, *, settings: dict[str, Any]) -> None:
        """Paint."""
        calls.append({"picture": picture, **settings})

    app = typer.Typer(add_completion=False)
    app.command()(paint)
    return get_command(app), calls


def call_with(*arguments: str) -> dict[str, Any]:
    command, calls = command_of()
    command.main(["photo.jpg", *arguments], standalone_mode=False)
    return calls[0]


def test_the_command_gets_only_what_was_given() -> None:
    assert call_with() == {"picture": "photo.jpg"}
    values = call_with("--steps", "7", "--no-channels-last")
    assert values == {"picture": "photo.jpg", "steps": "7", "channels_last": False}


@pytest.mark.parametrize("name", [name for name, f in FIELDS.items() if f.default is not None])
def test_every_setting_is_an_option_that_takes_its_own_default(name: str) -> None:
    default = FIELDS[name].default
    if isinstance(default, bool):
        values = call_with(flag(name) if default else f"--no-{flag(name)[2:]}")
    else:
        values = call_with(flag(name), format_value(default))
    assert values.keys() == {"picture", name}
    assert StyleSettings(**{name: values[name]}) == StyleSettings()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shape", "30x40"),
        ("content_weight", "2"),
        ("style_weight", "2.5"),
        ("weights_file", "mine.pth"),
        ("threads", "1"),
    ],
)
def test_a_setting_without_a_default_is_an_option_too(name: str, text: str) -> None:
    settings = StyleSettings(**{name: call_with(flag(name), text)[name]})
    assert format_value(getattr(settings, name)) == text


def test_text_becomes_the_values_that_are_meant() -> None:
    values = call_with(
        *("--recipe", "gatys", "--shape", "30x40", "--strength", "0.75", "--seed", "3"),
        *("--style-layers", "relu1_1=0.5,relu2_1", "--weights", "mine.pth", "--compile"),
    )
    del values["picture"]
    settings = StyleSettings(**values)
    assert (settings.recipe, settings.shape, settings.strength) == ("gatys", (30, 40), 0.75)
    assert settings.style_layers == {"relu1_1": 0.5, "relu2_1": 1.0}
    assert (settings.weights_file, settings.compile, settings.seed) == ("mine.pth", True, 3)


def test_options_stand_in_the_groups_of_the_settings_with_help_and_default() -> None:
    command, _ = command_of()
    options = {parameter.name: parameter for parameter in command.params}
    for name, field in FIELDS.items():
        option = options[name]
        assert option.help.startswith(str(field.description)), name
        assert "default: " in option.help, name
        assert option.rich_help_panel == field.json_schema_extra["theme"], name  # type: ignore[index]


def test_choices_are_shown_as_they_are_typed() -> None:
    command, _ = command_of()
    metavars = {parameter.name: parameter.metavar for parameter in command.params}
    assert metavars["fit"] == "contain|cover|stretch"
    assert metavars["shape"] == "HxW|W:H"
    assert (metavars["steps"], metavars["lr"], metavars["recipe"]) == ("N", "X", "NAME")


def test_the_commands_own_parameters_name_and_help_stay() -> None:
    @with_settings
    def paint(picture: str, *, settings: dict[str, Any]) -> None:
        """Paint."""

    assert (paint.__name__, paint.__doc__) == ("paint", "Paint.")
    parameters = list(inspect.signature(paint).parameters)
    assert parameters[0] == "picture"
    assert sorted(parameters[1:]) == sorted([*FIELDS, "fast"])


def test_headings_stand_in_the_order_of_use() -> None:
    command: Any = get_command(app)
    panels = {
        name: list(dict.fromkeys(p.rich_help_panel for p in child.params if p.rich_help_panel))
        for name, child in command.commands.items()
    }
    rest = ["Losses", "Start", "Optimizer", "Words", "Backbone", "Machine"]
    cells, portrait, *others = FIRST
    assert panels["stylize"] == [*others, *rest]
    assert panels["portrait"] == [portrait, *(h for h in others if h != "Masks"), *rest]
    assert panels["explore"] == [cells, "Recipe", "Size", "Colour", "Output", "Server", *rest]
    assert panels["batch"] == ["Recipe", "Size", "Colour", "Output", "Server", *rest]


def serve_with(*arguments: str) -> dict[str, Any]:
    """What a command gets that takes the options of a studio."""
    calls: list[dict[str, Any]] = []

    @with_server_options
    def open_studio(*, options: dict[str, Any]) -> None:
        calls.append(options)

    app = typer.Typer(add_completion=False)
    app.command()(open_studio)
    get_command(app).main(list(arguments), standalone_mode=False)
    return calls[0]


def test_a_studio_gets_only_what_was_given_and_as_what_it_is() -> None:
    assert serve_with() == {}
    options = serve_with(
        *("--port", "0", "--max-upload-mb", "0.5", "--data", "jobs", "--no-page"),
        *("--allow-origin", "https://a.example", "--allow-origin", "https://b.example"),
    )
    assert options == {
        "port": 0,
        "max_upload_mb": 0.5,
        "data": Path("jobs"),
        "no_page": True,
        "allow_origin": ["https://a.example", "https://b.example"],
    }


@pytest.mark.parametrize("option", ["--port=65536", "--workers=-1", "--max-queue=0"])
def test_an_option_of_a_studio_keeps_its_bounds(option: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"greater than|less than"):
        serve_with(option)


def test_options_are_written_as_they_are_typed() -> None:
    settings = {"tv_weight": 0.1, "weights_file": "my net.pth", "upscale": True, "compile": False}
    assert (
        settings_line(settings) == "--tv-weight 0.1 --weights 'my net.pth' --upscale --no-compile"
    )
    assert settings_line({"shape": (30, 40), "bits": "16"}) == "--shape 30x40 --bits 16"
