"""One-pass networks: a reader turns a style picture into a code, a painter paints by it.

::

    style picture -> slim -> mean and covariance of five layers -> Reader -> code
    code, strength -> Painter.hands -> Hand;   photograph, Hand -> Painter.paint -> painting
"""

from __future__ import annotations

from impasto.networks.stylizers.model import OnePass
from impasto.networks.stylizers.painter import Hand, Painter, Plan
from impasto.networks.stylizers.reader import Reader
from impasto.networks.stylizers.stored import load, save

__all__ = ["Hand", "OnePass", "Painter", "Plan", "Reader", "load", "save"]
