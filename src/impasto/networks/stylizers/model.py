"""A one-pass network whole: the painter, and where the codes of styles come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from impasto.errors import SettingError, UnknownNameError
from impasto.networks.stylizers.painter import Hand, Painter, Plan
from impasto.networks.stylizers.reader import Reader, Statistics

__all__ = ["OnePass"]


class OnePass(nn.Module):
    """A painter with a reader for any style, with rows for the styles it was taught, or with both.

    Args:
        plan: of the painter.
        reads: whether it has a reader.
        rows: names of the styles that it has rows for.

    Example:
        >>> network = OnePass(Plan(widths=(8, 8, 8, 8), blocks=1), reads=False, rows=("blue",))
        >>> network.code("blue").shape
        torch.Size([128])
    """

    codes: Tensor

    def __init__(self, plan: Plan, *, reads: bool = True, rows: Sequence[str] = ()) -> None:
        super().__init__()
        self.painter = Painter(plan)
        self.reader = Reader(plan.code) if reads else None
        self.names = tuple(rows)
        if len(set(self.names)) != len(self.names):
            raise SettingError(f"two styles have one name among {', '.join(rows)}: rename one")
        self.codes = nn.Parameter(torch.zeros(len(self.names), plan.code))

    @property
    def plan(self) -> Plan:
        """The painter's."""
        return self.painter.plan

    def code(self, row: str) -> Tensor:
        """The code of a style it was taught, (S,): by its name, or its number from 1.

        Raises:
            UnknownNameError: it has no such row.
        """
        if row in self.names:
            return self.codes[self.names.index(row)]
        if row.isdecimal() and 1 <= int(row) <= len(self.names):
            return self.codes[int(row) - 1]
        raise UnknownNameError("style of this network", row, self.names)

    def read(self, statistics: Mapping[str, Statistics]) -> Tensor:
        """The codes of styles by their statistics, (B, S); see `Reader.forward`.

        Raises:
            SettingError: it paints the styles of its rows alone.
        """
        self.check_reads()
        assert self.reader is not None
        codes: Tensor = self.reader(statistics)
        return codes

    def check_reads(self) -> None:
        """Refuse to read a style with a network that was taught some alone.

        Raises:
            SettingError: it has no reader.
        """
        if self.reader is None:
            raise SettingError(
                f"this network paints {', '.join(self.names)} and no other style: leave the style "
                "picture out, or choose a network that reads any"
            )

    def hand(self, code: Tensor, strength: float = 0.0) -> Hand:
        """What a style makes of the painter.

        Args:
            code: (S,).
            strength: from -1, near the photograph, to 1, near the style.
        """
        strengths = code.new_full((1, 1), strength)
        return self.painter.hands(code[None], strengths)[0]
