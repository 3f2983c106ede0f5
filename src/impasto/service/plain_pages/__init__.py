"""Pages of HTML, CSS and JavaScript alone, each at an address of its own: the live page and films.

What they have in common: the HTML around their desks and its parts (`static/`), their looks and
scripts (`shared/`), their routes and some words.
"""

from __future__ import annotations
