"""What happens to counters in the form that Prometheus reads."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from service.workers import Pool

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one application."""

    def __init__(self, pool: Pool) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "shisaku_requests",
            "Requests by method, status and verdict",
            ("method", "status", "verdict"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "shisaku_request_seconds", "Time from request to the last byte", buckets=BUCKETS, registry=self.registry
        )
        self._bytes = Counter("shisaku_sent_bytes", "Bytes of answers before compression", registry=self.registry)
        self._gauge(
            "shisaku_engines", "Engine processes", lambda: float(len(pool.generation.engines) if pool.generation else 0)
        )
        self._gauge("shisaku_running_queries", "Queries under way", lambda: float(len(pool.running())))
        self._gauge("shisaku_waiting_requests", "Requests that wait for an engine", lambda: float(len(pool.line)))
        self._gauge("shisaku_cache_bytes", "Memory of the result cache", lambda: float(pool.cache.size))
        self._gauge("shisaku_cache_hits", "Answers from the result cache", lambda: float(pool.cache.hits))
        self._gauge(
            "shisaku_cache_misses", "Answers that were not in the result cache", lambda: float(pool.cache.misses)
        )
        self._gauge(
            "shisaku_quads", "Quads in force", lambda: float(pool.generation.parent.quads if pool.generation else 0)
        )

    def count(self, method: str, status: int, verdict: str, seconds: float, sent: int) -> None:
        """Note one request."""
        known = method if method in ("GET", "HEAD", "POST", "OPTIONS") else "other"  # labels must stay few
        self._requests.labels(known, str(status), verdict).inc()
        self._seconds.observe(seconds)
        self._bytes.inc(sent)

    def text(self) -> bytes:
        """All counters."""
        return generate_latest(self.registry)

    def _gauge(self, name: str, text: str, value: Callable[[], float]) -> None:
        Gauge(name, text, registry=self.registry).set_function(value)
