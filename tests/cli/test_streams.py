from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from impasto import samples
from impasto.cli.streams import mend_streams
from tests import warm


def deaf_pipe() -> int:
    """The writing end of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_pipe_nobody_reads_swallows_what_is_said(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with io.TextIOWrapper(io.BufferedWriter(io.FileIO(deaf_pipe(), "w"))) as stream:
        monkeypatch.setattr(sys, name, stream)
        monkeypatch.setattr(sys, f"__{name}__", stream)
        mend_streams()
        mended = getattr(sys, name)
        print("x" * 100_000, "\udcff", file=mended, flush=True)
        print("and more", file=mended, flush=True)
        assert not mended.isatty()
        mend_streams()
        assert getattr(sys, name) is mended


def test_a_stream_that_is_closed_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    mend_streams()
    print("into the void", file=sys.stderr)
    sys.stderr.close()


@pytest.mark.parametrize("both", [False, True])
def test_a_batch_whose_listener_goes_paints_all_and_succeeds(both: bool, tmp_path: Path) -> None:
    contents = [str(samples.content(name)) for name in ("chelsea", "coffee")]
    command = ["-m", "impasto", "batch", *contents, "-o", str(tmp_path / "out")]
    command += ["--style", str(samples.style("swirls")), "--size", "48", "--steps", "2"]
    pipe = deaf_pipe()
    process = warm.run(
        [*command, "--coarsest", "0", "--jobs", "1"],
        stdout=pipe,
        stderr=pipe if both else subprocess.DEVNULL,
    )
    os.close(pipe)
    assert process.returncode == 0
    assert len(list((tmp_path / "out").glob("*.jpg"))) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("line", ["recipe show default", "stylize chelsea swirls -o OUT --json"])
def test_what_is_printed_onto_a_full_disk_is_a_failure_where_that_is_all_there_is(
    line: str, tmp_path: Path
) -> None:
    words = line.replace("OUT", str(tmp_path / "out.png")).split()
    words += ["--steps", "1", "--size", "64", "--coarsest", "0"] if "OUT" in line else []
    with Path("/dev/full").open("w") as full:
        process = warm.run(["-m", "impasto", *words], stdout=full, stderr=subprocess.PIPE)
    assert process.returncode == 1
    assert b"what was printed could not be written (no space left" in process.stderr


def test_a_slow_reader_of_a_pipe_that_does_not_wait_gets_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    received = bytearray()

    def read() -> None:
        while data := os.read(reader, 4096):
            received.extend(data)

    thread = threading.Thread(target=read)
    with io.TextIOWrapper(io.BufferedWriter(io.FileIO(writer, "w"))) as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "__stdout__", stream)
        mend_streams()
        mended = sys.stdout
        thread.start()
        for _ in range(100):
            print("x" * 10_000, file=mended)
        mended.flush()
    thread.join(60)
    os.close(reader)
    assert len(received) == 100 * 10_001
