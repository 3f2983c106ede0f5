from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from impasto.errors import OutputError
from impasto.imaging.codecs import mapped
from impasto.methods.planes import Planes, kept_released, release


@pytest.fixture(params=["memory", "files"])
def planes(request: pytest.FixtureRequest, tmp_path: Path) -> Planes:
    return Planes(tmp_path if request.param == "files" else None)


def test_a_plane_is_a_tensor_of_zeros(planes: Planes) -> None:
    plane = planes.new(1, 3, 5, 7, dtype=torch.float16)
    assert plane.shape == (1, 3, 5, 7)
    assert plane.dtype == torch.float16
    assert not plane.any()


def test_what_was_written_is_there_after_it_was_released(planes: Planes) -> None:
    plane = planes.new(1, 3, 64, 64)
    plane[:] = torch.arange(64.0)
    release()
    assert torch.equal(plane[0, 2, 63], torch.arange(64.0))


def test_a_file_has_no_name_and_goes_with_its_plane(tmp_path: Path) -> None:
    plane = Planes(tmp_path).new(4)
    assert not list(tmp_path.iterdir())
    assert len(mapped._maps) >= 1
    before = len(mapped._maps)
    del plane
    assert len(mapped._maps) == before - 1


def test_somebody_else_may_read_while_it_is_released(tmp_path: Path) -> None:
    plane = Planes(tmp_path).new(1000, 1000)
    plane += 1
    with kept_released():
        assert plane.sum() == 1_000_000


def test_a_folder_without_room_is_refused_with_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"takes 9000000000\.0 GB of .*make room"):
        Planes(tmp_path).check_room(9 * 10**18)
    Planes().check_room(9 * 10**18)


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="files are made by the system")
def test_a_plane_that_the_disk_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot hold"):
        Planes(tmp_path).new(2**50)
