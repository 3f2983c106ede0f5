"""Runs several commands of impasto's in one process, so that torch is loaded once.

    python child.py TASKS.json REPORT.jsonl

TASKS holds [[name, [word, …]], …]; to REPORT goes a line {"task", "seconds", "error"} after each.
It is run as a file, with the code of either side, and imports nothing but the public package.
"""

from __future__ import annotations

import io
import json
import runpy
import sys
import time
import traceback
from contextlib import redirect_stderr
from pathlib import Path


def run(words: list[str]) -> str:
    """Run `impasto WORDS`; why it failed, empty if it did not."""
    before, sys.argv = sys.argv, ["impasto", *words]
    stderr = io.StringIO()
    try:
        with redirect_stderr(stderr):
            runpy.run_module("impasto", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code:
            return f"exit code {end.code}: {' '.join(stderr.getvalue().splitlines()[-1:])}"
    except Exception as error:
        traceback.print_exc()
        return f"{type(error).__name__}: {error}"
    finally:
        sys.argv = before
    return ""


def main() -> None:
    """Run all tasks, telling of each as it ends."""
    import impasto

    getattr(impasto, "stylize")  # noqa: B009 - loads torch, which else counts for the first task
    tasks, report = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    for name, words in tasks:
        start = time.perf_counter()
        error = run(words)
        line = {"task": name, "seconds": time.perf_counter() - start, "error": error}
        with report.open("a") as file:
            file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
