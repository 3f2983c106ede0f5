"""Painted films: planned, painted shot by shot, made steady, and put together with their sound."""
