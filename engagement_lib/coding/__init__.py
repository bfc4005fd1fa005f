"""Codes: the codebook, codings checked against the texts, what they count, and coding by pattern."""
