"""Requests a second of whole pages, against a bare handler that asks the database the same questions."""

import asyncio
import statistics
import subprocess
import sys

import msgspec

from backend.demo.people import CITIZENS, officer_phone
from backend.kit import database, settings
from backend.kit.postgres import address
from backend.kit.settings import PROJECT
from benchmarks.bare import ANSWER, bare_server
from benchmarks.figures import Figure, quantile
from benchmarks.load import Order, Report
from benchmarks.office import Office, running_office
from benchmarks.recording import queries_of

SECONDS, ROUNDS, CONNECTIONS = 4.0, 3, 8
PROCEDURE = "/thu-tuc/dang-ky-khai-sinh-1.001193"
PROCESSOR = officer_phone(1)


def loaded(order: Order) -> Report:
    """Carry out an order in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=msgspec.json.encode(order),
        stdout=subprocess.PIPE,
        cwd=PROJECT,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Report)


def measured(office: Office, path: str, cookie: str, must_hold: str) -> Figure:
    """Measure page and baseline in turns, so that a machine that slows down slows both."""
    queries = asyncio.run(queries_of(office.settings, path, cookie))
    page = Order(office.site + path, cookie, SECONDS, CONNECTIONS, must_hold)
    took: list[float] = []
    rates: tuple[list[float], list[float]] = ([], [])
    with bare_server(office, queries) as site:
        bare = Order(site, "", SECONDS, CONNECTIONS, ANSWER)
        for order in (bare, page):
            loaded(msgspec.structs.replace(order, seconds=1.0))
        for _round in range(ROUNDS):
            for place, order in enumerate((bare, page)):
                report = loaded(order)
                rates[place].append(len(report.took) / report.seconds)
                took += report.took if order is page else []
    return Figure(
        unit="requests/s",
        value=statistics.median(rates[1]),
        baseline=statistics.median(rates[0]),
        p50_ms=quantile(took, 0.5) * 1000,
        p95_ms=quantile(took, 0.95) * 1000,
        n=len(took),
        goal="ratio >= 0.5",
    )


def procedure_page() -> Figure:
    """A procedure as a visitor reads it."""
    with running_office() as office:
        return measured(office, PROCEDURE, "", "Đăng ký khai sinh")


def dossier_page() -> Figure:
    """A dossier as the citizen who filed it follows it."""
    phone = CITIZENS[0].phone
    with running_office() as office:
        code = asyncio.run(_code_of(office, phone))
        return measured(office, f"/ho-so/{code}", office.session(phone), code)


def worklist() -> Figure:
    """An officer's work list."""
    with running_office() as office:
        return measured(office, "/can-bo/viec", office.session(PROCESSOR), "Việc của tôi")


async def _code_of(office: Office, phone: str) -> str:
    with settings.use(office.settings):
        await database.open_pool(address(office.settings), 1)
        try:
            return str(
                await database.fetch_value(
                    "select code from dossier join account on account.id = dossier.account"
                    " where account.phone = $1 and code is not null order by submitted_at desc limit 1",
                    phone,
                )
            )
        finally:
            await database.close_pool()
