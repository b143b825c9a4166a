from service.engines.reputation import REMEMBERED, Reputation
from service.querying.guard import skeleton


def test_known_on_its_snapshot_only() -> None:
    reputation = Reputation()
    reputation.note("d", "s")
    assert reputation.heavy("d", "s")
    assert not reputation.heavy("e", "s")
    assert not reputation.heavy("d", "t")


def test_forgotten_after_a_while() -> None:
    reputation = Reputation(seconds=-1)
    reputation.note("d", "s")
    assert not reputation.heavy("d", "s")


def test_bounded() -> None:
    reputation = Reputation()
    for number in range(REMEMBERED + 1):
        reputation.note("d", str(number))
    assert not reputation.heavy("d", "0")
    assert reputation.heavy("d", str(REMEMBERED))


def test_a_disguise_does_not_help() -> None:
    plain = skeleton("SELECT ?a { ?a ?b 1 FILTER(?a = 'x') }")
    assert skeleton("SELECT ?z{?z ?y 27 # new\nFILTER(?z='other')}") == plain
    assert skeleton("SELECT ?a { ?a ?a 1 FILTER(?a = 'x') }") != plain
