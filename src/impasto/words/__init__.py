"""Words about a painting, read into a plan: styles with shares, and settings.

`plan_of` reads a phrase with the vocabulary of `vocabulary.toml`, in English and Chinese; nothing
is guessed, and what is not understood is named. It needs no torch.
"""
