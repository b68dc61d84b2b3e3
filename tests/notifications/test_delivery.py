"""News by e-mail against a real SMTP server: once, in the reader's language, tried again, or kept as failed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from backend.accounts.tables import Account
from backend.kit import clock, jobs, mail, settings
from backend.kit.clock import Frozen
from backend.kit.database import execute, fetch, fetch_one, new_id, unit_of_work
from backend.notifications import words
from backend.notifications.jobs import CLAIM, MOST_TRIES, BeingSent, deliver
from backend.notifications.preferences import prefer
from backend.notifications.tables import Channel
from backend.notifications.telling import tell
from backend.notifications.words import Words
from tests.cast import Cast
from tests.conftest import Cluster
from tests.notifications.post_office import PostOffice, open_post_office

pytestmark = pytest.mark.anyio

CODE = "H71.104.26-261125-0007"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with open_post_office() as opened:
        yield opened


@pytest.fixture(autouse=True)
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that speaks of one event."""
    monkeypatch.setattr(words, "_speakers", {})
    words.register(
        "test.received",
        lambda data: Words("Đã tiếp nhận hồ sơ", f"Hồ sơ {data['code']}.", f"/ho-so/{data['code']}", "inbox", "door"),
    )


async def confirm(account: UUID, address: str = "ha@example.vn", **more: Any) -> None:
    """Give an account a confirmed address."""
    await Account.update({Account.email: address, Account.email_confirmed_at: clock.now(), **more}).where(
        Account.id == account
    )


async def news(cast: Cast) -> UUID:
    """Tell Hà that her dossier was received; return the delivery's id."""
    async with unit_of_work():
        told = await tell(
            cast.ha.account,
            "test.received",
            agency=cast.commune,
            subject_kind="dossier",
            subject=new_id(),
            data={"code": CODE},
        )
    row = await fetch_one("select id from delivery where notification = $1", told)
    assert row is not None
    return UUID(str(row["id"]))


async def state(delivery: UUID) -> tuple[str, str]:
    row = await fetch_one("select state, reason from delivery where id = $1", delivery)
    assert row is not None
    return row["state"], row["reason"]


async def send(delivery: UUID) -> None:
    await deliver({"delivery": str(delivery)})


async def test_news_go_out_with_code_sentence_and_link_and_nothing_else(cast: Cast, office: PostOffice) -> None:
    await confirm(cast.ha.account)
    delivery = await news(cast)
    await send(delivery)
    letter = office.letters[0]
    assert letter["To"] == "ha@example.vn"
    assert letter["From"] == "mot-cua@maikhe.example"
    assert letter["Subject"] == "Đã tiếp nhận hồ sơ · Xã Mai Khê"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == f"<delivery-{delivery}@maikhe.example>"
    text = letter.get_content()
    assert letter.get_content_type() == "text/plain"
    assert f"http://localhost:8000/ho-so/{CODE}" in text
    assert "http://localhost:8000/thong-bao#cai-dat" in text
    for secret in (cast.ha.name, cast.ha.phone, cast.ha.personal_id):
        assert secret not in text
    assert await state(delivery) == ("sent", "")


async def test_a_job_that_runs_twice_sends_one_letter(cast: Cast, office: PostOffice) -> None:
    await confirm(cast.ha.account)
    delivery = await news(cast)
    await send(delivery)
    await send(delivery)
    assert len(office.letters) == 1


async def test_two_workers_at_once_send_one_letter(cast: Cast, office: PostOffice) -> None:
    await confirm(cast.ha.account)
    delivery = await news(cast)
    outcomes = await asyncio.gather(*(send(delivery) for _ in range(5)), return_exceptions=True)
    assert len(office.letters) == 1
    assert all(outcome is None or isinstance(outcome, BeingSent) for outcome in outcomes)
    assert await state(delivery) == ("sent", "")


async def test_a_letter_whose_worker_died_is_taken_up_after_a_while_with_the_same_id(
    cast: Cast, office: PostOffice, frozen: Frozen
) -> None:
    await confirm(cast.ha.account)
    delivery = await news(cast)
    await execute("update delivery set claimed_at = $2, tries = 1 where id = $1", delivery, clock.now())
    with pytest.raises(BeingSent):
        await send(delivery)
    frozen.advance(CLAIM + timedelta(seconds=1))
    await send(delivery)
    assert [letter["Message-ID"] for letter in office.letters] == [f"<delivery-{delivery}@maikhe.example>"]


async def test_a_passing_refusal_is_tried_again(cast: Cast, office: PostOffice) -> None:
    office.answers = ["451 try again later", "421 busy"]
    await confirm(cast.ha.account)
    delivery = await news(cast)
    for _ in range(2):
        with pytest.raises(mail.MailDelayed):
            await send(delivery)
        assert (await state(delivery))[0] == "waiting"
    await send(delivery)
    assert (len(office.letters), office.tries) == (1, 3)
    assert await state(delivery) == ("sent", "")


async def test_a_refusal_for_good_is_kept_and_not_tried_again(cast: Cast, office: PostOffice) -> None:
    office.answers = ["550 no such mailbox"]
    await confirm(cast.ha.account)
    delivery = await news(cast)
    await send(delivery)
    await send(delivery)
    assert (office.letters, office.tries) == ([], 1)
    assert await state(delivery) == ("failed", "the mail server answered 550")


async def test_a_refusal_that_never_passes_ends_as_failed(cast: Cast, office: PostOffice) -> None:
    office.answers = ["451 later"] * MOST_TRIES
    await confirm(cast.ha.account)
    delivery = await news(cast)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(mail.MailDelayed):
            await send(delivery)
    await send(delivery)
    assert await state(delivery) == ("failed", "the mail server answered 451")


async def test_a_mail_server_that_is_away_is_a_passing_trouble(cast: Cast) -> None:
    await confirm(cast.ha.account)
    delivery = await news(cast)
    away = msgspec.structs.replace(settings.current(), smtp_url="smtp://127.0.0.1:1", mail_from="x@y.example")
    with settings.use(away), pytest.raises(mail.MailDelayed):
        await send(delivery)
    assert await state(delivery) == ("waiting", "SMTPConnectError")


async def test_without_a_mail_server_news_stay_in_the_app(cast: Cast) -> None:
    await confirm(cast.ha.account)
    delivery = await news(cast)
    await send(delivery)
    assert await state(delivery) == ("skipped", "no mail server is set")


async def test_a_letter_follows_the_address_and_the_wish_of_the_moment_it_is_sent(
    cast: Cast, office: PostOffice
) -> None:
    await confirm(cast.ha.account)
    moved, stopped, gone = await news(cast), await news(cast), await news(cast)
    await confirm(cast.ha.account, "moi@example.vn")
    await send(moved)
    await prefer(cast.ha.account, Channel.EMAIL, False)
    await send(stopped)
    await prefer(cast.ha.account, Channel.EMAIL, True)
    await execute("update account set email_confirmed_at = null where id = $1", cast.ha.account)
    await send(gone)
    assert [letter["To"] for letter in office.letters] == ["moi@example.vn"]
    assert [(await state(one))[0] for one in (moved, stopped, gone)] == ["sent", "skipped", "skipped"]


async def test_a_letter_is_written_in_the_readers_language(cast: Cast, office: PostOffice) -> None:
    await confirm(cast.ha.account, language="en")
    await send(await news(cast))
    assert "See it at the one-stop shop" in office.letters[0].get_content()


async def test_a_line_break_in_an_address_sends_nothing(office: PostOffice) -> None:
    with pytest.raises(mail.MailRefused):
        await mail.send("ha@example.vn\nBcc: all@example.vn", "Tin", "…", "one")
    with pytest.raises(mail.MailRefused):
        await mail.send("ha@example.vn", "Tin\r\nBcc: all@example.vn", "…", "one")
    assert office.letters == []


@pytest.mark.parametrize("why", ["no address", "not confirmed", "closed", "not wanted"])
async def test_nothing_goes_out_to_whom_it_should_not(cast: Cast, why: str) -> None:
    if why != "no address":
        await confirm(cast.ha.account)
    if why == "not confirmed":
        await execute("update account set email_confirmed_at = null where id = $1", cast.ha.account)
    if why == "closed":
        await execute("update account set closed_at = $2 where id = $1", cast.ha.account, clock.now())
    if why == "not wanted":
        await prefer(cast.ha.account, Channel.EMAIL, False)
    async with unit_of_work():
        await tell(
            cast.ha.account, "test.received", agency=None, subject_kind="dossier", subject=new_id(), data={"code": CODE}
        )
    assert await fetch("select 1 from delivery") == []
    assert await fetch("select 1 from pgqueuer") == []
    assert len(await fetch("select 1 from notification")) == 1


async def test_the_worker_delivers_what_was_told(
    db: Cluster, cast: Cast, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_PATIENCE", timedelta(milliseconds=100))
    stop = asyncio.Event()
    await confirm(cast.ha.account)
    delivery = await news(cast)
    working = asyncio.create_task(jobs.work(db.app, stop))
    await asyncio.wait_for(office.arrived.wait(), 10)
    stop.set()
    await asyncio.wait_for(working, 10)
    assert await state(delivery) == ("sent", "")
    assert await fetch("select 1 from pgqueuer") == []
