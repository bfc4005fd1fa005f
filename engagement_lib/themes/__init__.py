"""Themes that the answers themselves suggest: encoded, clustered, described, tested for stability, set beside the codes."""
