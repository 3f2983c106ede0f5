"""How much of what people write the vocabulary understands: `python -m benchmarks.words FILE`.

FILE has a JSON object a line: `phrase`; `content`, its content words as they stand in it; and
`expect`, if wanted, what its plan has to have:

    style       names of styles, or what they begin with, that have to be among those of the plan
    not_style   names that may not
    more        two names: the first has the larger share
    tone        tones that it has to have; not_tone: that it may not
    scale       "fine" or "broad"
    strength    "low" or "high"
    palette     true for some colours, or how many at least
    color       "luminance"

A content word is understood if it is part of a term, an amount, a number or of grammar, or carries
what is said of it ("colours"); it is named if the plan calls it unknown or a part of the picture;
anything else is lost, which must not happen.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from impasto.errors import SettingError
from impasto.words import Plan, plan_of
from impasto.words.lexer import tokens
from impasto.words.likeness import mended

__all__ = ["main", "unmet", "word_state"]

UNDERSTOOD, NAMED, LOST = "understood", "named", "lost"


def word_state(phrase: str, word: str) -> str:
    """What becomes of a content word.

    Args:
        phrase: that it stands in.
        word: as it is written there.

    Example:
        >>> [word_state("cold qwyx of the", word) for word in ("cold", "qwyx", "the")]
        ['understood', 'named', 'lost']
    """
    start = phrase.casefold().find(word.casefold())
    if start < 0:
        raise SettingError(f"{word!r} does not stand in {phrase!r}: write it as it does")
    end = start + len(word)
    pieces, _ = mended(tokens(phrase))
    over = [t for t in pieces if t.start < end and start < t.start + len(t.text)]
    kinds = {token.kind for token in over} - {"break"}
    if kinds & {"unknown", "region"}:
        return NAMED
    return UNDERSTOOD if kinds - {"stop"} else LOST


def unmet(plan: Plan, expected: Mapping[str, Any]) -> list[str]:
    """What a plan has not that was expected of it."""
    shares = {style.source: style.share for style in plan.styles}

    def share(name: str) -> float:
        return sum(part for source, part in shares.items() if _is(source, name))

    scale = 1.0 if plan.style_scale is None else plan.style_scale
    strength = 0.5 if plan.strength is None else plan.strength
    checks: Mapping[str, Callable[[Any], bool]] = {
        "style": lambda names: all(map(share, _list(names))),
        "not_style": lambda names: not any(map(share, _list(names))),
        "more": lambda pair: share(pair[0]) > share(pair[1]),
        "tone": lambda tones: all(tone in plan.tone for tone in _list(tones)),
        "not_tone": lambda tones: not any(tone in plan.tone for tone in _list(tones)),
        "scale": lambda way: scale < 1 if way == "fine" else scale > 1,
        "strength": lambda way: strength < 0.5 if way == "low" else strength > 0.5,
        "palette": lambda least: len(plan.palette) >= int(least),
        "color": lambda color: plan.color == color,
    }
    return [name for name, value in expected.items() if not checks[name](value)]


def _is(source: str, name: str) -> bool:
    return source.removeprefix("paint:").partition("?")[0].startswith(name)


def _list(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def main() -> None:
    """Read the phrases of a file, and print what was understood of them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--show", action="store_true", help="print every plan")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in arguments.file.read_text().splitlines() if line.strip()]
    states: Counter[str] = Counter()
    strange: Counter[str] = Counter()
    seconds, met = [], Counter[bool]()
    plan_of("cold")  # the vocabulary is read once
    for row in rows:
        phrase = row["phrase"]
        found = {word: word_state(phrase, word) for word in row["content"]}
        states.update(found.values())
        strange.update(f"{word} ({state})" for word, state in found.items() if state != UNDERSTOOD)
        begun = time.perf_counter()
        try:
            plan: Plan | None = plan_of(phrase)
        except SettingError as error:
            plan = None
            print(f"no plan: {phrase}: {error}")
        seconds.append(time.perf_counter() - begun)
        if plan is not None and row.get("expect"):
            wrong = unmet(plan, row["expect"])
            met[not wrong] += 1
            if wrong:
                print(f"not as expected ({', '.join(wrong)}): {phrase}\n    {plan.command()}")
        if plan is not None and arguments.show:
            print(f"{phrase}\n    {plan.command()}")
    total = states.total() or 1
    for word, count in strange.most_common():
        print(f"{count:3d} {word}")
    print(
        f"{len(rows)} phrases, {total} content words: "
        + ", ".join(f"{states[s]} {s} ({states[s] / total:.1%})" for s in (UNDERSTOOD, NAMED, LOST))
    )
    print(f"plans as expected: {met[True]} of {met.total()}")
    middle, most = 1e3 * sorted(seconds)[len(seconds) // 2], 1e3 * max(seconds)
    print(f"a plan takes {middle:.1f} ms, {most:.1f} ms at most")


if __name__ == "__main__":
    main()
