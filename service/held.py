"""The manifest of a snapshot to the editions that it holds, and the graphs of each."""

from collections.abc import Mapping

from service.querying.refusals import unknown_edition


def edition(manifest: Mapping[str, object], named: str = "") -> str:
    """The edition that a question of ours is about: the newest unless one is named; raises Problem if that is not held."""
    held = manifest.get("editions", [])
    assert isinstance(held, list)
    if named and named not in held:
        raise unknown_edition(named, held)
    return named or max(held, default="")


def title(manifest: Mapping[str, object], edition: str) -> str:
    """What the booklet of an edition is called."""
    titles = manifest.get("titles", {})
    assert isinstance(titles, dict)
    return str(titles.get(edition, ""))


def graphs_of(manifest: Mapping[str, object], edition: str) -> tuple[str, ...]:
    """The graphs that are everything about an edition; none, which means all, while no other is held."""
    datasets, sizes = manifest.get("datasets", {}), manifest.get("graphs", {})
    assert isinstance(datasets, dict)
    assert isinstance(sizes, dict)
    wanted = datasets[edition] if len(datasets) > 1 else ()
    return tuple(graph for graph in wanted if graph in sizes)
