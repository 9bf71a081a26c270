"""Figures for /metrics: counts and times of the engines, never a text or a person."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

messages = Counter("kefu_messages_total", "Messages committed", ["author"])
findings = Counter("kefu_guard_findings_total", "Secrets removed before storage", ["kind"])
recalled = Counter(
    "kefu_guard_recalled_total", "Secrets that showed only across messages", ["kind"]
)
refusals = Counter("kefu_refusals_total", "Requests and frames refused", ["code"])
batch_size = Histogram(
    "kefu_batch_size", "Writes in one commit", ["lane"], buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256)
)
batch_seconds = Histogram("kefu_batch_seconds", "Time of one commit", ["lane"], buckets=_SECONDS)
batch_failures = Counter("kefu_batch_failures_total", "Commits that failed", ["lane"])
lane_waiting = Gauge("kefu_lane_waiting", "Writes waiting for a commit", ["lane"])
sockets = Gauge("kefu_sockets", "Open sockets that said hello", ["side"])
sockets_behind = Counter("kefu_sockets_behind_total", "Sockets cut off as too slow")
catch_ups = Counter("kefu_catch_ups_total", "Subscriptions healed from the log", ["cause"])
loop_alive = Gauge("kefu_loop_last_turn_seconds", "Unix time of a loop's last turn", ["loop"])
loop_failures = Counter("kefu_loop_failures_total", "Turns of a loop that failed", ["loop"])
outbox_oldest = Gauge("kefu_outbox_oldest_seconds", "Age of the oldest effect still to run")
