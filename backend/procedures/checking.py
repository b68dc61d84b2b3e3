"""What strict decoding cannot see: ids that must exist, paths that must lead to a field, workflows that must end."""

from collections.abc import Iterable, Iterator

from backend.forms import conditions, decoding
from backend.forms.answers import leaves
from backend.forms.definition import COMPOSITES, FieldType, Form
from backend.forms.facts import Expression
from backend.forms.paths import join
from backend.procedures import workflow
from backend.procedures.definition import Channel, FeeRule, Need, Procedure, ServiceLevel, Status, Version

Fault = tuple[str, str]
"""(path inside the procedure, sentence for the importer)."""


def faults(version: Version) -> Iterator[Fault]:
    """Yield everything that is wrong with a procedure whose shape is right."""
    yield from _own_facts(version)
    if version.form is not None:
        yield from ((f"form.{place}", problem) for place, problem in decoding.problems(version.form))
    form = version.form or version.default_form
    if form is None:
        yield "form", "no form of its own, and no default form came with the document or an earlier one"
        return
    known = form_paths(form)
    yield from _case_faults(version, form)
    for path, condition in _conditions(version):
        yield from _condition_faults(path, condition, version, known)
    for place, fee in enumerate(version.fee_rules):
        yield from _fee_faults(f"fee_rules[{place}]", fee, known)
    yield from _channel_faults(version)
    yield from ((f"steps[{place}]", sentence) for place, sentence in workflow.faults(version.steps))
    yield from _link_faults(version)
    deadline = version.deadline_for_citizen
    if deadline and deadline.counted_from and deadline.counted_from not in known:
        yield "deadline_for_citizen.from", f"there is no field `{deadline.counted_from}`"


def form_paths(form: Form) -> frozenset[str]:
    """Return every path a condition may name: fields, parts of persons and addresses, fields of repeated groups."""
    found: set[str] = set()
    for section in form.sections:
        for field in section.fields:
            path = join(section.key, field.key)
            found.add(path)
            inner = field.fields if field.type is FieldType.REPEAT else [field] if field.type in COMPOSITES else []
            for one in inner:
                own = path if one is field else join(path, one.key)
                found.add(own)
                found.update(leaf for leaf, _field in leaves(one, own))
    return frozenset(found)


def _own_facts(procedure: Procedure) -> Iterator[Fault]:
    yield from _twice("documents", (paper.id for paper in procedure.documents))
    yield from _twice("fee_rules", (fee.id for fee in procedure.fee_rules))
    yield from _twice("cases", (case.key for case in procedure.cases))
    yield from _twice("channels", (rule.channel for rule in procedure.channels))
    if procedure.valid_from and procedure.valid_to and procedure.valid_to < procedure.valid_from:
        yield "valid_to", "lies before valid_from"
    if procedure.status is Status.EXPIRING and procedure.valid_to is None:
        yield "valid_to", "an expiring procedure says until when it is received"
    if procedure.service_level is not ServiceLevel.INFORMATION and not any(
        rule.channel is not Channel.COUNTER for rule in procedure.channels
    ):
        yield "service_level", f"`{procedure.service_level}` needs a channel besides the counter"
    for place, paper in enumerate(procedure.documents):
        if paper.required is not Need.CONDITIONAL and paper.required_if is not None:
            yield f"documents[{place}].required_if", "only a conditional paper has a condition"
        if paper.required is Need.CONDITIONAL and paper.required_if is None and not paper.condition:
            yield f"documents[{place}].condition", "a conditional paper says when it is needed"
    longest = workflow.longest_budget(procedure.steps) if not workflow.faults(procedure.steps) else None
    if longest is not None and abs(longest - procedure.budget_hours_total) > 0.001:
        yield "budget_hours_total", f"the longest path through the steps takes {longest:g} hours"


def _twice(path: str, keys: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, key in enumerate(keys):
        if key in seen:
            yield f"{path}[{place}]", f"`{key}` stands twice"
        seen.add(key)


def _case_faults(procedure: Procedure, form: Form) -> Iterator[Fault]:
    if procedure.chosen_cases() and any(section.key == "case" for section in form.sections):
        yield "cases", "a case without `when` is kept as `case`, so no section may have that key"


def _conditions(procedure: Procedure) -> Iterator[tuple[str, Expression | None]]:
    for place, case in enumerate(procedure.cases):
        yield f"cases[{place}].when", case.when
    for place, paper in enumerate(procedure.documents):
        yield f"documents[{place}].required_if", paper.required_if
    for place, fee in enumerate(procedure.fee_rules):
        yield f"fee_rules[{place}].applies_if", fee.applies_if
        for inner, exemption in enumerate(fee.exemptions):
            yield f"fee_rules[{place}].exemptions[{inner}].when", exemption.when
    for place, rule in enumerate(procedure.channels):
        limit = f"channels[{place}].time_limit"
        for inner, exception in enumerate(rule.time_limit.exceptions):
            yield f"{limit}.exceptions[{inner}].when", exception.when
        for inner, milestone in enumerate(rule.time_limit.milestones):
            yield f"{limit}.milestones[{inner}].when", milestone.when
    if procedure.posting:
        yield "posting.required_if", procedure.posting.required_if
    if procedure.secrecy:
        yield "secrecy.when", procedure.secrecy.when
    for place, child in enumerate(procedure.linked.children if procedure.linked else ()):
        yield f"linked.children[{place}].when", child.when


def _condition_faults(
    path: str, condition: Expression | None, procedure: Procedure, known: frozenset[str]
) -> Iterator[Fault]:
    if condition is None:
        return
    wrong = conditions.problems(condition)
    yield from ((path, problem) for problem in wrong)
    if wrong:
        return
    for asked in conditions.asks(condition):
        if asked not in known:
            yield path, f"there is no field `{asked}`"
    cases = {case.key for case in procedure.cases}
    for case in _cases_in(condition):
        if case not in cases:
            yield path, f"there is no case `{case}`"


def _cases_in(condition: Expression) -> Iterator[str]:
    if "case" in condition:
        yield condition["case"]
    for inner in [*condition.get("all", ()), *condition.get("any", ()), condition.get("not") or {}]:
        yield from _cases_in(inner) if inner else ()


def _fee_faults(path: str, fee: FeeRule, known: frozenset[str]) -> Iterator[Fault]:
    yield from ((f"{path}.{place}", text) for place, text in _twice("exemptions", (one.id for one in fee.exemptions)))
    quantity = fee.quantity
    if quantity is not None:
        for name in ("value", "sum", "count", "each"):
            where = getattr(quantity, name)
            if where is not None and where not in known:
                yield f"{path}.quantity.{name}", f"there is no field `{where}`"
        for name in ("pages", "copies"):
            inner = getattr(quantity, name)
            if inner is not None and join(quantity.each or "", inner) not in known:
                yield f"{path}.quantity.{name}", f"there is no field `{join(quantity.each or '', inner)}`"
    if fee.tiers and (quantity is None or quantity.each is None):
        yield f"{path}.quantity", "a price by page needs `each` with pages and copies"
    after = 0
    for place, tier in enumerate(fee.tiers):
        if tier.from_page != after + 1 or (tier.to_page is None) != (place == len(fee.tiers) - 1):
            yield f"{path}.tiers[{place}]", "tiers follow one another from page 1 to the last, which is open"
        after = tier.to_page or after


def _channel_faults(procedure: Procedure) -> Iterator[Fault]:
    fees = {fee.id: fee for fee in procedure.fee_rules}
    for place, rule in enumerate(procedure.channels):
        path = f"channels[{place}].fees"
        yield from _twice(path, rule.fees)
        for inner, identity in enumerate(rule.fees):
            fee = fees.get(identity)
            if fee is None:
                yield f"{path}[{inner}]", f"there is no fee rule `{identity}`"
            elif fee.channels is not None and rule.channel not in fee.channels:
                yield f"{path}[{inner}]", f"fee rule `{identity}` does not hold for channel `{rule.channel}`"


def _link_faults(procedure: Procedure) -> Iterator[Fault]:
    children = procedure.linked.children if procedure.linked else ()
    keys = {child.key for child in children}
    yield from _twice("linked.children", (child.key for child in children))
    for place, child in enumerate(children):
        path = f"linked.children[{place}]"
        for before in child.starts_after:
            if before not in keys or before == child.key:
                yield f"{path}.starts_after", f"there is no other child `{before}`"
        for code in [*([child.code] if child.code else []), *child.alternatives]:
            if not _is_code(code):
                yield f"{path}.code", f"`{code}` is no procedure code (1.234567)"


def _is_code(text: str) -> bool:
    return len(text) == 8 and text[1] == "." and (text[0] + text[2:]).isdigit()
