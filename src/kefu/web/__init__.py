"""Pages, socket and API: they speak HTTP, call the one door, and decide nothing."""
