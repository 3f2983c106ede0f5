"""The page of letters, at "/letter": words in the look of a picture, on a clear ground.

It is HTML, CSS and JavaScript over the public API, without a framework.
"""
