"""What citizens and officers are told per event, in the words of design.md §6: happened, next, by when."""

from typing import Any

from backend.dossiers import codes, moves
from backend.kit.language import N_, _, with_vietnamese
from backend.notifications.words import Words, register

_LINES = {
    "submit": N_("Giờ xã trả lời ghi trong hồ sơ. Chưa cần làm gì thêm."),
    "receive": N_("Giấy tiếp nhận và ngày hẹn trả kết quả đã có trong hồ sơ."),
    "refuse": N_("Lý do ghi trong phiếu từ chối, mở hồ sơ để đọc."),
    "take_up": N_("Chưa cần làm gì thêm."),
    "advance": N_("Chưa cần làm gì thêm."),
    "reject": N_("Mở hồ sơ để đọc lý do và quyền khiếu nại."),
    "forward": N_("Mở hồ sơ để biết nơi nhận."),
    "deliver": N_("Hồ sơ đã xong."),
    "confirm_exemption": N_("Số tiền phải nộp đã ghi lại trong hồ sơ."),
    "refuse_exemption": N_("Mở hồ sơ để đọc lý do và số tiền phải nộp."),
}


def _citizen(name: str) -> None:
    move = moves.MOVES[name]

    def words(data: dict[str, Any]) -> Words:
        ready = name == "advance" and data.get("to") == "issued"
        title = _("Đã có kết quả") if ready else with_vietnamese(_(move.news), next=str(data.get("next_name") or ""))
        line = _("Đến nhận theo cách đã chọn.") if ready else _(_LINES[name])
        return Words(
            title=title,
            line=f"{codes.short(str(data.get('code') or ''))} · {line}",
            path=f"/ho-so/{data.get('code')}",
            icon="badge-check" if ready else move.icon,
        )

    register(f"dossier.{name}", words)


for _name in _LINES:
    _citizen(_name)


def _note(data: dict[str, Any]) -> Words:
    return Words(
        title=_("Cán bộ nhắn về hồ sơ"),
        line=codes.short(str(data.get("code") or "")),
        path=f"/ho-so/{data.get('code')}",
        icon="message-square",
    )


def _assigned(data: dict[str, Any]) -> Words:
    return Words(
        title=_("Được giao một hồ sơ"),
        line=codes.short(str(data.get("code") or "")),
        path=f"/can-bo/ho-so/{data.get('code')}",
        icon="user-round-check",
    )


def _intake_due(data: dict[str, Any]) -> Words:
    return Words(
        title=_("Đến giờ phải trả lời một hồ sơ"),
        line=codes.short(str(data.get("code") or "")),
        path=f"/can-bo/ho-so/{data.get('code')}",
        icon="alarm-clock",
    )


register("dossier.note", _note)
register("dossier.assigned_to_you", _assigned)
register("dossier.intake_due", _intake_due)
