"""Search: the labels of a snapshot → a full-text index beside it, and words → the things that match."""

from pathlib import Path

from pyoxigraph import Store


def write_index(store: Store, folder: Path) -> None:
    """Write ``search.sqlite`` into a snapshot that is being made."""
