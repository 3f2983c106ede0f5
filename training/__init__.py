"""How the bundled weights were made; not part of the installed package."""
