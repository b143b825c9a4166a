"""Names: the names of what outlives an edition → a fault for each that stands on none of the pages that tell of it.

A name has no page of its own; the statements that refer to its thing have.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Store

from service.building.booklet import Booklet, booklet
from service.building.printed import COMPARE, VERBATIM
from service.building.statements import COMMON
from service.building.tables import Table
from service.faults import Fault, Text
from service.vocabulary import Vocabulary


def unprinted(tables: list[Table], store: Store, vocabulary: Vocabulary) -> Iterator[Fault]:
    """A fault for each name with ``verbatim`` that no page has on which its thing is spoken of."""
    books = {edition: booklet(tables, edition) for edition in {each.edition for each in tables}}
    lasting = [each for each in tables if each.edition == COMMON]
    for table, field in [(each, field) for each in lasting for field in each.fields if "verbatim" in field]:
        for row in (row for row in table.rows if field["name"] in row.cells):
            name = row.cells[field["name"]]
            told = pages(store, vocabulary.thing(table.schema["kind"], row.cells["slug"]), vocabulary)
            excused = any(book.excused_on("name", table, row, field["name"]) for book in books.values())
            if not excused and not any(stands(books, page, name, field["verbatim"]) for page in told):
                ja = f"「{name}」は、これに触れるどのページにもありません"
                en = f"'{name}' stands on none of the pages that tell of it"
                yield Fault(table.path, row.number, field["name"], "name", Text(ja, en), COMPARE)


def stands(books: dict[str, Booklet], page: str, name: str, how: str) -> bool:
    """Whether a page, ``{edition}-{number}``, has a name; nothing is known of an edition without fingerprints."""
    edition, _, number = page.partition("-")
    book = books[edition]
    return not book.pages or not book.missing(int(number), name, VERBATIM[how])


def pages(store: Store, thing: NamedNode, vocabulary: Vocabulary) -> set[str]:
    """The pages of the statements that refer to a thing."""
    quoted, prefix = vocabulary.term("prov:wasQuotedFrom"), vocabulary.thing("page", "").value
    return {
        page.object.value.removeprefix(prefix)
        for quad in store.quads_for_pattern(None, None, thing, None)
        for page in store.quads_for_pattern(quad.subject, quoted, None, None)
        if isinstance(page.object, NamedNode)
    }
