"""Keeping the kaart true: what people report, reminders to owners with a signed link, and looking whether links still work."""
