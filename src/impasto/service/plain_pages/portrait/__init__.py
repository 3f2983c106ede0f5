"""The page of portraits, at "/portrait": faces are found, kept and painted.

It is HTML, CSS and JavaScript over the public API, without a framework.
"""
