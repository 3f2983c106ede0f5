"""Networks: what gives features, and where weights come from."""

from __future__ import annotations
