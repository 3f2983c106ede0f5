"""The bundled backbone, learnt from two teachers: see docs/slim.md and `learning.py`."""
