"""The amounts the demo province set for the fees that the law leaves to it: rows as an administrator's, not a setting."""

from datetime import date
from uuid import UUID

from backend.procedures.offerings import set_tariff
from backend.procedures.queries import several
from backend.procedures.tables import Procedure

# What no other province gives an example of: the commune's own cost of a printed page.
OWN: dict[tuple[str, str], tuple[int, int | None]] = {("1.116556", "copying_cost"): (1_000, None)}
BASIS = "Nghị quyết 12/2025/NQ-HĐND tỉnh Hà Thanh"


async def set_tariffs(agency: UUID, valid_from: date) -> None:
    """Set every fee of the catalogue that has an example: the first province's amounts, under a resolution of our own.

    Args:
        agency: whose tariff it is; a province's holds for its communes.
        valid_from: its first day.
    """
    codes = await Procedure.select(Procedure.code).output(as_list=True)  # those too that come into force later
    for code, published in (await several(codes)).items():
        for fee in published.version.fee_rules:
            example = next((one for one in fee.local_examples if one.amount_vnd is not None), None)
            amounts = OWN.get((code, fee.id))
            if amounts is None and example is not None and example.amount_vnd is not None:
                amounts = (example.amount_vnd, example.online_vnd)
            if fee.local and amounts is not None:
                await set_tariff(agency, code, fee.id, *amounts, BASIS, valid_from, None)
