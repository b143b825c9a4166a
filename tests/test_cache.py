from service.cache import SHARE, Key, ResultCache


def key(text: str, digest: str = "d") -> Key:
    return Key(digest, text, "text/csv")


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
    keys = [
        Key("d", "q", "t"),
        Key("e", "q", "t"),
        Key("d", "r", "t"),
        Key("d", "q", "u"),
        Key("d", "q", "t", (("a", "b"),)),
        Key("d", "q", "t", (), ("g",)),
        Key("d", "q", "t", (), (), ("g",)),
    ]
    assert len({each.etag for each in keys}) == len(keys)
