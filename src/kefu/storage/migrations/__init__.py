"""Every change of the schema, oldest first. Add first, remove a release later."""
