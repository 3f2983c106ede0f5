"""`impasto words`: the vocabulary of `--text`, and what a phrase comes to before it is painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.chinese import is_chinese
from impasto.cli.json_line import print_json
from impasto.cli.worded import Said, plan_lines

if TYPE_CHECKING:
    from impasto.words.vocabulary import Term

__all__ = ["words"]

GRAMMAR = "grammar"
PHOTO = "photo.jpg"


def words(
    query: Annotated[
        str | None,
        typer.Argument(
            help="A phrase, to see what it comes to; or a kind of terms, to see these alone: "
            "medium, movement, artist, title, stroke, light, tone, style, colour, amount, grammar.",
            metavar="PHRASE|KIND",
            show_default=False,
        ),
    ] = None,
    also: Annotated[
        bool, typer.Option("--also", help="List every other word for a term too.")
    ] = False,
    endpoint: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Let a language model read the phrase, as `impasto stylize` does.",
            show_default=False,
        ),
    ] = None,
    language_model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The model that it is asked for.", show_default=False),
    ] = None,
    clip: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|MODEL",
            help="A CLIP model, which chooses styles where words name none.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the plan or the terms as a line of JSON.")
    ] = False,
) -> None:
    """List the words that --text understands, or show the plan of a phrase. Nothing is painted."""
    from impasto.words.vocabulary import KINDS, colour_terms, grammar, terms

    if query is not None and query not in (*KINDS, GRAMMAR):
        plan = Said(query, endpoint, language_model).plan({"clip": clip} if clip else {})
        if as_json:
            print_json(plan.model_dump(mode="json") | {"command": plan.command(PHOTO)})
        else:
            print("\n".join([*plan_lines(plan), plan.command(PHOTO)]))
        return
    every = [*terms(), *colour_terms()]
    shown = [term for term in every if query in (None, term.kind)]
    if as_json:
        print_json({"terms": [_record(term) for term in shown], GRAMMAR: dict(grammar())})
        return
    for kind in KINDS:
        _print_terms(kind, [term for term in shown if term.kind == kind], also)
    if query in (None, GRAMMAR):
        print(GRAMMAR)
        for name, entries in grammar().items():
            print(f"  {name.replace('_', ' ')}: {', '.join(entries)}")


def _print_terms(kind: str, listed: Sequence[Term], also: bool) -> None:
    if not listed:
        return
    print(kind)
    widths = [
        max(_width(text) for text in column) for column in zip(*map(_names, listed), strict=True)
    ]
    for term in listed:
        cells = [_padded(text, width) for text, width in zip(_names(term), widths, strict=True)]
        others = f"  ({', '.join(term.also)})" if also and term.also else ""
        print(f"  {'  '.join(cells)}  {_effect(term)}{others}".rstrip())


def _names(term: Term) -> tuple[str, str]:
    return term.en, term.zh


def _effect(term: Term) -> str:
    """What a term does, in short."""
    parts: list[str] = []
    if term.kind == "amount":
        parts.append(f"x {term.factor:g}, as a share {term.share:g}")
    parts += [("near " if term.near else "") + "style " + term.style[0]] if term.style else []
    parts += [f"strokes x {term.scale:g}"] if term.scale and term.scale != 1 else []
    parts += [f"{tone} {amount:g}" for tone, amount in term.tone.items()]
    parts += [", ".join(term.palette)] if term.palette else []
    parts += [f"strength {term.strength:+g}"] if term.strength else []
    parts += [f"strokes at {term.direction:g} degrees"] if term.direction is not None else []
    parts += ["the photograph's colours"] if term.color else []
    return ", ".join(parts) or "-"


def _record(term: Term) -> dict[str, Any]:
    return {
        "kind": term.kind,
        "en": term.en,
        "zh": term.zh,
        "also": list(term.also),
        "effect": _effect(term),
    }


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return len(text) + sum(map(is_chinese, text))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
