"""The one table of moves: verbs read it, buttons ask it, history speaks from it, tests walk it, the docs draw it.

A dossier has a state and, once received, a step of its procedure's workflow. Most moves change the state;
`advance` follows a way of the step and the state follows from where it leads (`state_at`).
"""

from enum import StrEnum

import msgspec

from backend.agencies.tables import Role
from backend.dossiers.tables import State
from backend.kit.language import N_
from backend.procedures.workflow import End, Step, StepKind, StepRole, Way

OPEN = frozenset({State.RECEIVED, State.IN_PROCESS, State.DECIDED, State.ISSUED})
ENDED = frozenset({State.DELIVERED, State.ARCHIVED, State.REFUSED, State.REJECTED, State.STOPPED, State.FORWARDED})
FILED = OPEN | ENDED | {State.SUBMITTED}
PRIVATE = frozenset({State.DRAFT, State.PREPARED})

# Who signs: their word on a proposal to reject is the decision.
SIGNERS = frozenset({Role.APPROVER, Role.LEADER})
# Who reads dossiers at all: a pure administrator or cashier does not (domain.md §3).
READERS = frozenset(Role) - {Role.ADMINISTRATOR, Role.CASHIER}
DECIDING_OUTCOMES = frozenset({"approved", "decided", "agreed", "accepted"})


class Who(StrEnum):
    """Whom a move asks for, besides an officer's role."""

    CITIZEN = "citizen"
    STEP_ROLE = "step_role"


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be done to a dossier.

    Args:
        name: of the move in code and history.
        slug: its address, a noun.
        sources: states it starts from.
        targets: states it may end in; empty: the state stays.
        by: roles that may, one is enough; or who else.
        label: the button.
        done: what history and the refused second officer read; {who} is the actor.
        first: what a second officer reads who pressed too late, where `done` needs a step's name.
        news: what the citizen is told happened; empty: the citizen is not told.
        icon: of the button and the history line.
        danger: cannot be undone and hurts: the button asks first.
        together: may be made on several dossiers in one press: it needs no reason, no file and no signature.
    """

    name: str
    slug: str
    sources: frozenset[State]
    targets: frozenset[State] = frozenset()
    by: frozenset[Role | Who]
    label: str
    done: str
    first: str = ""
    news: str = ""
    icon: str
    danger: bool = False
    together: bool = False


def _states(*states: State) -> frozenset[State]:
    return frozenset(states)


def _by(*who: Role | Who) -> frozenset[Role | Who]:
    return frozenset(who)


SUBMIT = Move(
    name="submit",
    slug="gui",
    sources=_states(State.DRAFT, State.PREPARED),
    targets=_states(State.SUBMITTED),
    by=_by(Who.CITIZEN, Role.RECEPTIONIST),
    label=N_("Nộp hồ sơ"),
    done=N_("{who} đã nộp hồ sơ"),
    news=N_("Đã nộp hồ sơ, chờ xã tiếp nhận"),
    icon="send",
)
PREPARE = Move(
    name="prepare",
    slug="chuan-bi",
    sources=_states(State.DRAFT),
    targets=_states(State.PREPARED),
    by=_by(Who.CITIZEN),
    label=N_("Lấy mã, đến quầy nộp"),
    done=N_("{who} đã chuẩn bị hồ sơ để nộp tại quầy"),
    icon="clipboard-check",
)
REOPEN = Move(
    name="reopen",
    slug="sua-lai",
    sources=_states(State.PREPARED),
    targets=_states(State.DRAFT),
    by=_by(Who.CITIZEN),
    label=N_("Sửa lại"),
    done=N_("{who} đã mở lại bản chuẩn bị để sửa"),
    icon="pencil-line",
)
OPEN_PREPARED = Move(
    name="open_prepared",
    slug="mo-tai-quay",
    sources=_states(State.PREPARED),
    by=_by(Role.RECEPTIONIST),
    label=N_("Mở hồ sơ"),
    done=N_("{who} đã mở bản chuẩn bị tại quầy"),
    first=N_("{who} đang nhận hồ sơ này tại quầy, mở"),
    icon="folder-open",
)
PUT_BACK = Move(
    name="put_back",
    slug="thoi-nhan",
    sources=_states(State.PREPARED),
    by=_by(Role.RECEPTIONIST),
    label=N_("Thôi, không nhận"),
    done=N_("{who} đã thôi nhận, bản chuẩn bị chờ lại mã"),
    icon="undo-2",
)
RECEIVE = Move(
    name="receive",
    slug="tiep-nhan",
    sources=_states(State.SUBMITTED),
    targets=_states(State.RECEIVED),
    by=_by(Role.RECEPTIONIST),
    label=N_("Tiếp nhận"),
    done=N_("{who} đã tiếp nhận hồ sơ"),
    first=N_("{who} đã tiếp nhận hồ sơ này"),
    news=N_("Xã đã tiếp nhận hồ sơ"),
    icon="inbox",
    together=True,
)
REFUSE = Move(
    name="refuse",
    slug="tu-choi",
    sources=_states(State.SUBMITTED),
    targets=_states(State.REFUSED),
    by=_by(Role.RECEPTIONIST),
    label=N_("Không tiếp nhận"),
    done=N_("{who} đã từ chối tiếp nhận hồ sơ"),
    news=N_("Xã không tiếp nhận hồ sơ này"),
    icon="ban",
    danger=True,
)
ASSIGN = Move(
    name="assign",
    slug="giao-viec",
    sources=OPEN,
    by=READERS,
    label=N_("Giao cho người khác"),
    done=N_("{who} đã giao hồ sơ cho {officer}"),
    first=N_("{who} đã giao hồ sơ này cho người khác"),
    icon="user-round-check",
    together=True,
)
TAKE_UP = Move(
    name="take_up",
    slug="nhan-viec",
    sources=_states(State.RECEIVED),
    targets=_states(State.IN_PROCESS),
    by=_by(Who.STEP_ROLE),
    label=N_("Nhận giải quyết"),
    done=N_("{who} đã nhận giải quyết"),
    news=N_("Hồ sơ đang được giải quyết"),
    icon="hourglass",
    together=True,
)
ADVANCE = Move(
    name="advance",
    slug="chuyen-buoc",
    sources=_states(State.RECEIVED, State.IN_PROCESS, State.DECIDED, State.ISSUED),
    targets=_states(State.IN_PROCESS, State.DECIDED, State.ISSUED),
    by=_by(Who.STEP_ROLE),
    label=N_("Chuyển bước"),
    done=N_("{who} đã xong bước: {step}"),
    first=N_("{who} đã chuyển hồ sơ này sang bước khác"),
    news=N_("Hồ sơ sang bước: {next}"),
    icon="arrow-right",
    together=True,
)
PROPOSE = Move(
    name="propose_rejection",
    slug="de-nghi-khong-giai-quyet",
    sources=_states(State.RECEIVED, State.IN_PROCESS, State.DECIDED),
    targets=_states(State.IN_PROCESS),
    by=_by(Who.STEP_ROLE),
    label=N_("Đề nghị không giải quyết"),
    done=N_("{who} đã đề nghị không giải quyết"),
    icon="circle-x",
    danger=True,
)
DECLINE_PROPOSAL = Move(
    name="decline_proposal",
    slug="khong-dong-y",
    sources=_states(State.IN_PROCESS),
    targets=_states(State.IN_PROCESS),
    by=_by(*SIGNERS),
    label=N_("Không đồng ý, làm tiếp"),
    done=N_("{who} không đồng ý với đề nghị, giao làm tiếp"),
    icon="undo-2",
)
REJECT = Move(
    name="reject",
    slug="khong-giai-quyet",
    sources=_states(State.RECEIVED, State.IN_PROCESS, State.DECIDED),
    targets=_states(State.REJECTED),
    by=_by(*SIGNERS),
    label=N_("Ký không giải quyết"),
    done=N_("{who} đã quyết định không giải quyết"),
    news=N_("Xã không giải quyết hồ sơ này"),
    icon="circle-x",
    danger=True,
)
FORWARD = Move(
    name="forward",
    slug="chuyen-co-quan",
    sources=_states(State.RECEIVED, State.IN_PROCESS, State.DECIDED, State.ISSUED),
    targets=_states(State.FORWARDED),
    by=_by(Who.STEP_ROLE),
    label=N_("Chuyển cơ quan có thẩm quyền"),
    done=N_("{who} đã chuyển hồ sơ đến cơ quan có thẩm quyền"),
    news=N_("Hồ sơ đã chuyển đến cơ quan có thẩm quyền"),
    icon="building-2",
    danger=True,
)
ATTACH_RESULT = Move(
    name="attach_result",
    slug="ket-qua",
    # What was issued stands: a mistake in it is mended by sending the dossier back to the step that makes it.
    sources=OPEN - {State.ISSUED},
    by=_by(Who.STEP_ROLE),
    label=N_("Gắn kết quả"),
    done=N_("{who} đã gắn kết quả"),
    first=N_("{who} đã gắn kết quả của hồ sơ này"),
    icon="paperclip",
)
DELIVER = Move(
    name="deliver",
    slug="tra-ket-qua",
    sources=_states(State.RECEIVED, State.IN_PROCESS, State.DECIDED, State.ISSUED),
    targets=_states(State.DELIVERED),
    by=_by(Who.STEP_ROLE),
    label=N_("Trả kết quả"),
    done=N_("{who} đã trả kết quả"),
    news=N_("Xã đã trả kết quả"),
    icon="check-check",
)
NOTE = Move(
    name="note",
    slug="ghi-chu",
    sources=FILED,
    by=READERS,
    label=N_("Ghi chú"),
    done=N_("{who} đã ghi chú"),
    icon="message-square",
)

CONFIRM_EXEMPTION = Move(
    name="confirm_exemption",
    slug="xac-nhan-mien-giam",
    sources=OPEN | {State.SUBMITTED},
    by=_by(Role.RECEPTIONIST),
    label=N_("Xác nhận được miễn, giảm phí"),
    done=N_("{who} đã xác nhận miễn, giảm phí"),
    news=N_("Xã xác nhận được miễn, giảm phí"),
    icon="badge-check",
)
REFUSE_EXEMPTION = Move(
    name="refuse_exemption",
    slug="khong-mien-giam",
    sources=OPEN | {State.SUBMITTED},
    by=_by(Role.RECEPTIONIST),
    label=N_("Không miễn, giảm phí"),
    done=N_("{who} không đồng ý miễn, giảm phí"),
    news=N_("Xã không miễn, giảm phí cho hồ sơ này"),
    icon="circle-x",
    danger=True,
)
FOREIGN_CODE = Move(
    name="foreign_code",
    slug="ma-he-thong-khac",
    sources=FILED,
    by=_by(Role.RECEPTIONIST, Role.PROCESSOR),
    label=N_("Ghi mã của hệ thống khác"),
    done=N_("{who} đã ghi mã của hệ thống khác"),
    icon="landmark",
)
WITHDRAW_CODE = Move(
    name="withdraw_foreign_code",
    slug="bo-ma-ghi-nham",
    sources=FILED,
    by=_by(Role.RECEPTIONIST, Role.PROCESSOR),
    label=N_("Bỏ mã ghi nhầm"),
    done=N_("{who} đã bỏ mã ghi nhầm"),
    icon="undo-2",
)
# What is written beside a dossier moves nothing: it fits whatever a colleague did meanwhile.
BESIDE = (NOTE, FOREIGN_CODE, WITHDRAW_CODE)
# A word on the fees fits wherever the dossier went meanwhile, as long as the fees are those the officer saw.
ON_FEES = (CONFIRM_EXEMPTION, REFUSE_EXEMPTION)

MOVES = {
    move.name: move
    for move in (
        SUBMIT,
        PREPARE,
        REOPEN,
        OPEN_PREPARED,
        PUT_BACK,
        RECEIVE,
        REFUSE,
        ASSIGN,
        TAKE_UP,
        ADVANCE,
        PROPOSE,
        DECLINE_PROPOSAL,
        REJECT,
        FORWARD,
        ATTACH_RESULT,
        DELIVER,
        NOTE,
        CONFIRM_EXEMPTION,
        REFUSE_EXEMPTION,
        FOREIGN_CODE,
        WITHDRAW_CODE,
    )
}
BY_SLUG = {move.slug: move for move in MOVES.values()}


def role_of(step: Step) -> Role:
    """Return the officer's role that a step asks for."""
    return Role(step.role)


def goes_together(move: Move, step: Step | None) -> bool:
    """Whether a move may be made on several dossiers in one press, each at such a step.

    Who signs, meets or waits looks at each dossier by itself.
    """
    if move is not ADVANCE:
        return move.together
    return step is not None and step.kind is StepKind.WORK and role_of(step) not in SIGNERS


def move_for(way: Way, step: Step, first: bool) -> Move | None:
    """Return which move a way of a step is; None for ends that are not offered yet.

    `@refused` in the first step is a refusal at intake; later it proposes to reject, and where the step is a
    signer's own it rejects (domain.md §4).
    """
    match way.end:
        case None:
            return ADVANCE
        case End.RETURNED:
            return DELIVER
        case End.FORWARDED:
            return FORWARD
        case End.REFUSED if first:
            return REFUSE
        case End.REFUSED if step.role in (StepRole.APPROVER, StepRole.LEADER):
            return REJECT
        case End.REFUSED:
            return PROPOSE
        case _:
            return None


def state_at(steps: tuple[Step, ...], came_from: Step, way: Way, before: State) -> State:
    """Return the state of a dossier that went `way` from the step `came_from`.

    The last step, where the result waits to be handed over, is `issued`; after a signer's yes it is `decided`
    until then; sent back to an earlier step it is in process again.
    """
    places = {step.key: place for place, step in enumerate(steps)}
    there = steps[places[way.to]]
    if there.kind is StepKind.WORK and there.way(End.RETURNED) and there is steps[-1]:
        return State.ISSUED
    if places[way.to] < places[came_from.key]:
        return State.IN_PROCESS
    signed = came_from.role in (StepRole.APPROVER, StepRole.LEADER) and way.outcome in DECIDING_OUTCOMES
    if there.role is StepRole.CLERK and (signed or before is State.DECIDED):
        return State.DECIDED
    return State.IN_PROCESS
