"""Which precision `auto` means where, and what is said where the one that was chosen is slower."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
import torch

from impasto.errors import SettingError
from impasto.methods import precision
from impasto.settings import StyleSettings

AVX2 = {"avx2": True, "fma3": True, "cpu_name": "some"}
AVX512 = AVX2 | {"avx512_f": True, "avx512_bf16": True, "amx_bf16": False}
AMX = AVX512 | {"amx_bf16": True}
Machine = Callable[..., None]
CPU, CUDA, MPS = (torch.device(kind) for kind in ("cpu", "cuda", "mps"))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Sets what the processor, and a GPU if there is one, are able to do."""

    def set_up(capabilities: Mapping[str, object], *, gpu: bool = False) -> None:
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: dict(capabilities))
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: gpu)

    return set_up


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        (AVX2, "float32"),
        (AVX512, "float32"),
        (AMX, "bf16"),
        ({"bf16": True}, "float32"),
        ({}, "float32"),
    ],
)
def test_auto_is_bf16_on_processors_with_amx(
    capabilities: Mapping[str, object], expected: str, machine: Machine
) -> None:
    machine(capabilities)
    assert precision.resolved(StyleSettings(), CPU).precision == expected


@pytest.mark.parametrize(("gpu", "expected"), [(True, "bf16"), (False, "float32")])
def test_auto_asks_the_gpu_and_not_the_processor(
    gpu: bool, expected: str, machine: Machine
) -> None:
    machine(AVX2 if gpu else AMX, gpu=gpu)
    assert precision.resolved(StyleSettings(), CUDA).precision == expected


def test_auto_is_float32_on_a_cpu_where_nothing_is_gained(machine: Machine) -> None:
    machine(AMX, gpu=True)
    assert precision.resolved(StyleSettings(), CPU, faster=False).precision == "float32"
    assert precision.resolved(StyleSettings(), CUDA, faster=False).precision == "bf16"


def test_auto_is_float32_on_mps(machine: Machine) -> None:
    machine(AMX)
    assert precision.resolved(StyleSettings(), MPS).precision == "float32"


@pytest.mark.parametrize("chosen", ["float32", "bf16"])
@pytest.mark.parametrize("capabilities", [AVX2, AMX])
def test_what_was_chosen_stays(
    chosen: str, capabilities: Mapping[str, object], machine: Machine
) -> None:
    machine(capabilities)
    settings = StyleSettings(precision=chosen, strength=0.7)
    assert precision.resolved(settings, CPU) == settings


def test_the_rest_of_the_settings_stays_too(machine: Machine) -> None:
    machine(AMX)
    settings = StyleSettings(recipe="bold", size=64)
    assert precision.resolved(settings, CPU) == settings.replace(precision="bf16")


@pytest.mark.parametrize("recipe", ["chapter", "gatys"])
def test_methods_of_the_literature_are_computed_in_float32(recipe: str, machine: Machine) -> None:
    machine(AMX, gpu=True)
    for device in (CPU, CUDA):
        settings = precision.resolved(StyleSettings(recipe=recipe), device)
        assert settings.precision == "float32"


def test_bf16_is_not_for_mps() -> None:
    with pytest.raises(SettingError, match="not for mps: leave it out, or pass --device cpu"):
        precision.resolved(StyleSettings(precision="bf16"), MPS)


def test_who_chooses_bf16_where_it_is_slower_is_told(machine: Machine) -> None:
    machine(AVX512)
    (note,) = precision.notes(StyleSettings(precision="bf16"), CPU, goes_on=False)
    assert "slower in bf16 than in float32: leave --precision out" in note
    (note,) = precision.notes(StyleSettings(precision="bf16"), CPU, goes_on=True)
    assert "was begun in bf16 and goes on in it" in note


def test_nothing_is_said_where_the_precision_costs_no_time(machine: Machine) -> None:
    machine(AMX)
    assert not list(precision.notes(StyleSettings(precision="bf16"), CPU, goes_on=False))
    machine(AVX2)
    assert not list(precision.notes(StyleSettings(precision="float32"), CPU, goes_on=True))
