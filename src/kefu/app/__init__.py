"""The composition root: builds one process of the desk from its settings."""
