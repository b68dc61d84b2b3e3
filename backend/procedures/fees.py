"""What a case costs: every fee rule that applies, counted, lowered by what the person is exempt from. All amounts are VND."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import msgspec

from backend.forms.expressions import Reading, number
from backend.forms.facts import Facts
from backend.forms.paths import empty, find, values
from backend.kit.formats import money
from backend.kit.language import _
from backend.procedures.definition import (
    Channel,
    Exemption,
    FeeDue,
    FeeKind,
    FeeRule,
    LocalExample,
    Procedure,
    SetBy,
    Tier,
)
from backend.procedures.matter import Judge, Matter, Office

DIGITAL_CITIZEN = "digital_citizen"
"""The exemption that signing in gives (TT 117/2026/TT-BTC); it is never asked for."""


class Standing(StrEnum):
    """How far a fee is known: due, perhaps (an answer is open), notified elsewhere, or its amount is not set."""

    DUE = "due"
    MAYBE = "maybe"
    ELSEWHERE = "elsewhere"
    UNSET = "unset"


class Count(msgspec.Struct, frozen=True):
    """So many units at one price; `pages` of the original where the price goes by page."""

    quantity: int
    unit: str
    price_vnd: int
    pages: int | None = None


class Waiver(msgspec.Struct, frozen=True):
    """Why less is paid: the exemption and how many percent it takes off.

    Args:
        unconfirmed: whether the catalogue is not sure of the exemption itself.
        claimed: whether it rests on the person's word alone, until an officer has confirmed it.
        instead: what holds without the claim, should an officer refuse it.
    """

    id: str
    name: str
    proof: str
    basis: str
    percent: int = 100
    unconfirmed: bool = False
    claimed: bool = False
    instead: "Waiver | None" = None


class FeeLine(msgspec.Struct, frozen=True):
    """One fee of one case.

    Args:
        full_vnd: before any exemption; None where nobody knows yet.
        amount_vnd: to be paid; None as above.
        counts: how `full_vnd` came about; empty where a quantity is still open.
        unit_vnd: price of one unit, where there is just one.
        basis: the law or resolution that sets the amount, where it is a local one.
    """

    id: str
    kind: FeeKind
    name: str
    unit: str
    due: FeeDue
    standing: Standing
    full_vnd: int | None = None
    amount_vnd: int | None = None
    unit_vnd: int | None = None
    counts: tuple[Count, ...] = ()
    waiver: Waiver | None = None
    basis: str = ""
    note: str = ""
    example: bool = False
    refundable: bool = False

    @property
    def unconfirmed(self) -> bool:
        """Whether less is asked for on the person's word alone, which no officer has confirmed yet."""
        return self.waiver is not None and self.waiver.claimed


def judged(line: FeeLine, *, granted: bool) -> FeeLine:
    """Return a line after an officer's word on the exemption claimed for it.

    Confirmed, it stays as it is; refused, it costs what it costs without the claim.
    """
    waiver = line.waiver
    if waiver is None or not waiver.claimed:
        return line
    holds = msgspec.structs.replace(waiver, claimed=False) if granted else waiver.instead
    return msgspec.structs.replace(line, waiver=holds, amount_vnd=_lowered(line.full_vnd, holds))


def fee_lines(procedure: Procedure, matter: Matter, office: Office, judge: Judge) -> tuple[FeeLine, ...]:
    """Return the fees of one case, in the order of the channel's list; a fee that does not apply has no line."""
    rule = procedure.channel(matter.channel)
    found = [procedure.fee(identity) for identity in (rule.fees if rule else ())]
    lines = (_line(procedure.code, fee, matter, office, judge) for fee in found if fee and _in_force(fee, matter))
    return tuple(line for line in lines if line is not None)


def total(lines: tuple[FeeLine, ...]) -> int | None:
    """Return the sum of what is due; None while an amount is not set. What is notified elsewhere is not in it."""
    if any(line.standing is Standing.UNSET for line in lines):
        return None
    return sum(line.amount_vnd or 0 for line in lines if line.standing is Standing.DUE)


def counted(line: FeeLine) -> str:
    """Return in words how a fee was counted: "3 bản × 8.000 đ"; empty where there is nothing to count."""
    if not line.counts and line.unit_vnd is not None:
        return _("%(price)s mỗi %(unit)s") % {"price": money(line.unit_vnd), "unit": line.unit}
    words = []
    for count in line.counts:
        text = f"{count.quantity} {count.unit} × {money(count.price_vnd)}"
        if count.pages is not None:
            text = _("%(pages)s trang: %(text)s") % {"pages": count.pages, "text": text}
        words.append(text)
    return "; ".join(words)


def unset_fees(procedure: Procedure, office: Office, channel: Channel) -> tuple[FeeRule, ...]:
    """Return the fees of a channel whose amount nobody has set: they keep it from being opened."""
    rule = procedure.channel(channel)
    fees = [procedure.fee(identity) for identity in (rule.fees if rule else ())]
    return tuple(
        fee for fee in fees if fee and fee.local and _local_price(procedure.code, fee, channel, office) is None
    )


def is_free(procedure: Procedure, fee: FeeRule, office: Office, channel: Channel) -> bool:
    """Tell whether a fee costs nothing here whatever the case."""
    local = _local_price(procedure.code, fee, channel, office)
    return fee.set_by is SetBy.TAX or (local is not None and local[0] == 0)


def claimable(fee: FeeRule) -> tuple[Exemption, ...]:
    """Return the exemptions a person may claim for a fee: not those that answers or signing in decide."""
    return tuple(one for one in fee.exemptions if one.when is None and one.id != DIGITAL_CITIZEN)


def _in_force(fee: FeeRule, matter: Matter) -> bool:
    day = matter.today
    return (
        (fee.channels is None or matter.channel in fee.channels)
        and (fee.valid_from is None or fee.valid_from <= day)
        and (fee.valid_to is None or day <= fee.valid_to)
    )


def _line(code: str, fee: FeeRule, matter: Matter, office: Office, judge: Judge) -> FeeLine | None:
    standing = Standing.DUE
    if fee.applies_if is not None and not judge.holds(fee.applies_if):
        if not judge.open(fee.applies_if):
            return None
        standing = Standing.MAYBE
    line = FeeLine(
        id=fee.id, kind=fee.kind, name=fee.name, unit=fee.unit, due=fee.due, standing=standing, note=fee.note,
        refundable=fee.refundable,
    )  # fmt: skip
    if fee.set_by is SetBy.TAX:
        return msgspec.structs.replace(line, standing=Standing.ELSEWHERE, waiver=_waiver(fee, matter, judge))
    local = _local_price(code, fee, matter.channel, office)
    if local is None and fee.local:
        return msgspec.structs.replace(line, standing=Standing.UNSET)
    price = local[0] if local else fee.amount_vnd
    counts = _tiered(fee, matter) if local is None and fee.tiers else _counts(fee, price or 0, matter)
    line = msgspec.structs.replace(
        line,
        unit_vnd=price,
        counts=counts or (),
        basis=local[1] if local else "",
        example=bool(local and local[2]),
    )
    if counts is None:
        return msgspec.structs.replace(line, standing=Standing.MAYBE)
    full = sum(count.quantity * count.price_vnd for count in counts)
    waiver = _waiver(fee, matter, judge) if full else None
    return msgspec.structs.replace(line, full_vnd=full, amount_vnd=_lowered(full, waiver), waiver=waiver)


def _lowered(full: int | None, waiver: Waiver | None) -> int | None:
    return full if full is None or waiver is None else full * (100 - waiver.percent) // 100


def _local_price(code: str, fee: FeeRule, channel: Channel, office: Office) -> tuple[int, str, bool] | None:
    """The amount set here: (VND, basis, from an example). What the office set wins, then its province's example."""
    tariff = office.tariffs.get((code, fee.id))
    if tariff is not None:
        online = channel is Channel.ONLINE and tariff.online_vnd is not None
        return (tariff.online_vnd if online else tariff.amount_vnd) or 0, tariff.basis, False
    if not fee.local:
        return None
    for example in fee.local_examples:  # another province's amounts are no price here, whatever is set
        amount = _example_price(example, channel)
        if example.place == office.province and amount is not None:
            return amount, f"{example.basis} ({example.place})", True
    return None


def _example_price(example: LocalExample, channel: Channel) -> int | None:
    if channel is Channel.ONLINE and example.online_vnd is not None:
        return example.online_vnd
    return example.amount_vnd


def _counts(fee: FeeRule, price: int, matter: Matter) -> tuple[Count, ...] | None:
    """How many units at one price; None while the answer that says how many is open."""
    quantity = _quantity(fee, matter)
    if quantity is None:
        return None
    if fee.cap_vnd is not None:
        price = min(price, fee.cap_vnd)
    return (Count(quantity, fee.unit, price),) if quantity else ()


def _quantity(fee: FeeRule, matter: Matter) -> int | None:
    rule = fee.quantity
    if rule is None:
        return 1
    if rule.each is not None:
        items = list(_pages_and_copies(fee, matter))
        return sum(copies for _pages, copies in items) if items or matter.whole else None
    if rule.ask is not None:
        path = f"ask.{fee.id}"
    else:
        path = rule.value or rule.sum or rule.count or ""
    if not matter.whole and all(map(empty, values(matter.answers, path))):
        return None
    if rule.ask is not None:
        asked = find(matter.answers, path)
        return asked if isinstance(asked, int) and asked > 0 else 0
    expression = {"value": rule.value} if rule.value else {"sum": rule.sum} if rule.sum else {"count": rule.count}
    return max(0, int(number(expression, Reading(matter.answers, Facts(today=matter.today)))))


def _tiered(fee: FeeRule, matter: Matter) -> tuple[Count, ...] | None:
    """The price by pages of the original, at most `cap_vnd` a copy (TT 226/2016/TT-BTC Art 4)."""
    items = list(_pages_and_copies(fee, matter))
    if not items and not matter.whole:
        return None
    counts = []
    for pages, copies in items:
        price = sum(tier.amount_vnd * _pages_in(tier, pages) for tier in fee.tiers)
        counts.append(Count(copies, _("bản"), price if fee.cap_vnd is None else min(price, fee.cap_vnd), pages))
    return tuple(counts)


def _pages_in(tier: Tier, pages: int) -> int:
    last = pages if tier.to_page is None else min(pages, tier.to_page)
    return max(0, last - tier.from_page + 1)


def _pages_and_copies(fee: FeeRule, matter: Matter) -> Iterator[tuple[int, int]]:
    rule = fee.quantity
    if rule is None or rule.each is None:
        return
    for item in find(matter.answers, rule.each) or []:
        pages, copies = find(item, rule.pages or ""), find(item, rule.copies or "")
        if isinstance(pages, int) and isinstance(copies, int) and pages > 0 and copies > 0:
            yield pages, copies


def _valid(exemption: Exemption, channel: Channel, day: date) -> bool:
    return (
        (exemption.channels is None or channel in exemption.channels)
        and (exemption.valid_from is None or exemption.valid_from <= day)
        and (exemption.valid_to is None or day <= exemption.valid_to)
    )


def _waiver(fee: FeeRule, matter: Matter, judge: Judge) -> Waiver | None:
    """The exemption that takes most off: the highest benefit wins (TT 117/2026/TT-BTC)."""
    claimed = {str(value) for value in _claimed(fee, matter)}
    held = [
        one
        for one in fee.exemptions
        if _valid(one, matter.channel, matter.today)
        and (
            judge.holds(one.when)
            if one.when is not None
            else matter.digital_citizen
            if one.id == DIGITAL_CITIZEN
            else one.id in claimed
        )
    ]
    asked = claimable(fee)
    sure = _best([one for one in held if one not in asked], claimed=False)
    hoped = _best([one for one in held if one in asked], claimed=True)
    if hoped is None or (sure is not None and sure.percent >= hoped.percent):
        return sure
    return msgspec.structs.replace(hoped, instead=sure)


def _best(held: list[Exemption], *, claimed: bool) -> Waiver | None:
    if not held:
        return None
    best = max(held, key=lambda one: one.percent or 100)
    return Waiver(best.id, best.name, best.proof, best.basis, best.percent or 100, best.unconfirmed, claimed)


def _claimed(fee: FeeRule, matter: Matter) -> Iterator[object]:
    """What the person says about exemptions: in the form's `fee_exemption` field, or asked for this fee."""
    for section in matter.answers.values():
        if isinstance(section, dict) and "fee_exemption" in section:
            value = section["fee_exemption"]
            yield from value if isinstance(value, list) else [value]
    yield find(matter.answers, f"exempt.{fee.id}")
