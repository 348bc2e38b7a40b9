"""A disk that takes two milliseconds more for every sync, as one over a network does: a library that is loaded before the C library.

It counts for this process (SQLite), and for a PostgreSQL that is started with `voor_postgresql`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXTRA_MS = 2
_DONE = "WIJKWERK_BENCH_TRAGE_DISK"
_SOURCE = f"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static void wait_for_disk(void) {{ usleep({EXTRA_MS} * 1000); }}
int fsync(int fd) {{ wait_for_disk(); return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd); }}
int fdatasync(int fd) {{ wait_for_disk(); return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd); }}
"""


def is_traag() -> bool:
    """Whether this process runs on the slow disk."""
    return _DONE in os.environ


def voor_postgresql() -> dict[str, str]:
    """What PostgreSQL must be started with to be on the slow disk too."""
    return {"LD_PRELOAD": os.environ["LD_PRELOAD"]} if is_traag() else {}


def nog_eens_traag() -> None:
    """Run this program again with the same arguments on the slow disk. Raises CalledProcessError when it fails or there is no `cc`."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another user
        source, library = Path(folder) / "traag.c", Path(folder) / "traag.so"
        source.write_text(_SOURCE)
        compiler = shutil.which("cc") or "cc"
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)  # noqa: S603 - fixed arguments
        again = [sys.executable, *sys.orig_argv[1:]]
        subprocess.run(again, check=True, env={**os.environ, "LD_PRELOAD": str(library), _DONE: "1"})  # noqa: S603 - this program
