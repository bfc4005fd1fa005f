"""Bytes to sources, cases and turns. Only here are bytes decoded; one file a family of formats."""
