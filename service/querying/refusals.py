"""What the guard finds to the problems that tell the caller so."""

from service.faults import Problem, Text
from service.querying.tokens import place


def unknown_edition(name: str, held: list[str]) -> Problem:
    """An edition that is not here."""
    return Problem(
        "unknown-edition",
        404,
        Text("その版はありません", "Unknown edition"),
        Text(f"「{name}」という版はありません。", f"There is no edition '{name}'."),
        Text("editions にある版を選んでください。", "Choose one of those listed under editions."),
        {"editions": held},
    )


def unknown_graph(missing: list[str], existing: frozenset[str]) -> Problem:
    """A dataset of graphs that are not here."""
    shown = ", ".join(f"<{iri}>" for iri in missing)
    return Problem(
        "unknown-graph",
        400,
        Text("グラフがありません", "Unknown graph"),
        Text(f"このサービスにないグラフです: {shown}", f"This service holds no such graph: {shown}"),
        Text(
            "graphs にある名前を使ってください。外部のグラフは読みません。",
            "Use a name listed under graphs; nothing is fetched from elsewhere.",
        ),
        {"graphs": sorted(existing)[:100]},
    )


def too_large(en: str, ja: str) -> Problem:
    """The query is over a size limit."""
    return Problem(
        "query-too-large",
        400,
        Text("問い合わせが大きすぎます", "Query too large"),
        Text(f"上限は {ja} です。", f"A query may have at most {en}."),
        Text("問い合わせを分けるか短くしてください。", "Split the query or make it shorter."),
    )


def unreadable(text: str, offset: int) -> Problem:
    """A character where no token can begin."""
    line, column = place(text, offset)
    return Problem(
        "query-syntax",
        400,
        Text("問い合わせの構文が正しくありません", "The query is not well-formed SPARQL"),
        Text(f"{line} 行 {column} 列の文字を読めません。", f"The text at line {line}, column {column} cannot be read."),
        Text("引用符や山括弧が閉じているか確かめてください。", "See that quotes and angle brackets are closed."),
        {"line": line, "column": column},
    )


def not_a_query(text: str, offset: int) -> Problem:
    """The text has none of the four query forms."""
    line, column = place(text, offset)
    return Problem(
        "query-syntax",
        400,
        Text("問い合わせの構文が正しくありません", "The query is not well-formed SPARQL"),
        Text(
            f"{line} 行 {column} 列に SELECT などがありません。",
            f"Expected SELECT, ASK, CONSTRUCT or DESCRIBE at line {line}, column {column}.",
        ),
        Text(
            "PREFIX の後は SELECT、ASK、CONSTRUCT、DESCRIBE のどれかです。",
            "After the prefixes comes SELECT, ASK, CONSTRUCT or DESCRIBE.",
        ),
        {"line": line, "column": column},
    )


def read_only() -> Problem:
    """Updates are not offered."""
    return Problem(
        "read-only",
        400,
        Text("更新はできません", "The service is read-only"),
        Text("このサービスは検索専用です。", "This service answers queries only; it takes no updates."),
        Text("データの変更は表を編集して行います。", "Data are changed by editing the tables."),
    )


def service_refused(text: str, offset: int) -> Problem:
    """A federated part that is not allowed."""
    line, column = place(text, offset)
    return Problem(
        "service-refused",
        400,
        Text("SERVICE は使えません", "SERVICE is refused"),
        Text(
            f"{line} 行 {column} 列の SERVICE は許可されていません。",
            f"The SERVICE clause at line {line}, column {column} is not allowed.",
        ),
        Text("外部のデータは手元で結合してください。", "Join with other endpoints on your side."),
        {"line": line, "column": column},
    )
