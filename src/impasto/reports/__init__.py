"""Reports: what listeners make of a run's events."""

from __future__ import annotations

from impasto.reports.curves import plot_losses
from impasto.reports.film import Film
from impasto.reports.log import Log, event_from_record, event_to_record
from impasto.reports.sheet import contact_sheet

__all__ = [
    "Film",
    "Log",
    "contact_sheet",
    "event_from_record",
    "event_to_record",
    "plot_losses",
]
