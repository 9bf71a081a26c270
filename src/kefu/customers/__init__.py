"""Customers: who they are, and how the exchange proves it."""
