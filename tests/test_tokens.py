import pytest

from service.querying.tokens import Unreadable, decode, place, tokens


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(text)]


def test_a_query() -> None:
    text = "SELECT ?s { ?s a ex:C; <p> 'x'@ja . } # end"
    assert [kind for kind, _ in kinds(text)] == [
        "word", "variable", "sign", "variable", "word", "name", "sign", "iri", "string", "language", "sign", "sign",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("'a # no comment'", "string"),
        ('"""two\n"lines" """', "string"),
        ("'''it''s'''", "string"),
        (r"'it\'s'", "string"),
        ("<http://e/#fragment>", "iri"),
        ("<http://e/施策>", "iri"),
        (r"ex:it\'s", "name"),
        ("ex:a.b", "name"),
        ("施策:名", "name"),
        ("_:b1", "name"),
        ("?変数", "variable"),
        ("1.5e-3", "number"),
        ("@en-GB", "language"),
    ],
)
def test_one_token(text: str, kind: str) -> None:
    assert kinds(text) == [(kind, text)]


def test_a_name_does_not_end_in_a_dot() -> None:
    assert kinds("ex:a. ex:b.") == [("name", "ex:a"), ("sign", "."), ("name", "ex:b"), ("sign", ".")]


def test_less_than_is_no_iri() -> None:
    assert ("sign", "<") in kinds("FILTER(?a < ?b && ?c > ?d)")


def test_comments_end_with_the_line() -> None:
    assert kinds("# a 'quote\nASK # b\r{}") == [("word", "ASK"), ("sign", "{"), ("sign", "}")]


@pytest.mark.parametrize("text", ["'open", '"""open', r"\u0041", "`"])
def test_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        kinds(text)


def test_decode() -> None:
    assert decode(r"S\u0045RVICE \U0001F600") == "SERVICE 😀"
    assert decode(r"'\\u0045'") == r"'\\u0045'"
    assert "\N{REPLACEMENT CHARACTER}" in decode(r"\uD800")


def test_place() -> None:
    assert place("a\nbc", 3) == (2, 2)


@pytest.mark.parametrize("name", ["ex:re\u0301sume\u0301", "ex:融資・補助", "ex:々ー", "山口・県:x", "_:施策・一"])
def test_names_of_every_script(name: str) -> None:
    assert [(token.kind, token.text) for token in tokens(f"{name} .")] == [("name", name), ("sign", ".")]
    variable = f"?{name.partition(':')[2]}"
    assert [token.text for token in tokens(variable)] == [variable]
