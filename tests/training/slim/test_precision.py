from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch

from training.slim.precision import features_dtype, mixed_precision

AVX2 = {"avx2": True, "fma3": True, "cpu_name": "some"}


@pytest.mark.parametrize(
    ("device", "capabilities", "expected"),
    [
        ("cpu", AVX2, torch.float32),
        ("cpu", AVX2 | {"avx512_f": True, "avx512_bf16": False}, torch.float32),
        ("cpu", AVX2 | {"avx512_bf16": True}, torch.bfloat16),
        ("cpu", {"neon": True, "bf16": True}, torch.bfloat16),
        ("cuda", AVX2, torch.bfloat16),
    ],
)
def test_features_are_bfloat16_where_hardware_has_it(
    device: str,
    capabilities: Mapping[str, object],
    expected: torch.dtype,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert features_dtype(device) is expected


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_products_within_it_are_of_that_precision(
    dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.slim.precision.features_dtype", lambda _: dtype)
    with mixed_precision("cpu"):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is dtype
