"""The rules of single fields. Each gives one sentence: what is wrong in what was typed, and how to mend it."""

from collections.abc import Callable
from typing import Any

import msgspec

from backend.forms import dates
from backend.forms.choices import Choices, is_open, offered
from backend.forms.date_rules import date_mistake
from backend.forms.definition import Field, FieldType, Validation
from backend.forms.facts import Facts, FileFacts
from backend.forms.paths import Answers, find
from backend.forms.patterns import found_in
from backend.forms.personal_number import doubts_about
from backend.forms.sentences import composed, ended, figure, label_inside, quoted
from backend.kit import formats
from backend.kit.language import N_, _, current_language
from backend.kit.text import fold

_EMAIL = r"^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$"


class Asking(msgspec.Struct, frozen=True):
    """What a rule may look at beside the answer itself."""

    answers: Answers
    facts: Facts
    choices: Choices

    def beside(self, path: str, name: str) -> Any:
        """Return the answer to the field `name` that stands beside the one at `path`."""
        return find(self.answers, f"{path.rpartition('.')[0]}.{name}")


def mistake(field: Field, path: str, value: Any, asking: Asking) -> str | None:
    """Return the first thing wrong with a given answer, or None.

    Args:
        field: a single question (no composite, no repeated group).
        path: where it stands.
        value: the answer; not empty.
        asking: the other answers, the world, the lists.
    """
    return _BY_TYPE.get(field.type, _text)(field, path, value, asking)


def _text(field: Field, path: str, value: Any, asking: Asking) -> str | None:
    if not isinstance(value, str):
        return _unreadable(value)
    rules = field.rules
    if rules.min_length and len(value) < rules.min_length:
        return _("Ghi ít nhất {least} ký tự, đang có {count}.").format(least=rules.min_length, count=len(value))
    if rules.max_length and len(value) > rules.max_length:
        return _("Ghi nhiều nhất {most} ký tự, đang có {count}.").format(most=rules.max_length, count=len(value))
    if rules.digits and not (value.isascii() and value.isdigit() and len(value) == rules.digits):
        return _digits(field, value)
    if rules.pattern and not found_in(rules.pattern, value):
        return _pattern(field, value)
    if rules.format == "email" and not found_in(_EMAIL, value):
        return _("Thư điện tử có dạng ten@noigui.vn, đang ghi {value}.").format(value=quoted(value))
    if rules.format == "point" and not _is_point(value):
        return _("Ghi vĩ độ rồi kinh độ, như 20.8172, 105.3376. Đang ghi {value}.").format(value=quoted(value))
    for word in rules.forbidden_words:
        if f" {fold(word)} " in f" {fold(value)} ":
            return composed(_("Không được có chữ “{word}”, đang ghi {value}."), {"word": word}, value=quoted(value))
    if rules.unique_in and (path, fold(value)) in asking.facts.taken:
        return _("Đã có nơi khác dùng {value}. Ghi tên khác.").format(value=quoted(value))
    return None


def _is_point(value: str) -> bool:
    """Whether it is a latitude and a longitude in degrees."""
    try:
        latitude, longitude = map(float, value.split(", "))
    except ValueError:
        return False
    return abs(latitude) <= 90 and abs(longitude) <= 180


def _digits(field: Field, value: str) -> str:
    wanted = field.rules.digits or 0
    own = field.rules.message if current_language() == "vi" else None
    begins = (own or "").rstrip(".")
    if not begins and field.type is FieldType.IDNUMBER:
        begins = _("{label} có {count} chữ số").format(label=_("Số định danh"), count=wanted)
    elif not begins:
        begins = composed(_("{label} có {count} chữ số"), {"label": field.label.partition(" (")[0]}, count=wanted)
    if not (value.isascii() and value.isdigit()):
        return composed(_("{begins}, chỉ ghi số, đang ghi {value}."), {}, begins=begins, value=quoted(value))
    return composed(_("{begins}, đang có {count}."), {}, begins=begins, count=len(value))


def _pattern(field: Field, value: str) -> str:
    if field.type is FieldType.PHONE:
        if value.isascii() and value.isdigit() and value.startswith("0") and len(value) != 10:
            return _("Số di động có 10 chữ số, đang có {count}.").format(count=len(value))
        return _("Số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09, đang ghi {value}.").format(
            value=quoted(value)
        )
    if field.rules.message:
        begins = composed("{own}", {"own": ended(field.rules.message)})
    else:
        begins = composed(_("Chưa đúng cách ghi {label}."), {"label": label_inside(field.label)})
    return composed(_("{begins} Đang ghi {value}."), {}, begins=begins, value=quoted(value))


def _unreadable(value: Any) -> str:
    return _("Không đọc được câu trả lời {value}. Ghi lại.").format(value=quoted(value))


def _date(field: Field, path: str, value: Any, asking: Asking) -> str | None:
    if not isinstance(value, str | dict):
        return _unreadable(value)
    before = field.rules.not_before
    earlier = find(asking.answers, before) if before else None
    return date_mistake(field, value, asking.facts, earlier)


def _number(field: Field, path: str, value: Any, asking: Asking) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _("Chỉ ghi số, đang ghi {value}.").format(value=quoted(value))
    rules = field.rules
    if (rules.integer or field.type is FieldType.MONEY) and value != int(value):
        return _("Ghi số nguyên, đang ghi {value}.").format(value=figure(value))
    if rules.min is not None and value < rules.min:
        return _("Nhỏ nhất là {least}, đang ghi {value}.").format(least=figure(rules.min), value=figure(value))
    if rules.max is not None and value > rules.max:
        return _("Lớn nhất là {most}, đang ghi {value}.").format(most=figure(rules.max), value=figure(value))
    if rules.max_expr == "this_year" and value > asking.facts.today.year:
        return _("Năm {value} chưa tới.").format(value=value)
    return None


def _choice(field: Field, path: str, value: Any, asking: Asking) -> str | None:
    if is_open(field):
        return _text(field, path, value, asking)
    parent = asking.beside(path, field.depends_on) if field.depends_on else None
    if not any(option.value == value for option in offered(field, asking.choices, parent)):
        if field.depends_on:
            return composed(_("Chọn lại {label}: không có trong tỉnh đã chọn."), {"label": label_inside(field.label)})
        return _("{value} không có trong danh sách. Chọn lại.").format(value=quoted(value))
    return None


def _ticks(field: Field, path: str, value: Any, asking: Asking) -> str | None:
    rules = field.rules
    if not field.ticks:
        if rules.must_be is not None and value is not rules.must_be:
            return must_tick()
        return None
    chosen = value if isinstance(value, list) else []
    labels = {option.value: option.label for option in field.options}
    for one in chosen:
        if one not in labels:
            return _("{value} không có trong danh sách. Chọn lại.").format(value=quoted(one))
    for one in rules.must_include:
        if one not in chosen:
            return composed(_("Phải chọn cả “{label}”."), {"label": labels[one]})
    if rules.min_items and len(chosen) < rules.min_items:
        return _("Chọn ít nhất {least} mục, đang chọn {count}.").format(least=rules.min_items, count=len(chosen))
    if rules.max_items and len(chosen) > rules.max_items:
        return _("Chọn nhiều nhất {most} mục, đang chọn {count}.").format(most=rules.max_items, count=len(chosen))
    return None


def must_tick() -> str:
    """Return what is said of a box that has to be ticked and is not."""
    return _("Chưa đánh dấu ô này. Phải đánh dấu mới nộp được.")


def items_mistake(field: Field, count: int) -> str | None:
    """Return what is wrong with the number of items of a repeated group, or None."""
    rules = field.rules
    least = max(rules.min_items or 0, 1 if field.required else 0)
    if count < least:
        return _("Cần ít nhất {least}, đang có {count}. Bấm nút thêm ở dưới.").format(least=least, count=count)
    if rules.max_items and count > rules.max_items:
        return _("Nhiều nhất {most}, đang có {count}. Bỏ bớt.").format(most=rules.max_items, count=count)
    return None


def _files(field: Field, path: str, value: Any, asking: Asking) -> str | None:
    ids = value if isinstance(value, list) else []
    most = field.rules.max_files
    if most and len(ids) > most:
        return _("Nhiều nhất {most} tệp, đang có {count}. Bỏ bớt.").format(most=most, count=len(ids))
    known = [asking.facts.files[one] for one in ids if one in asking.facts.files]
    return next((said for file in known if (said := file_mistake(field.rules, file))), None)


_KINDS = (("image/", N_("ảnh")), ("application/pdf", "PDF"), ("video/", "video"), ("audio/", N_("ghi âm")))


def file_mistake(rules: Validation, file: FileFacts) -> str | None:
    """Return what is wrong with one file under `accept` and `max_mb`, or None; also asked before it is uploaded."""
    if rules.accept and file.media_type not in rules.accept:
        kinds = [_(name) for start, name in _KINDS if any(one.startswith(start) for one in rules.accept)]
        return _("Tệp {name} không mở được ở đây. Gửi {kinds}.").format(
            name=quoted(file.name), kinds=_(" hoặc ").join(kinds)
        )
    if rules.max_mb and file.size > rules.max_mb * formats.MEGABYTE:
        return _("Tệp {size}, tối đa {most} MB. Chụp bằng nút Chụp sẽ nhẹ hơn.").format(
            size=formats.size(file.size), most=rules.max_mb
        )
    return None


_BY_TYPE: dict[FieldType, Callable[[Field, str, Any, Asking], str | None]] = {
    FieldType.DATE: _date,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.RADIO: _choice,
    FieldType.SELECT: _choice,
    FieldType.CHECKBOX: _ticks,
    FieldType.FILE: _files,
}


def doubts(field: Field, path: str, value: Any, asking: Asking) -> list[str]:
    """Return what looks wrong with a personal number but stops nothing: the card may be right and we not."""
    if field.type is not FieldType.IDNUMBER or not isinstance(value, str):
        return []
    birth = dates.span(asking.beside(path, "birth_date"))
    return doubts_about(value, field.rules.checks, birth.first.year if birth else None, asking.beside(path, "sex"))
