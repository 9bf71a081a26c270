"""Channels: one file or folder each; they turn what arrives into Inbound and nothing else."""
