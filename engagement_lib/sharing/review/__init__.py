"""The page on which a second reader goes through what may identify people, and signs sources off."""
