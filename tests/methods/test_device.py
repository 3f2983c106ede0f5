from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest
import torch

from impasto.errors import SettingError, UnknownNameError
from impasto.methods import device as devices
from impasto.settings import StyleSettings


@pytest.fixture(autouse=True)
def _threads_as_before() -> Iterator[None]:
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "available", lambda: ["cpu"])


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "available", lambda: ["cuda", "cpu"])
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)


def test_the_cpu_is_always_there_and_comes_last() -> None:
    assert devices.available()[-1] == "cpu"


@pytest.mark.usefixtures("no_gpu")
def test_auto_is_the_cpu_where_there_is_nothing_else() -> None:
    assert devices.choose("auto") == devices.choose("cpu") == torch.device("cpu")


@pytest.mark.usefixtures("two_gpus")
def test_auto_takes_a_gpu_first() -> None:
    assert devices.choose("auto").type == "cuda"


@pytest.mark.usefixtures("two_gpus")
def test_a_gpu_is_chosen_by_its_number() -> None:
    assert devices.choose("cuda:1") == torch.device("cuda", 1)
    with pytest.raises(SettingError, match="no cuda:2: this machine has 2 CUDA devices"):
        devices.choose("cuda:2")


@pytest.mark.usefixtures("no_gpu")
@pytest.mark.parametrize("name", ["cuda", "cuda:0", "mps"])
def test_a_device_that_is_not_there_is_told_what_to_take(name: str) -> None:
    with pytest.raises(SettingError, match=r"this machine has no (cuda|mps) .* take cpu"):
        devices.choose(name)


@pytest.mark.usefixtures("two_gpus")
@pytest.mark.parametrize(
    "name", ["", "gpu", "CPU", "cpu:", "cpu:0", "cuda:", "cuda:x", "cuda:-1", "cuda:²", "mps:0"]
)
def test_what_is_no_name_of_a_device_is_told_those_there_are(name: str) -> None:
    with pytest.raises(UnknownNameError, match=r"auto, cpu, cuda, cuda:N, mps"):
        devices.choose(name)


def test_threads_are_set_when_given_and_left_alone_when_not() -> None:
    cpu = torch.device("cpu")
    torch.set_num_threads(1)
    devices.set_up(StyleSettings(), cpu)
    assert torch.get_num_threads() == 1
    devices.set_up(StyleSettings(threads=2), cpu)
    assert torch.get_num_threads() == 2


def test_on_the_cpu_determinism_needs_no_switch() -> None:
    devices.set_up(StyleSettings(deterministic=True), torch.device("cpu"))
    assert not torch.are_deterministic_algorithms_enabled()


def test_free_memory_is_no_more_than_the_machine_has() -> None:
    assert 0 < devices.free_bytes(torch.device("cpu")) <= psutil.virtual_memory().total
