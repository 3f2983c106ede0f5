from __future__ import annotations

from impasto.losses import STYLE_LOSSES
from tools.style_losses import SAYINGS, Trial, style_losses_page

MACHINE = {"processor": "abacus", "threads": 2, "torch": "2.0"}


def test_every_normalised_kind_is_described() -> None:
    assert set(SAYINGS) == set(STYLE_LOSSES) - {"gram-raw"}


def test_seconds_stand_beside_their_ratio_to_moments() -> None:
    trials = [Trial(kind, 10.0 if kind == "moments" else 20.0, 250) for kind in SAYINGS]
    page = style_losses_page(trials, 384, MACHINE)
    rows = {kind: line for kind in SAYINGS for line in page.splitlines() if f"| `{kind}` |" in line}
    assert rows["moments"].endswith("| 10 | 1.0 |")
    assert rows["sliced"].endswith("| 20 | 2.0 |")
    assert "384 x 384 px, 250 steps" in page
    assert "abacus" in page
