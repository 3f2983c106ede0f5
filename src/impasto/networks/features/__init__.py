"""Backbones: frozen convolutional networks whose features define the losses."""

from __future__ import annotations

from impasto.networks.features.registry import BACKBONES, Backbone, find, load
from impasto.networks.features.vgg import VGG

__all__ = ["BACKBONES", "VGG", "Backbone", "find", "load"]
