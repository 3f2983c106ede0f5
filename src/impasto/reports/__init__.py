"""Reports: what listeners make of a run's events."""

from __future__ import annotations

from impasto.reports.curves import plot_losses
from impasto.reports.log import Log, as_record
from impasto.reports.sheet import contact_sheet

__all__ = ["Log", "as_record", "contact_sheet", "plot_losses"]
