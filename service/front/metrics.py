"""What happens to counters in the form that Prometheus reads."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from service.engines.ledger import BUCKETS, BYTES, CACHED, FIRST_BUCKET, GETS, HITS, MICROSECONDS, MISSES, POSTS, added
from service.engines.workers import Pool

METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))


class Requests(Collector):
    """Plain numbers that are counted up with each request, and put into the library's form when somebody reads them."""

    def __init__(self, lanes: Callable[[], Sequence[int]]) -> None:
        self._lanes = lanes  # what lanes have counted
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
        lanes = self._lanes()
        counts = Counter({("GET", 200, "ok"): lanes[GETS], ("POST", 200, "ok"): lanes[POSTS]}) + self.requests
        for (method, status, verdict), number in counts.items():
            requests.add_metric((method, str(status), verdict), number)
        yield requests
        sent = self.bytes + lanes[BYTES]
        yield CounterMetricFamily("shisaku_sent_bytes", "Bytes of answers before compression", value=sent)
        buckets = [own + lanes[FIRST_BUCKET + place] for place, own in enumerate(self.buckets)]
        sums = [sum(buckets[: place + 1]) for place in range(len(buckets))]
        bounds = [*map(str, map(float, BUCKETS)), "+Inf"]
        total = self.seconds + lanes[MICROSECONDS] / 1e6
        seconds = HistogramMetricFamily("shisaku_request_seconds", "Time from request to the last byte")
        seconds.add_metric((), [(bound, float(number)) for bound, number in zip(bounds, sums, strict=True)], total)
        yield seconds


class Metrics:
    """The counters of one application."""

    def __init__(self, pool: Pool) -> None:
        self.registry = CollectorRegistry()

        def lanes() -> Sequence[int]:
            return pool.reception.counted() if pool.reception else added([])

        requests = Requests(lanes)
        self.registry.register(requests)
        self.count = requests.count
        self._gauge(
            "shisaku_engines", "Engine processes", lambda: float(len(pool.generation.engines) if pool.generation else 0)
        )
        self._gauge("shisaku_running_queries", "Queries under way", lambda: float(len(pool.running())))
        self._gauge("shisaku_waiting_requests", "Requests that wait for an engine", lambda: float(len(pool.line)))
        self._gauge(
            "shisaku_cache_bytes", "Memory of the result cache", lambda: float(pool.cache.size + lanes()[CACHED])
        )
        self._gauge(
            "shisaku_cache_hits", "Answers from the result cache", lambda: float(pool.cache.hits + lanes()[HITS])
        )
        self._gauge(
            "shisaku_cache_misses",
            "Answers that were not in the result cache",
            lambda: float(pool.cache.misses + lanes()[MISSES]),
        )
        self._gauge(
            "shisaku_quads", "Quads in force", lambda: float(pool.generation.parent.quads if pool.generation else 0)
        )

    def text(self) -> bytes:
        """All counters."""
        return generate_latest(self.registry)

    def _gauge(self, name: str, text: str, value: Callable[[], float]) -> None:
        Gauge(name, text, registry=self.registry).set_function(value)
