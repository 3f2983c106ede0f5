"""Backbones: frozen convolutional networks whose features define the losses."""

from __future__ import annotations

from impasto.backbones.registry import BACKBONES, Backbone, find, load
from impasto.backbones.vgg import VGG

__all__ = ["BACKBONES", "VGG", "Backbone", "find", "load"]
