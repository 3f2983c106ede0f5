"""Writes the commands' options from the settings, so that none is listed a second time."""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from impasto import samples
from impasto.arrangements.options import Options
from impasto.cli.help import everyday
from impasto.errors import SettingError
from impasto.settings import Description, describe, described
from impasto.settings.server import ServerOptions
from impasto.text import format_value

__all__ = [
    "FIRST",
    "MASKS",
    "OUTPUT",
    "SERVER",
    "cluster_option",
    "content_argument",
    "flag",
    "format_option",
    "json_option",
    "log_option",
    "option",
    "output_option",
    "overwrite_option",
    "plot_option",
    "quiet_option",
    "server_option",
    "settings_line",
    "style_mask_option",
    "token_option",
    "verbose_option",
    "verbosity_of",
    "with_asked",
    "with_options",
    "with_server_options",
    "with_settings",
]

MASKS, OUTPUT, SERVER = "Masks", "Output", "Server"

FIRST = ("Cells", "Portrait", "Recipe", "Size", MASKS, "Colour", OUTPUT, SERVER)
"""What people use first, in the order of help; other themes follow in the order of the settings."""


def content_argument(also: str = "") -> Any:
    """`CONTENT` of a command that paints one photograph.

    Args:
        also: what else it may be.
    """
    names = ", ".join(samples.names("content"))
    return typer.Argument(
        help=f"The photograph to paint, {also}or a sample's name: {names}.",
        metavar="CONTENT",
        show_default=False,
    )


def option(heading: str | None, *names: str, help: str, **more: Any) -> Any:
    """An option of one command; its help says itself what the default is, if that is of use.

    Args:
        heading: it stands under in help; None for the first.
        names: as they are typed; the parameter's own if left out.
        help: one line.
        more: as for `typer.Option`: `metavar`, bounds.
    """
    return typer.Option(
        *names, help=help, rich_help_panel=heading, **{"show_default": False} | more
    )


def quiet_option(heading: str | None = None) -> Any:
    """`--quiet`, under a heading of help."""
    return option(heading, "-q", "--quiet", help="Print nothing but errors.")


def cluster_option(heading: str | None = None, does: str = "Paint") -> Any:
    """`--cluster` of a command whose parts several machines can do, with what it does there."""
    help = (
        f"{does} on many machines: HOST:PORT of a Ray cluster that this one has joined, or local:N "
        "for N workers of this machine alone."
    )
    return option(heading, metavar="ADDRESS", help=help)


def verbose_option(heading: str | None = None) -> Any:
    """`--verbose`, under a heading of help."""
    return option(heading, "-v", "--verbose", help="Explain what is decided on the way.")


def style_mask_option() -> Any:
    """`--style-mask` of a command that paints by masks."""
    help = "White on the part of a style picture to use, once for each style."
    return option(MASKS, metavar="FILE", help=help)


def server_option() -> Any:
    """`--server` of a command that another machine can do."""
    help = "Paint on another machine, where `impasto serve` runs."
    return option(SERVER, metavar="URL", help=help)


def token_option() -> Any:
    """`--token` beside `--server`."""
    return option(
        SERVER,
        metavar="TOKEN",
        envvar="IMPASTO_TOKEN",
        show_envvar=False,
        help="The token of that server. [dim]\\[default: IMPASTO_TOKEN][/dim]",
    )


def output_option(heading: str | None, metavar: str, what: str, default: str) -> Any:
    """`-o` of a command that writes one picture, under a heading of help.

    Args:
        metavar: what stands for the file.
        what: is written.
        default: the name of its file, without the option.
    """
    chosen = f"Where to save the {what}; the ending chooses the format. "
    left_out = f"[dim]\\[default: {default} here, numbered where that is there][/dim]"
    return everyday(option(heading, "-o", "--output", metavar=metavar, help=chosen + left_out))


def format_option(heading: str | None = None, also: str = "") -> Any:
    """`--format` of a command that writes one picture, where no ending says it.

    Args:
        also: where else than on standard output.
    """
    help = f"Format of the picture on standard output{also}. [dim]\\[default: png][/dim]"
    return option(heading, "--format", metavar="png|jpg|webp|tiff|…", help=help)


def json_option(heading: str | None = None) -> Any:
    """`--json`: one line for a program in place of everything that is printed for a person."""
    line = "Print one line of JSON at the end and nothing else, errors too; on standard error if "
    return option(heading, "--json", help=line + "the picture goes to standard output.")


def plot_option(heading: str | None = None) -> Any:
    """`--plot` of a command that takes steps."""
    return option(heading, metavar="FILE.png", help="Draw the loss curves.")


def log_option(heading: str | None = None) -> Any:
    """`--log` of a command that has events."""
    return option(heading, metavar="FILE.jsonl", help="Write every event, one line of JSON each.")


def overwrite_option(heading: str | None = None, *, keeps: bool = False) -> Any:
    """`--overwrite`, under a heading of help.

    Args:
        keeps: whether the command keeps a checkpoint beside its output, where another may lie.
    """
    replaced = "Replace files of these names that are there already"
    replaced += "; checkpoints of another kind of work stay." if keeps else "."
    return everyday(option(heading, "--overwrite", help=replaced))


def verbosity_of(quiet: bool, verbose: bool = False) -> int:
    """What `Progress` is told of the two.

    Example:
        >>> verbosity_of(quiet=True), verbosity_of(quiet=False), verbosity_of(False, verbose=True)
        (-1, 0, 1)
    """
    return -1 if quiet else int(verbose)


def flag(name: str) -> str:
    """The option of a setting.

    Example:
        >>> flag("content_weight"), flag("weights_file")
        ('--content-weight', '--weights')
    """
    return described(name).flag


def settings_line(settings: Mapping[str, Any]) -> str:
    """Settings as they are typed.

    Example:
        >>> settings_line({"style_layers": {"relu1_1": 1.0}, "upscale": False})
        '--style-layers relu1_1 --no-upscale'
    """
    words = []
    for name, value in settings.items():
        if isinstance(value, bool):
            words.append(flag(name) if value else described(name).off)
        else:
            words += [flag(name), format_value(value)]
    return shlex.join(words)


def with_settings(
    command: Callable[..., None],
    defaults: Mapping[str, Any] | None = None,
    rare: Collection[str] = (),
) -> Callable[..., None]:
    """Give a command every setting as an option, in place of its `settings` parameter.

    Its own options stand among them by the heading they have, `FIRST` first. Those that are marked
    as everyday make the short help, see `impasto.cli.help`.

    The command receives in `settings` the dict of what was typed, for `load_settings`.

    Args:
        command: which.
        defaults: of settings that the command itself has others for, by name; for the help.
        rare: names of settings of every day that are of little use to it.
    """
    own = defaults or {}
    settings = [
        replace(s, default=own.get(s.name, s.default), everyday=s.everyday and s.name not in rare)
        for s in describe()
    ]
    parameters = [_FAST, *(_parameter(setting) for setting in settings)]
    return with_options(command, "settings", parameters, _without_fast)


def _without_fast(chosen: dict[str, Any]) -> dict[str, Any]:
    """What was typed, `--fast` told as the method that it means.

    Raises:
        SettingError: another method is asked for beside it.
    """
    if not chosen.pop("fast", False):
        return chosen
    if chosen.get("method", "one-pass") != "one-pass":
        raise SettingError(
            f"--fast is short for --method one-pass, and method is {chosen['method']}: leave one "
            "of them out"
        )
    return {**chosen, "method": "one-pass"}


def with_asked(command: Callable[..., None], model: type[Options]) -> Callable[..., None]:
    """Give a command the options of an arrangement, in place of its `options` parameter.

    The command receives in `options` the dict of what was typed, for `Asked`.

    Args:
        command: which.
        model: of the options.
    """
    return with_options(command, "options", [_parameter(option) for option in describe(model)])


def with_server_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command every option of a studio, in place of its `options` parameter.

    The command receives in `options` the dict of what was typed, for `ServerSettings(**options)`.
    """
    options = [_server_parameter(option) for option in describe(ServerOptions)]
    return with_options(command, "options", options)


def with_options(
    command: Callable[..., None],
    replaced: str,
    options: Sequence[inspect.Parameter],
    told: Callable[[dict[str, Any]], Any] = dict,
) -> Callable[..., None]:
    """A command with options in place of the parameter that takes what `told` makes of them.

    Args:
        command: which.
        replaced: the parameter's name.
        options: that take its place; those that were not given are left out of the dict.
        told: of the dict of what was typed, by name.
    """
    signature = inspect.signature(command, eval_str=True)

    def wrapped(**values: Any) -> None:
        chosen = {o.name: value for o in options if (value := values.pop(o.name)) is not None}
        command(**values, **{replaced: told(chosen)})

    parameters = [p for name, p in signature.parameters.items() if name != replaced]
    parameters += options
    parameters.sort(key=_rank)
    # First: a command that has been given options before brings its own signature.
    wrapped.__dict__ |= command.__dict__ | {"everyday": _everyday(parameters)}
    wrapped.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": None}
    wrapped.__doc__ = command.__doc__
    wrapped.__name__ = command.__name__
    return wrapped


def _everyday(parameters: Sequence[inspect.Parameter]) -> frozenset[str]:
    """Names of those that the short help shows."""
    marked = (
        parameter.name
        for parameter in parameters
        for part in get_args(parameter.annotation)
        if getattr(part, "everyday", False)
    )
    return frozenset(marked)


def _rank(parameter: inspect.Parameter) -> int:
    """Where help shows a parameter; among equals the order stays. Without a heading: on top."""
    for part in get_args(parameter.annotation):
        if heading := getattr(part, "rich_help_panel", None):
            return FIRST.index(heading) if heading in FIRST else len(FIRST)
    return -1


def _parameter(setting: Description) -> inspect.Parameter:
    """An option of a painting: text, which the model checks and tells in one voice; or a switch."""
    is_switch = setting.kind == "switch"
    option = typer.Option(
        f"{setting.flag}/{setting.off}" if is_switch else setting.flag,
        help=setting.help + _default(setting),
        metavar=None if is_switch else _metavar(setting),
        rich_help_panel=setting.theme,
        show_default=False,
    )
    option = everyday(option) if setting.everyday else option
    return _optional(setting.name, bool if is_switch else str, option)


def _server_parameter(setting: Description) -> inspect.Parameter:
    """An option of a studio: a value of its own type, so that help shows its bounds."""
    kinds = {"switch": bool, "whole": int, "number": float}
    several = isinstance(setting.default, tuple)
    kind = list[str] if several else Path if setting.file else kinds.get(setting.kind, str)
    option = typer.Option(
        setting.flag,
        # A switch or a list that is not given says by itself what that means.
        help=setting.help + ("" if kind is bool or several else _default(setting)),
        metavar=None if kind is bool else _metavar(setting),
        min=setting.bounds.get("ge"),
        max=setting.bounds.get("le"),
        rich_help_panel=setting.theme or None,
        show_default=False,
    )
    return _optional(setting.name, kind, option)


def _optional(name: str, kind: Any, option: Any) -> inspect.Parameter:
    """A parameter that is None when it is not given."""
    annotation = Annotated[kind | None, option]
    keyword = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, keyword, default=None, annotation=annotation)


def _default(setting: Description) -> str:
    return f" [dim]\\[default: {setting.unset or format_value(setting.default)}][/dim]"


def _metavar(setting: Description) -> str:
    """What stands for a value."""
    if setting.metavar:
        return setting.metavar
    if setting.choices and not setting.open:
        return "|".join(setting.choices)
    return {"whole": "N", "number": "X"}.get(setting.kind, "NAME")


_FAST = _optional(
    "fast",
    bool,
    everyday(
        typer.Option(
            "--fast",
            help="Paint in one pass: short for --method one-pass.",
            rich_help_panel=described("method").theme,
            show_default=False,
        )
    ),
)
