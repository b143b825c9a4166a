"""One real edition to many: the dump of the snapshot in force, copied for prefectures and years, seeded.

Things of a prefecture (``graph/common``) are copied for each prefecture, what an edition says for each edition; the ontology is shared. Names of the
prefecture change, amounts are scaled by a seeded factor, identifiers get a suffix. The first edition is the real one, unchanged.
"""

import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.settings import Settings

SEED = 2024
ONTOLOGY, COMMON = "/graph/ontology> .", "/graph/common> ."
REAL = "2024"
GRAPH = re.compile(r"<([^<>]+)> \.$", re.MULTILINE)
SUBJECT = re.compile(r"^<([^>]+/id/[^>]+)>")
IDENTIFIER = re.compile(r"<([^>]+/id/[^>]+)>")
AMOUNT = re.compile(r'(<https://schema\.org/value> ")(\d{4,})(")')
PREFECTURES = """
山口県 北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県
千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県
三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 徳島県
香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県
""".split()  # noqa: SIM905  four lines are easier to read than forty-seven
THING, EDITION = "\x01", "\x02"  # where the suffix of the prefecture and of the edition go


@dataclass(frozen=True)
class Real:
    """The dump in three parts; in the second and third, what differs from copy to copy is marked."""

    ontology: str
    common: str
    edition: str


def read(dump: Path) -> Real:
    """Sort the lines by graph and mark the identifiers that each copy needs for itself."""
    lines = dump.read_text("utf-8").splitlines(keepends=True)
    ontology = [line for line in lines if line.rstrip().endswith(ONTOLOGY)]
    common = [line for line in lines if line.rstrip().endswith(COMMON)]
    edition = [line for line in lines if not line.rstrip().endswith((ONTOLOGY, COMMON))]
    things = dict.fromkeys(subjects(common), THING)
    own = marked(edition, dict.fromkeys(subjects(edition), EDITION) | things)
    own = re.sub(r"/graph/(\d{4})((?:-derived)?)> \.$", rf"/graph/\1{EDITION}\2> .", own, flags=re.MULTILINE)
    return Real("".join(ontology), marked(common, things).replace(COMMON, f"/graph/common{THING}> ."), own)


def marked(lines: list[str], marks: Mapping[str, str]) -> str:
    """The lines with a mark at the end of the identifiers that have one."""
    return IDENTIFIER.sub(lambda found: f"<{found[1]}{marks.get(found[1], '')}>", "".join(lines))


def subjects(lines: list[str]) -> set[str]:
    """The identifiers that lines say something of."""
    return {found[1] for line in lines if (found := SUBJECT.match(line))}


def copies(real: Real, count: int) -> Iterator[str]:
    """N-Quads of so many editions, in pieces: all prefectures of one year, then of the next."""
    yield real.ontology
    for number in range(count):
        year, place = divmod(number, len(PREFECTURES))
        name = PREFECTURES[place]
        thing, edition = suffixes(number)
        if not year:
            yield real.common.replace(THING, thing).replace(PREFECTURES[0], name)
        own = real.edition.replace(THING, thing).replace(EDITION, edition)
        yield scaled(own.replace(PREFECTURES[0], name), number) if number else own


def suffixes(number: int) -> tuple[str, str]:
    """What is added to the identifiers of a prefecture's things, and of an edition's."""
    place = number % len(PREFECTURES)
    return f"-p{place:02}" if place else "", f"-e{number:03}" if number else ""


def dataset(number: int) -> list[str]:
    """The graphs that are everything about one edition."""
    thing, edition = suffixes(number)
    names = (f"{REAL}{edition}", f"{REAL}{edition}-derived", f"common{thing}", "ontology")
    return [f"{Settings().base_iri}graph/{name}" for name in names]


def scaled(text: str, number: int) -> str:
    """The same with amounts multiplied by the factor of this copy."""
    factor = random.Random(SEED + number).uniform(0.5, 2)
    return AMOUNT.sub(lambda found: f"{found[1]}{round(int(found[2]) * factor / 1000) * 1000}{found[3]}", text)


def write(dump: Path, folder: Path, count: int) -> Path:
    """A snapshots folder whose snapshot in force holds so many editions; what is there already is kept."""
    target = folder / f"editions-{count:03}"
    if (target / "current").exists():
        return target
    shutil.rmtree(target, ignore_errors=True)
    snapshot = target / f"{count:016}"
    snapshot.mkdir(parents=True)
    real, sizes = read(dump), Counter[str]()
    with (snapshot / "dump.nq").open("w", encoding="utf-8") as out:
        for piece in copies(real, count):
            out.write(piece)
            sizes.update(GRAPH.findall(piece))
    facts: dict[str, Any] = {
        "digest": snapshot.name,
        "created": "",
        "editions": [],
        "quads": sizes.total(),
        "graphs": sizes,
    }
    facts["datasets"] = {str(number): dataset(number) for number in range(count)}
    (snapshot / "manifest.json").write_text(json.dumps(facts), "utf-8")
    (target / "current").symlink_to(snapshot.name)
    return target
