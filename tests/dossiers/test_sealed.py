"""What a copy of the database tells to somebody without the office's secret."""

import pytest

from backend.dossiers import issuing
from backend.dossiers.tables import PaperForm
from backend.dossiers.terms import kept_answers
from backend.kit.database import fetch, fetch_value
from tests.cast import Cast
from tests.dossiers import stories

pytestmark = pytest.mark.anyio


async def whole_database() -> str:
    """Every row of every table as text."""
    tables = [row["tablename"] for row in await fetch("select tablename from pg_tables where schemaname = 'public'")]
    pages = [await fetch_value(f"select string_agg(row_to_json(t)::text, '\n') from {name} t") for name in tables]
    return "\n".join(page for page in pages if page)


async def test_nobodys_personal_number_stands_in_any_table(cast: Cast) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.received(cast)
    number = kept_answers(dossier)["submitter"]["id_number"]
    assert len(number) == 12
    paper = await issuing.issued(dossier, PaperForm.FORM_01)
    assert paper is not None
    everything = await whole_database()
    assert dossier.code in everything
    for way in (number, f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}"):
        assert way not in everything
