"""What state and step look like from outside: the status chip (design), the provincial 1..10 codes, what comes next."""

from enum import StrEnum

from backend.dossiers.moves import ENDED
from backend.dossiers.tables import State
from backend.kit.language import N_, _
from backend.procedures.workflow import Step, StepKind, StepRole


class Chip(StrEnum):
    """The status chips; nothing else is a status. Each value is the name `ui.chip` knows."""

    DRAFT = "draft"
    PREPARED = "prepared"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    PROCESSING = "processing"
    SUPPLEMENT = "supplement"
    FEE_DUE = "fee_due"
    OTHER_AGENCY = "other_agency"
    TO_SIGN = "to_sign"
    RESULT_READY = "result_ready"
    RETURNED = "returned"
    NOT_ACCEPTED = "not_accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


_FIXED = {
    State.DRAFT: Chip.DRAFT,
    State.PREPARED: Chip.PREPARED,
    State.SUBMITTED: Chip.SUBMITTED,
    State.RECEIVED: Chip.ACCEPTED,
    State.AWAITING_SUPPLEMENT: Chip.SUPPLEMENT,
    State.AWAITING_FEE: Chip.FEE_DUE,
    State.DECIDED: Chip.PROCESSING,
    State.ISSUED: Chip.RESULT_READY,
    State.DELIVERED: Chip.RETURNED,
    State.ARCHIVED: Chip.ENDED,
    State.REFUSED: Chip.NOT_ACCEPTED,
    State.REJECTED: Chip.REFUSED,
    State.STOPPED: Chip.WITHDRAWN,
    State.FORWARDED: Chip.ENDED,
}

# Provincial systems publish these ten (domain.md §4, four systems agree).
_STATUS_CODES = {
    State.SUBMITTED: 1,
    State.RECEIVED: 2,
    State.REFUSED: 3,
    State.IN_PROCESS: 4,
    State.AWAITING_SUPPLEMENT: 5,
    State.AWAITING_FEE: 6,
    State.STOPPED: 7,
    State.FORWARDED: 8,
    State.DECIDED: 4,
    State.ISSUED: 9,
    State.REJECTED: 9,
    State.DELIVERED: 10,
    State.ARCHIVED: 10,
}

_SIGNING = (StepRole.APPROVER, StepRole.LEADER)


def chip(state: State | str, step: Step | None, proposed: bool = False) -> Chip:
    """Return the status chip of a dossier.

    Args:
        state: of the dossier.
        step: the workflow step it is in.
        proposed: whether a proposal to reject waits for the signer.
    """
    known = State(state)
    if known is not State.IN_PROCESS:
        return _FIXED[known]
    if proposed or (step and step.role in _SIGNING and step.kind in (StepKind.WORK, StepKind.PRESENCE)):
        return Chip.TO_SIGN
    return Chip.OTHER_AGENCY if step and step.kind is StepKind.WAIT else Chip.PROCESSING


def status_code(state: State | str) -> int | None:
    """Return the 1..10 code provincial systems publish; None for what was not filed yet."""
    return _STATUS_CODES.get(State(state))


_NEXT = {
    State.DRAFT: N_("Điền tiếp rồi nộp"),
    State.PREPARED: N_("Mang giấy tờ và mã chuẩn bị đến quầy"),
    State.SUBMITTED: N_("Xã xem giấy tờ rồi tiếp nhận"),
    State.ISSUED: N_("Kết quả đã có, đến nhận"),
}


def comes_next(state: State | str, step: Step | None) -> str:
    """Return what happens next, in the citizen's words; empty once it has ended."""
    known = State(state)
    if known in ENDED:
        return ""
    if known in _NEXT:
        return _(_NEXT[known])
    return step.name if step else _("Xã đang giải quyết")
