"""The personal number: 12 digits that say where, when and as what sex a person was registered (TT 59/2021/TT-BCA art. 2)."""

from backend.forms.definition import id_province_codes
from backend.kit.language import N_, _

_SEXES = {"male": N_("nam"), "female": N_("nữ")}


def doubts_about(number: str, checks: list[str], birth_year: int | None, sex: str | None) -> list[str]:
    """Return sentences on what does not agree with a personal number; none of it is certain, so none of it stops.

    Args:
        number: as typed; anything but 12 digits says nothing here.
        checks: `province_code`, `century_sex`.
        birth_year: from the date of birth beside it, if known.
        sex: `male`, `female` or None.
    """
    if not (number.isascii() and number.isdigit() and len(number) == 12):
        return []
    found = []
    # Codes above 099 are countries of birth, which the circular lists apart.
    if "province_code" in checks and number.startswith("0") and number[:3] not in id_province_codes():
        found.append(_("Số định danh bắt đầu bằng {code}, không tỉnh nào có mã này. Xem lại.").format(code=number[:3]))
    if "century_sex" in checks:
        kind = int(number[3])
        year = 1900 + 100 * (kind // 2) + int(number[4:6])
        if birth_year is not None and birth_year != year:
            found.append(
                _("Số định danh là của người sinh năm {year}, ngày sinh đang ghi {birth_year}. Xem lại.").format(
                    year=year, birth_year=birth_year
                )
            )
        expected = "female" if kind % 2 else "male"
        if sex in _SEXES and sex != expected:
            found.append(
                _("Số định danh là của {expected}, giới tính đang chọn {sex}. Xem lại.").format(
                    expected=_(_SEXES[expected]), sex=_(_SEXES[sex])
                )
            )
    return found
