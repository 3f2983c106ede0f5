"""The page of drawings, at "/doodle": one in the parts of a painting is painted as that was.

It is HTML, CSS and JavaScript over the public API, without a framework.
"""
