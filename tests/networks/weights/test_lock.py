from __future__ import annotations

import threading
from pathlib import Path
from typing import IO

import pytest

from impasto.networks.weights import lock
from impasto.networks.weights.lock import held


def never() -> None:
    raise AssertionError("waited for a lock that was free")


def test_the_second_waits_until_the_first_is_done(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    order = []
    waiting = threading.Event()

    def second() -> None:
        with held(path, poll_s=0.001, on_wait=waiting.set):
            order.append("second")

    thread = threading.Thread(target=second)
    with held(path, poll_s=0.001, on_wait=never):
        thread.start()
        assert waiting.wait(20)
        order.append("first")
    thread.join(20)
    assert order == ["first", "second"]


def test_the_lock_file_is_gone_afterwards_and_the_lock_free(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    for _ in range(2):
        with held(path, poll_s=0.001, on_wait=never):
            assert path.exists()
        assert not path.exists()


def test_an_error_inside_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with pytest.raises(KeyboardInterrupt), held(path, poll_s=0.001, on_wait=never):
        raise KeyboardInterrupt
    with held(path, poll_s=0.001, on_wait=never):
        pass


def test_a_lock_file_left_by_a_dead_process_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    path.touch()
    with held(path, poll_s=0.001, on_wait=never):
        pass


def test_a_lock_whose_file_was_removed_meanwhile_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.lock"
    real = lock._locked
    seen = []
    waits = []

    def locked(file: IO[bytes]) -> bool:
        if not seen:
            seen.append(file)
            path.unlink()
        return real(file)

    monkeypatch.setattr(lock, "_locked", locked)
    with held(path, poll_s=0.001, on_wait=lambda: waits.append(1)):
        assert path.exists()
    assert waits == [1]


def test_a_folder_that_is_missing_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError), held(tmp_path / "no/a.lock", poll_s=0.001, on_wait=never):
        pass
