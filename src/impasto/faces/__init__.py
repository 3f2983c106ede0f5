"""Faces: where they are in a picture, and soft maps of what of them has to stay like itself.

Extra `portrait`; without torch. Letters: H, W height and width of a picture, N number of boxes.
"""

from __future__ import annotations

from impasto.faces.face import Face
from impasto.faces.find import check, find, kept
from impasto.faces.maps import REACH, FaceMaps, maps
from impasto.faces.track import Track

__all__ = ["REACH", "Face", "FaceMaps", "Track", "check", "find", "kept", "maps"]
