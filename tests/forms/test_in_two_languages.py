"""On an English page every word of the catalogue is marked as Vietnamese, in questions and in what is said of answers."""

import re
import unicodedata
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from backend.forms.steps import all_steps
from backend.forms.validation import validate
from backend.kit.language import use_language
from tests.forms.arranging import Arranged
from tests.forms.drawing import draw
from tests.forms.generator import fill
from tests.forms.lists import CODES, FACTS, OFFERED, TODAY, forms
from tests.forms.reading_html import Element

VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
# The title is the page's; a list's options hold no marks that this reader sees: a browser reads both (tests/pages).
NOT_HERE = ("textarea", "h1", "select", "datalist")
# Names, and what a country is called, are no language.
PROPER = re.compile(
    "|".join(
        [
            "Hà Nội",
            "Quảng Ninh",
            "Côte d’Ivoire",
            "Réunion",
            "São Tomé & Príncipe",
            "St. Barthélemy",
            "Phường [^ ]+ [^ ]+",
        ]
    )
)


def unmarked(page: Element, lang: str = "en") -> Iterator[str]:
    lang = page["lang"] or lang
    for part in page.content:
        if isinstance(part, Element):
            yield from unmarked(part, lang)
        elif (
            lang != "vi"
            and page.tag not in NOT_HERE
            and VIETNAMESE.search(PROPER.sub("", unicodedata.normalize("NFC", part)))
        ):
            yield part.strip()


def asciified(answers: Any) -> Any:
    """Answers as typed by somebody without Vietnamese letters, wrong where they can be."""
    if isinstance(answers, dict):
        return {key: asciified(inner) for key, inner in answers.items()}
    if isinstance(answers, list):
        return [asciified(inner) for inner in answers]
    return "?" if isinstance(answers, str) and not answers.isascii() else answers


@pytest.mark.parametrize("code", CODES)
def test_vietnamese_stands_only_where_it_is_marked(code: str) -> None:
    form = forms()[code]
    tried: list[tuple[dict[str, Any], Any]] = [({}, FACTS)]
    filled = asciified(fill(form, Random(1), OFFERED, FACTS))
    tried += [(filled, FACTS), (wrong(filled), FACTS)]
    for check in form.checks:
        arranged = Arranged(form, TODAY)
        arranged.make(check.when, True)
        tried.append((asciified(arranged.answers), arranged.facts))
    found: dict[str, str] = {}
    with use_language("en"):
        for answers, facts in tried:
            for step in all_steps(form):
                findings = validate(form, answers, facts, OFFERED, step)
                for text in unmarked(draw(form, step, answers, facts=facts, findings=findings)):
                    found.setdefault(text, step.key)
    assert found == {}


def wrong(answers: Any) -> Any:
    """Every text as something no rule takes."""
    if isinstance(answers, dict):
        return {key: wrong(inner) for key, inner in answers.items()}
    if isinstance(answers, list):
        return [wrong(inner) for inner in answers]
    return (
        "!"
        if isinstance(answers, str)
        else -1
        if isinstance(answers, int) and not isinstance(answers, bool)
        else answers
    )
