"""Durable jobs: a store of what is to be painted, and workers that paint it whatever crashes."""
