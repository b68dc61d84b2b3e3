"""What stories of dossiers begin with: a procedure opened, a draft filled by chance, a dossier somewhere on its way."""

import json
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from backend.agencies.officers import Officer, officer_by_id
from backend.agencies.queries import agency_by_id
from backend.agencies.tables import Role
from backend.agencies.units import import_units
from backend.demo.tariffs import set_tariffs
from backend.dossiers import intake, lifecycle, slots
from backend.dossiers.beginning import begin
from backend.dossiers.filling import Draft, opened
from backend.dossiers.tables import ChannelOfFiling, Dossier, State
from backend.dossiers.terms import kept_answers
from backend.files.tables import File
from backend.kit import clock
from backend.kit.database import execute, fetch_value, new_id
from backend.procedures.definition import FeeDue, FeeKind
from backend.procedures.fees import Count, FeeLine, Standing, Waiver
from backend.procedures.importing import import_bytes
from backend.procedures.offerings import missing_fees, set_tariff, switch
from backend.procedures.queries import Published, current
from backend.procedures.tables import Connection
from backend.procedures.workflow import Step
from tests.cast import NOON, Cast, Person
from tests.forms.generator import fill
from tests.procedures.real import DATA

BIRTH = "1.001193"
CERTIFY = "2.000815"  # certified copies: at the counter only
TODAY = NOON.date()
CLAIMED = FeeLine(
    id="copy",
    kind=FeeKind.FEE,
    name="Bản sao trích lục",
    unit="bản",
    due=FeeDue.ACCEPTANCE,
    standing=Standing.DUE,
    full_vnd=24_000,
    amount_vnd=0,
    unit_vnd=8_000,
    counts=(Count(3, "bản", 8_000),),
    waiver=Waiver("poor", "Hộ nghèo", "Giấy chứng nhận hộ nghèo", "Luật Hộ tịch", claimed=True),
)
"""A fee that somebody says they need not pay, and nobody has confirmed yet."""
DEFAULT = "1.004837"  # guardianship: the default form, with cases


@cache
def plain() -> dict[str, Any]:
    """Return the shipped document."""
    shipped: dict[str, Any] = json.loads(DATA.read_bytes())
    return shipped


def document(*codes: str, change: Any = None) -> bytes:
    """Return the shipped document with only these procedures; `change` is given each of them."""
    kept = json.loads(json.dumps([one for one in plain()["procedures"] if not codes or one["code"] in codes]))
    for one in kept:
        if change:
            change(one)
    return json.dumps(plain() | {"procedures": kept}).encode()


async def publish(cast: Cast, *codes: str, online: bool = True) -> None:
    """Import procedures and open them online in Mai Khê where they have an online channel; units stay between tests."""
    if not await fetch_value("select exists (select from administrative_unit)"):
        await import_units()
    await import_bytes(document(*codes))
    await set_tariffs(cast.commune, TODAY)
    for code in codes:
        version = (await published(code)).version
        if online and version.channel("online"):
            for fee in await missing_fees(cast.commune, version):
                await set_tariff(cast.commune, code, fee.id, 20_000, None, "NQ 12/2026", TODAY, None)
            await switch(cast.commune, code, True, Connection.LOCAL, None)


async def published(code: str) -> Published:
    """Return a procedure as it stands now."""
    found = await current(code)
    assert found is not None
    return found


async def officer(cast: Cast, role: Role) -> Officer:
    """Return the officer of Mai Khê with this role."""
    return await found_officer(cast.officer(role))


async def found_officer(person: Person) -> Officer:
    """Return a member of the cast as the officer they are."""
    assert person.officer is not None
    found = await officer_by_id(person.officer)
    assert found is not None
    return found


async def begun(cast: Cast, code: str, person: Person | None = None, answers: dict[str, str] | None = None) -> Draft:
    """Begin a draft as `person` (Hà unless told)."""
    who = person or cast.ha
    agency = await agency_by_id(cast.commune)
    made = await begin(who.account, agency, await published(code), list((answers or {}).items()))
    return await reopened(made)


async def reopened(draft: UUID) -> Draft:
    """Return a draft as it stands in the database now."""
    return await opened(await row(draft))


async def row(dossier: UUID) -> Dossier:
    """Return a dossier's row as it stands now."""
    found = await Dossier.objects().get(Dossier.id == dossier)
    assert found is not None
    return found


async def file_in(draft: UUID, slot: str, account: UUID, name: str = "giay.jpg") -> UUID:
    """Put the row of a file into a slot, without bytes: uploads have tests of their own."""
    made = new_id()
    await File.insert(
        File(
            id=made,
            subject_kind=slots.SUBJECT,
            subject=draft,
            slot=slot,
            name=name,
            media_type="image/jpeg",
            size=120_000,
            sha256=made.bytes,
            object_name=str(new_id()),
            pages=1,
            uploaded_by=account,
            uploaded_at=clock.now(),
        )
    )
    return made


async def filled(cast: Cast, code: str, seed: int = 1, person: Person | None = None) -> Draft:
    """Return a draft that may be filed: valid answers drawn by `seed`, a file for every paper and question."""
    draft = await begun(cast, code, person)
    account = (person or cast.ha).account
    asked: list[UUID] = []

    def file_id() -> str:
        asked.append(new_id())
        return str(asked[-1])

    answers = fill(draft.form, Random(seed), draft.choices, draft.facts, file_id=file_id)
    await execute(
        "update dossier set answers = $2, revision = revision + 1 where id = $1",
        draft.id,
        msgspec.json.encode(answers).decode(),
    )
    draft = await reopened(draft.id)
    for path, _field in slots.file_questions(draft.form, answers):
        for one in draft_files(answers, path):
            await execute("delete from file where id = $1", UUID(one))
            made = await file_in(draft.id, slots.slot_of(path), account)
            await execute("update file set id = $2 where id = $1", made, UUID(one))
    for paper in draft.papers:
        if paper.to_hand_in:
            await file_in(draft.id, paper.id, account)
    return await reopened(draft.id)


def draft_files(answers: dict[str, Any], path: str) -> list[str]:
    """Return the ids of the files that answers name at `path`."""
    from backend.forms.paths import find

    found = find(answers, path)
    return found if isinstance(found, list) else []


async def submitted(cast: Cast, code: str = BIRTH, seed: int = 1, person: Person | None = None) -> Dossier:
    """Return a dossier that was filed online."""
    draft = await filled(cast, code, seed, person)
    await intake.file_by_citizen(draft.row, (person or cast.ha).account)
    return await row(draft.id)


async def received(cast: Cast, code: str = BIRTH, seed: int = 1) -> Dossier:
    """Return a dossier that the commune received."""
    dossier = await submitted(cast, code, seed)
    await intake.receive(dossier, await officer(cast, Role.RECEPTIONIST))
    return await row(dossier.id)


async def count_papers(draft: UUID) -> None:
    """Note that two originals of every paper that is handed in lie on the counter, and that the others were seen."""
    papers = (await reopened(draft)).outcome.papers
    noted = {paper.id: {"originals": 2} if paper.to_hand_in else {"seen": True} for paper in papers}
    await execute("update dossier set counter = $2 where id = $1", draft, json.dumps({"papers": noted}))


async def steps_of(dossier: Dossier) -> tuple[Step, ...]:
    """Return the workflow of a dossier's version."""
    return (await intake.filed_of(dossier)).procedure.steps


async def walk_to(cast: Cast, dossier: Dossier, state: State) -> Dossier:
    """Lead a received dossier along the first way of each step until it reaches `state`."""
    steps = await steps_of(dossier)
    for _ in range(20):
        dossier = await row(dossier.id)
        if dossier.state == state:
            return dossier
        step = lifecycle.current_step(dossier, steps)
        assert step is not None
        who = await officer(cast, Role(step.role))
        if not await has_result(dossier.id):
            await lifecycle.attach_result(dossier, who, steps, number="12/TLKS", summary="Trích lục")
            dossier = await row(dossier.id)
        way = next(way for way in step.next if way.end is None)
        await lifecycle.advance(dossier, who, steps, way.to)
    raise AssertionError(f"{state} was not reached")


async def has_result(dossier: UUID) -> bool:
    """Whether a result is attached."""
    from backend.dossiers.tables import DossierResult

    return await DossierResult.exists().where(DossierResult.dossier == dossier)


async def counter_draft(cast: Cast, code: str) -> Dossier:
    """Return a draft as the counter makes it for somebody without an account."""
    now = clock.now()
    made = new_id()
    await Dossier.insert(
        Dossier(
            id=made,
            agency=cast.commune,
            procedure_code=code,
            version=(await published(code)).version_id,
            channel=ChannelOfFiling.COUNTER,
            state_owner="ours",
            state=State.DRAFT,
            created_at=now,
            updated_at=now - timedelta(0),
        )
    )
    return await row(made)


__all__ = ["execute", "fetch_value", "kept_answers"]
