"""Trust: what those who watch over the desk should look at."""
