"""`impasto letter`: words in the effect of a picture."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.arrangements.letter.options import Typography
from impasto.asked import Asked
from impasto.cli.help import everyday, examples
from impasto.cli.one_picture import Wanted, paint_one, with_outputs
from impasto.cli.options import option, with_asked, with_settings
from impasto.errors import InputError, OutputError, SettingError
from impasto.settings import StyleSettings, load_settings
from impasto.settings.recipes import built_in

__all__ = ["letter"]

LETTERING = "Lettering"
KIND = "letter"
RARE = ("color", "style_blend", "upscale")


@partial(with_settings, defaults={"recipe": KIND, **built_in(KIND).settings}, rare=RARE)
@partial(with_asked, model=Typography)
@partial(with_outputs, name="TEXT-STYLE.png")
@examples(
    'letter "春 Spring" flame.png -o spring.png',
    "letter --list words.txt flame.png -o folder/",
)
def letter(
    text: Annotated[
        str,
        typer.Argument(
            help="The words, \\n for a line break; with --glyphs or --list the STYLE.",
            metavar="TEXT",
            show_default=False,
        ),
    ],
    style: Annotated[
        str | None,
        typer.Argument(
            help="Letters with an effect, such as flames, on a plain ground; or a texture, or the "
            "name of a sample (`impasto styles` lists them), to fill the words with.",
            metavar="STYLE",
            show_default=False,
        ),
    ] = None,
    *,
    style_text: Annotated[
        str | None,
        everyday(option(LETTERING, metavar="FILE", help="White where the letters of STYLE are.")),
    ] = None,
    glyphs: Annotated[
        str | None,
        everyday(
            option(
                LETTERING,
                metavar="FILE",
                help="Own lettering or a logo in place of TEXT: dark on white, or a cut-out.",
            )
        ),
    ] = None,
    texts: Annotated[
        Path | None,
        everyday(
            option(
                LETTERING,
                "--list",
                metavar="FILE.txt",
                help="Paint each line of a text file into the folder of -o; what is there already "
                "is skipped.",
            )
        ),
    ] = None,
    options: dict[str, Any],
    wanted: Wanted,
    settings: dict[str, Any],
) -> None:
    """Paint words in the effect or the texture of a picture."""
    chosen = load_settings({"recipe": KIND, **settings})
    others = glyphs is not None or texts is not None
    if style is None and not others:
        raise InputError("Missing argument 'STYLE': name a picture, or a sample: impasto styles")
    if style is not None and others:
        raise SettingError(
            f"{'--glyphs' if glyphs else '--list'} stands in place of TEXT: give STYLE alone"
        )
    if options.get("font") is not None:
        options["font"] = str(Path(options["font"]).absolute())
    given = {"content": glyphs, "style": style or text, "style mask": style_text}
    pictures = {role: name for role, name in given.items() if name is not None}
    checked = Typography.of(**options).model_dump(mode="json")
    if texts is not None:
        raise typer.Exit(_paint_list(texts, Asked(KIND, checked, pictures), chosen, wanted))
    from impasto.workflows.letters import file_name, spoken

    words = "" if glyphs is not None else spoken(text)
    asked = Asked(KIND, {**checked, "text": words}, pictures)
    title = glyphs if glyphs is not None else file_name(words)
    raise typer.Exit(paint_one(asked, chosen, wanted, title))


def _paint_list(texts: Path, asked: Asked[str], settings: StyleSettings, wanted: Wanted) -> int:
    """Paint each line of a file; the exit code."""
    if wanted.output is None:
        raise OutputError("a list is painted into a folder: give one with -o")
    _refuse(wanted)
    from impasto.cli.batch_progress import BatchProgress
    from impasto.cli.progress import FetchProgress
    from impasto.cli.runner import follow
    from impasto.imaging import check_format
    from impasto.imaging.codecs.formats import by_name
    from impasto.workflows.letters import read_list, run

    ending = by_name(check_format(wanted.format or "png")).suffixes[0]
    with FetchProgress(f"weights of {settings.backbone}", wanted.verbosity) as on_fetch:
        events = run(
            read_list(texts), asked, wanted.output, settings, ending=ending, on_fetch=on_fetch
        )
        return follow(events, BatchProgress(wanted.verbosity))


def _refuse(wanted: Wanted) -> None:
    """Refuse what is of one picture.

    Raises:
        SettingError: naming the first option.
    """
    plain = Wanted()
    for name in ("plot", "log", "film", "deep_zoom", "save_every", "checkpoint"):
        if getattr(wanted, name) != getattr(plain, name):
            raise SettingError(
                f"--{name.replace('_', '-')} is of one picture, and --list paints many: leave one "
                "of them out"
            )
    for name in ("cluster", "server"):
        if getattr(wanted, name) is not None:
            raise SettingError(f"--list is painted here: leave --{name} out")
    if wanted.as_json:
        raise SettingError("--json tells of one picture, and --list paints many: leave it out")
