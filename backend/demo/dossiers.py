"""Two hundred dossiers at every stage, with a believable past, made by the real verbs under a moved clock."""

from backend.demo.office import Office, Say


async def make_dossiers(office: Office, say: Say) -> None:
    """Make what citizens and officers did in the last weeks."""
