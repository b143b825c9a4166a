"""What happens to counters in the form that Prometheus reads."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from service.workers import Pool

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))


class Requests(Collector):
    """Plain numbers that are counted up with each request, and put into the library's form when somebody reads them."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int, str]] = Counter()
        self.bytes = 0
        self.seconds = 0.0
        self.buckets = [0] * (len(BUCKETS) + 1)

    def count(self, method: str, status: int, verdict: str, seconds: float, sent: int) -> None:
        """Note one request."""
        known = method if method in METHODS else "other"  # labels must stay few
        self.requests[known, status, verdict] += 1
        self.buckets[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds
        self.bytes += sent

    def collect(self) -> Iterator[Metric]:
        """The counters as the library wants them."""
        labels = ("method", "status", "verdict")
        requests = CounterMetricFamily("shisaku_requests", "Requests by method, status and verdict", labels=labels)
        for (method, status, verdict), number in list(self.requests.items()):
            requests.add_metric((method, str(status), verdict), number)
        yield requests
        yield CounterMetricFamily("shisaku_sent_bytes", "Bytes of answers before compression", value=self.bytes)
        sums = [sum(self.buckets[: place + 1]) for place in range(len(self.buckets))]
        bounds = [*map(str, map(float, BUCKETS)), "+Inf"]
        seconds = HistogramMetricFamily("shisaku_request_seconds", "Time from request to the last byte")
        seconds.add_metric(
            (), [(bound, float(number)) for bound, number in zip(bounds, sums, strict=True)], self.seconds
        )
        yield seconds


class Metrics:
    """The counters of one application."""

    def __init__(self, pool: Pool) -> None:
        self.registry = CollectorRegistry()
        requests = Requests()
        self.registry.register(requests)
        self.count = requests.count
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

    def text(self) -> bytes:
        """All counters."""
        return generate_latest(self.registry)

    def _gauge(self, name: str, text: str, value: Callable[[], float]) -> None:
        Gauge(name, text, registry=self.registry).set_function(value)
