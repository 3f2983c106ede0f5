"""The documentation: pages, and the code that generates or paints parts of it."""
