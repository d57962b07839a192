"""The answer object and how it becomes words."""
