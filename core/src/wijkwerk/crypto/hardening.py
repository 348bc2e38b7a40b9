"""Keep keys out of core dumps and away from debuggers of the same user (measurements.md II.2, memory)."""

from __future__ import annotations

import ctypes
import sys

PR_SET_DUMPABLE = 4


def harden_process() -> tuple[str, ...]:
    """No core dumps, no attaching to this process. Returns what was applied; on another system than Linux nothing."""
    if sys.platform != "linux":
        return ()
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    nothing = ctypes.c_ulong(0)  # pragma: no mutate - None is 0 as well
    refused = ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, nothing, nothing, nothing, nothing)  # pragma: no mutate - idem
    return ("RLIMIT_CORE",) if refused else ("RLIMIT_CORE", "PR_SET_DUMPABLE")
