"""What `kefu demo` furnishes: an imitation exchange, its customers and their conversations."""
