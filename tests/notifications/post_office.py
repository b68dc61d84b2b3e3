"""A real SMTP server on a socket, which keeps what it is given and answers as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import msgspec
from aiosmtpd.smtp import SMTP

from backend.kit import settings


class PostOffice:
    """Takes letters; `answers` are given first, one per try, then everything is taken."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: list[str] = []
        self.tries = 0
        self.arrived = asyncio.Event()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Answer to one recipient."""
        self.tries += 1
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take one letter."""
        self.letters.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default)))
        self.arrived.set()
        return "250 OK"


@asynccontextmanager
async def open_post_office() -> AsyncIterator[PostOffice]:
    """Run a post office on a port of its own and let the settings point to it."""
    office = PostOffice()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(office, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    given = msgspec.structs.replace(
        settings.current(), smtp_url=f"smtp://127.0.0.1:{port}", mail_from="mot-cua@maikhe.example"
    )
    try:
        with settings.use(given):
            yield office
    finally:
        server.close()
        await server.wait_closed()
