"""Reads: joins for one screen or one decision, returning frozen values."""
