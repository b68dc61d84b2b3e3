"""The text of an ID card's code: what it fills in, and what is no card."""

from datetime import date
from typing import Any

import pytest

from backend.agencies.units import Unit, Units
from backend.dossiers.card import known_from, read_card
from backend.kit.errors import Invalid

TEXT = "038084012653|038012653|BÙI ĐỨC THUẬN|12031984|Nam|Thôn Bến Đá, Mai Khê, Hà Thanh|01012022"
UNITS = Units(
    provinces=(Unit("38", "Tỉnh Hà Thanh"), Unit("01", "Thành phố Hà Nội")),
    communes={"38": (Unit("16438", "Xã Mai Khê"), Unit("16441", "Phường Đồng Sen"))},
)


def test_a_card_says_who_its_holder_is() -> None:
    card = read_card(TEXT)
    assert (card.number, card.name, card.born, card.sex) == ("038084012653", "Bùi Đức Thuận", date(1984, 3, 12), "male")


@pytest.mark.parametrize("more", ["|||", "|A|B|C|D", ""])
def test_newer_cards_say_more_and_an_old_number_may_be_missing(more: str) -> None:
    assert read_card(f"038184012653||LÒ THỊ MÂY|01011984|Nữ|Mai Khê, Hà Thanh|01012024{more}").sex == "female"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "khong phai the",
        "038084012653",
        "03808401265|1|A|12031984|Nam|X|1",
        "038084012653|1|A|31021984|Nam|X|1",
        "038084012653|1||12031984|Nam|X|1",
        "https://example.vn/|a|b|c|d|e|f",
        "038084012653|1|A|1203198a|Nam|X|1",
    ],
)
def test_what_is_no_card_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_card(text)
    assert "Quét lại" in refused.value.sentence


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("Thôn Bến Đá, Mai Khê, Hà Thanh", {"province": "38", "commune": "16438", "detail": "Thôn Bến Đá"}),
        ("Tổ 3, P. Đồng Sen, TX Cũ, Hà Thanh", {"province": "38", "detail": "Tổ 3, P. Đồng Sen, TX Cũ"}),
        ("Đồng Sen, Thị xã Cũ, Tỉnh Hà Thanh", {"province": "38", "commune": "16441"}),
        ("Số 5, nước ngoài", {"detail": "Số 5, nước ngoài"}),
        ("", {}),
    ],
)
def test_an_address_finds_its_units_and_loses_no_word_that_places_nothing(address: str, found: dict[str, Any]) -> None:
    card = read_card(f"038084012653||BÙI ĐỨC THUẬN|12031984|Nam|{address}|01012022")
    assert known_from(card, UNITS)["residence"] == found
