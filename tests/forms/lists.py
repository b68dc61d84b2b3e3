"""What the tests of forms share: every form of the catalogue and small lists to choose from."""

import json
from datetime import date
from functools import cache
from pathlib import Path

from backend.forms.choices import Offered
from backend.forms.decoding import decode
from backend.forms.definition import Form, Option, default_form
from backend.forms.facts import Facts

TODAY = date(2026, 11, 24)
FACTS = Facts(today=TODAY, working_day=lambda day: day.weekday() < 5)
CATALOGUE = Path(__file__).parents[2] / "backend" / "procedures" / "data" / "procedures.json"

OFFERED = Offered(
    provinces=(Option(value="01", label="Hà Nội"), Option(value="22", label="Quảng Ninh")),
    communes={
        "01": (Option(value="00004", label="Phường Ba Đình"), Option(value="00070", label="Phường Hoàn Kiếm")),
        "22": (Option(value="06637", label="Phường Hà Tu"),),
    },
    suggestions={"banks": ("Agribank", "Vietcombank"), "health_facilities": ("Trạm y tế Mai Khê",)},
)


@cache
def forms() -> dict[str, Form]:
    """The default form and the 21 forms of the catalogue, by procedure code."""
    catalogue = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    found = {one["code"]: decode(one["form"]) for one in catalogue["procedures"] if one["form"]}
    return {"default": default_form(), **found}


CODES = sorted(forms())
