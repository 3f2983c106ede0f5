"""Pages of HTML, CSS and JavaScript alone, each at an address and in a folder of its own.

What they have in common stands beside these folders: the HTML around their desks and its parts
(`static/`), their looks and scripts (`shared/`), their routes and some words.
"""

from __future__ import annotations
