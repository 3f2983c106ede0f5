"""`impasto portrait`: paint a square about a face, of one photograph or of a folder of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.arrangements.portrait.options import ALL, PortraitOptions
from impasto.asked import Asked
from impasto.cli.batch import left_out_line
from impasto.cli.help import examples
from impasto.cli.one_picture import Wanted, paint_one, with_outputs
from impasto.cli.options import content_argument, with_asked, with_settings
from impasto.cli.standard_input import STANDARD
from impasto.errors import ImpastoError, OutputError
from impasto.files import make_folder
from impasto.settings import StyleSettings, load_settings
from impasto.settings.recipes import RECIPES
from impasto.task import Role, files_of
from impasto.text import format_path

__all__ = ["portrait"]

RECIPE = "portrait"
STOPPED = 128  # and more: a signal ended it, or Ctrl-C
# What is of one picture alone.
OF_ONE = ("plot", "log", "film", "deep_zoom", "checkpoint", "save_every")


@partial(with_settings, defaults={"recipe": RECIPE, **RECIPES[RECIPE].settings})
@with_outputs
@partial(with_asked, model=PortraitOptions)
@examples(
    "portrait photo.jpg painting.jpg -o avatar.png",
    "portrait photo.jpg the-kiss --framing bust --recipe cartoon",
)
def portrait(
    content: Annotated[str, content_argument("or a folder of them, ")],
    style: Annotated[
        list[str],
        typer.Argument(
            help="The picture to learn from, or the name of a sample; several are blended.",
            metavar="STYLE",
            show_default=False,
        ),
    ],
    *,
    wanted: Wanted,
    options: dict[str, Any],
    settings: dict[str, Any],
) -> None:
    """Paint a face for an avatar: upright, in a square, and like itself."""
    chosen = load_settings({"recipe": RECIPE, **settings})
    asked = PortraitOptions.of(**options)
    roles = [str(Role("style", number)) for number in range(1, len(style) + 1)]
    styles = dict(zip(roles, style, strict=True))
    if Path(content).is_dir():
        raise typer.Exit(_paint_folder(Path(content), styles, asked, chosen, wanted))
    if asked.face == ALL:
        raise typer.Exit(_paint_faces(content, styles, asked, chosen, wanted))
    pictures = {"content": content, **styles}
    raise typer.Exit(paint_one(Asked("portrait", options, pictures), chosen, wanted))


def _paint_faces(
    content: str,
    styles: dict[str, str],
    asked: PortraitOptions,
    settings: StyleSettings,
    wanted: Wanted,
    *,
    leaves: bool = False,
) -> int:
    """Paint every face of a photograph, each as a numbered file; all of it where there is none.

    Args:
        leaves: whether files that are there already are left as they are.

    Raises:
        ImpastoError: as for one picture.
    """
    _check_of_one(wanted, f"--face {ALL}")
    if STANDARD in (content, wanted.output):
        raise OutputError(
            f"--face {ALL} paints several files of one, and {STANDARD} is read or written once: "
            "name files"
        )
    faces = _count(content, settings)
    code = 0
    for number in range(1, max(1, faces) + 1):
        options = {"framing": asked.framing, "face": str(number)}
        place = wanted
        if faces > 1 and wanted.output is not None:
            output = Path(wanted.output)
            name = f"{output.stem}-{number}{output.suffix}"
            place = replace(wanted, output=str(output.with_name(name)))
        if leaves and _is_there(place):
            continue
        title = f"{Path(content).stem}-{number}" if faces > 1 else None
        pictures = {"content": content, **styles}
        code = max(code, paint_one(Asked("portrait", options, pictures), settings, place, title))
    return code


def _count(content: str, settings: StyleSettings) -> int:
    """How many faces a photograph has."""
    from impasto import imaging
    from impasto.arrangements.portrait.arrange import count
    from impasto.samples.lookup import sample_or

    limit = settings.max_megapixels
    return count(imaging.read(sample_or("content", content), max_megapixels=limit))


def _paint_folder(
    folder: Path,
    styles: dict[str, str],
    asked: PortraitOptions,
    settings: StyleSettings,
    wanted: Wanted,
) -> int:
    """Paint a portrait of every photograph in a folder; what is there already is left.

    Returns:
        0, or the code of the last failure: the others are painted all the same.

    Raises:
        ImpastoError: what is wrong with all of them, before the first.
    """
    from impasto.workflows.batch.plan import plan

    _check_of_one(wanted, "a folder")
    if wanted.output is None:
        raise OutputError(
            f"{format_path(folder)} is a folder, whose portraits need one: give it with -o"
        )
    output = Path(wanted.output)
    inputs = [*(Path(name) for name in styles.values()), *files_of(settings)]
    left_out: list[Path] = []
    items = plan(
        *([folder], output),
        format=wanted.format,
        bits=settings.bits,
        inputs=inputs,
        on_left_out=left_out.append,
    )
    if left_out:
        _say(left_out_line(left_out), wanted)
    code = 0
    for item in items:
        place = output / item.name
        own = replace(wanted, output=str(place), format=None)
        is_all = asked.face == ALL
        if not (wanted.overwrite or is_all) and _is_there(own):
            continue
        make_folder(place.parent)
        pictures = {"content": str(item.content), **styles}
        try:
            if is_all:
                leaves = not wanted.overwrite
                one = _paint_faces(str(item.content), styles, asked, settings, own, leaves=leaves)
            else:
                task = Asked("portrait", asked.model_dump(mode="json"), pictures)
                one = paint_one(task, settings, own)
        except ImpastoError as error:
            typer.echo(f"{format_path(item.content)}: {error}", err=True)
            one = error.exit_code
        if one >= STOPPED:
            return one
        code = one or code
    return code


def _is_there(place: Wanted) -> bool:
    """Whether a portrait is there already, which is told."""
    if place.output is None or not Path(place.output).exists():
        return False
    _say(f"{format_path(place.output)} is there already: left as it is", place)
    return True


def _say(line: str, wanted: Wanted) -> None:
    if wanted.verbosity >= 0:
        typer.echo(line, err=True)


def _check_of_one(wanted: Wanted, what: str) -> None:
    """Refuse what is written of one painting, where there are several.

    Raises:
        OutputError: naming the first.
    """
    for name in OF_ONE:
        if getattr(wanted, name):
            raise OutputError(
                f"--{name.replace('_', '-')} is of one painting, and {what} gives several: leave "
                "it out"
            )
