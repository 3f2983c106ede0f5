"""How steady painted films are, how much style they keep, and what they cost, beside others."""
