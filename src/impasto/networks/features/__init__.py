"""Feature extractors: frozen networks whose features define the losses."""

from __future__ import annotations

from impasto.networks.features.protocol import Extractor, Stage
from impasto.networks.features.registry import BACKBONES, Backbone, find, load
from impasto.networks.features.vgg import VGG

__all__ = ["BACKBONES", "VGG", "Backbone", "Extractor", "Stage", "find", "load"]
