"""A survey, a form and a dataset to one question: what an engine is sent for it, and the entity tag of its answer."""

import hashlib
from functools import lru_cache
from typing import NamedTuple

from service.querying.surveys import Survey


class Ask(NamedTuple):
    """A query with everything that its answer depends on, apart from the snapshot."""

    survey: Survey
    media_type: str
    substitutions: tuple[tuple[str, str], ...] = ()
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def tag(self, digest: str) -> str:
        """The entity tag of the answer; a weak one, as compression changes the bytes and not the answer."""
        rest = (self.substitutions, self.default_graphs, self.named_graphs)
        return f'W/"{digest}-{self.survey.digest[:24]}{_short(self.media_type, *rest)}"'

    def request(self, base: str) -> dict[str, object]:
        """What an engine is sent: the little that every query has, and the rest where there is any."""
        told: dict[str, object] = {"text": self.survey.text, "media_type": self.media_type, "base": base}
        if self.substitutions:
            told["substitutions"] = dict(self.substitutions)
        if self.default_graphs or self.named_graphs:
            told |= {"default_graphs": self.default_graphs, "named_graphs": self.named_graphs}
        if self.survey.is_graph and self.survey.prefixes:
            told["prefixes"] = dict(self.survey.prefixes)
        if self.survey.default_graphs or self.survey.named_graphs:
            told["own_graphs"] = self.survey.default_graphs + self.survey.named_graphs
        return told


@lru_cache(256)
def _short(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()[:8]
