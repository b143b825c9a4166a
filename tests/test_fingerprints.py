"""Fingerprints of pages: what they answer of words, how they look, and what they cannot tell."""

import csv
import random
import string

import pytest

from service.building.fingerprints import (
    fold,
    in_one_word,
    mark,
    marks,
    numbers,
    pack,
    page_pieces,
    readable,
    side_by_side,
    unpack,
    whole_words,
    words_within,
)
from tests.building import ROOT

TEXT = "中小企業支援法\t製造業・建設業等 300人以下又は3億円以下\n181,266千円（特別枠100,000千円） 商 工 費 ①ゴム製品 (083) 902-3711"
PAGE = marks(69, page_pieces(TEXT))


def stands(pieces: list[str]) -> bool:
    return all(mark(69, piece) in PAGE for piece in pieces)


@pytest.mark.parametrize(
    "cell",
    [
        "中小企業支援法",
        "製造業・建設業等",
        "300人以下又は3億円以下",
        "商工費",
        "１８１，２６６千円",
        "181266千円",
        "特別枠",
        "083",
        "①ゴム製品",
    ],
)
def test_words_of_the_page_stand_whatever_their_width_blanks_and_commas(cell: str) -> None:
    assert stands(whole_words(cell))


@pytest.mark.parametrize(
    "cell",
    [
        "中小企業支法",
        "小企業支援法",
        "中小企業支援",
        "製造業・建設等",
        "200人以下又は3億円以下",
        "181,267千円",
        "082",
    ],
)
def test_a_letter_lost_or_another_digit_is_noticed(cell: str) -> None:
    assert not stands(whole_words(cell))


def test_words_within_may_begin_and_end_anywhere() -> None:
    assert stands(words_within("企業支援"))
    assert not stands(whole_words("企業支援"))


def test_numbers_stand_whole() -> None:
    assert numbers("約1,229億円、1.8%と3") == ["1229", "1.8", "3"]
    assert stands(words_within("300人"))
    assert not stands(words_within("30"))


def test_what_is_printed_side_by_side() -> None:
    assert stands(side_by_side("中小企業支援法", "製造業・建設業等"))
    assert stands(side_by_side("製造業", "建設業等"))
    assert not stands(side_by_side("中小企業支援法", "商工費"))
    assert stands(in_one_word("中小企業", "支援法"))
    assert not stands(in_one_word("中小企業", "以下"))


def test_a_page_is_packed_into_one_cell_and_back() -> None:
    assert unpack(pack(PAGE)) == PAGE
    assert set(pack(PAGE)) <= set(string.ascii_letters + string.digits + "+/=")


def test_the_same_words_look_different_on_every_page() -> None:
    assert len(marks(69, page_pieces(TEXT)) & marks(70, page_pieces(TEXT))) < len(PAGE) / 4


def test_a_message_shows_a_piece_as_people_write_it() -> None:
    assert readable(whole_words("支援")[0]) == "|支援"
    assert readable(side_by_side("支援", "法律")[0]) == "支援 法律"


def test_folding_unifies_signs_but_no_letters() -> None:
    assert fold("Ａ〜Ｂ―Ｃ 1,010億円") == "A~B-C 1010億円"
    assert fold("センター鑄") == "センター鑄"


def test_the_pages_of_the_booklet_are_known_and_say_little_else() -> None:
    csv.field_size_limit(2**20)
    with (ROOT / "data" / "2024" / "page-fingerprints.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["page"]) for row in rows] == list(range(1, 95))
    known = {int(row["page"]): unpack(row["fingerprint"]) for row in rows}
    assert all(300 < len(found) < 3000 for found in known.values())
    dice = random.Random(1)
    guesses = [
        (dice.randrange(1, 95), "".join(chr(dice.randrange(0x4E00, 0x9FA0)) for _ in range(3))) for _ in range(5000)
    ]
    assert sum(mark(page, guess) in known[page] for page, guess in guesses) < 250  # chance alone says yes to these
