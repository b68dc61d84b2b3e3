"""What stands around every page of an officer: the office, the roles, the places they may go to."""

from typing import Any

from backend.agencies.officers import Officer
from backend.agencies.tables import Role

# Navigation's keys (pwa/pages/parts/navigation.html) and the roles that see them; none = every officer.
PLACES: dict[str, tuple[Role, ...]] = {
    "work": (Role.RECEPTIONIST, Role.PROCESSOR, Role.APPROVER, Role.LEADER, Role.CLERK),
    "counter": (Role.RECEPTIONIST,),
    "people": (Role.RECEPTIONIST,),
    "online": (Role.ADMINISTRATOR,),
    "calendar": (Role.ADMINISTRATOR,),
    "me": (),
}


def staff_frame(officer: Officer) -> dict[str, Any]:
    """Return the context every staff page passes to `page(…)`: office, role_line, allowed, officer."""
    return {
        "officer": officer,
        "office": officer.agency.short_name,
        "role_line": ", ".join(officer.role_words),
        "allowed": {key for key, roles in PLACES.items() if not roles or officer.may(*roles)},
    }
