"""What is answered in matters of civil status, certification and residence."""

from datetime import timedelta
from typing import Any

from backend.demo.answers import DAUGHTERS, PETS, SONS, Asker, Someone

HOSPITALS = ("Bệnh viện Đa khoa tỉnh Hà Thanh", "Trung tâm Y tế khu vực Mai Khê", "Bệnh viện Phụ sản Hà Thanh")
DELIVERY = ("counter", "counter", "electronic", "electronic", "post")


def delivery(asker: Asker, *ways: str) -> dict[str, Any]:
    """Return how the result is wanted."""
    way = asker.rng.choice(ways or DELIVERY)
    told: dict[str, Any] = {"delivery.method": way}
    if way == "post":
        told |= {"delivery.address": dict(asker.who.residence), "delivery.phone": asker.who.phone}
    return told


def submitter(asker: Asker, capacity: str = "") -> dict[str, Any]:
    """Return the first section, which a profile has filled in for those who have one."""
    who = asker.who
    told: dict[str, Any] = {
        "submitter.full_name": who.name,
        "submitter.id_number": who.personal_id,
        "submitter.birth_date": who.born.isoformat(),
        "submitter.phone": who.phone,
        "submitter.residence": dict(who.residence),
    }
    return told | ({"submitter.capacity": capacity} if capacity else {})


def request(asker: Asker, content: str, capacity: str = "self", case: str = "", **more: Any) -> dict[str, Any]:
    """Return the default form, filled."""
    told = submitter(asker, capacity) | delivery(asker) | {"request.content": content} | more
    return told | ({"case": case} if case else {})


def birth(asker: Asker) -> dict[str, Any]:
    """A child of some days or weeks, born in a hospital, of married parents."""
    rng, who, other = asker.rng, asker.who, asker.spouse()
    mother, father = (who, other) if who.sex == "female" else (other, who)
    born = asker.days_ago(4, 40)
    sex = rng.choice(("male", "female"))
    given = rng.choice(SONS if sex == "male" else DAUGHTERS)
    married = born - timedelta(days=rng.randint(400, 2200))
    hospital = rng.choice(HOSPITALS)
    return {
        **submitter(asker, "mother" if who is mother else "father"),
        "case.kind": "normal",
        "case.parents_known": "both",
        "case.parents_married": "yes",
        "case.marriage_number": f"{rng.randint(8, 95)}/{married.year}",
        "case.marriage_date": married.isoformat(),
        "case.marriage_place": f"UBND {asker.commune.short_name[0].lower()}{asker.commune.short_name[1:]}",
        "child.full_name": f"{father.name.split()[0]} {rng.choice(PETS)} {given}",
        "child.birth_date": born.isoformat(),
        "child.birth_time": f"{rng.randrange(24):02d}:{rng.randrange(60):02d}",
        "child.sex": sex,
        "child.ethnicity": father.ethnicity,
        "child.nationality": "VN",
        "child.birth_place_kind": "facility",
        "child.birth_facility": hospital,
        "child.birth_place": asker.address("Đường Trần Phú"),
        "child.home_town": asker.area(),
        "child.birth_certificate_no": f"{rng.randint(100, 999)}/{born.year}",
        "mother.person": mother.person(),
        "father.person": father.person(),
        "copies.count": rng.choice((0, 1, 2, 2, 3, 5)),
        **delivery(asker),
    }


def single(asker: Asker) -> dict[str, Any]:
    """Somebody who never married and buys land or takes a loan."""
    kind = asker.rng.choice(("property", "loan", "other"))
    told = {
        **submitter(asker, "self"),
        "subject.person": asker.who.person(),
        "subject.status": "never",
        "subject.period": "now",
        "purpose.kind": kind,
        "purpose.reissue": "no",
        **delivery(asker),
    }
    return told | ({"purpose.detail": "Bổ sung hồ sơ đi làm việc ở nước ngoài"} if kind == "other" else {})


def copies(asker: Asker) -> dict[str, Any]:
    """Copies of a birth or marriage record."""
    rng, who = asker.rng, asker.who
    kind = rng.choice(("birth", "birth", "birth", "marriage"))
    year = who.born.year if kind == "birth" else min(who.born.year + 25, asker.today.year - 1)
    item = {
        "kind": kind,
        "full_name": who.name,
        "birth_date": who.born.isoformat(),
        "id_number": who.personal_id,
        "place": asker.area(),
        "year": max(year, 1975),
        "copies": rng.choice((1, 2, 2, 3, 4)),
        "relation": "Bản thân",
    }
    return {**submitter(asker, "self"), "records.items": [item], **delivery(asker)}


def death(asker: Asker) -> dict[str, Any]:
    """A father or mother who died some days ago."""
    rng = asker.rng
    dead, day = asker.relative(rng.randint(28, 36)), asker.days_ago(1, 9)
    proof = rng.choice(("commune", "notice"))
    told = {
        **submitter(asker, "child"),
        "deceased.full_name": dead.name,
        "deceased.birth_date": dead.born.isoformat(),
        "deceased.sex": dead.sex,
        "deceased.ethnicity": asker.who.ethnicity,
        "deceased.nationality": "VN",
        "deceased.id_number": dead.personal_id,
        "deceased.last_residence": dict(asker.who.residence),
        "deceased.death_date": day.isoformat(),
        "deceased.death_time": f"{rng.randrange(24):02d}:{rng.randrange(60):02d}",
        "deceased.death_place": dict(asker.who.residence),
        "deceased.cause": rng.choice(("old_age", "old_age", "illness")),
        "proof.kind": proof,
        "copies.count": rng.choice((1, 2, 3)),
        **delivery(asker, "counter", "counter", "electronic"),
    }
    number = {"proof.notice_no": f"{rng.randint(10, 240)}/GBT", "proof.notice_date": day.isoformat()}
    return told | (number if proof == "notice" else {})


def marriage(asker: Asker) -> dict[str, Any]:
    """A first marriage."""
    who, other = asker.who, asker.spouse()
    groom, bride = (who, other) if who.sex == "male" else (other, who)
    return {
        **submitter(asker, "groom" if who is groom else "bride"),
        "groom.person": groom.person(),
        "groom.marriage_count": 1,
        "groom.abroad": "no",
        "bride.person": bride.person(),
        "bride.marriage_count": 1,
        "bride.abroad": "no",
        "copies.count": 0,
    }


def correction(asker: Asker) -> dict[str, Any]:
    """A slip of the pen in a birth certificate."""
    rng, who = asker.rng, asker.who
    middle = who.name.split()[1]
    slips = (
        ("middle", middle[:-1] if len(middle) > 2 else "Vân", middle, "Tên đệm trong giấy khai sinh khác căn cước."),
        ("birth_date", f"{who.born.day}/{who.born.month}/{who.born.year - 1}",
         f"{who.born.day}/{who.born.month}/{who.born.year}", "Năm sinh ghi nhầm so với học bạ và căn cước."),
        ("home_town", "xã Khê Thượng", asker.commune.short_name, "Quê quán ghi theo tên xã cũ đã nhập."),
    )  # fmt: skip
    what, old, new, reason = rng.choice(slips)
    return {
        **submitter(asker, "self"),
        "subject.person": who.person(),
        "change.kind": "correct",
        "change.record": "birth",
        "change.record_no": f"Số {rng.randint(12, 180)}, năm {max(who.born.year, 1975)}, {asker.commune.short_name}",
        "change.items": [{"what": what, "old": old, "new": new}],
        "change.reason": f"{reason} Đề nghị sửa cho khớp để làm giấy tờ khác.",
        "copies.count": rng.choice((0, 1, 2)),
        **delivery(asker),
    }


def certified_copies(asker: Asker) -> dict[str, Any]:
    """Copies of papers, at the counter."""
    rng, who = asker.rng, asker.who
    papers = (("Căn cước", 1), ("Bằng tốt nghiệp", 1), ("Giấy khai sinh", 1), ("Học bạ", 12),
              ("Giấy chứng nhận quyền sử dụng đất", 4), ("Giấy phép lái xe", 1))  # fmt: skip
    items = [
        {"name": name, "issuer": "vn", "pages": pages, "copies": rng.randint(1, 5), "on_vneid": "no"}
        for name, pages in rng.sample(papers, rng.choice((1, 1, 2, 3)))
    ]
    return {
        "submitter.full_name": who.name,
        "submitter.phone": who.phone,
        "submitter.id_number": who.personal_id,
        "papers.items": items,
        "kind.form": "paper",
    }


def signature(asker: Asker) -> dict[str, Any]:
    """A signature under an authorisation or a curriculum vitae, put before the officer."""
    kind, title = asker.rng.choice(
        (
            ("authorisation", "Giấy ủy quyền nhận lương hưu"),
            ("cv", "Sơ yếu lý lịch xin việc"),
            ("declaration", "Giấy cam kết về tài sản riêng"),
            ("vehicle", "Giấy bán xe máy"),
        )
    )
    return {
        "submitter.people": [{"person": asker.who.person(), "ability": "sign"}],
        "submitter.relation": "no",
        "paper.kind": kind,
        "paper.title": title,
        "paper.language": "vi",
        "paper.count": 1,
        "paper.unsigned": True,
    }


def contract(asker: Asker) -> dict[str, Any]:
    """A gift or a sale of land within the commune."""
    rng, who = asker.rng, asker.who
    other = asker.relative(-28, family=asker.parents_name())
    kind = rng.choice(("gift", "sale", "lease"))
    side = {"kind": "person", "marital": "no", "represented": "no"}
    visit = asker.today + timedelta(days=3)
    while visit.weekday() > 4:
        visit += timedelta(days=1)
    return {
        **submitter(asker, "party_a"),
        "deal.kind": kind,
        "deal.asset": "land",
        "deal.cert_no": f"CS {rng.randint(10000, 99999)}",
        "deal.asset_place": asker.address(),
        "deal.value": rng.randint(12, 90) * 10_000_000,
        "deal.languages": "no",
        "party_a.items": [{**side, "person": who.person()}],
        "party_b.items": [{**side, "person": other.person()}],
        "visit.date": visit.isoformat(),
    }


def temporary_residence(asker: Asker) -> dict[str, Any]:
    """A worker who rents a room."""
    rng, who = asker.rng, asker.who
    landlord = asker.relative(20, at_home=False)
    return {
        **submitter(asker, "self"),
        "stay.address": asker.address(
            "Nhà trọ số " + str(rng.randint(2, 60)), hamlet=rng.choice(asker.commune.hamlets)
        ),
        "stay.housing": "rent",
        "stay.owner_name": landlord.name,
        "stay.owner_id": landlord.personal_id,
        "stay.owner_agrees": "online",
        "stay.from": (asker.today - timedelta(days=rng.randint(0, 5))).isoformat(),
        "stay.months": rng.choice((6, 12, 12, 24)),
        "people.items": [{"person": who.person(), "relation": "tenant"}],
    }


def permanent_residence(asker: Asker) -> dict[str, Any]:
    """Moving in with family, or into a house of one's own."""
    case, content = asker.rng.choice(
        (
            ("with_family", "Đăng ký thường trú về ở cùng bố mẹ tại {place}."),
            ("own", "Đăng ký thường trú vào nhà mới xây của gia đình tại {place}."),
        )
    )
    return request(asker, content.format(place=asker.who.residence["detail"].lower()), case=case)


def residence_paper(asker: Asker) -> dict[str, Any]:
    """A paper that says where one lives."""
    why = asker.rng.choice(("nhập học cho con", "vay vốn ngân hàng", "làm hồ sơ xin việc", "đăng ký xe"))
    return request(asker, f"Xin giấy xác nhận thông tin về cư trú (CT07) để {why}.")


def from_register(asker: Asker) -> dict[str, Any]:
    """A copy from the original register."""
    return request(asker, "Xin 02 bản sao bằng tốt nghiệp trung học cơ sở từ sổ gốc.", case="none")


def confirmation(asker: Asker) -> dict[str, Any]:
    """Civil status confirmed for use abroad."""
    return request(asker, "Xin xác nhận thông tin khai sinh để bổ sung hồ sơ bảo lãnh của người thân.", case="none")


def military(asker: Asker) -> dict[str, Any]:
    """A son who turns seventeen."""
    son: Someone = asker.relative(-17, "male", asker.parents_name())
    return request(
        asker, f"Đăng ký nghĩa vụ quân sự lần đầu cho con là {son.name}, sinh năm {son.born.year}.", "parent"
    )
