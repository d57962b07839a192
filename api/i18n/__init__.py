"""The message catalogue: one file per language."""
