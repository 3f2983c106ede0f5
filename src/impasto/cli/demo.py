"""`impasto demo`: a painted picture, its loss curves and a contact sheet, from nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from impasto.errors import OutputError
from impasto.settings import StyleSettings

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["demo"]

CONTENT, STYLE = "chelsea", "swirls"
SHEET_CONTENT = "coffee"


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the pictures.")
    ] = Path("impasto-demo"),
    size: Annotated[
        int, typer.Option(metavar="PX", min=128, help="Longest side of the painting.")
    ] = 448,
    steps: Annotated[
        int, typer.Option(metavar="N", min=1, help="Steps of the painting.")
    ] = StyleSettings.model_fields["steps"].default,
) -> None:
    """Paint the bundled pictures: one large with its loss curves, and one in every style."""
    import numpy as np

    from impasto import imaging, samples
    from impasto.cli.outputs import Outputs
    from impasto.cli.session import paint
    from impasto.painting import run

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{out} cannot be made ({error.strerror}): name a folder you can write to with --out"
        ) from None
    content, style = samples.content(CONTENT), samples.style(STYLE)
    outputs = Outputs(out / f"{CONTENT}-{STYLE}.png", out / "losses.png", out / "log.jsonl")
    sheet = out / "contact-sheet.jpg"
    outputs.check([content, style])
    imaging.check_output(sheet)
    code = paint(run(content, style, size=size, steps=steps), outputs)
    if code:
        raise typer.Exit(code)
    print(outputs.plot)
    print(outputs.log)
    painted = _sheet(max(96, size * 5 // 7), max(1, steps // 2))
    imaging.write(sheet, np.asarray(painted, np.float32) / 255)
    print(sheet)


def _sheet(size: int, steps: int) -> Image:
    """One photograph in every bundled style."""
    import sys

    from PIL import Image

    from impasto import samples
    from impasto.painting import stylize
    from impasto.reports import contact_sheet

    content = samples.content(SHEET_CONTENT)
    pictures: list[tuple[str, Image.Image]] = [(SHEET_CONTENT, Image.open(content))]
    for name in samples.names("style"):
        print(f"painting {SHEET_CONTENT} in {name}", file=sys.stderr)
        result = stylize(content, samples.style(name), size=size, steps=steps)
        pictures.append((name, result.picture))
    return contact_sheet(pictures, columns=4, cell=(size, size * 2 // 3))
