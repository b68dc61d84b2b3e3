"""What is answered in matters of social aid, household business, land, and when people write to their commune."""

from datetime import timedelta
from typing import Any

from backend.demo.answers import Asker
from backend.demo.civil_matters import delivery, request, submitter


def social_aid(asker: Asker) -> dict[str, Any]:
    """A monthly allowance for a severely disabled father or mother."""
    rng = asker.rng
    parent = asker.relative(27)
    return {
        **submitter(asker, "carer"),
        "request.kind": "start",
        "request.group": "disabled",
        "subject.person": parent.person(),
        "subject.poor": rng.choice(("poor", "near_poor", "none")),
        "subject.income_now": ["none"],
        "disability.certificate_no": f"{rng.randint(100, 990)}/GXN",
        "disability.level": "severe",
        "payment.method": "bank",
        "payment.account_name": parent.name,
        "payment.account_number": f"{rng.randrange(10**11, 10**12)}",
        "payment.bank": rng.choice(("Agribank", "Vietcombank", "BIDV", "VietinBank")),
    }


def old_age(asker: Asker) -> dict[str, Any]:
    """The allowance of those who are seventy-five and have no pension."""
    own = asker.who.age(asker.today) >= 75
    if own:
        return request(asker, "Đề nghị hưởng trợ cấp hưu trí xã hội. Tôi đủ tuổi, không có lương hưu.")
    parent = asker.relative(76 - asker.who.age(asker.today))
    return request(asker, f"Đề nghị trợ cấp hưu trí xã hội cho {parent.name}, sinh năm {parent.born.year}.", "relative")


def funeral(asker: Asker) -> dict[str, Any]:
    """Money for the funeral of somebody who had a social pension."""
    dead = asker.relative(30)
    return request(asker, f"Đề nghị hỗ trợ chi phí mai táng cho {dead.name}, người hưởng hưu trí xã hội.", "relative")


def school(asker: Asker) -> dict[str, Any]:
    """Support for a child at a public school."""
    child = asker.relative(-asker.who.age(asker.today) + asker.rng.randint(10, 13), family=asker.parents_name())
    grade = asker.rng.randint(3, 9)
    return request(asker, f"Đề nghị hỗ trợ chi phí học tập cho con là {child.name}, học lớp {grade}.", "parent")


def martyr(asker: Asker) -> dict[str, Any]:
    """Who keeps the altar of a fallen soldier."""
    family = asker.who.name.split()[0]
    content = f"Đề nghị trợ cấp thờ cúng liệt sĩ {family} Văn Thắng, hy sinh năm 1972. Gia đình cử tôi thờ cúng."
    return request(asker, content, "relative")


def poor_household(asker: Asker) -> dict[str, Any]:
    """A household hit by illness."""
    rng, who = asker.rng, asker.who
    child = asker.relative(-25, family=asker.parents_name())
    members = [
        {"person": who.person(), "relation": "head", "work": "farm", "income_month": 1_500_000,
         "health_insurance": "yes", "disability": "no"},
        {"person": asker.spouse().person(), "relation": "spouse", "work": "none", "health_insurance": "yes",
         "disability": "yes"},
        {"person": child.person(), "relation": "child", "work": "student", "health_insurance": "yes",
         "disability": "no", "school": "yes"},
    ]  # fmt: skip
    return {
        **submitter(asker, "head"),
        "request.kind": "poor",
        "request.reason": ["illness", "job"],
        "request.detail": "Vợ chồng ốm đau từ đầu năm, chỉ còn làm ruộng.",
        "household.address": asker.address(hamlet=rng.choice(asker.commune.hamlets)),
        "household.area": "rural",
        "household.members": members,
        "living.house": "weak",
        "living.house_area": 42,
        "living.water": "well",
        "living.toilet": "no",
        "living.assets": ["motorbike", "phone"],
        "living.internet": "no",
    }


BUSINESSES = (
    ("Tạp hóa {name}", "4711", "Bán lẻ hàng tạp hóa", 80),
    ("Quán bún {name}", "5610", "Quán ăn sáng", 60),
    ("Sửa chữa xe máy {name}", "4542", "Sửa chữa mô tô, xe máy", 120),
    ("May đo {name}", "1410", "May trang phục", 50),
    ("Cắt tóc {name}", "9631", "Cắt tóc, gội đầu", 40),
    ("Cơ khí {name}", "2511", "Gia công cửa sắt, khung nhôm", 200),
    ("Giống cây trồng {name}", "4620", "Bán buôn giống cây, phân bón", 150),
)


def business(asker: Asker) -> dict[str, Any]:
    """A shop or a workshop of one person."""
    rng, who = asker.rng, asker.who
    title, code, what, capital = rng.choice(BUSINESSES)
    return {
        **submitter(asker, "owner"),
        "owner.person": who.person(),
        "owner.founder": "person",
        "business.name": title.format(name=" ".join(who.name.split()[-2:])),
        "business.address": asker.address(hamlet=rng.choice(asker.commune.hamlets)),
        "business.phone": who.phone,
        "business.capital": capital * 1_000_000,
        "business.start_date": (asker.today + timedelta(days=rng.randint(7, 25))).isoformat(),
        "business.workers": rng.randint(1, 4),
        "activity.items": [{"code": code, "name": what, "main": True, "conditional": "no"}],
        "tax.method": rng.choice(("declare", "unsure")),
        "tax.invoice": rng.choice(("no", "yes")),
        **delivery(asker),
    }


def business_change(asker: Asker) -> dict[str, Any]:
    """Another address or trade."""
    what = asker.rng.choice(
        ("chuyển địa điểm bán hàng về nhà", "thêm ngành bán đồ uống", "tăng vốn lên 150 triệu đồng")
    )
    return request(asker, f"Thay đổi đăng ký hộ kinh doanh: {what}.", case="content")


def business_pause(asker: Asker) -> dict[str, Any]:
    """A rest of three months."""
    return request(asker, "Tạm ngừng kinh doanh 03 tháng để sửa lại cửa hàng.")


def business_end(asker: Asker) -> dict[str, Any]:
    """A shop that closes."""
    return request(asker, "Chấm dứt hoạt động hộ kinh doanh, đã nộp đủ thuế đến hết quý trước.", case="none")


def building(asker: Asker) -> dict[str, Any]:
    """A house on one's own land."""
    floors, area = asker.rng.choice((1, 2, 2, 3)), asker.rng.choice((72, 85, 96, 110))
    content = f"Xin giấy phép xây nhà ở riêng lẻ {floors} tầng, diện tích sàn {floors * area} m²."
    return request(asker, content, case=asker.rng.choice(("adjacent", "none")))


def land_certificate(asker: Asker) -> dict[str, Any]:
    """The first certificate for land used for long."""
    area = asker.rng.choice((180, 240, 312, 420))
    content = f"Cấp giấy chứng nhận lần đầu cho thửa đất ở {area} m², gia đình dùng ổn định từ năm 1991."
    return request(asker, content, case="with_papers")


def land_dispute(asker: Asker) -> dict[str, Any]:
    """A neighbour's fence."""
    rng = asker.rng
    neighbour = asker.relative(3, at_home=False)
    return {
        **submitter(asker, "party"),
        "land.address": asker.address(hamlet=rng.choice(asker.commune.hamlets)),
        "land.parcel": f"Thửa {rng.randint(12, 240)}, tờ {rng.randint(3, 30)}",
        "land.area": rng.choice((6, 9, 14, 22)),
        "land.papers": "none",
        "land.user": neighbour.name,
        "dispute.kind": "boundary",
        "dispute.story": "Khi xây lại tường rào, nhà bên đã lấn sang phần đất vườn của gia đình tôi khoảng nửa mét, "
        "kéo dài hết chiều sâu thửa đất.",
        "dispute.since": asker.today.year - 1,
        "dispute.tried": "yes",
        "dispute.court": "no",
        "dispute.want": "Xã mời hai bên, đo lại ranh giới theo bản đồ và lập biên bản.",
        "others.items": [{"name": neighbour.name, "role": "opponent", "phone": neighbour.phone}],
    }


PETITIONS = (
    ("road", "Đường vào thôn hư hỏng, ổ gà nhiều", "Đoạn đường bê tông từ đầu thôn đến nhà văn hóa bị vỡ nhiều chỗ từ "
     "sau mưa bão, học sinh đi lại rất nguy hiểm. Đề nghị xã cho sửa."),
    ("environment", "Bãi rác tự phát cạnh kênh", "Nhiều hộ đổ rác cạnh kênh nội đồng, mùi hôi và ruồi nhiều, nước "
     "chảy vào ruộng. Đề nghị xã cho dọn và đặt biển cấm."),
    ("security", "Xe tải chở cát chạy đêm qua khu dân cư", "Xe tải chở cát chạy từ 23 giờ đến gần sáng qua khu dân "
     "cư, gây ồn và nứt tường. Đề nghị kiểm tra tải trọng và giờ chạy xe."),
    ("other", "Lưới điện hạ thế chùng thấp", "Dây điện qua ngõ chùng thấp, xe chở lúa vướng phải nhiều lần. Đề nghị "
     "báo điện lực căng lại dây."),
)  # fmt: skip


def petition(asker: Asker) -> dict[str, Any]:
    """Something that should be mended."""
    topic, summary, story = asker.rng.choice(PETITIONS)
    return {
        **submitter(asker, "self"),
        "matter.kind": "feedback",
        "matter.topic": topic,
        "matter.summary": summary,
        "matter.story": story,
    }


def information(asker: Asker) -> dict[str, Any]:
    """A plan or a list that the commune holds."""
    subject = asker.rng.choice(
        ("Quy hoạch sử dụng đất của thôn đến năm 2030", "Danh sách các khoản đóng góp làm đường năm nay")
    )
    return {
        **submitter(asker, "self"),
        "request.subject": subject,
        "request.purpose": "Để biết và tính chuyện xây nhà của gia đình.",
        "request.about": "public",
        "delivery_kind.form": "view",
    }
