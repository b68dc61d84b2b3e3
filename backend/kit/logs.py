"""Structured logs on standard output: an event, a request id, ids of things; never a person's data."""

import logging
import sys
import traceback
from typing import Literal

import structlog


def trace(error: BaseException) -> str:
    """Return where an error came from and of which kind it is, causes first.

    What it says is left out: the database's own errors quote the row, names and numbers of people too.
    """
    chain: list[BaseException] = []
    told: BaseException | None = error
    while told is not None and told not in chain:
        chain.insert(0, told)
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
    return "\n".join("".join(traceback.format_tb(one.__traceback__)) + _kind(one) for one in chain)


def _kind(error: BaseException) -> str:
    kind, state = type(error), getattr(error, "sqlstate", None)
    return f"{kind.__module__}.{kind.__qualname__}" + (f" (SQLSTATE {state})" if isinstance(state, str) else "")


def _without_values(
    logger: structlog.typing.WrappedLogger, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else (given if isinstance(given, tuple) else sys.exc_info())[1]
    if given and error is not None:
        event["exception"] = trace(error)
    return event


def set_up(level: str = "INFO", style: Literal["json", "text"] = "json") -> None:
    """Send all logs of this process to standard output, a line each."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    ending: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if style == "json" else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, _without_values, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _without_values],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, ending],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn.access", "pgqueuer", "httpx", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
