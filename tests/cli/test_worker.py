from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from impasto.cli import main

Arguments = dict[str, Any]


@pytest.fixture
def arguments(monkeypatch: pytest.MonkeyPatch) -> Arguments:
    """What the worker was started with; it ends at once, as if all was well."""
    arguments: Arguments = {"fit": True}

    def work(store: Any, name: str, **how: Any) -> bool:
        arguments.update(how, data=store.folder.path, name=name)
        return bool(arguments["fit"])

    monkeypatch.setattr("impasto.service.jobs.worker.work", work)
    monkeypatch.delenv("IMPASTO_DATABASE_URL", raising=False)
    return arguments


def test_a_worker_by_hand_takes_its_folder_and_nothing_else(
    arguments: Arguments, tmp_path: Path
) -> None:
    assert main(["worker", "--data", str(tmp_path), "--device", "cpu", "--threads", "2"]) == 0
    assert arguments["data"] == tmp_path
    assert (arguments["device"], arguments["threads"], arguments["parent_pid"]) == ("cpu", 2, None)
    assert arguments["name"] == "worker 1"


def test_a_worker_of_a_server_knows_its_number_and_its_parent(
    arguments: Arguments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nice: list[int] = []
    monkeypatch.setattr(os, "nice", nice.append)
    options = ["--number", "2", "--parent", "1234", "--nice", "7", "--device", "cpu"]
    assert main(["worker", "--data", str(tmp_path), *options]) == 0
    assert (arguments["name"], arguments["parent_pid"], nice) == ("worker 3", 1234, [7])


def test_a_worker_in_which_something_broke_says_so_by_its_exit_code(
    arguments: Arguments, tmp_path: Path
) -> None:
    arguments["fit"] = False
    assert main(["worker", "--data", str(tmp_path), "--device", "cpu"]) == 1


def test_a_device_that_there_is_not_is_told_before_any_job_is_claimed(
    arguments: Arguments, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["worker", "--data", str(tmp_path), "--device", "gpu"]) == 2
    assert "'gpu' is not a device" in capsys.readouterr().err
    assert "name" not in arguments


def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_bytes(b"")
    assert main(["worker", "--data", str(tmp_path / "taken")]) == 2
    assert "choose another --data" in capsys.readouterr().err


def test_without_the_web_extra_the_pip_line_is_given(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "from impasto.cli import main\n"
        f"sys.exit(main(['worker', '--data', {str(tmp_path)!r}]))"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    )
    assert process.returncode == 2
    assert "pip install 'impasto[web]'" in process.stderr
