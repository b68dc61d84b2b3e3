import io
from xml.etree import ElementTree

import segno

from backend.kit import qr

ADDRESS = "https://motcua.example.vn/tra-cuu/9f8e7d6c5b4a39281706f5e4d3c2b1a0"


def test_a_code_is_one_svg_without_style_script_or_size() -> None:
    drawn = ElementTree.fromstring(qr.svg(ADDRESS))
    assert drawn.tag.endswith("svg")
    assert "viewBox" in drawn.attrib
    for element in drawn.iter():
        assert not {"style", "class", "width", "height", "onload"} & set(element.attrib)
        assert element.tag.rsplit("}")[-1] in {"svg", "path"}


def test_a_code_is_black_on_white_also_in_the_dark() -> None:
    assert 'fill="#fff"' in qr.svg(ADDRESS)


def test_a_code_holds_what_segno_drew_for_the_text() -> None:
    expected = io.BytesIO()
    segno.make(ADDRESS, error="m", micro=False, boost_error=False).save(expected, kind="svg", xmldecl=False)
    path = ElementTree.fromstring(expected.getvalue()).findall(".//{*}path")[-1].attrib["d"]
    assert path in qr.svg(ADDRESS)


def test_text_that_could_be_markup_never_reaches_the_drawing() -> None:
    assert "script" not in qr.svg("<script>alert(1)</script>")
