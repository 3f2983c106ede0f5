"""The live page: a camera or a photograph painted by the visitor's own browser, nothing uploaded.

`routes.py` gives the page of `static/` and what it needs. The runtime (`runtime.py`) and the graphs
of the one-pass network (`graphs.py`) are no part of impasto's own files: `impasto live fetch` puts
them into the cache, and until then the page says so.
"""

from __future__ import annotations
