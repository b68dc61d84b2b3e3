"""A commune with a past: the cast and, for each place a dossier can stand at, one dossier. For tests of the whole app."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

import msgspec
from litestar.datastructures import UploadFile

from backend.accounts.tables import Session
from backend.agencies import calendar_changes, calendar_days
from backend.agencies.office_hours import Span
from backend.agencies.tables import Role
from backend.dossiers import attaching, counter, drafts, intake, issuing, lifecycle, slots
from backend.dossiers.filling import Draft
from backend.dossiers.tables import Dossier, State
from backend.files.jobs import preview
from backend.files.queries import files_of
from backend.kit import clock, seal
from backend.kit.database import execute, fetch, fetch_value, new_id
from tests.cast import Cast, Person
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH, CERTIFY, DEFAULT
from tests.files import samples
from tests.forms.generator import fill

REASON = "Giấy chứng sinh chưa có dấu của cơ sở y tế."


@dataclass
class World:
    """Who is there, and what stands where. Hà filed everything; Toàn has nothing."""

    cast: Cast
    second_session: UUID  # Hà's other device
    revoked: Person  # Hà's name on a device that was signed out
    draft: UUID = field(init=False)  # complete, but for the pledge
    prepared_code: str = field(init=False)
    bare_draft: UUID = field(init=False)  # just begun
    counter_draft: UUID = field(init=False)  # complete; its procedure is taken at the counter only
    prepared: UUID = field(init=False)
    more_drafts: dict[str, UUID] = field(default_factory=dict)  # of Hà's, that only one kind of test needs
    at_counter: UUID = field(init=False)  # begun by the receptionist of Mai Khê
    filled_at_counter: UUID = field(init=False)  # its form is complete, its papers are not counted
    closed_day: UUID = field(init=False)  # of Mai Khê, far in the future
    hours: UUID = field(init=False)  # that Mai Khê will have then
    file: UUID = field(init=False)  # of the submitted dossier, with a picture
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)  # of the applicants, longest first

    def code(self, name: str) -> str:
        """The code of a dossier by where it stands."""
        code = self.dossiers[name].code
        assert code is not None
        return code

    def token(self, name: str) -> str:
        """The token in the QR code of a dossier."""
        return self.tokens[name]

    async def news(self) -> UUID:
        """The last notification that Hà got."""
        found = await fetch_value(
            "select id from notification where account = $1 order by id desc limit 1", self.cast.ha.account
        )
        assert isinstance(found, UUID)
        return found


@contextmanager
def ago(**span: float) -> Iterator[None]:
    """Inside the block it is earlier: `with ago(days=3):`."""
    with clock.use(clock.Frozen(clock.now() - timedelta(**span))):
        yield


async def another_device(person: Person, device: str, revoked_at: datetime | None = None) -> tuple[UUID, str]:
    """Sign a person in on one more device; return the session and its token."""
    session, token = new_id(), f"{person.phone}-{device}"
    await Session.insert(
        Session(
            id=session,
            account=person.account,
            token_hash=seal.token_hash(token),
            device=device,
            created_at=clock.now(),
            seen_at=clock.now(),
            expires_at=clock.now() + timedelta(days=3650),
            revoked_at=revoked_at,
        )
    )
    return session, token


async def photographed(draft_id: UUID, slot: str, name: str = "giay-chung-sinh.jpg") -> UUID:
    """Hand a real picture in for a paper of a draft, and draw its preview."""
    draft = await stories.reopened(draft_id)
    picture = UploadFile(content_type="image/jpeg", filename=name, file_data=samples.image("JPEG", 600, 800))
    kept = await attaching.attach(draft, slot, picture)
    await preview({"file": str(kept.id)})
    return kept.id


async def build(cast: Cast) -> World:
    """Make the world around a cast that is there: procedures, drafts, dossiers in every state, files, news, papers."""
    if not await fetch_value("select exists (select from procedure where code = $1)", CERTIFY):
        await stories.publish(cast, BIRTH, DEFAULT, CERTIFY)
    second, _token = await another_device(cast.ha, "Safari, iPhone")
    _session, token = await another_device(cast.ha, "Firefox, Windows", revoked_at=clock.now())
    ha = cast.ha
    world = World(cast, second, Person(ha.name, ha.account, token, ha.phone, ha.personal_id))
    await _drafts(world)
    for name, walk in WAYS.items():
        with ago(days=2):
            dossier = await _submitted(world) if name == "submitted" else await stories.submitted(cast, DEFAULT)
        world.dossiers[name] = await walk(cast, dossier)
        world.tokens[name] = seal.unseal(world.dossiers[name].tracking_token or "")
    world.file = next(
        file.id for file in await files_of(slots.SUBJECT, world.dossiers["submitted"].id) if file.pictures
    )
    receptionist = await stories.officer(cast, Role.RECEPTIONIST)
    world.at_counter = await counter.begin(receptionist, await stories.published(BIRTH))
    world.filled_at_counter = await counter.begin(receptionist, await stories.published(CERTIFY))
    await _fill(world.filled_at_counter)
    administrator = await stories.found_officer(cast.officer(Role.ADMINISTRATOR))
    await calendar_changes.close_days(administrator, date(2027, 6, 1), date(2027, 6, 1), "Hội làng")
    world.closed_day = (await calendar_days.own_days(cast.commune))[0].id
    await calendar_changes.set_hours(administrator, date(2027, 8, 2), {1: (Span(time(7), time(11)),)})
    world.hours = (await calendar_days.hours_set(cast.commune))[0].id
    # Last: a draft left untouched is taken up again by whoever begins the same procedure.
    world.bare_draft = (await stories.begun(cast, BIRTH)).id
    rows = await fetch("select distinct owner_name from dossier where owner_name <> ''")
    world.names = sorted((row["owner_name"] for row in rows), key=len, reverse=True)
    return world


async def _drafts(world: World) -> None:
    cast = world.cast
    with ago(hours=3):
        world.draft = (await _with_papers(cast, 3)).id
        world.counter_draft = (await stories.filled(cast, CERTIFY, seed=2)).id
        prepared = await stories.filled(cast, CERTIFY)
        world.prepared_code = await drafts.prepare(prepared)
        world.prepared = prepared.id


async def _fill(draft_id: UUID) -> None:
    """Answer the form of a dossier at the counter, by chance."""
    draft = await stories.reopened(draft_id)
    answers = fill(draft.form, Random(1), draft.choices, draft.facts, file_id=lambda: str(new_id()))
    await execute(
        "update dossier set answers = $2, revision = revision + 1 where id = $1",
        draft_id,
        msgspec.json.encode(answers).decode(),
    )


async def _with_papers(cast: Cast, seed: int) -> Draft:
    """A complete draft of a birth whose case, drawn by chance, asks for papers."""
    draft = await stories.filled(cast, BIRTH, seed=seed)
    while not draft.papers:
        await drafts.discard(cast.ha.account, draft.id)
        seed += 10
        draft = await stories.filled(cast, BIRTH, seed=seed)
    return draft


async def _submitted(world: World) -> Dossier:
    draft = await _with_papers(world.cast, 1)
    await photographed(draft.id, draft.papers[0].id)
    draft = await stories.reopened(draft.id)
    await intake.file_by_citizen(draft.row, world.cast.ha.account)
    return await stories.row(draft.id)


async def _stays(cast: Cast, dossier: Dossier) -> Dossier:
    return dossier


async def _received(cast: Cast, dossier: Dossier) -> Dossier:
    with ago(days=1):
        await intake.receive(dossier, await stories.officer(cast, Role.RECEPTIONIST))
    return await stories.row(dossier.id)


async def _in_process(cast: Cast, dossier: Dossier) -> Dossier:
    dossier = await _received(cast, dossier)
    processor = await stories.officer(cast, Role.PROCESSOR)
    await lifecycle.take_up(dossier, processor, await stories.steps_of(dossier))
    dossier = await stories.row(dossier.id)
    await lifecycle.note(dossier, processor, await stories.steps_of(dossier), "Đã gọi điện hỏi thêm nơi ở.", False)
    return await stories.row(dossier.id)


async def _proposed(cast: Cast, dossier: Dossier) -> Dossier:
    dossier = await _in_process(cast, dossier)
    processor = await stories.officer(cast, Role.PROCESSOR)
    await lifecycle.propose_rejection(dossier, processor, await stories.steps_of(dossier), REASON)
    return await stories.row(dossier.id)


async def _rejected(cast: Cast, dossier: Dossier) -> Dossier:
    dossier = await _proposed(cast, dossier)
    leader = await stories.officer(cast, Role.LEADER)
    await lifecycle.reject(dossier, leader, await stories.steps_of(dossier), REASON)
    return await stories.row(dossier.id)


async def _refused(cast: Cast, dossier: Dossier) -> Dossier:
    with ago(days=1):
        await intake.refuse(dossier, await stories.officer(cast, Role.RECEPTIONIST), REASON)
    return await stories.row(dossier.id)


async def _to_sign(cast: Cast, dossier: Dossier) -> Dossier:
    dossier = await _in_process(cast, dossier)
    steps = await stories.steps_of(dossier)
    await lifecycle.advance(dossier, await stories.officer(cast, Role.PROCESSOR), steps, "approve")
    return await stories.row(dossier.id)


async def _issued(cast: Cast, dossier: Dossier) -> Dossier:
    return await stories.walk_to(cast, await _received(cast, dossier), State.ISSUED)


async def _delivered(cast: Cast, dossier: Dossier) -> Dossier:
    dossier = await _issued(cast, dossier)
    receptionist = await stories.officer(cast, Role.RECEPTIONIST)
    await lifecycle.deliver(dossier, receptionist, await stories.steps_of(dossier), "counter")
    return await stories.row(dossier.id)


async def _waits_for_more(cast: Cast, dossier: Dossier) -> Dossier:
    """No verb leads here yet: an imported dossier may stand there."""
    dossier = await _in_process(cast, dossier)
    await execute("update dossier set state = 'awaiting_supplement' where id = $1", dossier.id)
    return await stories.row(dossier.id)


async def _overdue(cast: Cast, dossier: Dossier) -> Dossier:
    dossier = await _in_process(cast, dossier)
    await execute("update dossier set due_at = $2 where id = $1", dossier.id, clock.now() - timedelta(days=2))
    return await stories.row(dossier.id)


WAYS = {
    "submitted": _stays,
    "received": _received,
    "in_process": _in_process,
    "proposed": _proposed,
    "to_sign": _to_sign,
    "issued": _issued,
    "delivered": _delivered,
    "refused": _refused,
    "rejected": _rejected,
    "paused": _waits_for_more,
    "overdue": _overdue,
}


async def paper_names(dossier: Dossier) -> list[str]:
    """The statutory papers issued for a dossier, as addresses name them."""
    return [str(form) for form in issuing.PaperForm if await issuing.issued(dossier, form)]
