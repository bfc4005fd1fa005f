"""Do two people who read the same passage give it the same code? Agreement between coders, with intervals."""
