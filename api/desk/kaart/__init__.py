"""Editing the kaart at the desk: forms instead of YAML."""
