"""The column of a bar that counts down to the end of a painting."""

from __future__ import annotations

from rich.progress import ProgressColumn, Task
from rich.text import Text

__all__ = ["TimeLeft"]


class TimeLeft(ProgressColumn):
    """Counts down from what the task's field `left` said last.

    That is (seconds left, when that was), on the bar's own clock; None while nobody knows.
    """

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """As minutes and seconds, with hours before them where there are some."""
        if (left := task.fields["left"]) is None:
            return Text("--:--", style="progress.remaining")
        seconds, said_at = left
        whole = max(0, round(seconds - (task.get_time() - said_at)))
        hours, minutes = divmod(whole // 60, 60)
        clock = f"{hours}:{minutes:02}" if hours else f"{minutes:02}"
        return Text(f"{clock}:{whole % 60:02}", style="progress.remaining")
