"""Conversations: the log, and the row that is always the fold of it."""
