"""Run as a program, in the environment of an installation: first a server, until SIGTERM; then for each line on stdin a copy of itself.

What the first server needed is in memory already (code, schema, statements), so that hundreds can be started and killed in a minute. It
says `<process> <port>` of each, and its exit code when that is gone.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import signal
import sys

from wijkwerk.app import Wijkwerk
from wijkwerk.cli_beheer import read_settings
from wijkwerk_graphql.http.server import make_app
from wijkwerk_graphql.schema.schema import Schema
from wijkwerk_graphql.serve import listen, run

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Until stdin ends."""
    _die_with_parent()
    settings = read_settings()
    wijkwerk = Wijkwerk(settings)
    app, schema = make_app(wijkwerk), Schema.of(wijkwerk.plugins)
    # a schema is of an installation, and this is one: to build it again costs more than all the rest of a start
    Schema.of = lambda _plugins: schema  # type: ignore[assignment,method-assign]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a server says is no answer

    def say(*words: int) -> None:
        print(*words, file=answers, flush=True)

    with listen("127.0.0.1", 0) as listening:
        say(os.getpid(), listening.getsockname()[1])
        asyncio.run(run(app, settings, listening))
    say(0)
    gc.freeze()
    for _ in sys.stdin:
        with listen("127.0.0.1", 0) as listening:
            pid = os.fork()
            if not pid:
                _die_with_parent()
                asyncio.run(run(app, settings, listening))
                os._exit(0)
            say(pid, listening.getsockname()[1])
        say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
