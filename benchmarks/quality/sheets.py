"""Contact sheets of the quality benchmark, since figures alone do not see."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from benchmarks.quality import records
from benchmarks.quality.figures import MIDDLE
from benchmarks.quality.painting import Job
from benchmarks.quality.pairs import Pair
from impasto.files import replacing
from impasto.reports.sheet import PAPER, contact_sheet

__all__ = ["write"]

ROWS = 6
LARGE, SMALL = (256, 192), (176, 132)


def write(work: Path, pairs: Sequence[Pair], jobs: Sequence[Job]) -> list[Path]:
    """Write `sheets/compared.jpg`, and `sheets/NAME.jpg` for each contender.

    Args:
        work: folder of all paintings.
        pairs: of the run; the first six are the rows on which contenders stand side by side.
        jobs: the paintings that are there.

    Returns:
        The sheets.
    """
    folder = work / "sheets"
    folder.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(job.contender.name for job in jobs))
    files = {
        (job.contender.name, Pair(Path(job.content), Path(job.style)).name): records.place(
            work, job
        )
        for job in jobs
        if job.strength == MIDDLE
    }
    cells: list[tuple[str, Image.Image]] = []
    for pair in pairs[:ROWS]:
        cells.append((pair.style.stem, _small(pair.style)))
        cells += [(name, _small(files.get((name, pair.name)))) for name in names]
    sheets = [_save(cells, len(names) + 1, LARGE, folder / "compared.jpg")]
    columns = len({pair.content for pair in pairs})
    ordered = sorted(pairs, key=lambda pair: (pair.style.stem, pair.content.stem))
    for name in names:
        cells = [(pair.name, _small(files.get((name, pair.name)))) for pair in ordered]
        sheets.append(_save(cells, columns, SMALL, folder / f"{name}.jpg"))
    return sheets


def _save(
    cells: Sequence[tuple[str, Image.Image]], columns: int, cell: tuple[int, int], path: Path
) -> Path:
    with replacing(path) as draft:
        contact_sheet(cells, columns=columns, cell=cell).save(draft, "JPEG", quality=90)
    return path


def _small(path: Path | None) -> Image.Image:
    """A picture small enough to hold many; blank paper where there is none."""
    if path is None:
        return Image.new("RGB", LARGE, PAPER)
    with Image.open(path) as picture:
        small = picture.convert("RGB")
    small.thumbnail(LARGE, Image.Resampling.LANCZOS)
    return small
