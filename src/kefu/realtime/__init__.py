"""Realtime: frames, subscriptions and hints. Knows no feature; a lost hint is cured by sequence."""
