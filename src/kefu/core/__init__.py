"""Words and tools every layer shares; imports nothing of kefu above it."""
