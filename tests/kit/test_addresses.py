"""Where somebody is sent on to: a path of ours only, in letters a header can carry."""

import pytest

from backend.kit.addresses import for_header, is_local


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/toi", True),
        ("/thu-tuc?q=a%20b", True),
        ("/thu-tuc?q=khai+sinh#giay-to", True),
        ("//evil", False),
        ("/\\evil", False),
        ("/\n/evil", False),
        ("/\t/evil", False),
        ("https://evil", False),
        ("http://[", False),
        ("", False),
        ("toi", False),
        ("/a b", False),
    ],
)
def test_only_paths_of_ours_are_gone_on_to(path: str, ours: bool) -> None:
    assert is_local(path) == ours


def test_accents_in_an_address_fit_into_a_header_and_nothing_else_changes() -> None:
    assert for_header("/ho-so/ế?x=1&y=%E1%BA%BF#a") == "/ho-so/%E1%BA%BF?x=1&y=%E1%BA%BF#a"
