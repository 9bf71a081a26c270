"""Service levels: business time, what is owed when, and which policy says so."""
