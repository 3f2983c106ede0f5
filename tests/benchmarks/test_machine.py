from __future__ import annotations

import sys

import pytest

from benchmarks.machine import measure

MEGABYTE = 1_000_000


def python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def test_the_peak_is_what_the_command_held_at_once() -> None:
    small = measure(python("pass")).peak_bytes
    large = measure(python(f"x = b'x' * {200 * MEGABYTE}; del x")).peak_bytes
    assert large - small == pytest.approx(200 * MEGABYTE, rel=0.05)


def test_what_the_measuring_process_holds_does_not_count() -> None:
    block = b"x" * (300 * MEGABYTE)
    assert measure(python("pass")).peak_bytes < 100 * MEGABYTE
    assert len(block) == 300 * MEGABYTE


def test_output_and_seconds_are_told() -> None:
    measured = measure(python("print('done')"))
    assert measured.output == "done\n"
    assert measured.seconds > 0


def test_a_command_that_fails_is_told() -> None:
    with pytest.raises(RuntimeError, match="ended with 3: oh no"):
        measure(python("import sys; print('oh no'); sys.exit(3)"))


def test_cpu_seconds_are_those_of_work() -> None:
    assert measure(python("pass")).cpu_seconds < 0.3
    work = measure(python("import time\nwhile time.process_time() < 0.3: pass"))
    assert work.cpu_seconds >= 0.3
