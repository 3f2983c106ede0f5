"""Words, or lettering of your own, in the effect of another picture: a flame, rust, ice, a texture.

::

    options     what is told beside the pictures
    fonts       which font draws which part of the words
    layout      where each part goes, and the mask of all of them
    distance    how far each pixel is from an outline, exactly
    effect      what a style picture shows: letters with an effect on a ground, or a texture
    patches     patches of the style put together along the outline of the words
    bands       bands of distance from the outline, which are the regions that are painted
    arrange     all of these, to a task
"""
