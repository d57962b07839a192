"""FastAPI: conversations, channels, desk, the bot's actions and the command line."""
