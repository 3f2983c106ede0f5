"""Which backbone guides best: `python -m benchmarks.quality --contents DIR --styles DIR …`.

Every pair of a fixed set is painted with every contender at several strengths, each painting is
read by networks that did not guide it, and style distances are compared at equal content
distance. What is painted is kept in `--work`; a second start paints only what is missing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks import contenders, evaluators, guides, page, records, sheets, tables
from benchmarks.contenders import IDENTITY, Contender
from benchmarks.figures import MIDDLE, Row, by_contender, spelt, whole
from benchmarks.painting import Job
from benchmarks.pairs import CONTENTS, STYLES, Pair, found, spread
from impasto.errors import ImpastoError, InputError, OutputError, SettingError
from impasto.files import check_place, replacing

__all__ = ["main"]


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality", description=(__doc__ or "").splitlines()[0]
    )
    folder: dict[str, Any] = {"type": Path, "required": True, "metavar": "DIR"}
    parser.add_argument("--contents", **folder, help=f"photographs: {', '.join(CONTENTS)}")
    parser.add_argument("--styles", **folder, help=f"paintings: {', '.join(STYLES)}")
    parser.add_argument("--teachers", **folder, help="squeezenet1_1 and vgg19_pca.safetensors")
    parser.add_argument("--work", **folder, help="paintings, kept from run to run, and sheets")
    parser.add_argument("--before", type=Path, required=True, metavar="FILE", help="slim-v0")
    parser.add_argument("--only", default="", metavar="NAME,…", help="contenders to take part")
    parser.add_argument(
        "--candidate",
        action="append",
        default=[],
        metavar="NAME=FILE[,POOLING]",
        help="a further contender, laid out like a VGG; may be repeated",
    )
    parser.add_argument("--reference", default="slim", metavar="NAME", help="default: slim")
    parser.add_argument(
        "--pairs", type=int, default=36, metavar="N", help="the first N of a spread"
    )
    parser.add_argument("--strengths", default="0.3,0.5,0.7", metavar="S,…")
    parser.add_argument("--size", type=int, default=384, metavar="PX", help="default: 384")
    parser.add_argument("--steps", type=int, default=100, metavar="N", help="default: 100")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes, a thread each")
    parser.add_argument("--memory", action="store_true", help="measure memory, a painting each")
    parser.add_argument("--report-only", action="store_true", help="paint nothing")
    parser.add_argument("--out", type=Path, metavar="FILE", help="results as JSON")
    parser.add_argument("--table", type=Path, metavar="FILE", help="results as Markdown")
    return parser.parse_args(arguments)


def run(asked: argparse.Namespace) -> None:
    """Paint what is missing, then report.

    Raises:
        ImpastoError: whatever is wrong with the inputs, or fails.
    """
    torch.set_num_threads(1)
    competing = contenders.chosen(
        contenders.known(asked.teachers, asked.before),
        asked.only,
        asked.candidate,
        asked.reference,
    )
    pairs = spread(found(asked.contents, CONTENTS), found(asked.styles, STYLES))
    pairs = pairs[: _positive("pairs", asked.pairs)]
    strengths = _strengths(asked.strengths)
    jobs = _jobs(competing, pairs, strengths, asked.size, asked.steps)
    _check(asked)
    # It looks at all files and settings, and so refuses bad ones before anything is painted.
    ready = {job: r for job in jobs if (r := records.kept(asked.work, asked.teachers, job))}
    if not asked.report_only:
        missing = [job for job in jobs if job not in ready]
        for contender in {job.contender: None for job in missing if job.contender.file}:
            guides.guide(contender)  # refuses files that are no weights, or of another layout
        ready |= _painted(missing, asked)
    rows = [Row(job, ready[job]) for job in jobs if job in ready]
    if not rows:
        raise InputError(f"{asked.work} has none of these paintings: leave out --report-only")
    figures = by_contender(rows, asked.reference)
    for job in (_first(jobs, one) for one in competing if one.kind != IDENTITY):
        peak = records.memory(asked.work, job, asked.memory and not asked.report_only)
        if peak is not None and job.contender.name in figures:
            figures[job.contender.name]["peak_mb"] = peak
    told = whole(rows, figures, asked.reference, missing=len(jobs) - len(rows))
    told["setting"]["strengths"] = list(strengths)
    if asked.out:
        _write(asked.out, spelt(told))
    if asked.table:
        _write(asked.table, page.written(told))
    print(tables.against(figures, asked.reference), tables.readings(figures), sep="\n\n")
    for sheet in sheets.write(asked.work, pairs, [row.job for row in rows]):
        print(sheet)


def _jobs(
    competing: Sequence[Contender],
    pairs: Sequence[Pair],
    strengths: Sequence[float],
    size: int,
    steps: int,
) -> list[Job]:
    """All paintings, pair by pair, so that contenders meet the same moods of the machine."""
    return [
        Job(contender, str(pair.content), str(pair.style), strength, size, steps)
        for number, pair in enumerate(pairs, 1)
        for contender in competing
        if not contender.most_pairs or number <= contender.most_pairs
        for strength in ((MIDDLE,) if contender.kind == IDENTITY else strengths)
    ]


def _check(asked: argparse.Namespace) -> None:
    """Refuse before the long work what would fail after its first painting."""
    _positive("jobs", asked.jobs)
    for judge in evaluators.JUDGES:
        evaluators.sha256(judge, asked.teachers)
    try:
        asked.work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{asked.work} cannot be made a folder ({error.strerror}): choose another --work"
        ) from None
    for path in (asked.out, asked.table):
        if path is not None:
            check_place(path)


def _painted(jobs: list[Job], asked: argparse.Namespace) -> dict[Job, dict[str, Any]]:
    begun, ready = time.monotonic(), {}
    for job, record in records.complete_all(asked.work, asked.teachers, jobs, asked.jobs):
        ready[job] = record
        path = records.place(asked.work, job)
        print(
            f"{len(ready)} of {len(jobs)}, {time.monotonic() - begun:.0f} s: "
            f"{path.parent.name}/{path.name} in {record['seconds']:.1f} s",
            flush=True,
        )
    return ready


def _first(jobs: Sequence[Job], contender: Contender) -> Job:
    """The painting whose memory is measured: the first pair's at the middle strength."""
    return next(job for job in jobs if job.contender == contender and job.strength == MIDDLE)


def _strengths(spelt: str) -> tuple[float, ...]:
    try:
        strengths = tuple(sorted({float(each) for each in spelt.split(",")}))
    except ValueError:
        strengths = ()
    if (
        len(strengths) < 2
        or MIDDLE not in strengths
        or not 0 <= min(strengths) <= max(strengths) <= 1
    ):
        raise SettingError(
            f"--strengths is {spelt!r}: give at least two numbers from 0 to 1, joined by commas, "
            f"{MIDDLE:g} among them"
        )
    return strengths


def _positive(name: str, value: int) -> int:
    if value < 1:
        raise SettingError(f"--{name} is {value}: it must be at least 1")
    return value


def _write(path: Path, text: str) -> None:
    with replacing(path) as draft:
        draft.write_text(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and give the exit code."""
    asked = parsed(arguments)
    try:
        run(asked)
    except ImpastoError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted: start again to go on from here", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
