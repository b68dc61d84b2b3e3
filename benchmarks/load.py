"""Ask one address again and again over kept connections, in a process of its own, and time every answer."""

import asyncio
import sys
import time
from urllib.parse import urlsplit

import msgspec
import uvloop


class Order(msgspec.Struct):
    """What to ask, how, and what an honest answer holds."""

    url: str
    cookie: str
    seconds: float
    connections: int
    must_hold: str  # each answer's body, uncompressed


class Report(msgspec.Struct):
    """What came: seconds of each answer within the time, and how long that was."""

    took: list[float]
    seconds: float
    length: int


async def _ask(order: Order, until: float, took: list[float], lengths: set[int]) -> None:
    parts = urlsplit(order.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=4_000_000)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    request = f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {order.cookie}\r\n\r\n".encode()
    wanted = order.must_hold.encode()
    while (begun := time.perf_counter()) < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        low = head.lower()
        length = int(low.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        body = await reader.readexactly(length)
        took.append(time.perf_counter() - begun)
        lengths.add(length)
        if not head.startswith(b"HTTP/1.1 200") or wanted not in body:
            raise RuntimeError(f"not the page: {head[:60]!r}")
    writer.close()


async def _carry_out(order: Order) -> Report:
    took: list[float] = []
    lengths: set[int] = set()
    begun = time.perf_counter()
    await asyncio.gather(*(_ask(order, begun + order.seconds, took, lengths) for _ in range(order.connections)))
    return Report(took, time.perf_counter() - begun, max(lengths))


if __name__ == "__main__":
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(_carry_out(order))))
