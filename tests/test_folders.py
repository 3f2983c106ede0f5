from __future__ import annotations

import os
from pathlib import Path

import pytest

from impasto.errors import SettingError
from impasto.folders import check_scratch, process_folder


def test_a_scratch_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    assert check_scratch(None) is None
    assert check_scratch(str(tmp_path)) == tmp_path
    with pytest.raises(SettingError, match=r"scratch is .*nowhere, where no file can be made"):
        check_scratch(str(tmp_path / "nowhere"))


def test_folders_of_another_machine_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 2**22 + 1)  # no process has that number here
    here = process_folder(tmp_path, "work-")
    with monkeypatch.context() as patch:
        patch.setattr("platform.node", lambda: "elsewhere")
        there = process_folder(tmp_path, "work-")
    assert here.exists()
    process_folder(tmp_path, "work-")
    assert not here.exists()
    assert there.exists()
