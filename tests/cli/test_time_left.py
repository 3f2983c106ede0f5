from __future__ import annotations

import pytest
from rich.console import Console
from rich.progress import Progress

from impasto.cli.time_left import TimeLeft


@pytest.mark.parametrize(
    ("left", "now", "words"),
    [
        (None, 0.0, "--:--"),
        ((75.2, 100.0), 100.0, "01:15"),
        ((75.2, 100.0), 110.0, "01:05"),
        ((5.0, 100.0), 200.0, "00:00"),
        ((3 * 3600 + 62.0, 0.0), 0.0, "3:01:02"),
    ],
)
def test_it_counts_down_from_what_was_said_last(
    left: tuple[float, float] | None, now: float, words: str
) -> None:
    bar = Progress(console=Console(quiet=True), get_time=lambda: now)
    bar.add_task("", left=left)
    assert TimeLeft().render(bar.tasks[0]).plain == words
