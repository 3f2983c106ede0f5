from __future__ import annotations

from pathlib import Path

import torch
from safetensors import safe_open

from impasto.networks.stylizers import OnePass, Plan, load, save


def test_equal_networks_make_equal_files_whatever_the_order_of_the_text(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = OnePass(Plan(widths=(8, 8, 8, 8), blocks=1), reads=False, rows=("one",))
    text = {f"fact {n}": str(n) for n in range(9)}
    files = []
    for number, order in enumerate((text, dict(reversed(text.items())))):
        path = tmp_path / f"{number}.safetensors"
        save(path, network, order)
        files.append(path.read_bytes())
    assert files[0] == files[1]
    assert load(tmp_path / "0.safetensors").names == ("one",)
    with safe_open(tmp_path / "0.safetensors", "pt") as stored:
        assert stored.metadata()["fact 3"] == "3"
