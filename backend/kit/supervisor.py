"""One process that starts the others, starts them again when they die, and stops them all together."""

import contextlib
import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

from backend.kit.postgres import Embedded

READY_SECONDS, STOP_SECONDS = 60, 15
# A server whose starter was killed frees its port within moments; one that goes on answering is another run.
OTHER_SECONDS, PORT_SECONDS = 4, 20
# A process that dies this often within the window has a fault that starting it again does not mend.
MOST_DEATHS, WINDOW_SECONDS = 5, 30
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_libc = ctypes.CDLL(None)


class CannotRun(Exception):
    """The processes cannot run; the text says why and what to do."""


class AlreadyRunning(CannotRun):
    """Another process runs this installation, or another one at the same address."""


def _end_with_parent() -> None:
    _libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Child:
    """One verb of the command line as a process of its own, its output in a file."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path | None, inherit: Sequence[int] = ()) -> None:
        self.name, self.log = name, log
        self._command = [sys.executable, "-m", "backend.command_line", *arguments]
        self._inherit = tuple(inherit)
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths: list[float] = []
        self._due: float | None = None  # when to start it again

    def start(self) -> None:
        """Start the process; it ends when ours does, however that ends."""
        with contextlib.ExitStack() as files:
            output = files.enter_context(open(self.log, "ab")) if self.log else None
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                pass_fds=self._inherit,
                start_new_session=True,  # the terminal's Ctrl-C reaches us alone: we stop the others in order
                preexec_fn=_end_with_parent,
            )

    def died(self) -> bool:
        """Has the process ended?"""
        return self._process is not None and self._process.poll() is not None

    def restart_when_dead(self) -> bool:
        """Start it again if it has died, later each time; true when started. Raises CannotRun when it dies too often."""
        if not self.died():
            return False
        now = time.monotonic()
        if self._due is None:
            self._deaths = [at for at in self._deaths if now - at < WINDOW_SECONDS] + [now]
            if len(self._deaths) > MOST_DEATHS:
                raise CannotRun(self.epitaph())
            self._due = now + len(self._deaths) - 1
        if now < self._due:
            return False
        self._due = None
        self.start()
        return True

    def epitaph(self) -> str:
        """What to tell a person about its end."""
        code = self._process.returncode if self._process else None
        words = f"The {self.name} ended with code {code}."
        if self.log and self.log.exists():
            tail = self.log.read_text(errors="replace").splitlines()[-12:]
            words += f" The end of {self.log}:\n" + "\n".join(tail)
        return words

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait for its end, and end it by force when `deadline` (monotonic seconds) passes."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Supervisor:
    """Watches children, and the embedded database if it is ours."""

    def __init__(self, children: Sequence[Child], database: Embedded | None, say: Callable[[str], None]) -> None:
        self._children, self._database, self._say = children, database, say
        self._leaving = threading.Event()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        def leave(number: int, frame: FrameType | None) -> None:
            self._leaving.set()

        before = {number: signal.signal(number, leave) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def run(self, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Start the children, call `announce` once `ready` holds, and watch until a signal asks to stop.

        Raises CannotRun when a child dies before that, or again and again.
        """
        with self._signals():
            try:
                for child in self._children:
                    child.start()
                if self._become_ready(ready):
                    announce()
                    self._watch()
            finally:
                self._stop()

    def _become_ready(self, ready: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + READY_SECONDS
        while not ready():
            for child in self._children:
                if child.died() and not self._leaving.is_set():
                    raise CannotRun(child.epitaph())
            if time.monotonic() > deadline:
                raise CannotRun(f"The server does not answer after {READY_SECONDS} seconds. {self._children[0].log}")
            if self._leaving.wait(0.1):
                return False
        return True

    def _watch(self) -> None:
        while not self._leaving.wait(0.25):
            if self._database is not None and self._database.revive():
                self._say("The database had stopped and was started again.")
            for child in self._children:
                if child.restart_when_dead():
                    self._say(f"The {child.name} had stopped and was started again. {child.log or ''}")

    def _stop(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.wait(deadline)


@contextlib.contextmanager
def only_one(var: Path, address: str) -> Iterator[None]:
    """This process alone runs the installation under `var` inside the block.

    Raises AlreadyRunning with the address of the one that does.
    """
    var.mkdir(parents=True, exist_ok=True)
    with open(var / "running", "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            where, process = [*file.read().split(), "", ""][:2]
            raise AlreadyRunning(
                f"Một Cửa is already running: {where} (process {process}). Ctrl-C there stops it, or: kill {process}"
            ) from None
        file.truncate(0)
        file.write(f"{address} {os.getpid()}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def listen(host: str, port: int, wait: bool = True) -> socket.socket:
    """Open the server's socket; its processes inherit it, so that none of them is missed when it is replaced.

    Waits a while for a run that is ending, when `wait`. Raises AlreadyRunning or CannotRun with what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    begun = time.monotonic()
    while True:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(2048)
            return listener
        except OSError as error:
            listener.close()
            other = "MOTCUA_PORT chooses another port."
            waited = time.monotonic() - begun
            if (waited > OTHER_SECONDS or not wait) and answers(host, port):
                where = f"http://localhost:{port}"
                raise AlreadyRunning(f"Một Cửa is already running: {where} (from another folder). {other}") from None
            if waited > PORT_SECONDS or not wait:
                raise CannotRun(f"Cannot listen on {host}, port {port}: {error.strerror}. {other}") from None
            time.sleep(0.3)  # nothing tells when a port becomes free


def answers(host: str, port: int) -> bool:
    """Does a server of ours answer there?"""
    reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(reach, port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
