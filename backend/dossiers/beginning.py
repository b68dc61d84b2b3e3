"""How a draft begins: which way it will be filed, and all that is known already filled in."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from backend.accounts.profiles import profile
from backend.agencies.queries import AgencyInfo
from backend.dossiers import quotas
from backend.dossiers.tables import ChannelOfFiling, Dossier, State, StateOwner
from backend.dossiers.terms import case_of, packed
from backend.forms.answers import starting_answers
from backend.forms.facts import Facts
from backend.forms.paths import Answers, empty, find, put
from backend.forms.prefill import prefill
from backend.forms.reading import posted
from backend.kit import clock
from backend.kit.database import execute, fetch_value, new_id, unit_of_work
from backend.kit.errors import Refused
from backend.kit.language import _
from backend.kit.text import fold
from backend.procedures import checklist
from backend.procedures.choices import unit_choices
from backend.procedures.definition import Channel, Version
from backend.procedures.offerings import offering_of, takes_online
from backend.procedures.queries import Published, form_of, receives


async def channel_for(agency: UUID, version: Version, wanted: str = "") -> ChannelOfFiling:
    """Return how a procedure is filed with an agency from here: online where it is open, else prepared for the counter.

    Args:
        agency: the commune.
        version: of the procedure.
        wanted: the channel the person chose; one that is not open counts for nothing.

    Raises:
        Refused: neither is possible.
    """
    at_hand = [ChannelOfFiling.COUNTER, ChannelOfFiling.POST]
    open_ones = [channel for channel in at_hand if version.channel(channel)]
    if await takes_online(agency, version):
        open_ones.insert(0, ChannelOfFiling.ONLINE)
    for channel in open_ones:
        if channel == wanted:
            return channel
    if open_ones:
        return open_ones[0]
    raise Refused(_("Xã chưa nhận thủ tục này trên mạng. Gọi xã để được hướng dẫn."))


async def begin(
    account: UUID, agency: AgencyInfo, published: Published, pairs: Iterable[tuple[str, Any]], wanted: str = ""
) -> UUID:
    """Begin a draft of a procedure as it stands now, with what is known already; return its id.

    A draft of the same procedure that was begun and left untouched is taken up again instead.

    Args:
        account: whose it is.
        agency: the commune it will be filed with.
        published: the procedure's version in force.
        pairs: the answers of the checklist, as the browser posts them.
        wanted: the channel the person chose.

    Raises:
        Refused: the procedure is no longer received, or cannot be filed here, or too much is begun and not filed.
    """
    now, version = clock.now(), published.version
    if not receives(published, clock.local(now).date()):
        raise Refused(_("Thủ tục này không còn nhận hồ sơ mới. Gọi xã để biết thủ tục thay thế."))
    channel = await channel_for(agency.id, version, wanted)
    known = await profile(account)
    answers = await _first_answers(known, agency.id, version, Channel(channel), pairs)
    # Not every form asks who fills it in; the office still has to know whose dossier it is.
    name, phone = (find(answers, f"submitter.{key}") or known[key] or "" for key in ("full_name", "phone"))
    draft = Dossier(
        id=new_id(),
        agency=agency.id,
        procedure_code=version.code,
        version=published.version_id,
        channel=channel,
        connection=str((await offering_of(agency.id, version.code)).connection),
        state_owner=StateOwner.OURS,
        state=State.DRAFT,
        account=account,
        owner_name=name,
        owner_search=fold(name),
        owner_phone=phone,
        answers=packed(answers),
        created_at=now,
        updated_at=now,
    )
    async with unit_of_work():
        await quotas.one_at_a_time(account)
        taken_up = await _taken_up(draft)
        if taken_up is None:
            await quotas.check_dossiers(account)
            await Dossier.insert(draft)
    return taken_up or UUID(str(draft.id))


async def _taken_up(draft: Dossier) -> UUID | None:
    """Let an untouched draft of the same procedure begin as `draft` would; return its id, None if there is none."""
    found = await fetch_value(
        "select id from dossier where account = $1 and agency = $2 and procedure_code = $3 and state = $4 "
        "and revision = 1 order by created_at desc limit 1 for update",
        draft.account,
        draft.agency,
        draft.procedure_code,
        str(State.DRAFT),
    )
    if found is None:
        return None
    await execute(
        "update dossier set answers = $2, version = $3, channel = $4, updated_at = $5 where id = $1",
        found,
        draft.answers,
        draft.version,
        str(draft.channel),
        draft.updated_at,
    )
    return UUID(str(found))


async def _first_answers(
    known: dict[str, Any], agency: UUID, version: Version, channel: Channel, pairs: Iterable[tuple[str, Any]]
) -> Answers:
    """Defaults, then the checklist's answers, then what the profile knows."""
    today = clock.local(clock.now()).date()
    choices, form = await unit_choices(agency), form_of(version, channel)
    answers = starting_answers(form, choices)
    asked = checklist.questions(version, channel)
    given = checklist.answers_from(asked, posted(pairs))
    _shown, counted = checklist.visible(asked, given, today)
    for question in asked:
        value = find(counted, question.path)
        if not empty(value):
            group, is_item, _rest = question.path.partition(".0.")
            if is_item and not find(answers, group):
                put(answers, group, [{}])
            put(answers, question.path, value)
    facts = Facts(today=today, case=case_of(answers))
    return prefill(form, answers, known, facts, choices)
