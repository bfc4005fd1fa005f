"""Charts with their sentence, accessible tables, the gate before sharing, and notebooks as pages."""
