"""Machine translation, offline, with Argos Translate: what must not change is kept out of it, and what comes out is checked.

Everything works without a model: then nothing is translated, and the reason is told.
"""
