"""Agents: staff, their roles, badges and sessions."""
