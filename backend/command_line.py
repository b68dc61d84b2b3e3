"""`motcua`: the verbs with which an office runs the app. Each imports what it needs only when it is called."""

import asyncio
import contextlib
import fcntl
import importlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from backend import ROOMS
from backend.kit import settings as configuration
from backend.kit.postgres import Embedded, PostgresError, address, check, running
from backend.kit.settings import PROJECT, Settings, SettingsError
from backend.kit.supervisor import CannotRun, Child, Supervisor, answers, listen, only_one

T = TypeVar("T")

LOG_BYTES = 10_000_000


class _Verbs(click.Group):
    """Turns what an operator can mend into one sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, PostgresError, CannotRun) as error:
            click.echo(str(error), err=True)
            ctx.exit(1)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="motcua", prog_name="motcua")
def main() -> None:
    """Một Cửa: the electronic one-stop shop of a commune.

    Settings are environment variables; `motcua settings` lists them.
    """


@main.command()
def run() -> None:
    """Start everything: database, migrations, demo data, server, worker. Ctrl-C stops all of it."""
    settings = configuration.current()
    _log_doubts(settings)
    with contextlib.ExitStack() as stack:
        stack.enter_context(only_one(settings.var, settings.public_url))
        stack.enter_context(_ended_by_sigterm())
        _own_verb("build-assets", "--quiet")
        with _step("Starting the database"):
            database = stack.enter_context(running(settings))
        with _step("Preparing the data"):
            accounts = _own_verb("prepare")
        listener = stack.enter_context(listen(settings.host, settings.port))
        _supervise(settings, database, listener, all_of_it=True, accounts=accounts)
    click.echo("Stopped.")


@main.command()
def serve() -> None:
    """Start the server alone, for a machine where something else runs migrations and the worker."""
    settings = configuration.current()
    _log_doubts(settings)
    with running(settings) as database, listen(settings.host, settings.port) as listener:
        if settings.processes == 1 and database is None:
            from backend.kit.serving import serve as answer_requests

            answer_requests(settings, listener)
        else:
            _supervise(settings, database, listener, all_of_it=False)


@main.command(hidden=True)
@click.argument("descriptor", type=int)
def answer(descriptor: int) -> None:
    """Answer requests on a socket inherited from the process that started this one."""
    from backend.kit.serving import serve as answer_requests

    answer_requests(configuration.current(), socket.socket(fileno=descriptor))


@main.command()
def worker() -> None:
    """Do the jobs that requests leave behind: mail, previews, papers."""
    from backend.kit.serving import work

    settings = configuration.current()
    _load_rooms()
    with running(settings):
        asyncio.run(work(settings))


@main.command()
def migrate() -> None:
    """Bring the database to the present shape, as its owner."""
    settings = configuration.current()
    with running(settings):
        asyncio.run(_migrate(settings))
    click.echo("The database is up to date.")


@main.command(hidden=True)
def prepare() -> None:
    """Migrate, make the demo office in an empty database, and write its accounts to standard output."""
    settings = configuration.current()

    async def demo_accounts() -> str:
        office = importlib.import_module("backend.demo.office")
        if settings.demo and await office.is_unfinished():
            # It was cut off while it was being made, and nobody has seen it yet: it is made anew.
            await importlib.import_module("backend.kit.migrating").empty()
        if settings.demo and await office.is_empty():
            await office.make_demo(lambda line: click.echo(f"\n  {line} …", nl=False, err=True))
        return str(await office.accounts()) if settings.demo else ""

    settings.var.mkdir(parents=True, exist_ok=True)
    with running(settings), open(settings.var / "preparing.lock", "w") as lock:
        # One that outlived a killed `run` finishes first.
        fcntl.flock(lock, fcntl.LOCK_EX)
        asyncio.run(_migrate(settings))
        click.echo(_with_pool(settings, demo_accounts), nl=False)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_procedures(file: Path) -> None:
    """Import procedures from FILE (one JSON document or JSON Lines) as new versions: all of them or none."""
    from backend.procedures.importing import ImportRefused, import_document

    async def act() -> str:
        try:
            return (await import_document(file)).text
        except ImportRefused as refusal:
            raise CannotRun(f"{file} was not imported:\n{refusal}") from None

    _tell(act)


@main.command()
def import_basics() -> None:
    """Bring in administrative units and the national calendar; what an office changed stays."""
    from backend.agencies.calendars import import_calendar
    from backend.agencies.units import import_units

    async def act() -> str:
        added, days = await import_units(), await import_calendar()
        return f"{added} administrative units added, {days} days of the calendar written."

    _tell(act)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_calendar(file: Path) -> None:
    """Import the national holidays and make-up days of the years in FILE, a JSON document: all of them or none."""
    from backend.agencies import calendars
    from backend.agencies.calendar_documents import CalendarRefused
    from backend.procedures.places import line_of

    async def act() -> str:
        text = _document(file)
        try:
            days = await calendars.import_calendar(json.loads(text))
        except CalendarRefused as refusal:
            faults = [f"line {line_of(text, path)}, {path}: {sentence}" for path, sentence in refusal.faults]
            raise CannotRun("\n".join([f"{file} was not imported:", *faults])) from None
        return f"{days} days of the national calendar are in force."

    _tell(act)


def _document(file: Path) -> str:
    """The text of a JSON file, or a sentence that names the line where it is none."""
    try:
        text = file.read_text("utf-8-sig")
        json.loads(text)
    except UnicodeDecodeError:
        raise CannotRun(f"{file} was not imported: it is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise CannotRun(f"{file} was not imported:\nline {error.lineno}: no JSON: {error.msg}") from None
    return text


@main.command()
@click.option("--kind", required=True, type=click.Choice(["province", "commune", "department"]), help="What it is.")
@click.option("--code", required=True, help="Its identification code, which begins dossier codes: H71.104.26.")
@click.option("--name", required=True, help="Its short name with its kind: Xã Mai Khê.")
@click.option("--parent", help="The code of the agency above it.")
@click.option("--unit", help="The official code of the administrative unit it serves.")
@click.option("--address", default="", help="Its address, as pages and papers print it.")
@click.option("--phone", default="", help="The phone number people may call.")
def create_agency(
    kind: str, code: str, name: str, parent: str | None, unit: str | None, address: str, phone: str
) -> None:
    """Open a province or commune, so that officers can be created in it."""
    from backend.agencies.opening import open_agency

    async def act() -> str:
        await open_agency(kind=kind, code=code, short_name=name, parent=parent, unit=unit, address=address, phone=phone)
        return f"{name} is open under the code {code}."

    _tell(act)


@main.command()
@click.option("--agency", required=True, help="The agency's code.")
@click.option("--name", required=True, help="The officer's full name.")
@click.option("--title", default="", help="The officer's post, as papers name it.")
@click.option("--phone", required=True, help="The phone number the officer signs in with.")
@click.option("--role", "roles", required=True, multiple=True, help="A role; give it again for a further one.")
@click.password_option(help="Asked for when it is not given.")
def create_officer(agency: str, name: str, title: str, phone: str, roles: tuple[str, ...], password: str) -> None:
    """Create an officer of an agency, with an account to sign in with."""
    from backend.agencies import officers

    _tell(
        lambda: officers.create_officer(
            agency=agency, name=name, title=title, phone=phone, roles=list(roles), password=password
        )
    )


@main.command()
def demo() -> None:
    """Fill an empty database with the demo office: one province, three communes, dossiers at every stage."""

    async def make() -> str:
        office = importlib.import_module("backend.demo.office")
        if not await office.is_empty():
            return "The database is not empty: nothing was changed."
        await office.make_demo()
        return str(await office.accounts())

    _tell(make)


@main.command()
def verify_history() -> None:
    """Check every chain of history entries, and that whatever must have one has it; name what was altered or is gone."""
    chain = importlib.import_module("backend.history.chain")
    rooms = [importlib.import_module(f"backend.{room}.recorded") for room in ("procedures", "dossiers")]
    outcome = _with_database(lambda: chain.verify_all(*(room.subjects() for room in rooms)))
    for fault in outcome.faults:
        click.echo(fault.text)
    click.echo(f"{outcome.entries} entries in {outcome.subjects} chains read, {len(outcome.faults)} faults found.")
    if outcome.faults:
        sys.exit(1)


@main.command(name="settings")
def list_settings() -> None:
    """List every setting: its environment variable, its default, what it means, and whether it is right."""
    for row in configuration.describe(os.environ):
        click.echo(click.style(row.name, bold=True) + f" = {row.value if row.value is not None else row.default}")
        click.echo(f"    {row.meaning}")
        click.echo(f"    Expected: {row.expected}. Default: {row.default}")
    for doubt in configuration.doubts(configuration.current()):
        click.echo(click.style(f"Warning: {doubt}.", bold=True), err=True)


@main.command()
@click.option("--quiet", is_flag=True, help="Say nothing when nothing had to be built.")
def build_assets(quiet: bool) -> None:
    """Build scripts, styles, fonts and icons from pwa/, if their sources have changed."""
    building = importlib.import_module("backend.kit.build")
    try:
        built = building.build_if_changed(say=lambda text: click.echo(text, err=True))
    except (building.CannotBuild, building.CannotFetch) as error:
        raise CannotRun(f"The front end cannot be built: {error}") from None
    if not quiet:
        click.echo("The front end was built." if built else "The front end is up to date.")


# The processes


def _log_doubts(settings: Settings) -> None:
    """Say once, before there are several processes, what is hardly meant."""
    import structlog

    from backend.kit import logs

    logs.set_up(settings.log_level, settings.log_format)
    for doubt in configuration.doubts(settings):
        structlog.get_logger("settings").warning(doubt)


def _supervise(
    settings: Settings, database: Embedded | None, listener: socket.socket, *, all_of_it: bool, accounts: str = ""
) -> None:
    """Keep the processes running: `all_of_it` with the worker and logs in files, else the server's alone, logs here."""
    listener.set_inheritable(True)
    descriptor = listener.fileno()

    def child(name: str, *arguments: str, number: str = "") -> Child:
        log = _log(settings, f"{name}{number}") if all_of_it else None
        return Child(name, arguments, log, inherit=(descriptor,) if name == "server" else ())

    servers = range(1, settings.processes + 1)
    children = [child("server", "answer", str(descriptor), number=f"-{number}") for number in servers]
    if all_of_it and settings.worker_beside:
        children.append(child("worker", "worker"))
    click.echo("Starting the server …", err=not all_of_it)
    Supervisor(children, database, lambda text: click.echo(text, err=not all_of_it)).run(
        ready=lambda: answers(settings.host, settings.port),
        announce=lambda: _announce(settings, accounts) if all_of_it else None,
    )


def _log(settings: Settings, name: str) -> Path:
    folder = settings.var / "log"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_BYTES:
        shutil.move(path, path.with_suffix(".log.1"))
    return path


def _announce(settings: Settings, accounts: str) -> None:
    click.echo(f"\nMột Cửa is running:  {click.style(settings.public_url, bold=True)}")
    if accounts:
        click.echo(f"\n{accounts.rstrip()}")
    click.echo(f"\nCtrl-C stops it. Logs: {settings.var / 'log'}")


def _load_rooms() -> None:
    """Import what registers jobs and the words of messages."""
    for room in ROOMS:
        for file in ("messages", "jobs"):
            if find_spec(f"backend.{room}.{file}"):
                importlib.import_module(f"backend.{room}.{file}")


# Steps


@contextlib.contextmanager
def _step(what: str) -> Iterator[None]:
    click.echo(f"{what} …", nl=False)
    sys.stdout.flush()
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        click.echo("")
        raise
    click.echo(f" {time.monotonic() - begun:.1f} s")


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM during the preparation unwinds as Ctrl-C does."""

    def leave(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _own_verb(*arguments: str) -> str:
    """Run one of our verbs as a process, so that what it imports does not stay in this one; return its output."""
    command = [sys.executable, "-m", "backend.command_line", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, cwd=PROJECT)
    if done.returncode:
        raise CannotRun(f"`motcua {arguments[0]}` failed.")
    return done.stdout


async def _migrate(settings: Settings) -> None:
    from backend.kit.migrating import migrate as bring_up_to_date

    await check(settings)
    with contextlib.redirect_stdout(io.StringIO()):  # Piccolo tells each step; a failure comes as an exception
        await bring_up_to_date()


def _with_pool(settings: Settings, action: Callable[[], Awaitable[T]]) -> T:
    from backend.kit import database

    async def act() -> T:
        await database.open_pool(address(settings), 4)
        try:
            return await action()
        finally:
            await database.close_pool()

    return asyncio.run(act())


def _with_database(action: Callable[[], Awaitable[T]]) -> T:
    settings = configuration.current()
    with running(settings):
        return _with_pool(settings, action)


def _tell(action: Callable[[], Awaitable[object]]) -> None:
    """Run `action` with the database, print what it returns, or the sentence with which it refuses."""
    from backend.kit.errors import Problem
    from backend.kit.language import use_language

    try:
        with use_language("en"):
            said = _with_database(action)
    except Problem as problem:
        mistakes = [f"  {field}: {sentence}" for field, sentence in problem.fields.items()]
        raise CannotRun("\n".join([problem.sentence, *mistakes])) from None
    except ValueError as error:
        raise CannotRun(str(error)) from None
    if said is not None:
        click.echo(said)


if __name__ == "__main__":
    main()
