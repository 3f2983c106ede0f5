from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.one_pass.sides import Side, Worker, parsed, request
from benchmarks.quality.pairs import Pair
from impasto.errors import ImpastoError
from impasto.samples import content, style

PEER = Side("peer", sys.executable)


def test_ours_paints_as_its_settings_say(tmp_path: Path) -> None:
    pair, out = Pair(content("chelsea"), style("swirls")), tmp_path / "painted.png"
    settings = {"steps": "2", "coarsest": "0"}
    with Worker(Side("ours", sys.executable, settings), 1) as worker:
        assert worker.versions.keys() == {"impasto", "torch"}
        answer = worker.paint(request(pair, 64, out))
        assert (answer["width"], answer["height"]) == (64, 43)
        with pytest.raises(ImpastoError, match=r"ours cannot paint: .*size is 0"):
            worker.paint(request(pair, 0, None))
    with Image.open(out) as painted:
        assert painted.size == (64, 43)


@pytest.mark.usefixtures("peer")
def test_what_the_peer_cannot_paint_is_told(stage: Any) -> None:
    with Worker(PEER, 1) as worker, pytest.raises(ImpastoError, match=r"peer cannot paint: .*gone"):
        worker.paint(request(Pair(Path("gone"), stage.styles / "wave.png"), 32, None))


def test_a_python_without_the_peer_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImpastoError, match=r"the process of peer ended with 1: .*installed"):
        Worker(PEER, 1)
    with pytest.raises(ImpastoError, match=r"cannot be started .*give --peer"):
        Worker(Side("peer", str(tmp_path / "gone")), 1)


def test_answers_are_found_among_warnings() -> None:
    lines = [json.dumps({"onnxruntime": "9.9"}), "a warning", json.dumps({"seconds": 1.0})]
    assert parsed("peer", "\n".join(lines)) == [{"seconds": 1.0}]
