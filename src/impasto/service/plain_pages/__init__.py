"""Pages of HTML, CSS and JavaScript alone, each at an address of its own: the live page and films.

What they have in common: the HTML around their desks (`static/`), their routes and some words.
Their looks (`live.css`) and their way with words (`words.js`) are the live page's.
"""

from __future__ import annotations
