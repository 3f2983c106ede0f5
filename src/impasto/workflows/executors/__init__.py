"""Where many independent items are worked on: one contract, and one file for each place.

Nothing here knows what the work is. `local` has the processes of this machine.
"""

from __future__ import annotations

from impasto.workflows.executors.protocol import (
    Assigned,
    Completed,
    Died,
    Executor,
    Message,
    Raised,
    Report,
)

__all__ = ["Assigned", "Completed", "Died", "Executor", "Message", "Raised", "Report"]
