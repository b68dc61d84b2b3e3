import re
from datetime import UTC, date, datetime

import msgspec
import pytest

from backend.dossiers.papers import (
    Acknowledgement,
    Form01,
    Form03,
    Office,
    Paper,
    Person,
    Tracking,
    number_of,
    render,
)
from tests.kit.reading_pdf import fonts, pages, promises, words

pytestmark = pytest.mark.anyio

MAI_KHE = Office(
    superior="Ủy ban nhân dân xã Mai Khê",
    unit="Trung tâm Phục vụ hành chính công xã Mai Khê",
    place="Mai Khê",
)
ANH = Person(
    name="Nguyễn Thị Ngọc Ánh",
    id_number="038190001234",
    address="Thôn Đông Hạ, xã Mai Khê, tỉnh Ninh Bình",
    phone="0912 345 678",
)
TRACKING = Tracking(
    url="https://motcua.example.vn/tra-cuu/9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    address="motcua.example.vn/tra-cuu",
    secret="K7MX4QRT",
)
CODE = "H29.131.02-261125-0147"
RECEIVED = datetime(2026, 11, 25, 3, 5, tzinfo=UTC)  # 10:05 in Việt Nam

FORM_01 = Form01(
    office=MAI_KHE,
    number=7,
    issued_on=date(2026, 11, 25),
    code=CODE,
    person=ANH,
    request="Đăng ký khai sinh",
    papers=["Giấy chứng sinh (bản điện tử)", "Tờ khai (điền trên mạng)"],
    limit="1 ngày làm việc",
    received_at=RECEIVED,
    due_at=datetime(2026, 11, 26, 10, 0, tzinfo=UTC),
    result_at="Trung tâm Phục vụ hành chính công xã Mai Khê",
    receiver_name="Trần Thị Mai",
    submitter_name="Nguyễn Thị Ngọc Ánh",
    tracking=TRACKING,
)
FORM_03 = Form03(
    office=MAI_KHE,
    number=12,
    issued_on=date(2026, 2, 3),
    code=CODE,
    person=ANH,
    request="Đăng ký khai sinh",
    reason="Cha và mẹ đều thường trú ở xã Hòa Lộc.\nNộp lại tại xã Hòa Lộc.",
    receiver_name="Trần Thị Mai",
)
ACKNOWLEDGEMENT = Acknowledgement(
    office=MAI_KHE,
    code=CODE,
    procedure_name="Thủ tục đăng ký khai sinh",
    procedure_code="1.001193",
    submitter_name="Nguyễn Thị Ngọc Ánh",
    submitted_at=RECEIVED,
    expected_at=datetime(2026, 11, 26, 10, 0, tzinfo=UTC),
    answer_by=datetime(2026, 11, 26, 3, 5, tzinfo=UTC),
    papers=["Giấy chứng sinh"],
    tracking=TRACKING,
)


async def printed(paper: Paper) -> str:
    return words(await render(paper))


@pytest.mark.parametrize("paper", [FORM_01, FORM_03, ACKNOWLEDGEMENT], ids=lambda paper: type(paper).__name__)
async def test_every_paper_is_one_page_in_one_face_for_archives_and_screen_readers(paper: Paper) -> None:
    pdf = await render(paper)
    assert pages(pdf) == 1
    assert fonts(pdf) == {"Tinos"}
    promised = promises(pdf)
    assert (promised["archive"], promised["accessible"], promised["language"]) == ("2A", "1", "vi-VN")
    assert CODE in str(promised["title"])


@pytest.mark.parametrize("paper", [FORM_01, FORM_03, ACKNOWLEDGEMENT], ids=lambda paper: type(paper).__name__)
async def test_every_paper_has_the_head_of_a_state_paper(paper: Paper) -> None:
    text = await printed(paper)
    for part in (
        "ỦY BAN NHÂN DÂN XÃ MAI KHÊ",
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG XÃ MAI KHÊ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ):
        assert part in text


async def test_form_01_carries_every_field_of_the_circular() -> None:
    text = await printed(FORM_01)
    for part in (
        "Số: 07/TTPVHCC",
        "Mai Khê, ngày 25 tháng 11 năm 2026",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        f"Mã hồ sơ: {CODE}",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Ngọc Ánh",
        "038190001234",
        "Địa chỉ: Thôn Đông Hạ, xã Mai Khê, tỉnh Ninh Bình",
        "Số điện thoại: 0912 345 678",
        "Email:",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
        "1. Giấy chứng sinh (bản điện tử)",
        "2. Tờ khai (điền trên mạng)",
        "Số lượng hồ sơ: 1 (bộ)",
        "theo quy định là: 1 ngày làm việc",
        "Thời gian nhận hồ sơ: 10 giờ 05 phút, ngày 25/11/2026",
        "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 26/11/2026",
        "Đăng ký nhận kết quả tại: Trung tâm Phục vụ hành chính công xã Mai Khê",
        "Vào Sổ theo dõi hồ sơ, Quyển số:",
        "Số thứ tự:",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Trần Thị Mai",
        "K7MX4QRT",
        "motcua.example.vn/tra-cuu",
    ):
        assert part in text
    assert "Giấy tờ ủy quyền" not in text


async def test_form_01_names_the_principal_and_the_authority_paper_on_delegation() -> None:
    father = Person(name="Lê Văn Bình", id_number="038085004321", phone="0987 654 321")
    text = await printed(
        msgspec.structs.replace(FORM_01, principal=father, authority_paper="Giấy ủy quyền ngày 20/11/2026")
    )
    assert "Nộp thay cho (người ủy quyền): Lê Văn Bình" in text
    assert "038085004321" in text
    assert "Giấy tờ ủy quyền: Giấy ủy quyền ngày 20/11/2026" in text


async def test_an_unsigned_online_paper_says_how_it_was_filed_instead_of_asking_for_ink() -> None:
    text = await printed(
        msgspec.structs.replace(FORM_01, submitter_note="(Nộp trực tuyến)", receiver_note="(Đã ký số)")
    )
    assert "(Nộp trực tuyến)" in text
    assert "(Đã ký số)" in text
    assert "(Ký và ghi rõ họ tên)" not in text


async def test_form_01_can_be_filled_in_by_hand_where_nothing_is_known_yet() -> None:
    blank = msgspec.structs.replace(FORM_01, number=None, papers=[], due_at=None, person=Person(name=""), tracking=None)
    text = await printed(blank)
    assert "Số: ……/TTPVHCC" in text
    assert "None" not in text


async def test_form_01_with_many_long_papers_runs_on_and_numbers_its_pages() -> None:
    many = [f"Giấy tờ số {number}: " + "bản sao có chứng thực, " * 6 for number in range(1, 31)]
    pdf = await render(msgspec.structs.replace(FORM_01, papers=many))
    assert pages(pdf) > 1
    assert "30. Giấy tờ số 30" in words(pdf)


async def test_form_03_carries_every_field_of_the_circular() -> None:
    text = await printed(FORM_03)
    for part in (
        "Số: 12/PTC-TTPVHCC",
        "Mai Khê, ngày 03 tháng 02 năm 2026",
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Ngọc Ánh",
        "038190001234",
        "Địa chỉ: Thôn Đông Hạ",
        "0912 345 678",
        f"Mã hồ sơ: {CODE}",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
        "với lý do cụ thể như sau: Cha và mẹ đều thường trú ở xã Hòa Lộc. Nộp lại tại xã Hòa Lộc.",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ):
        assert part in text


async def test_form_03_without_a_code_has_no_line_for_it() -> None:
    assert "Mã hồ sơ" not in await printed(msgspec.structs.replace(FORM_03, code=None))


async def test_the_acknowledgement_shows_the_expected_date_as_counted_from_receipt() -> None:
    text = await printed(ACKNOWLEDGEMENT)
    assert "Ngày dự kiến có kết quả: 26/11/2026 (tính từ khi xã tiếp nhận)" in text
    assert "Thời điểm nộp: 10 giờ 05 phút, ngày 25/11/2026" in text
    assert "Xã trả lời hồ sơ trước: 10 giờ 05 phút, ngày 26/11/2026" in text
    assert "không thay cho Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in text
    for part in (CODE, "K7MX4QRT", "Thủ tục đăng ký khai sinh (mã 1.001193)", "Người nộp: Nguyễn Thị Ngọc Ánh"):
        assert part in text


async def test_the_acknowledgement_promises_no_date_where_none_is_known() -> None:
    text = await printed(msgspec.structs.replace(ACKNOWLEDGEMENT, expected_at=None, answer_by=None))
    assert "Ngày dự kiến có kết quả: xã báo khi tiếp nhận" in text
    assert "tính từ khi" not in text
    assert "trả lời hồ sơ trước" not in text


@pytest.mark.parametrize("paper", [FORM_01, FORM_03, ACKNOWLEDGEMENT], ids=lambda paper: type(paper).__name__)
async def test_a_kept_snapshot_prints_the_same_words_again(paper: Paper) -> None:
    kept = msgspec.json.decode(msgspec.json.encode(paper), type=Paper)
    assert kept == paper
    assert await printed(kept) == await printed(paper)


async def test_what_a_person_typed_is_never_markup() -> None:
    text = await printed(msgspec.structs.replace(FORM_03, request='#panic("x")', reason="*đậm* = #eval(1) $x$"))
    assert '#panic("x")' in text
    assert "*đậm* = #eval(1) $x$" in text


def test_a_number_carries_the_mark_of_its_form_and_a_leading_nought() -> None:
    assert number_of("form_01", 7) == "07/TTPVHCC"
    assert number_of("form_03", 120) == "120/PTC-TTPVHCC"
    assert all(re.fullmatch(r"\d{2,}/[A-Z-]+", number_of(form, 1)) for form in ("form_01", "form_03"))
