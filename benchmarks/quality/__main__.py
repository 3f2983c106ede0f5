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

from benchmarks.quality import contenders, evaluators, guides, page, records, sheets, tables
from benchmarks.quality.contenders import IDENTITY, Contender
from benchmarks.quality.figures import MIDDLE, Row, by_contender, results_of, to_json
from benchmarks.quality.painting import Job
from benchmarks.quality.pairs import CONTENTS, STYLES, Pair, find, spread
from impasto.errors import ImpastoError, InputError, OutputError, SettingError
from impasto.files import check_place, replacing

__all__ = ["main"]


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
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


def run(options: argparse.Namespace) -> None:
    """Paint what is missing, then report.

    Raises:
        ImpastoError: whatever is wrong with the inputs, or fails.
    """
    torch.set_num_threads(1)
    competing = contenders.select(
        contenders.builtin(options.teachers, options.before),
        options.only,
        options.candidate,
        options.reference,
    )
    pairs = spread(find(options.contents, CONTENTS), find(options.styles, STYLES))
    pairs = pairs[: _positive("pairs", options.pairs)]
    strengths = _strengths(options.strengths)
    jobs = _jobs(competing, pairs, strengths, options.size, options.steps)
    _check(options)
    # It looks at all files and settings, and so refuses bad ones before anything is painted.
    ready = {job: r for job in jobs if (r := records.load(options.work, options.teachers, job))}
    if not options.report_only:
        missing = [job for job in jobs if job not in ready]
        for contender in {job.contender: None for job in missing if job.contender.file}:
            guides.guide(contender)  # refuses files that are no weights, or of another layout
        ready |= _paint(missing, options)
    rows = [Row(job, ready[job]) for job in jobs if job in ready]
    if not rows:
        raise InputError(f"{options.work} has none of these paintings: leave out --report-only")
    figures = by_contender(rows, options.reference)
    for job in (_first(jobs, one) for one in competing if one.kind != IDENTITY):
        peak = records.memory(options.work, job, options.memory and not options.report_only)
        if peak is not None and job.contender.name in figures:
            figures[job.contender.name]["peak_mb"] = peak
    results = results_of(rows, figures, options.reference, missing=len(jobs) - len(rows))
    results["setting"]["strengths"] = list(strengths)
    if options.out:
        _write(options.out, to_json(results))
    if options.table:
        _write(options.table, page.render(results))
    print(tables.against(figures, options.reference), tables.readings(figures), sep="\n\n")
    for sheet in sheets.write(options.work, pairs, [row.job for row in rows]):
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


def _check(options: argparse.Namespace) -> None:
    """Refuse before the long work what would fail after its first painting."""
    _positive("jobs", options.jobs)
    for judge in evaluators.JUDGES:
        evaluators.sha256(judge, options.teachers)
    try:
        options.work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{options.work} cannot be made a folder ({error.strerror}): choose another --work"
        ) from None
    for path in (options.out, options.table):
        if path is not None:
            check_place(path)


def _paint(jobs: list[Job], options: argparse.Namespace) -> dict[Job, dict[str, Any]]:
    start, ready = time.monotonic(), {}
    for job, record in records.complete_all(options.work, options.teachers, jobs, options.jobs):
        ready[job] = record
        path = records.place(options.work, job)
        print(
            f"{len(ready)} of {len(jobs)}, {time.monotonic() - start:.0f} s: "
            f"{path.parent.name}/{path.name} in {record['seconds']:.1f} s",
            flush=True,
        )
    return ready


def _first(jobs: Sequence[Job], contender: Contender) -> Job:
    """The painting whose memory is measured: the first pair's at the middle strength."""
    return next(job for job in jobs if job.contender == contender and job.strength == MIDDLE)


def _strengths(text: str) -> tuple[float, ...]:
    try:
        strengths = tuple(sorted({float(each) for each in text.split(",")}))
    except ValueError:
        strengths = ()
    if (
        len(strengths) < 2
        or MIDDLE not in strengths
        or not 0 <= min(strengths) <= max(strengths) <= 1
    ):
        raise SettingError(
            f"--strengths is {text!r}: give at least two numbers from 0 to 1, joined by commas, "
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
    options = parse(arguments)
    try:
        run(options)
    except ImpastoError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted: start again to go on from here", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
