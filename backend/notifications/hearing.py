"""What happens to an account is told to its person, in the unit of work in which it happens."""

from backend.accounts.happenings import Happening, hears
from backend.notifications.messages import event_of
from backend.notifications.telling import tell


@hears
async def tell_person(happening: Happening) -> None:
    """Tell a person what happened to their account, when it is news to them."""
    event = event_of(happening.act)
    if event is not None:
        await tell(happening.account, event, agency=None, subject_kind="account", subject=happening.account, data={})
