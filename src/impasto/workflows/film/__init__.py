"""Films, painted so that they do not flicker, with their sound; a stop or a crash costs little.

::

    import impasto

    for event in impasto.paint_video("film.mp4", "painting.jpg", "painted.mp4"):
        print(event)
"""
