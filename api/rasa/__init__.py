"""Talking with Rasa: its REST channel and its action webhook."""
