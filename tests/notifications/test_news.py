"""The page of news: by day, unread until opened, only one's own."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from backend.accounts.tables import Account
from backend.kit import clock
from backend.kit.clock import Frozen
from backend.kit.database import fetch, fetch_value, new_id, unit_of_work
from backend.kit.errors import NotFound
from backend.kit.language import use_language
from backend.notifications import queries, reading, words
from backend.notifications.preferences import wants
from backend.notifications.tables import Channel
from backend.notifications.telling import tell
from backend.notifications.words import Words, spoken
from tests.browser import post, sign_in, sign_out
from tests.cast import Cast, Person

pytestmark = pytest.mark.anyio

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial", "Accept": "text/html"}


@pytest.fixture(autouse=True)
def said(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that speaks of one event; the application is built before, with the words of its own rooms."""
    monkeypatch.setattr(words, "_speakers", {})
    words.register("test.happened", lambda data: Words(data["title"], "Chưa cần làm gì thêm.", "/toi", "inbox", "door"))


async def told(person: Person, title: str) -> UUID:
    """Tell a person something; return the notification."""
    async with unit_of_work():
        return await tell(
            person.account,
            "test.happened",
            agency=None,
            subject_kind="dossier",
            subject=new_id(),
            data={"title": title},
        )


async def test_news_are_told_exactly_when_the_unit_commits(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            await tell(
                cast.ha.account,
                "test.happened",
                agency=None,
                subject_kind="dossier",
                subject=new_id(),
                data={"title": "x"},
            )
            raise ZeroDivisionError
    assert await queries.unread(cast.ha.account) == 0
    assert await fetch("select 1 from live_event") == []
    with pytest.raises(RuntimeError):
        await tell(cast.ha.account, "test.happened", agency=None, subject_kind="dossier", subject=new_id(), data={})


async def test_news_reach_the_open_screens_of_their_person(cast: Cast) -> None:
    await told(cast.ha, "Tin một")
    rows = await fetch("select topic, subject from live_event")
    assert [tuple(row) for row in rows] == [(f"person:{cast.ha.account}", "notifications")]


async def test_the_page_shows_news_by_day_newest_first(client: httpx.AsyncClient, cast: Cast, frozen: Frozen) -> None:
    await told(cast.ha, "Tin cũ")
    frozen.advance(timedelta(days=2))
    await told(cast.ha, "Tin sáng")
    frozen.advance(timedelta(hours=1))
    await told(cast.ha, "Tin trưa")
    sign_in(client, cast.ha)
    page = (await client.get("/thong-bao", headers={"Accept": "text/html"})).text
    places = [
        page.index(text)
        for text in (
            "Hôm nay".replace(" ", "\u00a0"),
            "Tin trưa",
            "Tin sáng",
            "Thứ Tư 25/11".replace(" ", "\u00a0"),
            "Tin cũ",
        )
    ]
    assert places == sorted(places)
    assert page.count("note-unread") == 3
    assert page.count("Chưa đọc") == 3


async def test_days_change_at_midnight_in_viet_nam(cast: Cast, frozen: Frozen) -> None:
    frozen.advance(timedelta(hours=13, minutes=59))  # 23:59
    await told(cast.ha, "trước")
    frozen.advance(timedelta(minutes=1))
    await told(cast.ha, "sau")
    days, _ = await queries.news(cast.ha.account)
    assert [day.date.isoformat() for day in days] == ["2026-11-26", "2026-11-25"]


async def test_opening_news_marks_them_read_and_leads_to_what_they_are_about(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    notification = await told(cast.ha, "Tin một")
    sign_in(client, cast.ha)
    looked_ahead = await client.get(f"/thong-bao/{notification}", headers={"Sec-Purpose": "prefetch"})
    assert (looked_ahead.status_code, await queries.unread(cast.ha.account)) == (303, 1)
    head = await client.head(f"/thong-bao/{notification}")
    assert (head.status_code, await queries.unread(cast.ha.account)) == (303, 1)
    opened = await client.get(f"/thong-bao/{notification}")
    assert (opened.status_code, opened.headers["Location"]) == (303, "/toi")
    assert await queries.unread(cast.ha.account) == 0


async def test_the_first_reading_counts(cast: Cast, frozen: Frozen) -> None:
    notification = await told(cast.ha, "Tin một")
    await reading.mark_read(cast.ha.account, notification)
    first = await fetch_value("select read_at from notification")
    frozen.advance(timedelta(hours=1))
    await reading.mark_read(cast.ha.account, notification)
    assert await fetch_value("select read_at from notification") == first == clock.now() - timedelta(hours=1)


async def test_all_news_are_marked_read_at_once_and_only_ones_own(client: httpx.AsyncClient, cast: Cast) -> None:
    for person in (cast.ha, cast.ha, cast.toan):
        await told(person, "Tin")
    sign_in(client, cast.ha)
    answer = await post(client, "/thong-bao/da-doc")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/thong-bao")
    assert (await queries.unread(cast.ha.account), await queries.unread(cast.toan.account)) == (0, 1)
    assert await fetch_value("select count(*) from live_event where topic = $1", f"person:{cast.ha.account}") == 3


async def test_a_strangers_news_look_like_none(client: httpx.AsyncClient, cast: Cast) -> None:
    notification = await told(cast.toan, "Tin của Toàn")
    sign_in(client, cast.ha)
    theirs = await client.get(f"/thong-bao/{notification}", headers={"Accept": "text/html"})
    none = await client.get(f"/thong-bao/{new_id()}", headers={"Accept": "text/html"})
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert "Tin của Toàn" not in (await client.get("/thong-bao")).text
    assert await queries.unread(cast.toan.account) == 1
    with pytest.raises(NotFound):
        await reading.mark_read(cast.ha.account, notification)


@pytest.mark.parametrize("path", ["/thong-bao", "/thong-bao/so", "/luong"])
async def test_nobody_reads_without_signing_in(client: httpx.AsyncClient, cast: Cast, path: str) -> None:
    assert (await client.get(path, headers={"Accept": "text/html"})).status_code == 401
    assert (await client.head("/luong")).status_code == 401


async def test_the_bell_counts_unread_news(client: httpx.AsyncClient, cast: Cast) -> None:
    sign_in(client, cast.ha)
    for number in range(3):
        await told(cast.ha, f"Tin {number}")
    bell = await client.get("/thong-bao/so", headers=FRAGMENT)
    assert bell.status_code == 200
    assert "<html" not in bell.text
    assert '<span class="badge" aria-hidden="true">3</span>' in bell.text
    assert "live:notifications from:document" in bell.text
    assert (await client.get("/thong-bao/so")).status_code == 303


async def test_the_list_alone_comes_to_htmx(client: httpx.AsyncClient, cast: Cast) -> None:
    await told(cast.ha, "Tin một")
    sign_in(client, cast.ha)
    part = (await client.get("/thong-bao", headers=FRAGMENT)).text
    assert "Tin một" in part
    assert part.strip().startswith('<div class="stack" id="news"')
    assert "<html" not in part and "cai-dat" not in part


async def test_older_news_stand_on_the_next_page(client: httpx.AsyncClient, cast: Cast, frozen: Frozen) -> None:
    for number in range(queries.PAGE + 3):
        frozen.advance(timedelta(seconds=1))
        await told(cast.ha, f"Tin số {number};")
    days, older = await queries.news(cast.ha.account)
    assert (sum(len(day.news) for day in days), older is not None) == (queries.PAGE, True)
    sign_in(client, cast.ha)
    second = (await client.get(f"/thong-bao?truoc={older}")).text
    assert [f"Tin số {number};" in second for number in (0, 2, 3)] == [True, True, False]
    assert "Tin cũ hơn" not in second and "Tin mới nhất" in second


async def test_a_page_without_news_says_so(client: httpx.AsyncClient, cast: Cast) -> None:
    sign_in(client, cast.ha)
    assert "Chưa có thông báo" in (await client.get("/thong-bao")).text


async def test_a_person_stops_and_wants_mail_again(client: httpx.AsyncClient, cast: Cast) -> None:
    await Account.update({Account.email: "ha@example.vn", Account.email_confirmed_at: clock.now()}).where(
        Account.id == cast.ha.account
    )
    sign_in(client, cast.ha)
    assert await wants(cast.ha.account, Channel.EMAIL)
    assert "Thôi gửi thư" in (await client.get("/thong-bao")).text
    for word, wanted in (("no", False), ("no", False), ("yes", True)):
        answer = await post(client, "/thong-bao/cai-dat", {"email": word})
        assert answer.headers["Location"] == "/thong-bao#cai-dat"
        assert await wants(cast.ha.account, Channel.EMAIL) is wanted
    await post(client, "/thong-bao/cai-dat", {"email": "no"})
    assert "Gửi thư cho tôi" in (await client.get("/thong-bao")).text
    assert (await post(client, "/thong-bao/cai-dat", {"email": "perhaps"})).status_code in (400, 422)
    assert await wants(cast.toan.account, Channel.EMAIL)


async def test_who_has_no_confirmed_address_is_shown_where_to_add_it(client: httpx.AsyncClient, cast: Cast) -> None:
    sign_in(client, cast.ha)
    assert 'href="/toi/thong-tin"' in (await client.get("/thong-bao")).text
    sign_out(client)


def test_news_nobody_speaks_of_any_more_stay_readable() -> None:
    assert spoken("gone.away", {}).title == "Có tin mới"
    with use_language("en"):
        assert spoken("gone.away", {}).title == "There is news"


def test_two_rooms_may_not_speak_of_the_same_event() -> None:
    with pytest.raises(RuntimeError):
        words.register("test.happened", lambda data: Words("", "", "/"))
