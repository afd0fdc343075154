"""A live plant in a stream of events: how much it records, how soon that is drawn, and how smoothly.

Events are sent by a program of their own to a real Redis (XADD in a pipeline) or to the webhook (bodies of 500), and
the process that is measured does all the rest: it follows, records, keeps the stays, and draws at 1920×1080 as often as
a window does. The store holds 100,000 events of the last ten days before. Two kinds of runs:

`flood`: 10,000 events a second. `latency`: 1,000 events a second; for every event that puts a crate on the floor the
time from when its sender had sent it (XADD has returned; the body is out of the sender's hands) until a frame had been
painted of a floor that has this crate. The baseline is a naive program: the same recorder, and a loop that reads the
whole table with pandas and counts what stands at each stage, without drawing.
"""

from __future__ import annotations

from tests.kit.torrent.watched import Load, live, naively, told_flood, told_latency

FLOOD, STEADY, NAIVE = 60.0, 30.0, 15.0
"""Seconds of the runs."""
LIMIT_MS, LIMIT_BYTES = 250.0, 500.0
"""From sent to drawn at the 99th percentile; memory for each event more: the stays are held, and nothing else grows."""


def run() -> dict[str, object]:
    """All runs, one after the other."""
    return measure(FLOOD, STEADY, NAIVE)


def measure(flood: float, steady: float, naive: float, rate: int = 10_000) -> dict[str, object]:
    """The figures of runs of so many seconds. rate: of the flood."""
    floods = {
        "redis": told_flood(live("redis", Load(rate, flood, 3_000, 100))),
        "webhook": told_flood(live("webhook", Load(rate, flood, 3_000, 500))),
    }
    calm = {
        source: told_latency(live(source, load), load)
        for source, load in (("redis", Load(1_000, steady, 1_000, 10)), ("webhook", Load(1_000, steady, 1_000, 25)))
    }
    plainly = Load(1_000, naive, 1_000, 10)
    plain = told_latency(naively("redis", plainly), plainly)
    value, baseline = calm["redis"]["p99_ms"], plain["p99_ms"]
    return {
        "value": value,
        "baseline": baseline,
        "ratio": round(baseline / value, 2),
        "limits": {"p99_ms": LIMIT_MS, "events_per_second": rate, "bytes_per_event": LIMIT_BYTES},
        "kept": {
            "p99": all(one["p99_ms"] <= LIMIT_MS for one in calm.values()),
            "rate": all(one["lost"] == 0 and one["backlog_at_end"] < rate for one in floods.values()),
            "memory": all(one["memory_mb"]["bytes_per_event"] <= LIMIT_BYTES for one in floods.values()),
        },
        "latency_at_1000": {**calm, "naive": plain},
        "flood": floods,
    }
