"""The queue: who takes whom, how long the wait is, when it is a peak, how many must be there."""
