from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from impasto.errors import OutputError
from impasto.workflows.batch.manifest import MANIFEST, Manifest, Record

ONE = Record("sub/a.jpg", "01", "photos/sub/a.jpg", "02", "03")
TWO = replace(ONE, output="b.jpg")


def test_records_are_found_again_and_the_last_one_counts(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path)
    for record in (ONE, TWO, replace(ONE, job_sha256="04")):
        manifest.add(record)
    for reader in (manifest, Manifest(tmp_path)):
        assert reader.get("sub/a.jpg") == replace(ONE, job_sha256="04")
        assert reader.get("b.jpg") == TWO
        assert reader.get("c.jpg") is None


def test_a_new_manifest_is_no_file_before_its_first_record(tmp_path: Path) -> None:
    assert Manifest(tmp_path).get("a.jpg") is None
    assert not (tmp_path / MANIFEST).exists()


def test_each_record_is_one_line_of_json_whatever_the_name(tmp_path: Path) -> None:
    odd = replace(ONE, output="zwei\nZeilen \udcff.jpg")
    Manifest(tmp_path).add(odd)
    (line,) = (tmp_path / MANIFEST).read_text().splitlines()
    assert json.loads(line) == asdict(odd)
    assert Manifest(tmp_path).get(odd.output) == odd


@pytest.mark.parametrize("length", [1, 40, -1])
def test_a_torn_last_line_is_taken_away_without_a_word(tmp_path: Path, length: int) -> None:
    manifest = Manifest(tmp_path)
    manifest.add(ONE)
    whole = manifest.path.read_bytes()
    manifest.path.write_bytes(whole + json.dumps(asdict(TWO)).encode()[:length])
    again = Manifest(tmp_path)
    assert again.broken == 0
    assert again.get("b.jpg") is None
    again.add(TWO)
    assert Manifest(tmp_path).get("b.jpg") == TWO
    assert Manifest(tmp_path).get("sub/a.jpg") == ONE


def test_a_last_line_that_lacks_only_its_end_counts(tmp_path: Path) -> None:
    Manifest(tmp_path).add(ONE)
    path = tmp_path / MANIFEST
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    manifest = Manifest(tmp_path)
    assert manifest.get("sub/a.jpg") == ONE
    manifest.add(TWO)
    assert Manifest(tmp_path).get("b.jpg") == TWO


@pytest.mark.parametrize("line", [b"\xff\xfe", b"[]", b"{}", b"null", b'{"output": 3}', b"{"])
def test_damaged_lines_are_counted_and_passed_over(tmp_path: Path, line: bytes) -> None:
    manifest = Manifest(tmp_path)
    manifest.add(ONE)
    manifest.path.write_bytes(line + b"\n" + manifest.path.read_bytes() + line + b"\n\n")
    again = Manifest(tmp_path)
    assert again.broken == 2
    assert again.get("sub/a.jpg") == ONE


def test_lines_of_a_later_version_with_more_in_them_count(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(json.dumps({**asdict(ONE), "more": [1]}) + "\n")
    assert Manifest(tmp_path).get("sub/a.jpg") == ONE


def test_a_manifest_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path)
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(OutputError, match=f"{MANIFEST}, which says what is painted already"):
        Manifest(tmp_path)
    with pytest.raises(OutputError, match="cannot be written"):
        manifest.add(ONE)
