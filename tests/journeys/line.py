"""A telephone line in front of a server: counts what each request weighs on the wire, headers and all."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator


class Line:
    """Passes bytes on and knows how many came down for each path, and how many went up in all."""

    def __init__(self, target: int) -> None:
        self.target, self.port = target, 0
        self.down: Counter[str] = Counter()
        self.up = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection to the server and back until either side ends it."""
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target)
        asked = ["?"]

        async def ask() -> None:
            while data := await reader.read(65_536):
                self.up += len(data)
                # Browsers wait for the answer before they ask again on a connection.
                asked[0] = data.split(b" ", 2)[1].decode()
                there_writer.write(data)
            there_writer.close()

        async def answer() -> None:
            while data := await there_reader.read(65_536):
                self.down[asked[0]] += len(data)
                writer.write(data)
            writer.close()

        with contextlib.suppress(ConnectionError):
            await asyncio.gather(ask(), answer())

    def weight(self, *parts: str) -> float:
        """KiB that came down for the paths with one of `parts` in them; for all when none is given."""
        return sum(size for path, size in self.down.items() if not parts or any(part in path for part in parts)) / 1024

    def bill(self) -> str:
        """Every path with its weight, the heaviest first."""
        return "\n".join(f"{size / 1024:7.2f} KiB  {path}" for path, size in self.down.most_common())


@contextlib.asynccontextmanager
async def line_to(port: int) -> AsyncIterator[Line]:
    """A line to the server on `port`."""
    line = Line(port)
    async with await asyncio.start_server(line.connected, "127.0.0.1", 0) as server:
        line.port = server.sockets[0].getsockname()[1]
        yield line
