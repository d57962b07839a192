"""Trains the encoder that is shipped in `knowledge/model`: `python -m knowledge.training CORPORA --kaart DIR`."""
