"""Killed with -9 again and again while people file: server, worker and database. What was acknowledged is there, whole."""

import asyncio
import contextlib
import hashlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest

from backend.dossiers import codes
from backend.dossiers.filling import Draft
from backend.forms.paths import put
from backend.history.chain import verify_all
from backend.kit import database, settings
from backend.kit.postgres import Embedded
from backend.kit.settings import PROJECT
from tests.cast import Cast, Person, person
from tests.dossiers import stories
from tests.forms.generator import fill
from tests.journeys.filling import small_photograph
from tests.journeys.house import clean_environment, die_with_the_test, free_port, own_settings, settle, wait_until_ready

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("kill")]

SEED, PEOPLE, EACH = 20261125, 4, 20
PLAN = ("answer", "worker", "database") * 3
BETWEEN = 8  # are filed from one kill to the next
WORDS = {"answer": "server", "worker": "worker", "database": "database"}


class Office:
    """`motcua run` as an operator starts it, with a durable database of its own."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.site = var, f"http://localhost:{port}"
        self.environ = own_settings(var, self.site) | {"MOTCUA_PORT": str(port)}
        self.settings = settings.load(self.environ)
        self.cluster = Embedded(var / "postgres")
        self.process: asyncio.subprocess.Process | None = None
        self.said: list[str] = []

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "backend.command_line", "run"),
            cwd=PROJECT,
            env=clean_environment() | self.environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_the_test,
        )
        await self.hear("is running")

    async def hear(self, words: str) -> None:
        """Read what the office says until it says `words`."""
        assert self.process is not None and self.process.stdout is not None
        async for line in self.process.stdout:
            self.said.append(line.decode().rstrip())
            if words in self.said[-1]:
                return
        raise AssertionError("\n".join(self.said))

    async def stop(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
            await asyncio.wait_for(self.process.communicate(), 40)
        self.cluster.discard()

    def pid_of(self, name: str) -> int:
        """The process that does `name` now."""
        assert self.process is not None
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # it ended meanwhile
                words = (status.parent / "cmdline").read_text().split("\0")
                parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
                if parent == self.process.pid and name == ("database" if "postgres" in words[0] else words[3]):
                    return int(status.parent.name)
        raise AssertionError(f"no process does {name}")

    @contextlib.asynccontextmanager
    async def inside(self) -> AsyncIterator[None]:
        """Work in the office's database from here."""
        with settings.use(self.settings):
            await database.open_pool(self.cluster.dsn("app"), 4)
            try:
                yield
            finally:
                await database.close_pool()


@pytest.fixture
def port() -> Iterator[int]:
    with free_port() as found:
        number = found
    yield number


@pytest.fixture
async def office(tmp_path_factory: pytest.TempPathFactory, port: int) -> AsyncIterator[Office]:
    made = Office(tmp_path_factory.mktemp("killed"), port)
    try:
        await made.start()
        yield made
    finally:
        await made.stop()


async def filled(cast: Cast, who: Person, seed: int) -> Draft:
    """A draft that lacks only its papers."""
    draft = await stories.begun(cast, stories.BIRTH, who)
    answers = fill(draft.form, Random(seed), draft.choices, draft.facts)
    put(answers, "copies", {"count": seed % 4, "fee_exemption": "none"})
    text = msgspec.json.encode(answers).decode()
    await database.execute("update dossier set answers = $2, revision = revision + 1 where id = $1", draft.id, text)
    return await stories.reopened(draft.id)


class Submissions:
    """People who file one draft after another and press again until they read that it is filed."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.acknowledged: dict[UUID, str] = {}
        self.tries = 0
        self._allowed = self._begun = 0
        self._news = asyncio.Condition()

    async def allow(self, count: int) -> None:
        """Let people begin to file so many more."""
        async with self._news:
            self._allowed += count
            self._news.notify_all()

    async def reached(self, count: int) -> None:
        """Wait until so many were acknowledged."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.acknowledged) >= count)

    async def file_all(self, who: Person, drafts: list[Draft]) -> None:
        async with httpx.AsyncClient(base_url=self.site, cookies={"session": who.token}, timeout=10) as client:
            while "csrf" not in client.cookies:
                with contextlib.suppress(httpx.TransportError):
                    await client.get("/toi", headers={"Accept": "text/html"})
            for draft in drafts:
                async with self._news:
                    await self._news.wait_for(lambda: self._begun < self._allowed)
                    self._begun += 1
                for paper in [one for one in draft.papers if one.to_hand_in]:
                    await self._hand_in(client, draft, paper.id)
                code = await self._file(client, draft)
                async with self._news:
                    self.acknowledged[draft.id] = code
                    self._news.notify_all()

    async def _hand_in(self, client: httpx.AsyncClient, draft: Draft, slot: str) -> None:
        file = {"tep": ("giay.jpg", small_photograph(f"{draft.id} {slot}"), "image/jpeg")}
        headers = {"X-CSRFToken": client.cookies["csrf"], "Accept": "application/json"}
        await self._until(201, client, f"/nop/{draft.id}/tep/{slot}", files=file, headers=headers)

    async def _file(self, client: httpx.AsyncClient, draft: Draft) -> str:
        answer = await self._until(303, client, f"/nop/{draft.id}/gui", data={"_csrf_token": client.cookies["csrf"]})
        where = answer.headers["Location"]
        assert where.endswith("/da-nop"), where
        return str(where.split("/")[2])

    async def _until(self, status: int, client: httpx.AsyncClient, path: str, **more: object) -> httpx.Response:
        while True:
            self.tries += 1
            with contextlib.suppress(httpx.TransportError):
                answer = await client.post(path, **more)  # type: ignore[arg-type]
                if answer.status_code == status:
                    return answer
                assert answer.status_code >= 500, (path, answer.status_code, answer.text)


async def kill_now_and_then(office: Office, filing: Submissions, rng: Random) -> None:
    """Kill what the plan names, each time in the middle of filing, and wait until the office says it is back."""
    plan = list(PLAN)
    rng.shuffle(plan)
    for name in plan:
        await filing.allow(BETWEEN)
        await filing.reached(len(filing.acknowledged) + rng.randint(1, BETWEEN - PEOPLE))
        os.kill(office.pid_of(name), signal.SIGKILL)
        await office.hear(f"The {WORDS[name]} had stopped and was started again")
    await filing.allow(PEOPLE * EACH)


async def test_what_was_acknowledged_survives_every_kill_whole_and_nothing_half_done_is_there(office: Office) -> None:
    async with office.inside():
        cast = await settle()
        people = [cast.ha, cast.toan]
        people += [await person(f"Người {n}", f"091111111{n}", f"03819900000{n}") for n in range(PEOPLE - 2)]
        # Whose card was seen may have this many dossiers open at once.
        await database.execute("update account set identity_verified_at = now() where officer_since is null")
        drafts = [[await filled(cast, who, 100 * n + seed) for seed in range(EACH)] for n, who in enumerate(people)]
    filing = Submissions(office.site)
    async with asyncio.TaskGroup() as group:
        group.create_task(kill_now_and_then(office, filing, Random(SEED)))
        for who, own in zip(people, drafts, strict=True):
            group.create_task(filing.file_all(who, own))
    wait_until_ready(office.site)
    assert len(filing.acknowledged) == PEOPLE * EACH
    assert filing.tries > 2 * PEOPLE * EACH, "no press ever met a dead office"
    async with office.inside():
        assert (await verify_all()).faults == []
    owner = await asyncpg.connect(**office.cluster.dsn("owner"))
    try:
        await everything_is_whole(owner, filing.acknowledged)
        await every_file_is_there(owner, office.settings.storage_path)
    finally:
        await owner.close()


async def everything_is_whole(owner: asyncpg.Connection, acknowledged: dict[UUID, str]) -> None:
    """Each dossier has its code, one act of filing, one acknowledgement, one job; codes run from 1 on."""
    rows = await owner.fetch(
        "select d.id, d.code, d.state,"
        " (select count(*) from history_entry h where h.subject = d.id and h.act = 'submit') as acts,"
        " (select count(*) from dossier_paper p where p.dossier = d.id and p.form = 'acknowledgement') as papers,"
        " (select count(*) from pgqueuer q where q.entrypoint = 'dossiers.intake_due'"
        "    and convert_from(q.payload, 'UTF8') like '%' || d.id || '%') as jobs,"
        " (select count(*) from notification n where n.subject = d.id) as news"
        " from dossier d"
    )
    assert {UUID(str(row["id"])): row["code"] for row in rows} == acknowledged
    for row in rows:
        assert (row["state"], row["acts"], row["papers"], row["jobs"], row["news"]) == ("submitted", 1, 1, 1, 1), row
    numbers = sorted(codes.parse(code).number for code in acknowledged.values())
    assert numbers == list(range(1, len(numbers) + 1))


async def every_file_is_there(owner: asyncpg.Connection, store: Path) -> None:
    """Each file row has its bytes; its pictures are made, or the job that makes them waits."""
    rows = await owner.fetch(
        "select f.id, f.subject, f.sha256, exists (select from file_preview p where p.file = f.id) as drawn,"
        " exists (select from pgqueuer q where q.entrypoint = 'files.preview'"
        "   and convert_from(q.payload, 'UTF8') like '%' || f.id || '%') as waits"
        " from file f where f.removed_at is null"
    )
    assert len({row["subject"] for row in rows}) == PEOPLE * EACH
    kept = {hashlib.sha256(path.read_bytes()).digest() for path in store.rglob("*") if path.is_file()}
    for row in rows:
        assert row["sha256"] in kept
        assert row["drawn"] or row["waits"]
