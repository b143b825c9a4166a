"""What everything of a snapshot is called in its directory, for those who write it and those who read it."""

import json
from pathlib import Path
from typing import Any

CURRENT, MANIFEST, DUMP, STORE = "current", "manifest.json", "dump.nq", "store"


def manifest(snapshot: Path) -> dict[str, Any]:
    """What a snapshot says of itself: digest, inputs, created, editions, quads, graphs."""
    found: dict[str, Any] = json.loads((snapshot / MANIFEST).read_text("utf-8"))
    return found
