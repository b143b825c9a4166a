from service.engines.spool import Budget, Spool


def drain(spool: Spool) -> list[bytes]:
    return list(iter(spool.take, b""))


def test_in_memory() -> None:
    spool = Spool(100, Budget(1000))
    for chunk in (b"a", b"bc"):
        spool.put(chunk)
    assert (spool.size, spool.peek(), bool(spool)) == (3, b"abc", True)
    assert drain(spool) == [b"a", b"bc"]
    assert not spool


def test_order_over_the_edge_of_memory() -> None:
    budget = Budget(1000)
    spool = Spool(4, budget)
    for number in range(10):
        spool.put(b"%03d" % number)
    assert budget.used == 27
    assert spool.take() == b"000"
    spool.put(b"010")
    assert b"".join(drain(spool)) == b"".join(b"%03d" % number for number in range(1, 11))
    assert budget.used == 0
    spool.put(b"again")
    assert drain(spool) == [b"again"]


def test_without_disk_the_writer_should_pause() -> None:
    spool = Spool(4, Budget(0))
    spool.put(b"12345")
    assert spool.overfull
    assert spool.take() == b"12345"
    assert not spool.overfull


def test_close_gives_back() -> None:
    budget = Budget(1000)
    spool = Spool(1, budget)
    spool.put(b"abc")
    spool.close()
    assert (budget.used, spool.take()) == (0, b"")
