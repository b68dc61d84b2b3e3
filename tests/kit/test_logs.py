"""What is logged tells where something failed, never what a person wrote."""

import json
import logging
from collections.abc import Iterator

import asyncpg
import pytest
import structlog

from backend.kit.logs import set_up, trace


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, config = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**config)


PHONE, NAME = "0912345678", "Trần Thị Thu Hà"


def failing() -> None:
    try:
        raise asyncpg.UniqueViolationError(f"Key (phone)=({PHONE}) already exists")
    except asyncpg.UniqueViolationError as error:
        raise ValueError(NAME) from error


@pytest.mark.parametrize("foreign", [True, False])
def test_a_failure_is_logged_by_place_and_kind_without_its_words(
    foreign: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("info")
    try:
        failing()
    except ValueError as error:
        if foreign:
            logging.getLogger("some.library").exception("it failed")
        else:
            structlog.get_logger("ours").error("it failed", exc_info=error)
    line = capsys.readouterr().out
    said = json.loads(line)
    assert said["event"] == "it failed"
    assert "in failing" in said["exception"]
    assert "asyncpg.exceptions.UniqueViolationError (SQLSTATE 23505)" in said["exception"]
    assert said["exception"].endswith("builtins.ValueError")
    assert PHONE not in line and NAME not in line


def test_a_line_without_an_error_has_no_exception(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info")
    structlog.get_logger("ours").info("all is well", exc_info=None)
    assert "exception" not in json.loads(capsys.readouterr().out)


def test_errors_that_cause_each_other_end() -> None:
    one, other = ValueError(), KeyError()
    one.__context__, other.__context__ = other, one
    assert trace(one).endswith("builtins.ValueError")
