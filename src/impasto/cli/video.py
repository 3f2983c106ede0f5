"""`impasto video`: paint a film."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.cli.help import everyday, examples
from impasto.cli.options import (
    MASKS,
    OUTPUT,
    cluster_option,
    json_option,
    option,
    overwrite_option,
    quiet_option,
    server_option,
    style_mask_option,
    token_option,
    verbosity_of,
    with_settings,
)
from impasto.cli.standard_input import STANDARD
from impasto.cli.worded import Said, command_of, with_words
from impasto.errors import InputError, OutputError, SettingError
from impasto.task import StyleTask

__all__ = [
    "codec_option",
    "end_option",
    "jobs_option",
    "preview_option",
    "sound_option",
    "start_option",
    "video",
]

FILM = "Film"
CODECS, PIPED = "h264|prores|ffv1", "y4m|raw"


def start_option() -> Any:
    """`--start` of a command that reads a film."""
    return option(
        FILM, metavar="TIME", help="Begin here: seconds, or 1:02.5. [dim]\\[default: 0][/dim]"
    )


def end_option() -> Any:
    """`--end` of a command that reads a film."""
    return option(FILM, metavar="TIME", help="End here. [dim]\\[default: its end][/dim]")


def codec_option() -> Any:
    """`--codec` of a command that writes a film."""
    help = "Coding of the film. [dim]\\[default: h264 where the output can hold it][/dim]"
    return option(OUTPUT, metavar=CODECS, help=help)


def sound_option() -> Any:
    """`--sound/--no-sound` of a command that writes a film."""
    help = "Whether the sound is taken over. [dim]\\[default: yes][/dim]"
    return option(OUTPUT, "--sound/--no-sound", help=help)


def jobs_option() -> Any:
    """`--jobs` of a command that writes a film."""
    help = "How many shots are painted at once, each by its own process."
    return option(FILM, "-j", "--jobs", metavar="N", min=1, help=help, show_default=True)


def preview_option() -> Any:
    """`--preview` of a command that writes a film."""
    return option(OUTPUT, metavar="FILE", help="Keep the latest frame here, every few seconds.")


@partial(with_settings, defaults={"method": "one-pass", "size": "the film's own"})
@with_words
@examples(
    "video film.mp4 painting.jpg -o painted.mp4",
    "video film.mp4 swirls --style-at 0:10=woodcut -o painted.mp4",
)
def video(
    film: Annotated[
        str,
        typer.Argument(
            help="The film to paint, a folder of pictures, or their pattern: in/%04d.png.",
            metavar="FILM",
            show_default=False,
        ),
    ],
    style: Annotated[
        list[str] | None,
        typer.Argument(
            help="The picture to learn from, or the name of a sample (`impasto styles` lists "
            "them); several are blended.",
            metavar="STYLE",
            show_default=False,
        ),
    ] = None,
    *,
    style_at: Annotated[
        list[str] | None,
        everyday(option(FILM, metavar="TIME=STYLE", help="From then on paint in another style.")),
    ] = None,
    style_fade: Annotated[
        float,
        option(
            FILM,
            metavar="SECONDS",
            min=0,
            help="How long one style takes to become the next.",
            show_default=True,
        ),
    ] = 1.0,
    mask: Annotated[
        list[str] | None,
        everyday(
            option(
                MASKS,
                metavar="FILE",
                help="White where a style paints, once for each style; elsewhere the film stays. A "
                "picture, or a film, frame by frame.",
            )
        ),
    ] = None,
    keep: Annotated[
        str | None,
        everyday(
            option(
                MASKS,
                metavar="FILE",
                help="White where the film stays as it is: a picture, or a film.",
            )
        ),
    ] = None,
    style_mask: Annotated[list[str] | None, style_mask_option()] = None,
    start: Annotated[str | None, start_option()] = None,
    end: Annotated[str | None, end_option()] = None,
    fps: Annotated[
        float | None,
        option(FILM, metavar="N", help="Frames a second. [dim]\\[default: the film's][/dim]"),
    ] = None,
    jobs: Annotated[int, jobs_option()] = 1,
    live: Annotated[
        bool,
        option(
            FILM,
            "--live",
            help="FILM is a camera (/dev/video0) or the address of a stream: no first pass, no "
            "resume, and frames that come too fast are left out.",
        ),
    ] = False,
    output: Annotated[
        str,
        everyday(
            option(
                OUTPUT,
                "-o",
                "--output",
                metavar="OUT",
                help="The painted film; a folder or a pattern for pictures, a .gif, .webp or .png, "
                f"or {STANDARD} for raw frames on standard output.",
            )
        ),
    ],
    format: Annotated[
        str | None,
        option(
            OUTPUT,
            metavar=PIPED,
            help="Frames on standard output. [dim]\\[default: y4m][/dim]",
        ),
    ] = None,
    codec: Annotated[str | None, codec_option()] = None,
    sound: Annotated[bool, sound_option()] = True,
    preview: Annotated[Path | None, preview_option()] = None,
    cluster: Annotated[str | None, cluster_option(FILM)] = None,
    server: Annotated[str | None, server_option()] = None,
    token: Annotated[str | None, token_option()] = None,
    overwrite: Annotated[bool, overwrite_option(OUTPUT, keeps=True)] = False,
    quiet: Annotated[bool, quiet_option(OUTPUT)] = False,
    as_json: Annotated[bool, json_option(OUTPUT)] = False,
    said: Said,
    settings: dict[str, Any],
) -> None:
    """Paint a film without flicker, with its sound; `impasto resume` after a stop.

    A first pass counts the frames and finds the cuts; each shot is painted by itself.
    """
    from impasto.cli.film import FilmOutputs, paint, pipe
    from impasto.settings import load_settings
    from impasto.workflows.film.ask import asked
    from impasto.workflows.film.style_times import parse_style_at, parse_time

    piped = output == STANDARD
    if format is not None and not piped:
        raise OutputError(
            f"--format {format} is of frames on standard output (-o {STANDARD}); the ending of "
            f"{output} says what it is: leave one of them out"
        )
    if format is not None and format not in PIPED.split("|"):
        raise OutputError(f"format is {format!r}: frames on standard output are y4m or raw")
    if live and (start or end or fps or jobs > 1):
        raise SettingError(
            "--start, --end, --fps and --jobs are of films that are there whole, and --live takes "
            "what comes: leave them out"
        )
    masks = {"--mask": mask, "--keep": keep, "--style-mask": style_mask}
    line = command_of("video", [film], {"--style-at": style_at, **masks, "-o": output})
    worded = said.read(style or (), settings, line, quiet=quiet or as_json, masked=bool(mask))
    chosen, style = load_settings({"method": "one-pass", **worded.settings}), worded.styles
    said.refuse_guidance(chosen.text_weight)
    if not style and not style_at and chosen.model is None:
        raise InputError(
            "Missing argument 'STYLE': name a painting, or a sample: impasto styles, or say it in "
            "words: --text"
        )
    later = [parse_style_at(text) for text in style_at or ()]
    if len({time for time, _ in later}) < len(later):
        raise SettingError("two of --style-at have one time: give each a time of its own")
    if cluster is not None and (live or piped or server is not None):
        raise SettingError(
            "--cluster paints the shots of a film that is there whole, into a file: leave --live, "
            f"-o {STANDARD} and --server out"
        )
    outputs = FilmOutputs(None if piped else Path(output), preview, worded.record)
    read = [film, *(style or ()), *(mask or ()), *(style_mask or ()), *([keep] if keep else [])]
    outputs.check(read, overwrite=overwrite)
    verbosity = verbosity_of(quiet or as_json)
    if server is not None:
        if later or live or piped or jobs > 1 or codec not in (None, "h264"):
            raise SettingError(
                "--style-at, --live, --jobs, --codec and standard output are for films that are "
                "painted here: leave them out with --server"
            )
        from impasto.cli.remote_film import paint_film_there
        from impasto.service.contract import FilmOptions

        options = FilmOptions.of(
            start=0.0 if start is None else float(parse_time(start, "start")),
            end=None if end is None else float(parse_time(end, "end")),
            fps=fps,
            sound=sound,
        )
        task = StyleTask.of(film, list(style or ()), masks=mask, style_masks=style_mask, keep=keep)
        code = paint_film_there(
            server, token, task, chosen, options, outputs, verbosity, as_json=as_json
        )
        raise typer.Exit(code)
    order = asked(
        film,
        style,
        None if piped else output,
        chosen,
        start=None if start is None else parse_time(start, "start"),
        end=None if end is None else parse_time(end, "end"),
        rate=fps,
        style_at=dict(later),
        style_fade=style_fade,
        masks=mask,
        style_masks=style_mask,
        keep=keep,
        codec=codec,
        sound=sound,
        live=live,
    )
    if piped or live:
        code = pipe(order, outputs, format or "y4m", verbosity, as_json=as_json, live=live)
    else:
        code = paint(
            order,
            outputs,
            verbosity,
            as_json=as_json,
            jobs=jobs,
            cluster=cluster,
            overwrite=overwrite,
        )
    raise typer.Exit(code)
