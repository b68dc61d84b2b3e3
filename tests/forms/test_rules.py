"""Every rule refuses once, in a sentence that shows what was typed; and lets pass what is right."""

from datetime import date
from typing import Any

import pytest

from backend.files.checks import Rule, check_size
from backend.forms.definition import Field, FieldType, Option, Validation
from backend.forms.facts import Facts, FileFacts
from backend.forms.personal_number import doubts_about
from backend.forms.rules import Asking, file_mistake, items_mistake, mistake
from backend.forms.validation import missing
from backend.kit.errors import TooLarge
from tests.forms.lists import OFFERED

T = FieldType
FACTS = Facts(
    today=date(2026, 11, 24),
    working_day=lambda day: day.weekday() < 5,
    taken=frozenset({("a.x", "tap hoa lan")}),
    files={
        "big": FileFacts("nha.jpg", "image/jpeg", 32_000_000),
        "doc": FileFacts("don.docx", "application/msword", 10_000),
        "ok": FileFacts("nha.jpg", "image/jpeg", 500_000),
    },
)
ASKING = Asking(answers={"a": {"from": "2026-05-01", "province": "22"}}, facts=FACTS, choices=OFFERED)
SEX = [Option(value="m", label="Nam"), Option(value="f", label="Nữ")]


def field(kind: FieldType, label: str = "Ngày sinh", options: list[Option] | None = None, **rules: Any) -> Field:
    top = {key: rules.pop(key) for key in ("precision", "options_from", "depends_on", "required") if key in rules}
    validation = Validation(**rules) if rules else None
    return Field(key="x", label=label, type=kind, options=options or [], validation=validation, **top)


def said(asked: Field, value: Any) -> str | None:
    return mistake(asked, "a.x", value, ASKING)


@pytest.mark.parametrize(
    ("asked", "bad", "sentence", "good"),
    [
        (field(T.TEXT, min_length=5), "ba", "Ghi ít nhất 5 ký tự, đang có 2.", "năm chữ"),
        (field(T.TEXT, max_length=3), "bốn ạ", "Ghi nhiều nhất 3 ký tự, đang có 5.", "ba"),
        (field(T.TEXT, pattern="^[a-z]+$", message="Chỉ ghi chữ."), "a1", "Chỉ ghi chữ. Đang ghi “a1”.", "a"),
        (field(T.TEXT, "Giờ sinh", pattern=r"^\d\d:\d\d$"), "7h", "Chưa đúng cách ghi giờ sinh. Đang ghi “7h”.", "07:00"),
        (field(T.IDNUMBER), "03819800641", "Số định danh có 12 chữ số, đang có 11.", "038198006417"),
        (field(T.IDNUMBER), "03819800641A", "Số định danh có 12 chữ số, chỉ ghi số, đang ghi “03819800641A”.", "038198006417"),
        (field(T.TEXT, "Mã số bảo hiểm", digits=10), "123", "Mã số bảo hiểm có 10 chữ số, đang có 3.", "0123456789"),
        (field(T.PHONE), "091234567", "Số di động có 10 chữ số, đang có 9.", "0912345678"),
        (field(T.PHONE), "0212345678",
         "Số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09, đang ghi “0212345678”.", "0712345678"),
        (field(T.TEXT, format="email"), "an@xa", "Thư điện tử có dạng ten@noigui.vn, đang ghi “an@xa”.", "an@xa.vn"),
        (field(T.TEXT, forbidden_words=["công ty"]), "Công Ty A", "Không được có chữ “công ty”, đang ghi “Công Ty A”.", "Lan"),
        (field(T.TEXT, unique_in="commune"), "Tạp hóa Lan", "Đã có nơi khác dùng “Tạp hóa Lan”. Ghi tên khác.", "Tạp hóa Mai"),
        (field(T.TEXT), {"a": 1}, "Không đọc được câu trả lời “{'a': 1}”. Ghi lại.", "x"),
        (field(T.DATE), {"day": "31", "month": "11", "year": "2026"},
         "31/11/2026 không có trong lịch. Xem lại ngày trên giấy.", "2026-11-30"),
        (field(T.DATE), {"day": "5", "year": "1958"}, "5/1958 còn thiếu tháng.", "1958-03-05"),
        (field(T.DATE), "1958", "1958 còn thiếu ngày, tháng.", "1958-03-05"),
        (field(T.DATE, precision=["day", "month", "year"]), {"month": "3"}, "3 còn thiếu năm.", "1958"),
        (field(T.DATE), {"day": "ba", "month": "3", "year": "1958"}, "Ngày, tháng, năm chỉ ghi số, đang ghi “ba”.", "1958-03-03"),
        (field(T.DATE), {"day": "1", "month": "3", "year": "58"}, "Năm ghi đủ 4 chữ số, đang ghi 58.", "1958-03-01"),
        (field(T.DATE), "1026-11-24", "Năm 1026 quá xa. Xem lại năm.", "2026-11-24"),
        (field(T.DATE, not_future=True), "2026-11-25", "25/11/2026 chưa tới. Ghi ngày từ hôm nay trở về trước.", "2026-11-24"),
        (field(T.DATE, not_past=True), "2026-11-23", "23/11/2026 đã qua. Ghi ngày từ 24/11/2026 trở đi.", "2026-11-24"),
        (field(T.DATE, working_day=True), "2026-11-28",
         "Thứ\u00a0Bảy\u00a028/11/2026 xã không làm việc. Chọn ngày khác.", "2026-11-27"),
        (field(T.DATE, "Đến ngày", not_before="a.from"), "2026-04-30",
         "30/04/2026 trước 01/05/2026. Đến ngày phải từ ngày đó trở đi.", "2026-05-01"),
        (field(T.DATE, max_age_years=14), "2012-11-23", "Từ 23/11/2012 đến nay đã quá 14 năm.", "2012-11-24"),
        (field(T.NUMBER), "hai", "Chỉ ghi số, đang ghi “hai”.", 2),
        (field(T.NUMBER, integer=True), 2.5, "Ghi số nguyên, đang ghi 2,5.", 2),
        (field(T.NUMBER, min=1), 0, "Nhỏ nhất là 1, đang ghi 0.", 1),
        (field(T.NUMBER, max=20), 25, "Lớn nhất là 20, đang ghi 25.", 20),
        (field(T.NUMBER, max_expr="this_year"), 2027, "Năm 2027 chưa tới.", 2026),
        (field(T.MONEY, max=100_000_000_000), 200_000_000_000, "Lớn nhất là 100.000.000.000, đang ghi 200.000.000.000.", 5),
        (field(T.RADIO, options=SEX), "x", "“x” không có trong danh sách. Chọn lại.", "m"),
        (field(T.SELECT, options_from="countries"), "XX", "“XX” không có trong danh sách. Chọn lại.", "VN"),
        (field(T.SELECT, "Xã, phường", options_from="communes", depends_on="province"), "00004",
         "Chọn lại xã, phường: không có trong tỉnh đã chọn.", "06637"),
        (field(T.CHECKBOX, options=SEX, min_items=2), ["m"], "Chọn ít nhất 2 mục, đang chọn 1.", ["m", "f"]),
        (field(T.CHECKBOX, options=SEX, max_items=1), ["m", "f"], "Chọn nhiều nhất 1 mục, đang chọn 2.", ["m"]),
        (field(T.CHECKBOX, options=SEX, must_include=["f"]), ["m"], "Phải chọn cả “Nữ”.", ["f"]),
        (field(T.CHECKBOX, options=SEX), ["z"], "“z” không có trong danh sách. Chọn lại.", ["f"]),
        (field(T.CHECKBOX, must_be=True), False, "Chưa đánh dấu ô này. Phải đánh dấu mới nộp được.", True),
        (field(T.FILE, max_files=2), ["a", "b", "c"], "Nhiều nhất 2 tệp, đang có 3. Bỏ bớt.", ["a"]),
        (field(T.FILE, max_mb=20), ["big"], "Tệp 32\u00a0MB, tối đa 20 MB. Chụp bằng nút Chụp sẽ nhẹ hơn.", ["ok"]),
        (field(T.FILE, accept=["application/pdf", "image/jpeg"]), ["doc"],
         "Tệp “don.docx” không mở được ở đây. Gửi ảnh hoặc PDF.", ["ok"]),
    ],
)  # fmt: skip
def test_a_rule_refuses_in_its_own_words(asked: Field, bad: Any, sentence: str, good: Any) -> None:
    assert said(asked, bad) == sentence
    assert said(asked, good) is None


@pytest.mark.parametrize(
    ("asked", "count", "sentence"),
    [
        (field(T.REPEAT, min_items=1), 0, "Cần ít nhất 1, đang có 0. Bấm nút thêm ở dưới."),
        (field(T.REPEAT, required=True), 0, "Cần ít nhất 1, đang có 0. Bấm nút thêm ở dưới."),
        (field(T.REPEAT, max_items=3), 4, "Nhiều nhất 3, đang có 4. Bỏ bớt."),
        (field(T.REPEAT, max_items=3), 3, None),
        (field(T.REPEAT, required=False), 0, None),
    ],
)
def test_a_group_has_as_many_items_as_it_may(asked: Field, count: int, sentence: str | None) -> None:
    assert items_mistake(asked, count) == sentence


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (field(T.TEXT, "Họ, chữ đệm, tên của bé"), "Chưa ghi họ, chữ đệm, tên của bé."),
        (field(T.RADIO, "Giới tính", SEX), "Chưa chọn giới tính."),
        (field(T.RADIO, "Cha mẹ đã đăng ký kết hôn chưa?", SEX), "Chưa trả lời câu này."),
        (field(T.FILE, "Giấy tờ chứng minh"), "Chưa gửi giấy tờ chứng minh."),
        (field(T.TEXT, "VNeID của tôi"), "Chưa ghi VNeID của tôi."),
        (field(T.CHECKBOX, "Tôi cam đoan"), "Chưa đánh dấu ô này. Phải đánh dấu mới nộp được."),
    ],
)
def test_what_is_missing_is_named(asked: Field, sentence: str) -> None:
    assert missing(asked) == sentence


CHECKS = ["province_code", "century_sex"]


@pytest.mark.parametrize(
    ("number", "year", "sex", "says"),
    [
        ("038198006417", 1998, "female", []),
        ("022302000001", 2002, "female", []),
        ("099198006417", 1998, "female", ["Số định danh bắt đầu bằng 099, không tỉnh nào có mã này. Xem lại."]),
        ("038198006417", 1989, None,
         ["Số định danh là của người sinh năm 1998, ngày sinh đang ghi 1989. Xem lại."]),
        ("038198006417", None, "male", ["Số định danh là của nữ, giới tính đang chọn nam. Xem lại."]),
        ("145198006417", 1998, None, []),
        ("0381", 1998, "male", []),
    ],
)  # fmt: skip
def test_a_personal_number_that_does_not_agree_only_warns(
    number: str, year: int | None, sex: str | None, says: list[str]
) -> None:
    assert doubts_about(number, CHECKS, year, sex) == says


def test_a_rule_that_is_not_asked_for_is_not_tried() -> None:
    assert doubts_about("099198006417", [], 1989, "male") == []


@pytest.mark.parametrize("size", [10_000_000, 10_000_001, 10_200_000, 10 * 1024 * 1024])
def test_a_step_refuses_just_the_files_that_the_upload_refuses(size: int) -> None:
    asked, rule = field(T.FILE, max_mb=10), Rule(max_mb=10)
    sentence = file_mistake(asked.rules, FileFacts(name="don.pdf", media_type="application/pdf", size=size))
    if sentence is None:
        check_size(size, rule)
    else:
        with pytest.raises(TooLarge):
            check_size(size, rule)
    assert (sentence is None) == (size <= 10_000_000)
