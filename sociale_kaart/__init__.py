"""The sociale kaart: schema, loader, opening hours and rules. Imports nothing else of the project."""
