"""`impasto demo`: a painted picture, its loss curves and a contact sheet, from nothing."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from impasto.cli.runner import Command, follow, stop_sentence
from impasto.events import Event, Started
from impasto.files import make_folder
from impasto.text import format_about
from impasto.work import step_cost

__all__ = ["demo"]

CONTENT, STYLE = "rocket", "starry-night"
SHEET_CONTENT = "chelsea"
LOOK: dict[str, Any] = {"strength": 0.7}  # a stranger is to see the brush at once
SIZE, STEPS = 448, 100  # a minute for everything on two cores
COLUMNS = 4  # of the sheet

SCRIPT = "impasto"  # as pip installs it
YOURS = "stylize YOUR-PHOTO.jpg YOUR-PAINTING.jpg -o painted.png"

Entry: TypeAlias = tuple[str, Any]  # a caption and its PIL image


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the pictures.")
    ] = Path("impasto-demo"),
    size: Annotated[
        int, typer.Option(metavar="PX", min=128, help="Longest side of the painting.")
    ] = SIZE,
    steps: Annotated[int, typer.Option(metavar="N", min=1, help="Steps of the painting.")] = STEPS,
) -> None:
    """Paint samples: one large with its loss curves, and one photograph in several styles."""
    from impasto import imaging, samples
    from impasto.cli.outputs import Outputs
    from impasto.cli.session import paint
    from impasto.painting import run

    make_folder(out, "name a folder you can write to with --out")
    content, style = samples.content(CONTENT), samples.style(STYLE)
    outputs = Outputs(out / f"{CONTENT}-{STYLE}.png", out / "losses.png", out / "log.jsonl")
    sheet = out / "contact-sheet.jpg"
    outputs.check([content, style], overwrite=True)  # a demonstration may be shown again
    imaging.check_output(sheet)
    sheet_size, sheet_steps = max(96, size * 3 // 7), max(1, steps // 2)
    names = _sheet_styles()
    count = 1 + len(names)
    small = sheet_steps * step_cost(sheet_size, sheet_size) / (steps * step_cost(size, size))

    def announce(event: Event) -> None:
        if isinstance(event, Started):
            seconds = event.predicted_s * (1 + small * len(names))
            time = f", which take {format_about(seconds)} in all" if seconds else ""
            _say(f"{count} pictures{time}: one large, and one photograph in {len(names)} styles")
            _say(f"1 of {count}: {CONTENT} in {STYLE}")

    code = paint(run(content, style, size=size, steps=steps, **LOOK), outputs, on_event=announce)
    if code:
        raise typer.Exit(code)
    print(outputs.plot)
    print(outputs.log)
    paintings = _paintings(sheet_size, sheet_steps, first=2, count=count)
    raise typer.Exit(follow(paintings, _ContactSheet(sheet, sheet_size)))


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _sheet_styles() -> tuple[str, ...]:
    """The styles of the contact sheet: some of them, as the large painting has one already."""
    from impasto import samples

    return tuple(name for name in samples.HIGHLIGHTS if name != STYLE)


def _paintings(size: int, steps: int, *, first: int, count: int) -> Iterator[Entry]:
    """One photograph, then its paintings in the styles of the sheet, numbered from `first`."""
    from PIL import Image

    from impasto import samples
    from impasto.painting import stylize

    content = samples.content(SHEET_CONTENT)
    yield SHEET_CONTENT, Image.open(content)
    for number, name in enumerate(_sheet_styles(), first):
        _say(f"{number} of {count}: {SHEET_CONTENT} in {name}")
        result = stylize(content, samples.style(name), size=size, steps=steps, **LOOK)
        yield name, result.picture


def _program() -> str:
    """How this process was called, for a shell: what stands before a command.

    The environment that `make demo` makes is not activated, so `impasto` alone would not be found.
    """
    called = Path(sys.argv[0])
    if called.name != SCRIPT:
        return shlex.join([sys.executable, "-m", "impasto"])
    found = shutil.which(SCRIPT)
    is_found = found is not None and called.is_file() and Path(found).samefile(called)
    return SCRIPT if is_found else shlex.quote(str(called))


class _ContactSheet(Command[Entry]):
    """Pictures with their captions, gathered on one page."""

    breaks_in = True  # the events are whole paintings

    def __init__(self, path: Path, size: int) -> None:
        self._path, self._size = path, size
        self._entries: list[Entry] = []

    def take(self, event: Entry) -> None:
        self._entries.append(event)

    def finish(self) -> int:
        import numpy as np

        from impasto import imaging
        from impasto.reports import contact_sheet

        cell = self._size, self._size * 2 // 3
        page = contact_sheet(self._entries, columns=COLUMNS, cell=cell)
        imaging.write(self._path, np.asarray(page, np.float32) / 255)
        print(self._path)
        print(f"\nNow yours:\n{_program()} {YOURS}")
        return 0

    def stop(self) -> str:
        return stop_sentence(state=f"{self._path} is not written, all else is")
