"""The form a person really fills: the procedure's own or the default one, behind the questions that come before it."""

from backend.forms.definition import Form, Option
from backend.forms.steps import Asked, with_first_step
from backend.kit.language import _
from backend.procedures.definition import Channel, FeeRule, Procedure, Version
from backend.procedures.fees import claimable

NO_CASE = "none"
"""The answer of a person whose matter is none of the procedure's cases."""


def whole_form(version: Version, channel: Channel) -> Form:
    """Return the form to be filled under `version` when filing through `channel`.

    A procedure's own form asks exemptions itself (its `fee_exemption` field); cases that a person chooses and quantities
    a fee asks for are put before it all the same. It does not change with the day, so that no draft loses a question.

    Raises:
        ValueError: neither a form nor a default form was kept; import never lets this happen.
    """
    form = version.form or version.default_form
    if form is None:
        raise ValueError(f"{version.code} has no form")
    fees = _fees(version, channel)
    return with_first_step(
        form,
        cases=case_options(version),
        quantities=[Asked(fee.id, fee.quantity.ask) for fee in fees if fee.quantity and fee.quantity.ask],
        exemptions=[] if version.form else [_exemption(fee) for fee in fees if claimable(fee)],
    )


def case_options(procedure: Procedure) -> list[Option]:
    """Return the cases a person chooses between, with "none of these" last; nothing when none is to be chosen."""
    cases = [Option(value=case.key, label=case.label) for case in procedure.chosen_cases()]
    return [*cases, Option(value=NO_CASE, label=_("Không thuộc trường hợp nào ở trên"))] if cases else []


def _fees(procedure: Procedure, channel: Channel) -> list[FeeRule]:
    rule = procedure.channel(channel)
    found = [procedure.fee(identity) for identity in (rule.fees if rule else ())]
    return [fee for fee in found if fee is not None and (fee.channels is None or channel in fee.channels)]


def _exemption(fee: FeeRule) -> Asked:
    options = tuple(Option(value=one.id, label=one.name) for one in claimable(fee))
    return Asked(fee.id, _("%(fee)s: có thuộc diện miễn không?") % {"fee": fee.name}, options)
