"""To other tools and back: REFI-QDA codebooks, and spreadsheets that run nothing."""
