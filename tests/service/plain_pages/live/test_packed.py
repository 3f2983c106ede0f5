from __future__ import annotations

import gzip
from pathlib import Path

from impasto.service.plain_pages.live.packed import pack


def test_a_twin_holds_the_file_and_depends_on_nothing_else(tmp_path: Path) -> None:
    one, other = tmp_path / "one.wasm", tmp_path / "other.wasm"
    for path in (one, other):
        path.write_bytes(b"the same bytes " * 100)
    twins = [pack(path).read_bytes() for path in (one, other)]
    assert twins[0] == twins[1]
    assert gzip.decompress(twins[0]) == one.read_bytes()
    assert len(twins[0]) < len(one.read_bytes())
