"""The program `impasto`: its commands, and how every end becomes an exit code.

Nothing here imports torch, Pillow or matplotlib: help has to be instant. Commands import what
they need when they run.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Annotated, Any

import typer

from impasto import __version__
from impasto.cli import (
    backbone,
    batch,
    demo,
    doctor,
    doodle,
    explore,
    export,
    letter,
    library,
    live,
    portrait,
    recipe,
    resume,
    serve,
    sheet,
    steady,
    styles,
    stylize,
    train,
    video,
    words,
    worker,
)
from impasto.cli.commands import Commands
from impasto.cli.help import SettingsCommand
from impasto.cli.json_line import failure, print_json
from impasto.cli.standard_output import divert_prints, restore_prints, standard_output
from impasto.cli.streams import lost_output, mend_streams
from impasto.errors import ImpastoError, needs_torch, reason_of, unexpected
from impasto.signals import SIGNALLED
from impasto.text import format_path

__all__ = ["app", "main"]

INTERRUPTED = SIGNALLED + signal.SIGINT
UNREACHED = {errno.ENAMETOOLONG, errno.EACCES}  # what a name that somebody typed may lead to

app = typer.Typer(
    name="impasto",
    cls=Commands,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("stylize", cls=SettingsCommand)(stylize.stylize)
app.command("doodle", cls=SettingsCommand)(doodle.doodle)
app.command("letter", cls=SettingsCommand)(letter.letter)
app.command("portrait", cls=SettingsCommand)(portrait.portrait)
app.command("batch", cls=SettingsCommand)(batch.batch)
app.command("video", cls=SettingsCommand)(video.video)
app.command("steady")(steady.steady)
app.command("resume")(resume.resume)
app.command("train")(train.train)
app.command("demo")(demo.demo)
app.command("explore", cls=SettingsCommand)(explore.explore)
app.command("sheet")(sheet.sheet)
app.command("styles")(styles.styles)
app.command("words")(words.words)
app.command("export")(export.export)
app.add_typer(library.app, name="library")
app.add_typer(recipe.app, name="recipe")
app.add_typer(backbone.app, name="backbone")
app.command("serve")(serve.serve)
app.add_typer(live.app, name="live")
app.command("worker")(worker.worker)
app.command("doctor")(doctor.doctor)
# Names of 0.1.0, which go on working.
app.command("recipes", hidden=True)(recipe.show_all)
app.add_typer(backbone.former, name="backbones")


# What to give where an argument is missing, by its word in the usage line.
WISHES = {
    "CONTENT": "name a photograph",
    "DRAWING": "name a drawing in flat colours",
    "FILM": "name a film",
    "PAINTED": "name a painted film",
    "PAINTING": "name a painting, or a sample: impasto styles",
    "STYLE": "name a painting, or a sample: impasto styles",
    "TEXT": "give the words, or --glyphs FILE or --list FILE",
}

# Whose pictures are what counts: a report that gets lost is no failure of theirs.
PAINT = (
    *("stylize", "doodle", "letter", "portrait", "batch", "video", "steady", "explore", "sheet"),
    *("demo", "resume", "train"),
)

# What works for a program too: --json, and where one picture is painted -o -.
PIPED = (
    *("stylize", "doodle", "letter", "portrait", "video", "steady", "resume", "train"),
    "words",
)


@app.callback(invoke_without_command=True)
def impasto(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Paint a photograph in the style of another picture."""
    if version:
        print(f"impasto {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: those after the program's name; the process's own if left out.

    Returns:
        The exit code: 0 done, 1 the work failed, 2 bad input, 3 too little memory, 130
        interrupted, 143 ended by SIGTERM, 141 if the reader of the picture has gone away.
    """
    mend_streams()
    _wait_politely()
    words = sys.argv[1:] if arguments is None else list(arguments)
    for_program = bool(words) and words[0] in PIPED
    as_json, sends = for_program and "--json" in words, for_program and _sends_picture(words)
    try:
        # Before anything is parsed: a wrong option is no part of a picture either.
        if as_json or sends:
            divert_prints(for_picture=sends)
        return _run(words, as_json)
    finally:
        restore_prints()


@cache
def _command() -> Any:
    """All commands with their options, which are read off their functions once."""
    return typer.main.get_command(app)


def _run(words: list[str], as_json: bool) -> int:
    """Run a command line; its exit code."""
    try:
        code = _command().main(words, prog_name="impasto", standalone_mode=False)
    except ImpastoError as error:
        return complain(str(error), error.exit_code, as_json=as_json)
    except typer.TyperException as error:
        message = _message(error) + _dashed_file(words)
        return complain(message, error.exit_code, as_json=as_json)
    except (KeyboardInterrupt, typer.Abort):
        if as_json:
            print_json(failure("interrupted: nothing more is written", INTERRUPTED))
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name == "torch":
            lack = needs_torch(f"impasto {words[0]}")
            return complain(str(lack), lack.exit_code, as_json=as_json)
        if os.environ.get("IMPASTO_DEBUG"):
            raise
        if isinstance(error, OSError) and error.errno in UNREACHED and error.filename:
            message = f"{format_path(error.filename)} cannot be reached ({reason_of(error)})"
            return complain(f"{message}: check the name, and who may open its folder", 2)
        message = unexpected(error, "IMPASTO_DEBUG=1 shows where it happened")
        return complain(message, 1, as_json=as_json)
    code = code if isinstance(code, int) else 0
    counts = words and (as_json or words[0] not in PAINT)
    if code == 0 and counts and (lost := lost_output(standard_output())) is not None:
        return complain(f"what was printed could not be written ({reason_of(lost)})", 1)
    return code


def _sends_picture(words: Sequence[str]) -> bool:
    """Whether the picture goes to standard output: `-o -`, however it is spelt.

    Example:
        >>> _sends_picture(["stylize", "-", "swirls", "-qo", "-"])
        True
        >>> _sends_picture(["stylize", "-", "swirls", "-o", "./-"])
        False
    """
    spelling = re.compile(r"-[a-z]*o[ ]?-|--output[ =]-")
    pairs = (f"{word} {value}" for word, value in pairwise(words))
    return any(map(spelling.fullmatch, (*words, *pairs)))


def _message(error: typer.TyperException) -> str:
    """What a wrong command line is told; of options that are like one typed the nearest alone.

    What is missing is told with what to give, or where that stands.
    """
    missing: Any = error if hasattr(error, "param_type") else None  # of that kind alone
    if missing is not None:
        there = f"{missing.ctx.command_path} --help shows what belongs there"
        wish = WISHES.get(missing.param.metavar, there)
        return f"{missing.format_message().rstrip('.')}: {wish}"
    nearest: list[str] = list(getattr(error, "possibilities", None) or [])  # the best first
    if not nearest:
        return error.format_message()
    return f"{error.message}; did you mean {nearest[0]}?"


def _dashed_file(words: Sequence[str]) -> str:
    """What to write for a file whose name looks like an option; empty where there is none."""
    for word in words:
        if word.startswith("-") and os.path.isfile(word):  # noqa: PTH113 - of any length
            return f"; if you mean the file, write ./{word}"
    return ""


def _wait_politely() -> None:
    """Let torch's threads sleep soon when they wait for each other.

    OpenMP's default is to spin for long, which on a machine whose cores are taken by anything
    else makes every step up to ten times slower (docs/decisions/0007-speed.md). It is read when
    torch loads, and a person's own choice stands.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", "3000")


def complain(message: str, code: int, *, as_json: bool = False) -> int:
    """Say on one line what went wrong, and hand the exit code on.

    Args:
        message: of an error.
        code: that the process ends with.
        as_json: for a program, which reads it where it reads of success, not on standard error.
    """
    line = " ".join(part.strip() for part in message.splitlines())
    if as_json:
        print_json(failure(line, code))
    else:
        print(f"impasto: {line}", file=sys.stderr)
    return code
