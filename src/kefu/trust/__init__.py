"""Trust: what is reported to those who watch over the desk."""
