"""The engine: schedule, objective, optimizers, memory, checkpoints: one idea a file."""

from __future__ import annotations
