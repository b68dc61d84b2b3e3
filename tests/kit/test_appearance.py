"""A choice of how pages look sends nobody away from here."""

import pytest

from backend.kit.appearance import Look, _cookies, local_path


@pytest.mark.parametrize("address", ["/", "/thu-tuc?q=khai+sinh", "/ho-so/H29.131.02-261124-0147"])
def test_a_path_of_ours_is_gone_back_to(address: str) -> None:
    assert local_path(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "http://[",
        "javascript:alert(1)",
        "",
        "/a\r\nSet-Cookie: x",
    ],
)
def test_a_foreign_address_leads_to_the_choices_themselves(address: str) -> None:
    assert local_path(address) == "/giao-dien"


def test_only_known_choices_are_kept() -> None:
    kept = {cookie.key: cookie.value for cookie in _cookies(Look(theme="dark", text="200", language="fr"))}
    assert kept == {"theme": "dark"}
