"""Whether a film may begin: films of one stem share the name of their journal, and much else."""

from __future__ import annotations

import shlex
from pathlib import Path

from impasto.errors import CheckpointError, OutputError
from impasto.methods import state_file
from impasto.text import format_path
from impasto.workflows.film.manifest import Journal
from impasto.workflows.film.paths import FORMAT, journal_path

__all__ = ["check_not_begun"]


def check_not_begun(output: Path, *, overwrite: bool, option: str = "overwrite=True") -> None:
    """Refuse to lose what was painted before a stop.

    Args:
        output: of the film that would begin.
        overwrite: whether an earlier painting of it may be dropped; never one of something else.
        option: that allows it, for the message.

    Raises:
        OutputError: the film is under way, or the name of its journal is taken by other work.
    """
    path = journal_path(output)
    if not path.exists():
        return
    state_file.check_own(path, FORMAT, "the film", overwrite=False)
    name, going_on = format_path(path), f"impasto resume {shlex.quote(str(path))}"
    try:
        begun = Path(Journal.read(path).order.output or output)
    except CheckpointError:
        begun = output  # damaged: there is nothing to go on with
    if begun.name != output.name:
        raise OutputError(
            f"{name}, where the film would be kept, keeps {format_path(begun)}, which is under "
            f"way: choose another output, or go on with {going_on}"
        )
    if not overwrite:
        raise OutputError(
            f"{format_path(output)} was begun already: go on with {going_on}, or begin anew with "
            f"{option}"
        )
