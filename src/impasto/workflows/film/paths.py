"""Where what is kept of a film lies, beside its output."""

from __future__ import annotations

import os
from pathlib import Path

from impasto.files import LONGEST_NAME

__all__ = ["ENDING", "FORMAT", "journal_path", "lock_path", "segments_folder"]

FORMAT = "impasto-film 1"  # of the journal
ENDING = ".checkpoint.safetensors"
SEGMENTS = ".segments"


def journal_path(output: Path) -> Path:
    """Where the journal of a film lies.

    Args:
        output: the file, folder or pattern that is written.

    Example:
        >>> journal_path(Path("out/painted.mp4")).name, journal_path(Path("out/%04d.png")).name
        ('painted.checkpoint.safetensors', '04d.checkpoint.safetensors')
    """
    stem = output.stem.replace("%", "") or "film"
    while len(os.fsencode(f".{stem}{ENDING}.lock")) > LONGEST_NAME:  # nobody asked for its name
        stem = stem[:-1]
    return output.with_name(f"{stem}{ENDING}")


def segments_folder(journal: Path) -> Path:
    """The hidden folder of the segments that a journal is of.

    Example:
        >>> segments_folder(Path("painted.checkpoint.safetensors")).name
        '.painted.segments'
    """
    return journal.with_name(f".{journal.name.removesuffix(ENDING)}{SEGMENTS}")


def lock_path(journal: Path) -> Path:
    """The file that is locked by whoever paints the film that a journal is of.

    Example:
        >>> lock_path(Path("painted.checkpoint.safetensors")).name
        '.painted.checkpoint.safetensors.lock'
    """
    return journal.with_name(f".{journal.name}.lock")
