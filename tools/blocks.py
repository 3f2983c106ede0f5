"""The code blocks of a Markdown page, so that tests can run what the page shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

__all__ = ["code_blocks", "prose_of", "run_python"]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def code_blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """The fenced blocks of a language, each with the line its code begins at, from 1."""
    text = page.read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, match.start(2)) + 1, match[2])
        for match in _FENCE.finditer(text)
        if match[1] == language
    ]


def prose_of(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def run_python(page: Path) -> dict[str, Any]:
    """Run all Python blocks of a page in order in one namespace, and return it.

    A failure shows the page's own file name and line.
    """
    namespace: dict[str, Any] = {"__name__": page.stem}
    for line, source in code_blocks(page, "python"):
        code = compile("\n" * (line - 1) + source, str(page), "exec")
        exec(code, namespace)
    return namespace
