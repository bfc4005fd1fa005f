"""Commands of `engagement` that stand in modules of their own."""
