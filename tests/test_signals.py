from __future__ import annotations

import os
import signal
import threading

import pytest

from impasto.signals import Stop


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_raises_the_flag_and_nothing_else(number: int) -> None:
    before = signal.getsignal(number)
    stop = Stop()
    with stop.listening():
        os.kill(os.getpid(), number)
        assert stop.asked
    assert signal.getsignal(number) is before


def test_ctrl_c_a_second_time_ends_at_once() -> None:
    stop = Stop()
    with stop.listening():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stop_that_raises_breaks_into_the_work(number: int, code: int) -> None:
    before = signal.getsignal(number)
    stop = Stop(raises=True)
    with pytest.raises(KeyboardInterrupt), stop.listening():
        os.kill(os.getpid(), number)
    assert stop.asked
    assert stop.exit_code == code
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("raises", [False, True])
def test_who_ignores_a_signal_goes_on_ignoring_it(raises: bool) -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    stop = Stop(raises=raises)
    try:
        with stop.listening():
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert not stop.asked


def test_a_thread_that_may_not_listen_works_all_the_same() -> None:
    faults: list[BaseException] = []

    def listen() -> None:
        try:
            with Stop().listening():
                pass
        except BaseException as error:
            faults.append(error)

    thread = threading.Thread(target=listen)
    thread.start()
    thread.join()
    assert faults == []
