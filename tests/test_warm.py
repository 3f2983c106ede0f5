"""A warm program is as one that is started the ordinary way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import warm

ABOUT = """
import json, os, sys
about = [__name__, sys.argv, os.getcwd(), os.environ.get("WORD"), sys.stdin.read()]
terminals = [stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)]
print(json.dumps([*about, os.getsid(0) == os.getpid(), terminals]))
print("said", file=sys.stderr)
sys.exit(3)
"""


@pytest.mark.parametrize("session", [False, True])
def test_it_has_words_folder_environment_streams_and_an_end_of_its_own(
    session: bool, tmp_path: Path
) -> None:
    options = {
        "cwd": tmp_path,
        "env": os.environ | {"WORD": "word"},
        "input": "in",
        "capture_output": True,
        "text": True,
        "start_new_session": session,
    }
    arguments = ["-c", ABOUT, "one", "two"]
    cold = subprocess.run([sys.executable, *arguments], check=False, **options)  # type: ignore[call-overload]
    done = warm.run(arguments, loaded=[], **options)
    assert (done.returncode, done.stdout, done.stderr) == (3, cold.stdout, "said\n")
    assert json.loads(done.stdout)[:3] == ["__main__", ["-c", "one", "two"], str(tmp_path)]


def test_it_finds_loaded_what_was_named_and_not_what_others_load() -> None:
    code = "import sys; print([name in sys.modules for name in ('colorsys', 'torch')])"
    done = warm.run(["-c", code], loaded=["colorsys"], capture_output=True, text=True)
    assert done.stdout == "[True, False]\n"


def test_a_module_runs_by_its_name() -> None:
    done = warm.run(["-m", "base64", "-t"], loaded=["colorsys"], capture_output=True, text=True)
    assert "Aladdin" in done.stdout


def test_it_is_waited_for_signalled_and_killed() -> None:
    code = "import time; print('here', flush=True); time.sleep(600)"
    with warm.Program(["-c", code], loaded=["colorsys"], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"here\n"
        assert program.poll() is None
        program.kill()
        assert program.wait(60) == program.poll() == -signal.SIGKILL
    with pytest.raises(subprocess.TimeoutExpired):
        warm.run(["-c", code], loaded=["colorsys"], timeout=0.01, stdout=subprocess.DEVNULL)
