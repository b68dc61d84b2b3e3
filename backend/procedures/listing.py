"""The list of procedures: a hit, the pills above it, the further filters."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from backend.kit.language import N_, _, in_vietnamese
from backend.kit.text import fold
from backend.procedures import checklist
from backend.procedures.definition import Channel
from backend.procedures.inputs import Narrowing
from backend.procedures.matter import Office
from backend.procedures.offerings import Offering
from backend.procedures.queries import Published
from backend.procedures.search import Entry, Found, marked
from backend.procedures.views import LEVELS, outcome_of, usual_channel
from backend.procedures.words import cost_words, takes_words

AUDIENCES = {
    "citizen": N_("Cá nhân, gia đình"),
    "business": N_("Hộ kinh doanh, doanh nghiệp"),
    "organisation": N_("Cơ quan, tổ chức"),
}
NOT_ONLINE = Offering()


class Hit(msgspec.Struct, frozen=True):
    """One line of a list: the name in pieces (text, meant by the search), what it gives, three facts."""

    address: str
    name: Sequence[tuple[str, bool]]
    gives: str
    facts: Sequence[tuple[str | None, str]]


def hit_of(
    entry: Entry, published: Published, words: Sequence[str], offering: Offering, office: Office, at: datetime
) -> Hit:
    """Return what a list says of a procedure: where it is filed, how long it takes, what it costs, as it begins."""
    procedure = published.version
    channel = usual_channel(procedure, offering)
    online = channel is Channel.ONLINE
    outcome = outcome_of(
        published.version, channel, checklist.starting_answers(checklist.questions(procedure, channel)), office, at
    )
    return Hit(
        address=f"/thu-tuc/{entry.slug}",
        name=marked(entry.plain_name, words),
        gives=procedure.result[0].name if procedure.result else procedure.field.name,
        facts=(
            ("smartphone", _("Trên mạng")) if online else ("landmark", _("Tại quầy")),
            ("clock", takes_words(outcome)),
            (None, cost_words(outcome)),
        ),
    )


def understood(typed: str, found: Found) -> tuple[str, str]:
    """Return the text as it was understood, and as it was typed where that differs by more than accents."""
    if not typed or not found.hits:
        return "", typed
    same = fold(found.understood) == fold(typed)
    return found.understood, "" if same else typed


def pills(asked: Narrowing, hits: Sequence[Entry], open_here: set[str]) -> list[dict[str, Any]]:
    """Return the row of pills with counts: all, online, then the fields the hits belong to."""

    def pill(text: str, count: int, current: bool, icon: str | None = None, **changes: str) -> dict[str, Any]:
        query = urlencode(asked.pairs(**changes))
        href = f"/thu-tuc?{query}" if query else "/thu-tuc"
        return {"text": text, "count": count, "current": current, "icon": icon, "href": href}

    wider = msgspec.structs.replace(asked, field="", online="").filters(open_here)
    kept = [hit for hit in hits if wider.hold(hit)]
    online = sum(hit.code in open_here for hit in kept)
    if not kept:
        return []
    row = [pill(_("Tất cả"), len(kept), not asked.field and asked.online != "1", field="", online="")]
    if online:
        row.append(pill(_("Nộp trên mạng"), online, asked.online == "1", "smartphone", online="1", field=""))
    for (slug, name), count in Counter((hit.field_slug, hit.field_name) for hit in kept).most_common():
        row.append(pill(in_vietnamese(name), count, asked.field == slug, field=slug, online=""))
    return row


def filter_choices(asked: Narrowing, hits: Sequence[Entry]) -> dict[str, list[tuple[str, str, bool]]]:
    """Return the further filters: (value, words, chosen) for whom and how far online."""
    return {
        "doi-tuong": [(key, _(words), asked.audience == key) for key, words in AUDIENCES.items()],
        "muc": [(str(level), _(words), asked.level == level) for level, words in LEVELS.items()],
    }
