"""`impasto library`: the user's own style pictures, which are styles by their names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from impasto.cli.commands import commands
from impasto.errors import InputError
from impasto.text import format_path

if TYPE_CHECKING:
    from impasto.library import Attributes, Library

__all__ = ["app"]

app = commands("Keep style pictures under names, and find them by what they look like.")


@app.command()
def add(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE|FOLDER...",
            help="Pictures, folders of them, or painters: paint:oil?palette=ochre,navy.",
            show_default=False,
        ),
    ],
    title: Annotated[
        str, typer.Option(metavar="TEXT", help="Of a single picture.", show_default=False)
    ] = "",
) -> None:
    """Copy pictures into the library and measure them.

    A name that it prints is a style as it stands: impasto stylize photo.jpg NAME.
    """
    from impasto.samples.lookup import painted_or

    ours, left_out = _library(), 0
    for added in ours.add(map(painted_or, files), title):
        if added.problem:
            left_out += 1
            print(f"{format_path(added.file)} is left out: {added.problem}", file=sys.stderr)
        else:
            print(f"{added.name}{' (was there)' if added.was_there else ''}")
    if left_out:
        raise typer.Exit(InputError.exit_code)


@app.command("list")
def show_all(
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORD...",
            help="What they should be like (blue, swirling, 'not dark'), or words of titles.",
            show_default=False,
        ),
    ] = None,
    bundled: Annotated[
        bool, typer.Option("--bundled", help="Search the bundled styles too.", show_default=False)
    ] = False,
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, help="How many at most.", show_default=True)
    ] = 12,
) -> None:
    """List the pictures of the library, or those that fit some words, best first.

    impasto library list blue swirling. A word that is no wish is looked for in titles.
    """
    from impasto.library import WISHES, search
    from impasto.library.bundled import bundled_entries

    ours = _library()
    entries = [*ours.entries(), *(bundled_entries() if bundled else ())]
    if not query:
        for entry in entries:
            print(f"{entry.name}  {entry.title}  {_about(entry.attributes)}")
        return
    wishes = [word for word in query if word.removeprefix("not ") in WISHES]
    words = " ".join(word for word in query if word not in wishes)
    if words:
        told = f"looked for in titles: {words}; wishes are: {', '.join(WISHES)}"
        print(told, file=sys.stderr)
    for found in search(wishes, words=words, entries=entries, limit=limit):
        about = _about(found.attributes)
        print(f"{found.score:.2f}  {found.name}  {found.title}  {about}")


@app.command()
def remove(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Which pictures.", show_default=False)
    ],
) -> None:
    """Take pictures out of the library; the files that they were copied from stay."""
    ours = _library()
    for name in names:
        ours.remove(name)
        print(f"{name} is removed")


def _library() -> Library:
    from impasto.library import Library

    return Library(on_note=lambda note: print(note, file=sys.stderr))


def _about(attributes: Attributes) -> str:
    """The main colours, and what a picture has much of."""
    shares = sorted(attributes.shares.items(), key=lambda pair: -pair[1])
    colours = ", ".join(f"{name} {share:.0%}" for name, share in shares[:3] if share >= 0.1)
    return f"[{colours}; L {attributes.lightness:.2f}, strokes {attributes.stroke_px:.1f} px]"
