"""Benchmarks: how fast, and at what cost. Results with machine and versions lie in `results/`."""
