"""Standard output that a program reads: a picture, or one line, and nothing else."""

from __future__ import annotations

import io
import sys

import pytest

from impasto.cli.standard_output import (
    check_takes_picture,
    divert_prints,
    print_for_program,
    restore_prints,
    send_picture,
)
from impasto.cli.streams import mend_streams
from impasto.errors import OutputError
from tests.cli.test_streams import deaf_pipe


def test_what_is_printed_beside_a_picture_goes_to_standard_error(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    print("before")
    divert_prints(for_picture=True)
    divert_prints(for_picture=True)  # twice is once
    print("of a plug-in")
    print_for_program("of what was painted")
    send_picture(b"\x89PNG\r\n")
    restore_prints()
    print("after")
    streams = capsysbinary.readouterr()
    assert streams.err == b"of a plug-in\nof what was painted\n"
    assert sorted(streams.out.splitlines()) == [b"after", b"before", b"\x89PNG"]


def test_what_is_printed_beside_a_line_for_a_program_goes_to_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    divert_prints(for_picture=False)
    print("of a plug-in")
    print_for_program("of what was painted")
    restore_prints()
    print_for_program("and as if nothing had been")
    streams = capsys.readouterr()
    assert streams.err == "of a plug-in\n"
    assert streams.out == "of what was painted\nand as if nothing had been\n"


def test_a_picture_whose_reader_has_gone_is_known_to_be_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with io.TextIOWrapper(io.BufferedWriter(io.FileIO(deaf_pipe(), "w"))) as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "__stdout__", stream)
        mend_streams()
        with pytest.raises(BrokenPipeError):
            send_picture(bytes(100_000))
        print("and a word after it", flush=True)


def test_a_terminal_is_no_place_for_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    check_takes_picture()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with pytest.raises(OutputError, match=r"is a terminal.* name a file with -o"):
        check_takes_picture()
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(OutputError, match="takes text here"):
        check_takes_picture()
    monkeypatch.setattr(sys, "__stdout__", None)
    with pytest.raises(OutputError, match="standard output is closed"):
        check_takes_picture()
