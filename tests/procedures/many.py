"""7,000 procedures made up beside the real ones, from the words ministries really use: the size of the national catalogue."""

import random
import string
from itertools import product

from backend.procedures.search import Entry

ACTS = (
    "Cấp", "Cấp lại", "Cấp đổi", "Gia hạn", "Điều chỉnh", "Thu hồi", "Chấp thuận", "Thẩm định", "Công nhận", "Phê duyệt",
    "Đăng ký", "Thông báo", "Xác nhận", "Kiểm tra", "Chuyển nhượng", "Tạm ngừng", "Chấm dứt", "Sửa đổi, bổ sung",
)  # fmt: skip
PAPERS = (
    "giấy phép", "chứng chỉ hành nghề", "giấy chứng nhận đủ điều kiện", "quyết định", "thẻ", "văn bản chấp thuận",
    "mã số", "phiếu", "hồ sơ", "phương án", "kế hoạch", "báo cáo",
)  # fmt: skip
MATTERS = (
    "kinh doanh rượu", "vận tải hành khách bằng xe ô tô", "khai thác nước dưới đất", "xả nước thải vào công trình thủy lợi",
    "hoạt động in ấn", "biểu diễn nghệ thuật", "dạy thêm", "thành lập trường mầm non tư thục", "khám bệnh, chữa bệnh",
    "bán lẻ thuốc", "an toàn thực phẩm", "quảng cáo ngoài trời", "hoạt động bưu chính", "sản xuất giống cây trồng",
    "nuôi trồng thủy sản lồng bè", "khai thác thủy sản", "chăn nuôi trang trại", "bảo vệ thực vật", "phòng cháy, chữa cháy",
    "đấu nối vào quốc lộ", "thi công trên đường bộ", "phương tiện thủy nội địa", "bến khách ngang sông", "hòa giải viên",
    "báo cáo viên pháp luật", "luật sư", "công chứng viên", "giám định tư pháp", "đấu giá tài sản", "quản tài viên",
    "hội nghị quốc tế", "di tích lịch sử", "bảo vật quốc gia", "thư viện tư nhân", "câu lạc bộ thể thao",
    "hướng dẫn viên du lịch", "lưu trú du lịch", "đào tạo lái xe", "an toàn lao động", "dịch vụ việc làm",
    "người lao động nước ngoài", "bảo hiểm thất nghiệp", "đo lường", "sở hữu công nghiệp", "năng lượng nguyên tử",
    "viễn thông", "tần số vô tuyến điện",
    "hóa chất", "vật liệu nổ công nghiệp", "điện lực", "xăng dầu", "khí dầu mỏ hóa lỏng", "thuốc lá", "khoáng sản",
    "môi trường", "đa dạng sinh học", "biển và hải đảo", "khí tượng thủy văn", "đo đạc và bản đồ", "lâm nghiệp",
    "rừng trồng", "kiểm lâm", "thú y", "thủy lợi", "đê điều", "phòng chống thiên tai", "phát triển nông thôn", "hợp tác xã",
    "quỹ tín dụng", "đầu tư công", "đấu thầu", "khu công nghiệp", "hỗ trợ doanh nghiệp nhỏ", "ngoại hối", "hải quan", "thuế",
)  # fmt: skip
QUALITIES = (
    "cấp tỉnh", "lần đầu", "đối với tổ chức", "đối với cá nhân", "do thay đổi thông tin", "bị mất, hỏng", "có thời hạn",
    "cho chi nhánh", "trong khu kinh tế", "theo yêu cầu", "quy mô nhỏ", "có yếu tố nước ngoài",
)  # fmt: skip


def many(count: int = 6940, seed: int = 7) -> list[Entry]:
    """Return `count` invented procedures, always the same for one seed."""
    chance = random.Random(seed)
    combinations = list(product(ACTS, PAPERS, MATTERS, QUALITIES))
    chance.shuffle(combinations)
    entries = []
    for number, (act, paper, matter, quality) in enumerate(combinations[:count]):
        name = f"{act} {paper} {matter} {quality}"
        entries.append(
            Entry(
                code=f"3.{900000 + number:06d}",
                slug="thu-tuc",
                name=f"Thủ tục {name[0].lower()}{name[1:]}",
                plain_name=name,
                synonyms=(
                    f"{paper} {matter} {quality}",
                    f"xin {act.lower()} {paper} {matter} {chance.choice(QUALITIES)}",
                ),
                field_slug=f"linh-vuc-{number % 40}",
                field_name=f"Lĩnh vực {matter}",
                audience=("citizen", "business"),
                service_level=chance.choice(("full", "partial", "information")),
                frequency=chance.choice((1, 1, 2, 3)),
                channels=("online", "counter"),
            )
        )
    return entries


def typo(text: str, chance: random.Random) -> str:
    """One slip of the finger: a letter lost, added, wrong, or two swapped."""
    place = chance.randrange(len(text) - 1)
    letter = chance.choice(string.ascii_lowercase)
    return chance.choice(
        (
            text[:place] + text[place + 1 :],
            text[:place] + letter + text[place:],
            text[:place] + letter + text[place + 1 :],
            text[:place] + text[place + 1] + text[place] + text[place + 2 :],
        )
    )
