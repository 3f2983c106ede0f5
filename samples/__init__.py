"""How the sample pictures of impasto were made: painters, crops of scans, and the photographs.

A development tool that is not in the wheel. Beside numpy and Pillow it needs scipy and
scikit-image, which come with the extra `dev` only, and for one photograph PyAV.
"""
