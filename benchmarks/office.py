"""A running office with demo data for benchmarks: as an operator runs it, in a folder of its own that is kept."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from backend.demo.people import PASSWORD
from backend.kit import settings
from backend.kit.settings import PROJECT, Settings

READY_SECONDS, STOP_SECONDS = 600, 30


class Office:
    """Where it answers, and the settings it runs with."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.environ = {"MOTCUA_VAR": str(var), "MOTCUA_PORT": str(port), "MOTCUA_LOG_LEVEL": "warning"}
        self.settings: Settings = settings.load(self.environ)

    @property
    def site(self) -> str:
        """The address of its first page."""
        return f"http://127.0.0.1:{self.port}"

    def session(self, phone: str) -> str:
        """Sign in and return the Cookie header of that device."""
        with httpx.Client(base_url=self.site, timeout=30) as client:
            client.get("/dang-nhap")
            answer = client.post(
                "/dang-nhap",
                data={"identifier": phone, "password": PASSWORD, "_csrf_token": client.cookies.get("csrf", "")},
            )
            if answer.status_code != 303 or "session" not in client.cookies:
                raise RuntimeError(f"sign-in answered {answer.status_code}")
            return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_office() -> Iterator[Office]:
    """Start the office, wait until it answers, and stop it after the block. The first time it makes the demo data."""
    office = Office(PROJECT / "var" / "bench", free_port())
    office.var.mkdir(parents=True, exist_ok=True)
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("MOTCUA_", "DATABASE_URL"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.command_line", "run"],
        cwd=PROJECT,
        env=kept | office.environ,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )
    try:
        _wait_until_ready(office, process)
        yield office
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)


def _wait_until_ready(office: Office, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{office.site}/health/ready", timeout=5).status_code == 200:
                return
        time.sleep(0.5)  # nothing tells a stranger when a server begins to answer
    raise RuntimeError("the office does not answer")
