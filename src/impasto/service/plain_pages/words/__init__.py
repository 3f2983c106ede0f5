"""The page of words, at "/words": they ask for a painting, and their plan is shown as one types.

It is HTML, CSS and JavaScript over the public API, without a framework.
"""
