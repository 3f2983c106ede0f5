from __future__ import annotations

import torch

from impasto import losses
from impasto.losses.terms import (
    ContentTarget,
    ContentTerm,
    StyleTarget,
    StyleTerm,
    TotalVariationTerm,
)

PICTURE = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(0))
FEATURES = {"a": torch.full((1, 2, 4, 4), 3.0), "b": torch.ones(1, 2, 2, 2)}


def test_content_is_summed_over_layers_by_their_weights() -> None:
    zeros = [ContentTarget(n, w, torch.zeros_like(FEATURES[n])) for n, w in (("a", 2), ("b", 5))]
    term = ContentTerm(zeros, losses.ContentLoss("mse"))
    assert term(PICTURE, FEATURES).item() == 2 * 9 + 5 * 1
    assert term.layers == ["a", "b"]


def test_style_is_summed_over_layers_and_regions() -> None:
    nothing = losses.StyleLoss([torch.zeros(1, 2, 4, 4)], "gram-raw")
    term = StyleTerm([StyleTarget("a", 1.0, nothing), StyleTarget("a", 0.5, nothing)])
    once = nothing(FEATURES["a"]).item()
    assert term(PICTURE, FEATURES).item() == 1.5 * once > 0
    assert term.layers == ["a"]


def test_total_variation_reads_the_picture_and_no_features() -> None:
    term = TotalVariationTerm(losses.TotalVariationLoss("l1"))
    assert term(PICTURE, {}) == losses.total_variation(PICTURE)
    assert list(term.layers) == []
    silent = TotalVariationTerm(losses.TotalVariationLoss("l1"), weight=0.0)
    assert silent(PICTURE, {}).item() == 0


def test_a_term_of_nothing_is_0() -> None:
    assert ContentTerm([], losses.ContentLoss("mse"))(PICTURE, {}).item() == 0
    assert StyleTerm([])(PICTURE, {}).item() == 0
