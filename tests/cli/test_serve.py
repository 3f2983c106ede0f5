"""`impasto serve`, as a process of its own where that matters."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")

from impasto import samples
from impasto.cli import main
from impasto.errors import ServerError
from impasto.service.client import Client
from impasto.service.http.serving import bound
from tests import warm

CONTENT, STYLE = samples.content("chelsea"), samples.style("swirls")


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMPASTO_TOKEN", raising=False)
    monkeypatch.delenv("IMPASTO_DATABASE_URL", raising=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "studio.example"])
def test_no_other_machine_is_let_in_without_a_token(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--host", host, "--no-page"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"impasto: host is {host}, which other machines can reach")
    assert "IMPASTO_TOKEN" in line


@pytest.mark.parametrize("origin", ["*", "example.org", "https://a.example/page", "null"])
def test_only_a_site_can_be_let_in(origin: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--no-page", "--allow-origin", origin]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{origin} is no site: write its scheme and host" in line


def test_a_token_no_header_can_carry_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMPASTO_TOKEN", "schlüssel")
    assert main(["serve", "--no-page"]) == 2
    assert "take ASCII letters" in capsys.readouterr().err


def test_a_port_in_use_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with bound("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        arguments = ["serve", "--port", str(port), "--data", str(tmp_path), "--no-page"]
        assert main(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"impasto: port {port} of 127.0.0.1 cannot be had (address already in use): choose "
        "another with --port"
    )


class Serving:
    """A studio in another process."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "impasto", "serve", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        match = re.search(r"http://\S+", self.line)
        self.url = match[0] if match else ""

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    folder = str(tmp_path / "data")
    # Trying on loads another torch: the test below has it.
    studio = Serving("--data", folder, "--no-page", "--no-try-on", IMPASTO_TOKEN="a b c d e f g h")
    yield studio
    studio.end()


def test_a_studio_paints_what_is_painted_here_and_stops_cleanly(
    serving: Serving, tmp_path: Path
) -> None:
    assert serving.line == f"the API is open at {serving.url}  (Ctrl-C closes it)\n"
    with pytest.raises(ServerError, match="wants its token"):
        Client(serving.url).jobs()
    with Client(serving.url, "a b c d e f g h") as client:
        there = client.stylize(CONTENT, STYLE, size=64, coarsest=0, steps=6)
        (job,) = client.jobs()
    assert (job.state, job.step, job.size) == ("finished", 6, (43, 64))
    threads = ["--threads", "1"] if os.environ.get("OMP_NUM_THREADS") == "1" else []
    out = tmp_path / "here.png"
    here = [*threads, "--size", "64", "--coarsest", "0", "--steps", "6", "-q", "-o", str(out)]
    process = warm.run(["-m", "impasto", "stylize", str(CONTENT), str(STYLE), *here])
    assert process.returncode == 0
    assert there == out.read_bytes()
    assert serving.end() == 0


def test_ctrl_c_closes_the_studio(tmp_path: Path) -> None:
    studio = Serving("--data", str(tmp_path / "data"), "--no-page", "--workers", "0")
    with Client(studio.url) as client:
        assert client.jobs() == []
    studio.process.send_signal(signal.SIGINT)
    assert studio.end() == 0
