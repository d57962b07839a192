"""Measuring search: what each part adds, how sure it is, how fast, beside its peers, and as it grows."""
