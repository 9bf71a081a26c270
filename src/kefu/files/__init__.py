"""Files: content by hash in a folder, what may come in, and what is known of each."""
