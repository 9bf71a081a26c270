"""Work: loops that run what the database says is due. They know names, not features."""
