"""The page of films, at "/film": a clip goes to the studio, and is watched while it is painted.

It is HTML, CSS and JavaScript over the public API, without a framework. Its words are here in two
languages, and it shares its looks, its way with words and the samples with the live page.
"""
