"""Who of an office does what: officers by role and desk, running numbers, and what they write on dossiers."""

from collections import defaultdict
from random import Random
from uuid import UUID

from backend.agencies.officers import Officer
from backend.agencies.tables import Role
from backend.demo.matters import Matter
from backend.demo.opening import Office

REFUSALS = (
    "Việc này thuộc thẩm quyền của xã nơi cư trú hiện nay, không phải của xã. Nộp lại tại đó.",
    "Ảnh giấy tờ mờ, không đọc được số và ngày. Chụp lại rõ cả bốn góc rồi nộp hồ sơ mới.",
    "Người nộp không thuộc những người được yêu cầu việc này và không có văn bản ủy quyền.",
    "Hồ sơ trùng với hồ sơ đã nộp trước đó, xã đang giải quyết hồ sơ kia.",
    "Thông tin khai không khớp với dữ liệu dân cư. Đến công an xã đối chiếu rồi nộp lại.",
)
REJECTIONS = (
    "Hồ sơ không đủ điều kiện theo quy định: thông tin đối chiếu trong sổ gốc khác với giấy tờ đã nộp.",
    "Không tìm thấy dữ liệu gốc ở xã, cần liên hệ nơi đã đăng ký trước đây để xác nhận.",
    "Không thuộc đối tượng được hưởng theo quy định hiện hành.",
    "Giấy tờ làm căn cứ không hợp lệ, không có dấu của cơ quan cấp.",
)
PLACES = ("Công an tỉnh Hà Thanh", "Sở Xây dựng tỉnh Hà Thanh", "Điện lực khu vực Mai Khê", "Thanh tra tỉnh Hà Thanh")
INSIDE = (
    "Đã đối chiếu sổ gốc, thông tin khớp.",
    "Đã gọi cho người nộp, hẹn mang bản chính khi đến nhận.",
    "Chờ văn bản trả lời của xã bên, đã nhắc qua điện thoại.",
    "Kiểm tra thực địa sáng mai, đi cùng trưởng thôn.",
    "Giấy tờ đủ, chuyển lãnh đạo ký.",
)
SHOWN = (
    "Khi đến nhận kết quả, mang theo căn cước và giấy hẹn.",
    "Xã đã nhận đủ giấy tờ, không phải nộp thêm gì.",
    "Bản chính giấy tờ mang đến để đối chiếu khi nhận kết quả.",
)
DECLINED = "Xem lại: giấy tờ bổ sung ở sổ cũ vẫn dùng được. Làm tiếp giúp tôi."
LATE = "Hồ sơ quá hạn, báo lý do và ngày xong trong hôm nay."


class Crew:
    """The officers of all communes, and the numbers they give out."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._numbers: dict[tuple[UUID, str], int] = defaultdict(lambda: 40)

    def officer(self, agency: UUID, role: Role, matter: Matter, rng: Random) -> Officer:
        """Return who does a matter's step of `role`: the processor of its desk, mostly the first of the others."""
        able = [one for one in self.office.officers[agency] if one.may(role)]
        if role is Role.PROCESSOR:
            return next((one for one in able if matter.desk in one.title), able[0])
        return able[0] if len(able) == 1 or rng.random() < 0.7 else able[-1]

    def number(self, agency: UUID, mark: str) -> str:
        """Return the next number of a kind of result."""
        self._numbers[agency, mark] += 1
        return f"{self._numbers[agency, mark]}/{mark}"
