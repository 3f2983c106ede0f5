"""How the sample pictures of impasto were made: by its painters, of scans, and the photographs.

A development tool that is not in the wheel. It needs the extra `words` to paint, and for the
photographs scikit-image and PyAV.
"""
