from service.engines.cache import SHARE, ResultCache
from service.querying.asks import Ask
from service.querying.guard import survey
from service.settings import Settings


def key(text: str, digest: str = "d") -> str:
    return f"{digest}-{text}"


def test_remembers() -> None:
    cache = ResultCache(100_000)
    assert cache.get(key("a")) is None
    cache.put(key("a"), b"1")
    assert cache.get(key("a")) == b"1"
    assert cache.get(key("a", "other snapshot")) is None
    assert (cache.hits, cache.misses) == (1, 2)


def test_least_recently_asked_goes_first() -> None:
    cache = ResultCache(20_000)
    for name in "abcdefghijklmnop":
        cache.put(key(name), b"x" * 1000)
        cache.get(key("a"))
    assert cache.get(key("a")) is not None
    assert cache.get(key("b")) is None
    assert cache.size <= cache.limit


def test_long_answers_are_not_kept() -> None:
    cache = ResultCache(SHARE * 100)
    cache.put(key("a"), b"x" * 101)
    assert cache.get(key("a")) is None


def test_off() -> None:
    cache = ResultCache(0)
    cache.put(key("a"), b"")
    assert cache.size == 0


def test_entity_tags_differ_in_every_part() -> None:
    one, two = (survey(text, Settings()) for text in ("ASK {}", "ASK { }"))
    asks = [
        Ask(one, "t"),
        Ask(two, "t"),
        Ask(one, "u"),
        Ask(one, "t", (("a", "b"),)),
        Ask(one, "t", (), ("g",)),
        Ask(one, "t", (), (), ("g",)),
    ]
    tags = [ask.tag(digest) for ask in asks for digest in "de"]
    assert len(set(tags)) == len(tags) == 12
    assert all(tag.startswith('W/"') for tag in tags)
