"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["code", "table"]


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table with a line for its heads and one for each row.

    Example:
        >>> print(table(("name", "takes"), [("size", "a|b")]))
        | name | takes |
        | --- | --- |
        | size | a\\|b |
    """
    lines = [head, ("---",) * len(head), *rows]
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def code(text: str) -> str:
    """Text as code.

    Example:
        >>> code("size")
        '`size`'
    """
    return f"`{text}`"
