"""Does the evidence carry the claims? Claims, the passages for and against them, shares with their base, and verdicts."""
