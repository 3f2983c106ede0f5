from __future__ import annotations

import torch
from torch import nn

from impasto.workflows.executors.packing import packed, unpacked


def test_of_a_part_of_a_tensor_the_part_alone_travels() -> None:
    plane = torch.arange(3 * 100 * 4.0).view(1, 3, 100, 4)
    pieces = packed(plane[:, :, 10:12])
    assert sum(piece.nbytes for piece in pieces.buffers) == 3 * 2 * 4 * 4
    assert torch.equal(unpacked(pieces), plane[:, :, 10:12])


def test_every_kind_of_number_arrives_as_it_was() -> None:
    for dtype in (torch.bfloat16, torch.float16, torch.float64, torch.int64, torch.uint8):
        x = torch.tensor([[1.5, -2.0], [0.0, 77.0]]).to(dtype)
        arrived = unpacked(packed(x))
        assert arrived.dtype == dtype
        assert torch.equal(arrived, x)


def test_the_order_in_memory_is_kept() -> None:
    x = torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last)
    arrived = unpacked(packed({"weights": [x]}))["weights"][0]
    assert arrived.stride() == x.stride()
    assert torch.equal(arrived, x)


def test_a_network_arrives_with_its_weights() -> None:
    network = nn.Conv2d(3, 2, 3).requires_grad_(False)
    x = torch.randn(1, 3, 5, 5)
    assert torch.equal(unpacked(packed(network))(x), network(x))


def test_no_number_is_no_burden() -> None:
    assert unpacked(packed(torch.zeros(0, 3))).shape == (0, 3)


def test_copies_may_be_written_to_and_leave_the_pieces_alone() -> None:
    pieces = packed(torch.zeros(2))
    unpacked(pieces).add_(1)
    assert unpacked(pieces).tolist() == [0, 0]
