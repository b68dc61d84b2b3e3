"""What people of the demo province come for: one entry per procedure, how often it comes, who asks, who settles it."""

from collections.abc import Callable
from datetime import date

import msgspec

from backend.demo import civil_matters as civil
from backend.demo import other_matters as other
from backend.demo.answers import Asker, Someone, Tell

LAW, LAND, SOCIAL = "tư pháp", "địa chính", "xã hội"


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of matter.

    Args:
        code: of the procedure.
        weight: how often it comes.
        tell: what is answered.
        desk: a word of the title of the officer who settles it.
        result: what the result is called.
        mark: behind the slash of the result's number.
        suits: whether a person of this age and sex comes with it.
    """

    code: str
    weight: int
    tell: Tell
    desk: str = LAW
    result: str
    mark: str
    suits: Callable[[Someone, date], bool] = lambda who, today: True


def _aged(least: int, most: int = 120) -> Callable[[Someone, date], bool]:
    return lambda who, today: least <= who.age(today) <= most


MATTERS = (
    Matter(
        code="1.001193", weight=9, tell=civil.birth, result="Giấy khai sinh", mark="KS", suits=_aged(20, 44),
    ),
    Matter(
        code="1.004873", weight=8, tell=civil.single, result="Giấy xác nhận tình trạng hôn nhân", mark="XNHN",
        suits=_aged(20, 50),
    ),
    Matter(
        code="2.000635", weight=9, tell=civil.copies, result="Bản sao trích lục khai sinh", mark="TLKS-BS",
    ),
    Matter(
        code="1.000656", weight=4, tell=civil.death, result="Trích lục khai tử", mark="TLKT", suits=_aged(30, 65),
    ),
    Matter(
        code="1.000894", weight=4, tell=civil.marriage, result="Giấy chứng nhận kết hôn", mark="KH",
        suits=_aged(22, 38),
    ),
    Matter(
        code="1.004859", weight=5, tell=civil.correction, result="Trích lục cải chính hộ tịch", mark="TLCCHT",
    ),
    Matter(
        code="2.000815", weight=12, tell=civil.certified_copies, result="Bản sao đã chứng thực", mark="CT-BS",
    ),
    Matter(
        code="2.000884", weight=5, tell=civil.signature, result="Văn bản đã chứng thực chữ ký", mark="CT-CK",
    ),
    Matter(
        code="2.001035", weight=3, tell=civil.contract, result="Hợp đồng đã chứng thực", mark="CT-HĐ",
        suits=_aged(28),
    ),
    Matter(
        code="2.000908", weight=3, tell=civil.from_register, result="Bản sao từ sổ gốc", mark="BS-SG",
    ),
    Matter(
        code="2.002516", weight=2, tell=civil.confirmation, result="Văn bản xác nhận thông tin hộ tịch", mark="XNHT",
    ),
    Matter(
        code="1.004194", weight=5, tell=civil.temporary_residence, result="Thông báo kết quả đăng ký tạm trú",
        mark="TB-CT08", suits=_aged(18, 45),
    ),
    Matter(
        code="1.004222", weight=4, tell=civil.permanent_residence, result="Thông báo kết quả đăng ký thường trú",
        mark="TB-CT08",
    ),
    Matter(
        code="1.010041", weight=4, tell=civil.residence_paper, result="Giấy xác nhận thông tin về cư trú",
        mark="XN-CT07",
    ),
    Matter(
        code="1.013133", weight=2, tell=civil.military, result="Giấy chứng nhận đăng ký nghĩa vụ quân sự",
        mark="ĐK-NVQS", suits=_aged(38, 55),
    ),
    Matter(
        code="1.001776", weight=4, tell=other.social_aid, desk=SOCIAL,
        result="Quyết định trợ cấp xã hội hàng tháng", mark="QĐ-UBND", suits=_aged(25, 62),
    ),
    Matter(
        code="1.014027", weight=5, tell=other.old_age, desk=SOCIAL, result="Quyết định trợ cấp hưu trí xã hội",
        mark="QĐ-UBND", suits=_aged(40),
    ),
    Matter(
        code="1.014028", weight=2, tell=other.funeral, desk=SOCIAL, result="Quyết định hỗ trợ chi phí mai táng",
        mark="QĐ-UBND", suits=_aged(30),
    ),
    Matter(
        code="1.014336", weight=4, tell=other.school, desk=SOCIAL, result="Quyết định hỗ trợ chi phí học tập",
        mark="QĐ-UBND", suits=_aged(28, 50),
    ),
    Matter(
        code="1.010803", weight=2, tell=other.martyr, desk=SOCIAL, result="Quyết định trợ cấp thờ cúng liệt sĩ",
        mark="QĐ-UBND", suits=_aged(45),
    ),
    Matter(
        code="1.011607", weight=2, tell=other.poor_household, desk=SOCIAL,
        result="Quyết định công nhận hộ nghèo", mark="QĐ-UBND", suits=_aged(30, 75),
    ),
    Matter(
        code="1.001612", weight=6, tell=other.business, desk=LAND,
        result="Giấy chứng nhận đăng ký hộ kinh doanh", mark="GCN-HKD", suits=_aged(22, 60),
    ),
    Matter(
        code="2.000720", weight=3, tell=other.business_change, desk=LAND,
        result="Giấy chứng nhận đăng ký hộ kinh doanh (thay đổi)", mark="GCN-HKD", suits=_aged(22, 60),
    ),
    Matter(
        code="1.001570", weight=3, tell=other.business_pause, desk=LAND,
        result="Giấy xác nhận tạm ngừng kinh doanh", mark="XN-HKD", suits=_aged(22, 65),
    ),
    Matter(
        code="1.001266", weight=3, tell=other.business_end, desk=LAND,
        result="Thông báo chấm dứt hoạt động hộ kinh doanh", mark="TB-HKD", suits=_aged(25, 70),
    ),
    Matter(
        code="1.013225", weight=5, tell=other.building, desk=LAND, result="Giấy phép xây dựng", mark="GPXD",
        suits=_aged(25, 70),
    ),
    Matter(
        code="1.013978", weight=2, tell=other.land_certificate, desk=LAND,
        result="Giấy chứng nhận quyền sử dụng đất", mark="GCN-QSDĐ", suits=_aged(30),
    ),
    Matter(
        code="1.012812", weight=2, tell=other.land_dispute, desk=LAND, result="Biên bản hòa giải", mark="BB-HG",
        suits=_aged(30),
    ),
    Matter(
        code="2.001801", weight=4, tell=other.petition, desk=LAND, result="Thông báo xử lý đơn", mark="TB-UBND",
    ),
    Matter(
        code="1.116556", weight=2, tell=other.information, desk=LAND, result="Văn bản cung cấp thông tin",
        mark="UBND-VP",
    ),
)  # fmt: skip

BY_CODE = {matter.code: matter for matter in MATTERS}

__all__ = ["BY_CODE", "MATTERS", "Asker", "Matter"]
