"""Conversations: state, storage, the way of a message, danger, handover, retention."""
