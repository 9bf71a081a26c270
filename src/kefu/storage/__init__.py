"""The database: connections, the whole schema, the outbox, timers, and group commit."""
