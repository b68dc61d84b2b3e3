"""One run per installation, a sentence when the port is taken, and an end when a process cannot live."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from backend.kit.settings import PROJECT
from backend.kit.supervisor import AlreadyRunning, CannotRun, Child, Supervisor, listen, only_one


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens, without answering."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


class Alive(BaseHTTPRequestHandler):
    """Another installation of ours."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def test_a_second_run_is_told_where_the_first_is(tmp_path: Path) -> None:
    with (
        only_one(tmp_path, "http://localhost:8123"),
        pytest.raises(AlreadyRunning) as refusal,
        only_one(tmp_path, "http://localhost:8000"),
    ):
        pass
    assert "http://localhost:8123" in str(refusal.value)
    assert str(os.getpid()) in str(refusal.value)
    with only_one(tmp_path, "http://localhost:8000"):
        pass


def test_a_run_that_was_killed_does_not_stand_in_the_way(tmp_path: Path) -> None:
    code = f"""
import pathlib, signal
from backend.kit.supervisor import only_one
with only_one(pathlib.Path({str(tmp_path)!r}), "http://localhost:8000"):
    print(flush=True)
    signal.pause()
"""
    first = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=PROJECT)
    assert first.stdout is not None
    first.stdout.readline()
    first.kill()
    first.wait()
    first.stdout.close()
    with only_one(tmp_path, "http://localhost:8000"):
        pass


def test_a_taken_port_is_named_with_the_setting_that_chooses_another(taken: int) -> None:
    with pytest.raises(CannotRun, match=rf"port {taken}: .*MOTCUA_PORT"):
        listen("127.0.0.1", taken, wait=False)


def test_another_installation_at_the_same_port_is_recognised() -> None:
    with HTTPServer(("127.0.0.1", 0), Alive) as other:
        answering = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01})
        answering.start()
        try:
            with pytest.raises(AlreadyRunning, match=f"http://localhost:{other.server_port}"):
                listen("127.0.0.1", other.server_port, wait=False)
        finally:
            other.shutdown()
            answering.join()


def test_a_process_that_dies_before_it_is_ready_ends_the_run_with_its_last_words(tmp_path: Path) -> None:
    child = Child("server", ["no-such-verb"], tmp_path / "log")
    with pytest.raises(CannotRun, match=r"(?s)server ended with code 2.*No such command 'no-such-verb'"):
        Supervisor([child], None, print).run(ready=lambda: False, announce=lambda: None)


def test_a_signal_stops_every_process(tmp_path: Path) -> None:
    child = Child("waiter", ["settings"], tmp_path / "log")
    said: list[str] = []
    supervisor = Supervisor([child], None, said.append)
    supervisor.run(ready=lambda: True, announce=lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert child.died()
