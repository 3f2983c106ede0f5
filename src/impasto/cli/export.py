"""`impasto export`: a one-pass network for other programs, as ONNX files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from impasto.cli.options import option, overwrite_option, quiet_option
from impasto.errors import OutputError, SettingError
from impasto.files import check_absent, check_place
from impasto.text import format_bytes, format_path

__all__ = ["export"]

BUNDLED = "brush"


def export(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL.safetensors|brush",
            help="The network: what impasto train wrote, or the bundled one.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        option(
            None,
            *("-o", "--output"),
            metavar="FILE.onnx",
            help="Where to save it. [dim]\\[default: MODEL.onnx here][/dim]",
        ),
    ] = None,
    style: Annotated[
        str | None,
        option(
            None,
            metavar="ROW|FILE",
            help="Bake one style in: a row of the network, a picture, or a sample's name.",
        ),
    ] = None,
    any_style: Annotated[
        bool,
        option(
            None,
            "--any-style",
            help="Write two files, a painter and a reader of style pictures.",
        ),
    ] = False,
    strength: Annotated[
        float | None,
        option(
            None,
            metavar="X",
            min=0,
            max=1,
            help="Of a baked style, from 0, nearly the photograph, to 1, nearly the style. "
            "[dim]\\[default: 0.5][/dim]",
        ),
    ] = None,
    half: Annotated[
        bool, option(None, "--half", help="Keep the weights as float16, in half the size.")
    ] = False,
    overwrite: Annotated[bool, overwrite_option()] = False,
    quiet: Annotated[bool, quiet_option()] = False,
) -> None:
    """Write a one-pass network as ONNX, for apps, phones and browsers.

    Pictures of any size go in and come out as bytes. What is written was compared
    with torch first. impasto stylize photo.jpg --model FILE.onnx paints with it.
    """
    name = Path(model).stem
    place = Path(f"{name}.onnx") if output is None else output
    if place.suffix.lower() != ".onnx":
        raise OutputError(f"{format_path(place)} shall be an ONNX file: let its name end in .onnx")
    if any_style and (style is not None or strength is not None):
        which = "style" if style is not None else "strength"
        raise SettingError(
            f"--any-style leaves style and strength to whoever paints, and --{which} bakes one in: "
            "give one of them"
        )
    from impasto.exporters import onnx
    from impasto.exporters.tracing import needed
    from impasto.networks import BRUSH_FILE
    from impasto.networks.stylizers import load

    needed()
    for path in onnx.pair(place) if any_style else (place,):
        check_place(path, inputs=[Path(model)])
        if not overwrite:
            check_absent(path)
    network = load(BRUSH_FILE if model == BUNDLED else model)
    written: tuple[onnx.Export, ...]
    if any_style:
        written = onnx.any_style(place, network, name=name, half=half)
    else:
        if style is None and len(network.names) != 1:
            rows = f" (its rows: {', '.join(network.names)})" if network.names else ""
            raise SettingError(
                f"{name} paints more than one style{rows}: choose one with --style, or take "
                "--any-style"
            )
        style = network.names[0] if style is None else style
        written = (
            onnx.one_style(
                place,
                network,
                onnx.code_of(network, style),
                name=name,
                style=_named(style, network.names),
                strength=0.5 if strength is None else strength,
                half=half,
            ),
        )
    if not quiet:
        for file in written:
            apart = f"{file.difference} level{'' if file.difference == 1 else 's'} of 255"
            print(f"{file.path}  {format_bytes(file.size)}, {apart} from torch at most")


def _named(style: str, rows: Sequence[str]) -> str:
    """What a style is called: its row's name, or that of its picture or painter."""
    from impasto.painters.painted import stem_of

    if style not in rows and style.isdecimal() and 1 <= int(style) <= len(rows):
        return rows[int(style) - 1]
    return style if style in rows else stem_of(style)
