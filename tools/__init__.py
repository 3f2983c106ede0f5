"""Programs for those who work on impasto; none of them is installed with it."""
