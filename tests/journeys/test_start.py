"""Starting the app as a person does: one command says where it is, a second one too, and nothing is lost."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import httpx
import pytest

from backend.kit.postgres import Embedded
from backend.kit.settings import PROJECT

START_SECONDS, STOP_SECONDS = 180, 30

pytestmark = pytest.mark.xdist_group("start")


class Run:
    """`bin/run` in a terminal of its own: what it says, line by line."""

    def __init__(self, place: Path, port: int) -> None:
        ours = {"MOTCUA_VAR": str(place), "MOTCUA_PORT": str(port)}
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("MOTCUA_", "DATABASE_URL"))}
        self.process = subprocess.Popen(
            [PROJECT / "bin" / "run"], env=kept | ours, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said: list[str] = []
        self._lines: Queue[str | None] = Queue()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip())
        self._lines.put(None)

    def wait_for(self, pattern: str) -> str:
        """Read until a line matches; fail with all that was said when it ends or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except Empty:
                break
            if line is None:
                break
            self.said.append(line)
            if re.search(pattern, line):
                return line
        raise AssertionError(f"{pattern!r} was not said:\n" + "\n".join(self.said))

    def end(self, number: signal.Signals) -> int:
        """Send a signal, wait for the end, return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait until it has ended by itself, return the exit code."""
        code = self.process.wait(STOP_SECONDS)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def children(self) -> dict[str, int]:
        """The processes it has started: what each is → its number."""
        found = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
                words = (status.parent / "cmdline").read_text().split("\0")
            except OSError:  # it ended meanwhile
                continue
            if parent == self.process.pid:
                found["database" if "postgres" in words[0] else words[3]] = int(status.parent.name)
        return found


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("start")
    yield folder
    Embedded(folder / "postgres").discard()


@pytest.fixture
def run(place: Path, port: int) -> Iterator[Run]:
    started = Run(place, port)
    yield started
    started.end(signal.SIGINT)


def dossiers(place: Path) -> int:
    return int(Embedded(place / "postgres").query("select count(*) from dossier", "motcua"))


def gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def wait_until_ready(port: int) -> None:
    """Ask until the app answers that it can work: after a kill it needs a moment."""
    deadline = time.monotonic() + STOP_SECONDS
    transport = httpx.HTTPTransport(retries=0)
    with httpx.Client(transport=transport, base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
        while True:
            try:
                if client.get("/health/ready").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            assert time.monotonic() < deadline


def test_it_says_where_it_is_who_may_sign_in_and_how_to_stop_and_ctrl_c_ends_all_of_it(
    run: Run, place: Path, port: int
) -> None:
    assert f"http://localhost:{port}" in run.wait_for("is running")
    run.wait_for("Ctrl-C")
    assert any(re.search(r"\b0\d{9}\b", line) for line in run.said), "no demo account's phone number"
    assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 200
    assert dossiers(place) > 0
    children = run.children()
    assert set(children) == {"database", "answer", "worker"}
    assert run.end(signal.SIGINT) == 0
    assert all(gone(process) for process in children.values())


def test_a_second_start_says_that_it_runs_already_and_where(run: Run, place: Path, port: int) -> None:
    run.wait_for("is running")
    second = Run(place, port)
    assert f"http://localhost:{port}" in second.wait_for("already running")
    assert second.ended() == 1
    assert httpx.get(f"http://127.0.0.1:{port}/health/live").status_code == 200


def test_a_process_that_is_killed_is_started_again(run: Run, port: int) -> None:
    run.wait_for("is running")
    for name, words in (("answer", "server"), ("worker", "worker"), ("database", "database")):
        os.kill(run.children()[name], signal.SIGKILL)
        run.wait_for(f"The {words} had stopped and was started again")
        wait_until_ready(port)


def test_after_kill_9_of_the_starter_a_new_start_finds_the_data(run: Run, place: Path, port: int) -> None:
    run.wait_for("is running")
    before = dossiers(place)
    run.end(signal.SIGKILL)
    again = Run(place, port)
    try:
        again.wait_for("is running")
        assert dossiers(place) == before
    finally:
        assert again.end(signal.SIGINT) == 0
