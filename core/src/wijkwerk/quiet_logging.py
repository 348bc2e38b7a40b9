"""Logging that can't tell what a request was about: JSON lines on stderr, without values (design.md 11.8).

Libraries put values in their messages (a driver: `Key (bsn)=(...) already exists`; asyncio: arguments of a callback). So of a record of
another logger only where and what kind is written; of ours also the message, in which digits of a BSN are blotted out; of an exception
the types and places, never the text.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

import orjson

_OURS: Final = ("wijkwerk.", "wijkwerk_")
_BSN = re.compile(r"\d{8,9}")
_LOGGER: Final = logging.getLogger(__name__)


class ZonderWaarden(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "tijd": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "logger": record.name,
        }
        if record.name.startswith(_OURS):
            line["melding"] = _BSN.sub("…", record.getMessage())
        else:
            line["plaats"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            line["fouten"] = describe(record.exc_info[1])
        return orjson.dumps(line).decode()


class _Stderr(logging.Handler):
    """Python's own handler prints message and arguments when it can't write a line; this one is silent then."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):
            print(self.format(record), file=sys.stderr, flush=True)


def describe(error: BaseException) -> list[str]:
    """An exception and its causes, the last first: type and the place where each was raised."""
    found: list[str] = []
    one: BaseException | None = error
    while one is not None and len(found) < 10:
        frames = traceback.extract_tb(one.__traceback__, limit=-3)
        places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
        found.append(" < ".join([type(one).__name__, *places]))
        one = one.__cause__ or one.__context__
    return found


def configure() -> None:
    """Make it the only logging of this process, also for warnings and for what nobody caught."""
    handler = _Stderr()
    handler.setFormatter(ZonderWaarden())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    # uvicorn's access log holds paths; its other messages are known from our own
    logging.getLogger("uvicorn.access").disabled = True
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(_kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    _LOGGER.critical("onverwachte fout", exc_info=error)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    _LOGGER.critical("onverwachte fout in een thread", exc_info=args.exc_value)
