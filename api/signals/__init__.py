"""Signals: what people ask and do not get, in numbers that hide who asked, and in groups of cleaned questions."""
